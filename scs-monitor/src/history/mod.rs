//! The history of a subject in a scope: its verdict at the end of each day (scs-0004-v1, *Regulations*, 4).

mod cache;
mod chart;

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use scs_certificates::{Certificate, Scope};
use scs_standards::Verdict;

use crate::badge::day;
use crate::standing::{Standing, verdict};
use crate::store::{CountedReport, LatestResult, RuleAnswer};

pub(crate) use cache::Histories;

/// The longest time for which a result counts: it is given on the first day of a year with a lifetime of one year.
const LONGEST_LIFETIME_DAYS: i64 = 430;

/// The periods of which the share of conforming days is shown, in days.
pub(crate) const PERIODS: [usize; 3] = [30, 90, 365];

/// The verdict of a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct HistoryDay {
    pub(crate) day: Date,
    /// By the text of the standards.
    pub(crate) text: Verdict,
    /// As the official monitor decides.
    pub(crate) official: Verdict,
    /// The best passed version by the text.
    pub(crate) version: Option<String>,
}

/// The history of a subject, or of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct History {
    /// The first day that is shown if there are reports of it.
    pub(crate) from: Date,
    /// Today, of which the verdict is the current one.
    pub(crate) to: Date,
    /// All days since the first report. Before it, nothing is known.
    pub(crate) days: Vec<HistoryDay>,
}

/// The share of days on which a subject conformed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Share {
    /// The length of the period in days.
    pub(crate) days: usize,
    /// The days of it since the first report; only these count.
    pub(crate) counted: usize,
    /// Those with the verdict PASS.
    pub(crate) conforming: usize,
}

impl Share {
    /// A number from 0 to 1; `None` if no day counts.
    #[expect(clippy::cast_precision_loss, reason = "at most some hundred days")]
    pub(crate) fn share(self) -> Option<f64> {
        (self.counted > 0).then(|| self.conforming as f64 / self.counted as f64)
    }
}

/// Days in a row on which a subject did not conform.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Gap {
    pub(crate) from: Date,
    /// The last day.
    pub(crate) to: Date,
    pub(crate) days: usize,
}

/// A calendar month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Month {
    /// Its first day.
    pub(crate) first: Date,
    /// The days since the first report.
    pub(crate) counted: usize,
    /// Those with the verdict PASS.
    pub(crate) conforming: usize,
}

/// A change of the verdict from one day to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct VerdictChange<'h> {
    pub(crate) day: Date,
    pub(crate) before: &'h HistoryDay,
    pub(crate) after: &'h HistoryDay,
}

/// The first time whose results can matter for a history that ends now.
pub(crate) fn first_time(now: Timestamp) -> Timestamp {
    let first = Certificate::history_from(day(now));
    let first = first.checked_sub(LONGEST_LIFETIME_DAYS.days()).unwrap_or(Date::MIN);
    midnight(first)
}

/// The beginning of the first day of a history that ends now.
pub(crate) fn first_day_shown(now: Timestamp) -> Timestamp {
    midnight(Certificate::history_from(day(now)))
}

fn midnight(day: Date) -> Timestamp {
    day.to_zoned(TimeZone::UTC).map_or(Timestamp::MIN, |zoned| zoned.timestamp())
}

/// Something that counts from a time on.
enum Given<'r> {
    Result(LatestResult),
    Rule(&'r RuleAnswer),
}

