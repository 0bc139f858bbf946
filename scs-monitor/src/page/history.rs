//! The history of a subject or a group in a scope.

use std::collections::BTreeMap;

use jiff::civil::Date;
use scs_certificates::Scope;
use scs_standards::Verdict;

use super::{Embedding, Links, minute};
use crate::badge::day;
use crate::history::{Gap, History, Month, PERIODS, Share};
use crate::language::Language;
use crate::selection::group;
use crate::store::ReportTime;

/// A history.
#[derive(Clone, Debug)]
pub(crate) struct HistoryPage {
    /// The name of the subject or the group.
    pub(crate) name: String,
    pub(crate) is_group: bool,
    /// The name of the scope.
    pub(crate) scope: String,
    pub(crate) scope_url: String,
    /// The current results.
    pub(crate) detail: String,
    /// The picture; it exists if there are reports.
    pub(crate) chart: String,
    /// The history as JSON.
    pub(crate) data: String,
    /// The first day with a report, and the last day.
    pub(crate) period: Option<(Date, Date)>,
    pub(crate) shares: Vec<Share>,
    pub(crate) longest_gap: Option<Gap>,
    /// Newest first.
    pub(crate) changes: Vec<Change>,
    /// Newest first, each with its share of days.
    pub(crate) months: Vec<(String, Share)>,
    /// The members of a group, with their own histories.
    pub(crate) members: Vec<(String, String)>,
    /// Newest first; none for a group.
    pub(crate) reports: Vec<ReportRow>,
    /// The page with all reports, if there are more.
    pub(crate) all_reports: Option<String>,
    pub(crate) embedding: Embedding,
}

/// A change of the verdict from one day to the next.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    pub(crate) day: Date,
    pub(crate) before: Standing,
    pub(crate) after: Standing,
    /// The last report of the day; none if the verdict changed with time only.
    pub(crate) report: Option<ReportRow>,
}

/// The verdict of a day with the best passed version.
#[derive(Clone, Debug)]
pub(crate) struct Standing {
    pub(crate) verdict: Verdict,
    pub(crate) version: Option<String>,
}

/// A report in a list.
#[derive(Clone, Debug)]
pub(crate) struct ReportRow {
    /// The time of the check, to the minute.
    pub(crate) time: String,
    pub(crate) url: String,
    /// What changed since the report before it.
    pub(crate) changes: Option<String>,
}

/// The number of reports that are listed unless all are wanted.
const FEW: usize = 20;
/// The largest number of reports and changes that are listed.
const MOST: usize = 1_000;

impl Standing {
    /// The class of its symbol in style sheets.
    pub(crate) const fn class(&self) -> &'static str {
        match self.verdict {
            Verdict::Pass => "passed",
            Verdict::Fail => "failed",
            Verdict::Dnf => "unfinished",
            Verdict::Miss => "missing",
        }
    }
}

impl HistoryPage {
    /// The page of a subject, or of a group as `group-NAME` with its members. The reports are those of a subject, oldest first.
    pub(crate) fn new(
        name: &str,
        members: &[&str],
        scope: &Scope,
        history: Option<&History>,
        reports: &[ReportTime],
        shows_all: bool,
        links: &Links,
    ) -> Self {
        let slug = scope.slug();
        let group = group(name);
        let days = history.map(|history| history.days.as_slice()).unwrap_or_default();
        let rows = rows(reports, links);
        let by_day = by_day(reports, &rows, links);
        let changes = history.into_iter().flat_map(History::changes).map(|change| Change {
            day: change.day,
            before: Standing { verdict: change.before.text, version: change.before.version.clone() },
            after: Standing { verdict: change.after.text, version: change.after.version.clone() },
            report: by_day.get(&change.day).cloned(),
        });
        let (mut changes, mut months): (Vec<Change>, _) =
            (changes.collect(), history.map(History::months).unwrap_or_default());
        changes.reverse();
        changes.truncate(MOST);
        months.reverse();
        let listed = if shows_all { MOST } else { FEW };
        let has_more = !shows_all && rows.len() > listed;
        let of_member = |member: &&str| ((*member).to_owned(), links.history(member, &slug));
        Self {
            name: group.unwrap_or(name).to_owned(),
            is_group: group.is_some(),
            scope: scope.name().to_owned(),
            scope_url: links.scope(scope.uuid()),
            detail: links.detail(name, &slug),
            chart: links.chart(name, &slug),
            data: links.history_data(name, &slug),
            period: days.first().zip(days.last()).map(|(first, last)| (first.day, last.day)),
            shares: history.map(|it| PERIODS.map(|days| it.share(days)).to_vec()).unwrap_or_default(),
            longest_gap: history.and_then(History::longest_gap),
            changes,
            months: months.into_iter().map(of_month).collect(),
            members: if group.is_some() { members.iter().map(of_member).collect() } else { Vec::new() },
            reports: rows.into_iter().rev().take(listed).collect(),
            all_reports: has_more.then(|| Links::with(&links.history(name, &slug), ALL_REPORTS)),
            embedding: Embedding::new(name, &slug, scope.name(), links),
        }
    }
}

