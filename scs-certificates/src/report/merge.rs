//! Merges reports into a score card (scs-0003-v2, *Regulation*).

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use scs_standards::Verdict;
use serde::Serialize;
use thiserror::Error;

use super::{Report, ReportScope};
use crate::scope::Scope;

/// The results of a subject for a scope, each with its period of validity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ScoreCard {
    /// The subject.
    pub subject: String,
    /// The scope.
    pub scope: ReportScope,
    /// The results by test case.
    pub results: BTreeMap<String, ScoredResult>,
    /// Irregularities of the reports, and reasons why the card is not valid.
    pub warnings: Vec<String>,
    /// Whether the conditions for merging reports are met.
    pub is_valid: bool,
}

/// A result on a score card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ScoredResult {
    /// The result.
    pub result: Verdict,
    /// The start of its validity.
    #[cfg_attr(feature = "schemars", schemars(with = "String", extend("format" = "date-time")))]
    pub valid_from: Timestamp,
    /// The end of its validity (exclusive); `None` if the scope does not know the test case.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "Option<String>", extend("format" = "date-time")))]
    pub valid_until: Option<Timestamp>,
    /// The run of the report that it comes from.
    pub run: String,
}

/// Error: the reports cannot be merged.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum MergeError {
    /// There are no reports.
    #[error("no reports to merge")]
    Nothing,
    /// They have different subjects.
    #[error("the reports have different subjects: {0}")]
    Subjects(String),
    /// They have different scopes.
    #[error("the reports have different scopes: {0}")]
    Scopes(String),
}

/// Merges reports. For each test case, the newest report that has it counts; of two with the same time, the topmost result
/// counts, with a warning.
///
/// `known` are known reports from the same period that are not in the list: each of their test cases must be in a
/// newer report of the list, otherwise the card is not valid.
///
/// # Errors
///
/// If there are no reports, or they have different subjects or scopes.
///
/// ```
/// use scs_certificates::Scope;
/// use scs_certificates::report::{Report, merge};
/// use scs_standards::Verdict;
///
/// let report = |day: &str, result| {
///     let results = [("scs-0100-syntax-check".to_owned(), result)].into();
///     Report::new(Scope::compatible_iaas(), "my-cloud", day.parse().unwrap(), results, Vec::new())
/// };
/// let (old, new) = (report("2026-11-20T00:00:00Z", Verdict::Fail), report("2026-11-24T00:00:00Z", Verdict::Pass));
/// let card = merge(&[new, old], &[], Some(Scope::compatible_iaas()))?;
/// let scored = &card.results["scs-0100-syntax-check"];
/// assert_eq!((scored.result, scored.valid_until.unwrap().to_string().as_str()), (Verdict::Pass, "2026-12-07T00:00:00Z"));
/// # Ok::<(), scs_certificates::report::MergeError>(())
/// ```
pub fn merge(reports: &[Report], known: &[Report], scope: Option<&Scope>) -> Result<ScoreCard, MergeError> {
    // A duplicate report counts once.
    let mut reports: Vec<&Report> = reports.iter().collect();
    reports.sort_by(|one, other| (one.checked_at, &one.run).cmp(&(other.checked_at, &other.run)));
    reports.dedup_by(|one, other| one == other);
    let newest = reports.last().ok_or(MergeError::Nothing)?;
    let several = |of: fn(&Report) -> &str| {
        let all: BTreeSet<&str> = reports.iter().map(|report| of(report)).collect();
        (all.len() > 1).then(|| all.into_iter().collect::<Vec<_>>().join(", "))
    };
    if let Some(subjects) = several(|report| &report.subject) {
        return Err(MergeError::Subjects(subjects));
    }
    if let Some(scopes) = several(|report| &report.scope.uuid) {
        return Err(MergeError::Scopes(scopes));
    }
    let mut card = ScoreCard {
        subject: newest.subject.clone(),
        scope: newest.scope.clone(),
        results: BTreeMap::new(),
        warnings: Vec::new(),
        is_valid: true,
    };
    for report in &reports {
        card.warnings.extend(report.warnings.iter().map(|warning| format!("{}: {warning}", report.run)));
        for (case, result) in &report.results {
            add_result(&mut card, report, case, *result, scope);
        }
        // An unreadable newer result invalidates an older one (scs-0003-v2, *Regulation*).
        for case in &report.unusable {
            add_result(&mut card, report, case, Verdict::Dnf, scope);
        }
    }
    for other in known.iter().filter(|other| !reports.contains(other)) {
        // Only reports of the list that are newer than the omitted one.
        let newer: Vec<&&Report> =
            reports.iter().filter(|report| report.checked_at > other.checked_at).collect();
        for case in other.results.keys() {
            if !newer.iter().any(|report| report.results.contains_key(case)) {
                card.is_valid = false;
                card.warnings.push(format!(
                    "the report {} of {} is left out, but no newer report in the list has `{case}`",
                    other.run, other.checked_at
                ));
            }
        }
    }
    card.warnings.sort();
    card.warnings.dedup();
    Ok(card)
}

