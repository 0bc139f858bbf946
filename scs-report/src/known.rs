//! Findings that an earlier report already has.

use scs_registry::ReportedFinding;
use scs_standards::DocumentId;

/// A finding without its words and its weight: the same requirement about the same thing.
///
/// A known finding stays known when its message changes with the date or the program, and is new when another subject has it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KnownFinding {
    rule: String,
    document: DocumentId,
    subject: String,
}

impl KnownFinding {
    /// The finding of a report.
    #[must_use]
    pub fn of(finding: &ReportedFinding) -> Self {
        Self { rule: finding.rule.to_string(), document: finding.document, subject: finding.subject.clone() }
    }
}
