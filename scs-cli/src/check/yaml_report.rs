//! A check as the report that the official suite writes and the compliance monitor takes.

use std::collections::BTreeMap;

use jiff::Timestamp;
use scs_certificates::report::{Report, by_age};
use scs_standards::{Finding, Severity, Verdict};

use super::Subject;
use crate::failure::Failure;

/// The reports of a subject, with the results of the version that decides.
///
/// A report of the official format has one time for all its results, and a result is as old as what it rests on. So the first report
/// is of the moment at which the inventory was collected; results that rest on older evidence, such as an end-to-end run of last
/// month, follow in a report for each day of evidence, since a result expires by its day. Left out they would be lost, and
/// under the time of the collection they would live again with every check.
pub(super) fn report(subject: &Subject<'_>, at: Timestamp) -> Result<String, Failure> {
    if subject.checked.deciding.is_none() {
        return Err(Failure::new(format!(
            "no version of {} is effective, so there is nothing to report",
            subject.scope.name()
        ))
        .hint("`--scope-version VERSION` names a version"));
    }
    let decided = subject.checked.decided_by();
    let results = subject.checked.results().into_iter().map(|(case, result)| {
        let time = decided.and_then(|version| version.evidence_at.get(&case).copied());
        (case, result, time)
    });
    let parts = by_age(subject.inventory.collected_at().unwrap_or(at), results);
    let command = format!("scs check {}", subject.origin.arguments());
    let creator = concat!("scs ", env!("CARGO_PKG_VERSION"));
    let mut text = String::new();
    for (index, (checked_at, results)) in parts.iter().enumerate() {
        // What is for no test case of the version stands with the results of the check.
        let is_here = |finding: &&Finding| {
            let has = |results: &BTreeMap<String, Verdict>| {
                finding.test_case.as_deref().is_some_and(|case| results.contains_key(case))
            };
            has(results) || index == 0 && !parts.iter().any(|(_, results)| has(results))
        };
        let lines =
            subject.checked.findings().filter(|it| it.result != Verdict::Pass).filter(is_here).map(line);
        let report =
            Report::new(subject.scope, &subject.name, *checked_at, results.clone(), vec![command.clone()]);
        text.push_str(&report.with_findings(lines.collect()).by(creator).to_string());
    }
    Ok(text)
}

fn line(finding: &Finding) -> String {
    let severity = match finding.severity {
        Severity::Error => "ERROR",
        Severity::Warning => "WARNING",
        Severity::Info => "INFO",
    };
    let case = finding.test_case.as_deref().map(|case| format!("{case}: ")).unwrap_or_default();
    format!("{severity}: {case}{}: {}", finding.subject, finding.message)
}
