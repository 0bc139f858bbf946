//! The standing of a subject in a scope at a point in time: which results count, and what they mean.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Time;
use jiff::tz::TimeZone;
use scs_certificates::{Evaluation, EvaluationOptions, GivenResult, Lifetime, Results, Scope, evaluate};
use scs_standards::{Profile, Verdict};

use crate::store::{LatestResult, RuleAnswer};

/// The standing of a subject in a scope.
#[derive(Clone, Debug)]
pub(crate) struct Standing {
    /// The newest result of each known test case, unless it has expired. As in the official monitor, results of the future count.
    pub(crate) results: BTreeMap<String, LatestResult>,
    /// The evaluation of the official monitor.
    pub(crate) official: Evaluation,
    /// The same with drafts.
    pub(crate) official_with_drafts: Evaluation,
    /// The evaluation by the text of the standards.
    pub(crate) text: Evaluation,
    /// The known test cases whose newest result has expired, with the time of that result.
    pub(crate) expired: BTreeMap<String, Timestamp>,
    /// When any of this changes without a new report.
    pub(crate) until: Option<Timestamp>,
}

impl Standing {
    /// Evaluates the results of a subject.
    pub(crate) fn new(scope: &Scope, recent: &[LatestResult], now: Timestamp) -> Self {
        Self::with_rules(scope, recent, &[], now)
    }

    /// The same with the answers of rules that no test case covers, which count by the text only.
    pub(crate) fn with_rules(
        scope: &Scope,
        recent: &[LatestResult],
        rules: &[RuleAnswer],
        now: Timestamp,
    ) -> Self {
        let (results, expired) = newest(scope, recent, now);
        let mut by_text = past(recent, now);
        for answer in rules {
            if let Ok(document) = answer.document.parse() {
                let given_at = Some(answer.checked_at());
                let answered = GivenResult { result: verdict(answer.result), checked_at: given_at };
                by_text.add_rule(document, answer.rule.as_str(), answered);
            }
        }
        let official = EvaluationOptions::new(Profile::Official);
        let given = given(&results);
        Self {
            official: evaluate(scope, &given, now, official),
            official_with_drafts: evaluate(scope, &given, now, official.with_drafts()),
            text: evaluate(scope, &by_text, now, EvaluationOptions::new(Profile::Text)),
            results,
            expired,
            until: until(scope, recent, rules, now),
        }
    }

    /// The evaluation of the official monitor, with or without drafts.
    pub(crate) const fn official(&self, with_drafts: bool) -> &Evaluation {
        if with_drafts { &self.official_with_drafts } else { &self.official }
    }
}

/// The verdict of a number in reports.
pub(crate) const fn verdict(number: i8) -> Verdict {
    match number {
        1 => Verdict::Pass,
        -1 => Verdict::Fail,
        _ => Verdict::Dnf,
    }
}

/// The results that are not MISS.
fn given(results: &BTreeMap<String, LatestResult>) -> Results {
    let given = results.iter().filter_map(|(case, it)| {
        let given = GivenResult { result: verdict(it.result?), checked_at: Some(it.checked_at) };
        Some((case.as_str(), given))
    });
    given.collect()
}

/// The results up to now, without those that a newer MISS hides.
fn past(recent: &[LatestResult], now: Timestamp) -> Results {
    let mut missed: BTreeMap<&str, Timestamp> = BTreeMap::new();
    let past = || recent.iter().filter(|it| it.checked_at <= now);
    for miss in past().filter(|it| it.result.is_none()) {
        let newest = missed.entry(&miss.test_case).or_insert(miss.checked_at);
        *newest = miss.checked_at.max(*newest);
    }
    let given = past().filter_map(|it| {
        let given = GivenResult { result: verdict(it.result?), checked_at: Some(it.checked_at) };
        let case = it.test_case.as_str();
        missed.get(case).is_none_or(|missed| *missed <= it.checked_at).then_some((case, given))
    });
    given.collect()
}