impl History {
    /// The history by reports, which may be in any order.
    pub(crate) fn new(scope: &Scope, reports: &[CountedReport], now: Timestamp) -> Self {
        let today = day(now);
        let mut history = Self { from: Certificate::history_from(today), to: today, days: Vec::new() };
        let mut given = given(reports);
        // A report of the future may have evidence of the past.
        let times = reports.iter().map(|it| it.report.checked_at).chain(given.iter().map(|(at, _)| *at));
        let Some(first) = times.filter(|at| *at <= now).min().map(day) else { return history };
        given.sort_by_key(|(at, _)| *at);
        let mut given = given.into_iter().peekable();
        let mut results: BTreeMap<String, LatestResult> = BTreeMap::new();
        let mut rules: BTreeMap<(&str, &str), RuleAnswer> = BTreeMap::new();
        let mut standing: Option<Standing> = None;
        let mut current = first.max(history.from);
        while current <= today {
            let next = current.tomorrow().unwrap_or(Date::MAX);
            let end = if current == today { now } else { midnight(next) - 1.microsecond() };
            while let Some((_, it)) = given.next_if(|(at, _)| *at <= end) {
                match it {
                    Given::Result(result) => take(&mut results, result),
                    Given::Rule(answer) => {
                        let known = rules.get(&(answer.document.as_str(), answer.rule.as_str()));
                        let is_worse = known.is_none_or(|known| {
                            known.checked_at() < answer.checked_at() || answer.result < known.result
                        });
                        if is_worse {
                            rules.insert((&answer.document, &answer.rule), answer.clone());
                        }
                    }
                }
                standing = None;
            }
            let is_over = |standing: &Standing| standing.until.is_some_and(|until| until <= end);
            let of_day = if let Some(it) = standing.take().filter(|standing| !is_over(standing)) {
                it
            } else {
                let results: Vec<LatestResult> = results.values().cloned().collect();
                let rules: Vec<RuleAnswer> = rules.values().cloned().collect();
                Standing::with_rules(scope, &results, &rules, end)
            };
            history.days.push(HistoryDay {
                day: current,
                text: of_day.text.verdict,
                official: of_day.official.verdict,
                version: of_day.text.best.clone(),
            });
            standing = Some(of_day);
            if current == Date::MAX {
                break;
            }
            current = next;
        }
        history
    }

    /// The history of a group: of each day the topmost verdict of its members. Members without any report are MISS today; of earlier
    /// days nobody knows whether they were members.
    pub(crate) fn merged(histories: &[std::sync::Arc<Self>], has_silent_members: bool) -> Option<Self> {
        let first = histories.first()?;
        let mut days: BTreeMap<Date, HistoryDay> = BTreeMap::new();
        for it in histories.iter().flat_map(|history| &history.days) {
            let known = days.entry(it.day).or_insert_with(|| it.clone());
            let is_topmost =
                known.text == it.text || Verdict::topmost([known.text, it.text]) == Some(it.text);
            let official = Verdict::topmost([known.official, it.official]).unwrap_or(it.official);
            if is_topmost {
                *known = it.clone();
            }
            known.official = official;
        }
        if let Some(today) = days.get_mut(&first.to).filter(|_| has_silent_members) {
            let with_miss = |verdict| Verdict::topmost([verdict, Verdict::Miss]).unwrap_or(verdict);
            (today.text, today.official) = (with_miss(today.text), with_miss(today.official));
            today.version = None;
        }
        Some(Self { from: first.from, to: first.to, days: days.into_values().collect() })
    }

    /// The share of the last days on which the subject conformed by the text.
    pub(crate) fn share(&self, days: usize) -> Share {
        let first = self.to.checked_sub(i64::try_from(days).unwrap_or(i64::MAX).saturating_sub(1).days());
        let counted = self.days.iter().filter(|it| first.as_ref().is_ok_and(|first| it.day >= *first));
        let (mut all, mut conforming) = (0, 0);
        for it in counted {
            all += 1;
            conforming += usize::from(it.text == Verdict::Pass);
        }
        Share { days, counted: all, conforming }
    }

    /// The longest time in which the subject did not conform by the text; of several, the last.
    pub(crate) fn longest_gap(&self) -> Option<Gap> {
        let mut longest: Option<Gap> = None;
        for run in self.days.chunk_by(|a, b| (a.text == Verdict::Pass) == (b.text == Verdict::Pass)) {
            let (Some(first), Some(last)) = (run.first(), run.last()) else { continue };
            let gap = Gap { from: first.day, to: last.day, days: run.len() };
            if first.text != Verdict::Pass && longest.is_none_or(|longest| longest.days <= gap.days) {
                longest = Some(gap);
            }
        }
        longest
    }

    /// The months, for a table.
    pub(crate) fn months(&self) -> Vec<Month> {
        let months = self.days.chunk_by(|a, b| a.day.first_of_month() == b.day.first_of_month());
        months
            .filter_map(|days| {
                let conforming = days.iter().filter(|it| it.text == Verdict::Pass).count();
                let first = days.first()?.day.first_of_month();
                Some(Month { first, counted: days.len(), conforming })
            })
            .collect()
    }

