//! A check as the report that the official suite writes and the compliance monitor takes.

use jiff::Timestamp;
use scs_certificates::report::Report;
use scs_standards::{Severity, Verdict};

use super::Subject;
use crate::failure::Failure;

/// The report of a subject. It has the results of the version that decides, and says when the inventory was collected: a
/// result is as old as what it rests on.
pub(super) fn report(subject: &Subject<'_>, at: Timestamp) -> Result<String, Failure> {
    if subject.checked.deciding.is_none() {
        return Err(Failure::new(format!(
            "no version of {} is effective, so there is nothing to report",
            subject.scope.name()
        ))
        .hint("`--scope-version VERSION` names a version"));
    }
    let checked_at = subject.inventory.collected_at().unwrap_or(at);
    let lines = subject
        .checked
        .findings()
        .filter(|finding| finding.result != Verdict::Pass)
        .map(|finding| {
            let severity = match finding.severity {
                Severity::Error => "ERROR",
                Severity::Warning => "WARNING",
                Severity::Info => "INFO",
            };
            let case = finding.test_case.map(|case| format!("{case}: ")).unwrap_or_default();
            format!("{severity}: {case}{}: {}", finding.subject, finding.message)
        })
        .collect();
    let command = format!("scs check {}", subject.origin.arguments());
    let report =
        Report::new(subject.scope, &subject.name, checked_at, subject.checked.results(), vec![command]);
    let creator = concat!("scs ", env!("CARGO_PKG_VERSION"));
    Ok(report.with_findings(lines).by(creator).to_string())
}