/// The newest result of each test case that the scope knows, unless it has expired, and the times of those that have; of several
/// results of the same time that of the last version by name, as in the official monitor. A MISS hides an older result.
fn newest(
    scope: &Scope,
    recent: &[LatestResult],
    now: Timestamp,
) -> (BTreeMap<String, LatestResult>, BTreeMap<String, Timestamp>) {
    let mut newest: BTreeMap<&str, &LatestResult> = BTreeMap::new();
    for result in recent {
        let known = newest.entry(&result.test_case).or_insert(result);
        let is_later = (result.checked_at, &result.version) > (known.checked_at, &known.version);
        if is_later {
            *known = result;
        }
    }
    let (mut valid, mut expired) = (BTreeMap::new(), BTreeMap::new());
    for (id, result) in newest {
        let Some(case) = scope.test_case(id) else { continue };
        if now < case.lifetime.expires(result.checked_at) {
            valid.insert(id.to_owned(), result.clone());
        } else {
            expired.insert(id.to_owned(), result.checked_at);
        }
    }
    (valid, expired)
}

/// The next time a result begins to count or expires, or the timeline of the scope changes.
fn until(scope: &Scope, recent: &[LatestResult], rules: &[RuleAnswer], now: Timestamp) -> Option<Timestamp> {
    let of_results = recent.iter().flat_map(|result| {
        let expires = scope.test_case(&result.test_case).map(|case| case.lifetime.expires(result.checked_at));
        expires.into_iter().chain([result.checked_at])
    });
    // Answers of rules expire as results of the default lifetime do.
    let of_rules = rules
        .iter()
        .flat_map(|answer| [answer.checked_at(), Lifetime::default().expires(answer.checked_at())]);
    let of_timeline = scope
        .timeline()
        .changes_after(now.to_zoned(TimeZone::UTC).date())
        .filter_map(|day| TimeZone::UTC.to_timestamp(day.to_datetime(Time::midnight())).ok());
    of_results.chain(of_rules).chain(of_timeline).filter(|time| *time > now).min()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn result(version: &str, test_case: &str, checked_at: &str, result: i8) -> LatestResult {
        LatestResult {
            version: version.to_owned(),
            test_case: test_case.to_owned(),
            checked_at: checked_at.parse().unwrap(),
            result: Some(result),
            report: format!("{checked_at} {result}"),
        }
    }

    #[test]
    fn the_newest_result_counts_until_it_expires() {
        let scope = Scope::compatible_kaas();
        let recent = [
            result("*", "version-policy-check", "2026-11-20T08:00:00Z", -1),
            result("v1", "version-policy-check", "2026-11-23T08:00:00Z", 1),
            result("*", "unknown", "2026-11-23T08:00:00Z", 1),
        ];
        let standing = Standing::new(scope, &recent, "2026-11-24T00:00:00Z".parse().unwrap());
        assert_eq!(standing.results.len(), 1);
        assert_eq!(standing.results["version-policy-check"].result, Some(1));
        // The older one expires first, but it is not the newest.
        assert_eq!(standing.until.unwrap().to_string(), "2026-11-30T00:00:00Z");
        let later = Standing::new(scope, &recent, "2026-12-08T00:00:00Z".parse().unwrap());
        assert!(later.results.is_empty());
        assert_eq!(later.text.verdict, Verdict::Miss);
    }

    #[test]
    fn a_result_of_the_future_counts_only_for_the_official_monitor() {
        let scope = Scope::compatible_kaas();
        let cases = ["cncf-k8s-conformance", "version-policy-check", "kaas-networking-check"];
        let mut recent: Vec<LatestResult> =
            cases.iter().map(|case| result("*", case, "2026-11-23T08:00:00Z", 1)).collect();
        recent.push(result("*", "version-policy-check", "2026-11-25T08:00:00Z", -1));
        let standing = Standing::new(scope, &recent, "2026-11-24T00:00:00Z".parse().unwrap());
        assert_eq!(standing.text.verdict, Verdict::Pass);
        assert_eq!(standing.official.verdict, Verdict::Fail);
        assert_eq!(standing.until.unwrap().to_string(), "2026-11-25T08:00:00Z");
    }
}