    /// The changes of the verdict by the text, or of the best version, oldest first.
    pub(crate) fn changes(&self) -> impl Iterator<Item = VerdictChange<'_>> {
        self.days.windows(2).filter_map(|pair| match pair {
            [before, after] if before.text != after.text || before.version != after.version => {
                Some(VerdictChange { day: after.day, before, after })
            }
            _ => None,
        })
    }
}

/// Keeps the newest result of a test case and version; of several of the same time the topmost. Results come in their order.
fn take(results: &mut BTreeMap<String, LatestResult>, result: LatestResult) {
    let key = result.test_case.clone();
    let is_kept = results.get(&key).is_some_and(|known| {
        known.checked_at == result.checked_at && verdict_of(known.result) <= verdict_of(result.result)
    });
    if !is_kept {
        results.insert(key, result);
    }
}

/// The verdict of a result, which is MISS without a number.
fn verdict_of(result: Option<i8>) -> Verdict {
    result.map_or(Verdict::Miss, verdict)
}

/// All results and answers with their times.
fn given(reports: &[CountedReport]) -> Vec<(Timestamp, Given<'_>)> {
    let mut given = Vec::new();
    for CountedReport { report, evidence, rules } in reports {
        for (version, cases) in &report.results {
            for (case, result) in cases {
                let checked_at = evidence.get(case).copied().unwrap_or(report.checked_at);
                let result = LatestResult {
                    version: version.clone(),
                    test_case: case.clone(),
                    checked_at,
                    result: *result,
                    report: String::new(),
                };
                given.push((checked_at, Given::Result(result)));
            }
        }
        given.extend(rules.iter().map(|answer| (answer.checked_at(), Given::Rule(answer))));
    }
    given
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::StoredReport;

    const CASES: [&str; 3] = ["cncf-k8s-conformance", "version-policy-check", "kaas-networking-check"];

    fn report(day: &str, result: i8) -> CountedReport {
        let results = CASES.map(|case| (case.to_owned(), Some(result))).into_iter().collect();
        CountedReport {
            report: StoredReport {
                uuid: day.to_owned(),
                subject: "cloud".to_owned(),
                scope: String::new(),
                checked_at: format!("{day}T08:00:00Z").parse().unwrap(),
                results: BTreeMap::from([("*".to_owned(), results)]),
            },
            evidence: BTreeMap::new(),
            rules: Vec::new(),
        }
    }

    #[test]
    fn days_before_the_first_report_do_not_count() {
        let reports = [report("2026-11-16", 1), report("2026-11-20", -1), report("2026-11-22", 1)];
        let history =
            History::new(Scope::compatible_kaas(), &reports, "2026-11-24T12:00:00Z".parse().unwrap());
        assert_eq!(history.days.len(), 9);
        let share = history.share(30);
        assert_eq!((share.counted, share.conforming), (9, 7));
        let gap = history.longest_gap().unwrap();
        assert_eq!((gap.from.to_string().as_str(), gap.days), ("2026-11-20", 2));
        let days: Vec<String> = history.changes().map(|change| change.day.to_string()).collect();
        assert_eq!(days, ["2026-11-20", "2026-11-22"]);
        assert_eq!(history.share(3), Share { days: 3, counted: 3, conforming: 3 });
    }

    #[test]
    fn results_expire_within_the_history() {
        let reports = [report("2026-10-05", 1)];
        let history =
            History::new(Scope::compatible_kaas(), &reports, "2026-11-24T12:00:00Z".parse().unwrap());
        // Monday: valid until the end of the following week.
        let change = history.changes().next().unwrap();
        assert_eq!((change.day.to_string().as_str(), change.after.text), ("2026-10-19", Verdict::Miss));
        assert_eq!(history.months()[0].conforming, 14);
    }

    #[test]
    fn a_history_ends_after_18_months() {
        let reports = [report("2024-11-16", 1), report("2025-04-20", 1)];
        let history =
            History::new(Scope::compatible_kaas(), &reports, "2026-11-24T12:00:00Z".parse().unwrap());
        assert_eq!(history.days[0].day.to_string(), "2025-05-24");
        assert_eq!(history.days.len(), 550);
        let nothing = History::new(Scope::compatible_kaas(), &[], "2026-11-24T12:00:00Z".parse().unwrap());
        assert!(
            nothing.days.is_empty() && nothing.longest_gap().is_none() && nothing.share(90).share().is_none()
        );
    }
}