fn add_result(card: &mut ScoreCard, report: &Report, case: &str, result: Verdict, scope: Option<&Scope>) {
    let known = scope.and_then(|scope| scope.test_case(case));
    if let Some(scope) = scope.filter(|_| known.is_none()) {
        card.warnings.push(format!("{} has no test case `{case}`", scope.name()));
    }
    let scored = ScoredResult {
        result,
        valid_from: report.checked_at,
        valid_until: known.map(|known| known.lifetime.expires(report.checked_at)),
        run: report.run.clone(),
    };
    if let Some(before) = card.results.get(case)
        && before.valid_from == scored.valid_from
        && before.result != result
    {
        card.warnings.push(format!(
            "`{case}` is {} in {} but {result} in {}, both with the same time; {} counts",
            before.result,
            before.run,
            report.run,
            before.result.min(result)
        ));
        if before.result < result {
            return;
        }
    }
    card.results.insert(case.to_owned(), scored);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn report() -> impl Strategy<Value = Report> {
        let results = prop::collection::btree_map(
            prop::sample::select(vec!["scs-0100-syntax-check", "scs-0102-prop-min_disk", "scs-0999-x"])
                .prop_map(str::to_owned),
            prop::sample::select(vec![Verdict::Pass, Verdict::Fail, Verdict::Dnf]),
            0..3,
        );
        (1_795_000_000_i64..1_795_000_004, results).prop_map(|(at, results)| {
            let at = Timestamp::from_second(at).unwrap();
            Report::new(Scope::compatible_iaas(), "my-cloud", at, results, Vec::new())
        })
    }

    proptest! {
        #[test]
        fn the_order_of_reports_does_not_matter(
            (reports, shuffled) in prop::collection::vec(report(), 1..6)
                .prop_flat_map(|reports| (Just(reports.clone()), Just(reports).prop_shuffle()))
        ) {
            let scope = Some(Scope::compatible_iaas());
            prop_assert_eq!(merge(&reports, &[], scope).unwrap(), merge(&shuffled, &[], scope).unwrap());
        }

        #[test]
        fn duplicate_reports_count_once(reports in prop::collection::vec(report(), 1..4)) {
            let scope = Some(Scope::compatible_iaas());
            let twice: Vec<Report> = reports.iter().chain(&reports).cloned().collect();
            prop_assert_eq!(merge(&reports, &[], scope).unwrap(), merge(&twice, &[], scope).unwrap());
        }

        #[test]
        fn each_result_is_the_newest(reports in prop::collection::vec(report(), 1..6)) {
            let card = merge(&reports, &[], None).unwrap();
            for (case, scored) in &card.results {
                let newest = reports.iter().filter(|it| it.results.contains_key(case)).map(|it| it.checked_at).max();
                prop_assert_eq!(Some(scored.valid_from), newest);
            }
        }
    }

    #[test]
    fn omitted_reports_must_be_superseded() {
        let report = |at: &str, cases: &[&str]| {
            let results = cases.iter().map(|case| ((*case).to_owned(), Verdict::Pass)).collect();
            Report::new(Scope::compatible_iaas(), "my-cloud", at.parse().unwrap(), results, Vec::new())
        };
        let listed = report("2026-11-24T00:00:00Z", &["scs-0100-syntax-check"]);
        let older = report("2026-11-23T00:00:00Z", &["scs-0100-syntax-check"]);
        let wider = report("2026-11-23T00:00:00Z", &["scs-0100-syntax-check", "scs-0100-semantics-check"]);
        let newer = report("2026-11-25T00:00:00Z", &["scs-0100-syntax-check"]);
        let is_valid = |known: &Report| {
            merge(std::slice::from_ref(&listed), std::slice::from_ref(known), None).unwrap().is_valid
        };
        assert!(is_valid(&older) && is_valid(&listed));
        assert!(!is_valid(&wider) && !is_valid(&newer));
    }
}