/// The parameter with which all reports are listed.
pub(crate) const ALL_REPORTS: (&str, &str) = ("reports", "all");

/// A month with its share of days.
fn of_month(month: Month) -> (String, Share) {
    let Month { first, counted, conforming } = month;
    (first.strftime("%Y-%m").to_string(), Share { days: counted, counted, conforming })
}

/// The rows of reports, each with the changes since the one before.
fn rows(reports: &[ReportTime], links: &Links) -> Vec<ReportRow> {
    let before = std::iter::once(None).chain(reports.iter().map(Some));
    let row = |(before, report): (Option<&ReportTime>, &ReportTime)| ReportRow {
        time: minute(report.checked_at),
        url: links.report(&report.uuid),
        changes: before.map(|before| links.changes(&before.uuid, &report.uuid)),
    };
    before.zip(reports).map(row).collect()
}

/// The last report of each day, with the changes since the last report of an earlier day.
fn by_day(reports: &[ReportTime], rows: &[ReportRow], links: &Links) -> BTreeMap<Date, ReportRow> {
    let mut last: Option<&ReportTime> = None;
    let mut by_day = BTreeMap::new();
    let days = reports.chunk_by(|one, other| day(one.checked_at) == day(other.checked_at));
    let mut place = 0;
    for of_day in days {
        place += of_day.len();
        if let (Some(report), Some(row)) = (of_day.last(), place.checked_sub(1).and_then(|it| rows.get(it))) {
            let changes = last.map(|last| links.changes(&last.uuid, &report.uuid));
            by_day.insert(day(report.checked_at), ReportRow { changes, ..row.clone() });
            last = Some(report);
        }
    }
    by_day
}

/// A share in percent with one digit; only all of it is 100 percent.
pub(crate) fn percent(conforming: usize, counted: usize, language: Language) -> Option<String> {
    let tenths = conforming.checked_mul(1_000)?.checked_div(counted)?;
    let mark = match language {
        Language::English => '.',
        Language::German => ',',
    };
    let space = "\u{a0}";
    Some(match (tenths / 10, tenths % 10) {
        (whole, 0) => format!("{whole}{space}%"),
        (whole, tenth) => format!("{whole}{mark}{tenth}{space}%"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_all_days_are_100_percent() {
        let english = |conforming, counted| percent(conforming, counted, Language::English);
        assert_eq!(english(365, 365).as_deref(), Some("100\u{a0}%"));
        assert_eq!(english(9_999, 10_000).as_deref(), Some("99.9\u{a0}%"));
        assert_eq!(percent(1, 3, Language::German).as_deref(), Some("33,3\u{a0}%"));
        assert_eq!(english(0, 0), None);
    }

    #[test]
    fn the_last_report_of_a_day_is_compared_with_an_earlier_day() {
        let report =
            |uuid: &str, at: &str| ReportTime { uuid: uuid.to_owned(), checked_at: at.parse().unwrap() };
        let reports = [
            report("a", "2026-11-22T08:00:00Z"),
            report("b", "2026-11-23T08:00:00Z"),
            report("c", "2026-11-23T09:00:00Z"),
        ];
        let links = Links::new("/", false);
        let rows = rows(&reports, &links);
        assert_eq!(rows[0].changes, None);
        assert_eq!(rows[2].changes.as_deref(), Some("/page/changes/b/c"));
        let by_day = by_day(&reports, &rows, &links);
        let last = &by_day[&jiff::civil::date(2026, 11, 23)];
        assert_eq!(
            (last.url.as_str(), last.changes.as_deref()),
            ("/page/report/c", Some("/page/changes/a/c"))
        );
    }
}
