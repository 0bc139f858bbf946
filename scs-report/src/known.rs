//! Findings that an earlier report already has.

use scs_registry::ReportedFinding;
use scs_standards::{DocumentId, Verdict};

/// The identity of a finding: requirement, subject and result, without message and severity.
///
/// A known finding stays known if its message changes with the date or the program, and is new for another subject.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KnownFinding {
    rule: String,
    document: DocumentId,
    subject: String,
    /// A requirement that could not be answered and is broken now is new.
    result: Verdict,
}

impl KnownFinding {
    /// The identity of a finding in a report.
    #[must_use]
    pub fn of(finding: &ReportedFinding) -> Self {
        Self {
            rule: finding.rule.to_string(),
            document: finding.document,
            subject: finding.subject.clone(),
            result: finding.result,
        }
    }
}
