//! Findings of drafts, on which no certificate rests.

use jiff::civil::Date;
use schemars::JsonSchema;
use scs_standards::catalog::Catalog;
use scs_standards::{Finding, State};
use serde::Serialize;

/// Whether the document of a finding has never become more than a draft: no certificate rests on it (C-074).
pub(super) fn is_draft(finding: &Finding) -> bool {
    let known = Catalog::embedded().get(finding.document);
    known.is_some_and(|document| document.state_on(Date::MAX) == State::Draft)
}

/// How people read it behind a document or a rule.
pub(super) fn mark(finding: &Finding) -> &'static str {
    if is_draft(finding) { " (draft)" } else { "" }
}

/// A finding, and whether it is of a draft.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct FindingRow<'a> {
    #[serde(flatten)]
    finding: &'a Finding,
    /// Whether it is a reason for the verdict.
    decides: bool,
    /// Whether its document is a draft, on which no certificate rests; left out where it is not.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    draft: bool,
}

impl<'a> FindingRow<'a> {
    pub(crate) fn new(finding: &'a Finding, decides: bool) -> Self {
        Self { finding, decides, draft: is_draft(finding) }
    }
}
