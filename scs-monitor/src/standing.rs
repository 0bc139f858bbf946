//! Where a subject stands in a scope at a point in time: which results count, and what they mean.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Time;
use jiff::tz::TimeZone;
use scs_certificates::{Evaluation, EvaluationOptions, GivenResult, Results, Scope, evaluate};
use scs_standards::{Profile, Verdict};

use crate::store::RecentResult;

/// The standing of a subject in a scope.
#[derive(Clone, Debug)]
pub(crate) struct Standing {
    /// The newest result of each known test case, unless it has expired. As in the official monitor, results of the future count.
    pub(crate) results: BTreeMap<String, RecentResult>,
    /// The evaluation of the official monitor.
    pub(crate) official: Evaluation,
    /// The same with drafts.
    pub(crate) official_with_drafts: Evaluation,
    /// The evaluation by the text of the standards.
    #[cfg_attr(not(test), expect(dead_code, reason = "for badges and the history"))]
    pub(crate) text: Evaluation,
    /// When any of this changes without a new report.
    pub(crate) until: Option<Timestamp>,
}

impl Standing {
    /// Evaluates the results of a subject.
    pub(crate) fn new(scope: &Scope, recent: &[RecentResult], now: Timestamp) -> Self {
        let results = newest(scope, recent, now);
        let given: Results = recent
            .iter()
            .map(|it| {
                let given = GivenResult { result: verdict(it.result), checked_at: Some(it.checked_at) };
                (it.test_case.as_str(), given)
            })
            .collect();
        let official = EvaluationOptions::new(Profile::Official);
        Self {
            results,
            official: evaluate(scope, &given, now, official),
            official_with_drafts: evaluate(scope, &given, now, official.with_drafts()),
            text: evaluate(scope, &given, now, EvaluationOptions::new(Profile::Text)),
            until: until(scope, recent, now),
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

/// The newest result of each test case that the scope knows, unless it has expired; of several of the same time the topmost.
fn newest(scope: &Scope, recent: &[RecentResult], now: Timestamp) -> BTreeMap<String, RecentResult> {
    let mut newest: BTreeMap<&str, &RecentResult> = BTreeMap::new();
    for result in recent {
        let known = newest.entry(&result.test_case).or_insert(result);
        let is_newer = result.checked_at > known.checked_at;
        if is_newer || result.checked_at == known.checked_at && result.result < known.result {
            *known = result;
        }
    }
    newest
        .into_iter()
        .filter(|(case, result)| {
            scope.test_case(case).is_some_and(|case| now < case.lifetime.expires(result.checked_at))
        })
        .map(|(case, result)| (case.to_owned(), result.clone()))
        .collect()
}

/// The next time a result begins to count or expires, or the timeline of the scope changes.
fn until(scope: &Scope, recent: &[RecentResult], now: Timestamp) -> Option<Timestamp> {
    let of_results = recent.iter().flat_map(|result| {
        let expires = scope.test_case(&result.test_case).map(|case| case.lifetime.expires(result.checked_at));
        expires.into_iter().chain([result.checked_at])
    });
    let of_timeline = scope
        .timeline()
        .changes_after(now.to_zoned(TimeZone::UTC).date())
        .filter_map(|day| TimeZone::UTC.to_timestamp(day.to_datetime(Time::midnight())).ok());
    of_results.chain(of_timeline).filter(|time| *time > now).min()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn result(version: &str, test_case: &str, checked_at: &str, result: i8) -> RecentResult {
        RecentResult {
            version: version.to_owned(),
            test_case: test_case.to_owned(),
            checked_at: checked_at.parse().unwrap(),
            result,
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
        assert_eq!(standing.results["version-policy-check"].result, 1);
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
        let mut recent: Vec<RecentResult> =
            cases.iter().map(|case| result("*", case, "2026-11-23T08:00:00Z", 1)).collect();
        recent.push(result("*", "version-policy-check", "2026-11-25T08:00:00Z", -1));
        let standing = Standing::new(scope, &recent, "2026-11-24T00:00:00Z".parse().unwrap());
        assert_eq!(standing.text.verdict, Verdict::Pass);
        assert_eq!(standing.official.verdict, Verdict::Fail);
        assert_eq!(standing.until.unwrap().to_string(), "2026-11-25T08:00:00Z");
    }
}
