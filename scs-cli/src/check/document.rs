//! The shape `scs/check/2` of a whole inventory.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use schemars::JsonSchema;
use scs_registry::{CheckedVersion, ShownException, exceptions};
use scs_standards::{Profile, Verdict};
use serde::Serialize;

use super::Subject;
use crate::checked::{FindingRow, RuleResult, rule_results};

/// What `scs check -f json` prints; a list of these for several inventories.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(
    title = "scs/check/2 of an inventory",
    description = "What `scs check -f json` prints; a list of these for several inventories."
)]
pub(crate) struct CheckDocument<'a> {
    #[schemars(extend("const" = "scs/check/2"))]
    schema: &'static str,
    subject: &'a str,
    profile: Profile,
    /// When the inventory was collected; where it does not say that, the time that counted as now.
    #[schemars(extend("format" = "date-time"))]
    checked_at: String,
    /// The time that counted as now.
    #[schemars(extend("format" = "date-time"))]
    at: String,
    /// When the inventory was collected; null where it does not say.
    #[schemars(extend("format" = "date-time"))]
    collected_at: Option<String>,
    /// When the verdict next changes by time alone; left out where that is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = "date-time"))]
    changes_at: Option<String>,
    scope: ScopeHead<'a>,
    /// Every version that was evaluated.
    versions: BTreeMap<&'a str, &'a CheckedVersion>,
    /// The version that decides; null where none is effective.
    decided_by: Option<&'a str>,
    /// The test cases of that version.
    results: BTreeMap<String, Verdict>,
    /// The test cases of that version that no rule answers yet, each with the reason.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    not_covered: BTreeMap<&'a str, &'a str>,
    /// When the oldest evidence of a test case came about, where that was not when the inventory was collected.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    evidence_at: BTreeMap<&'a str, String>,
    /// All rules that were asked, each under its document.
    rules: Vec<RuleResult>,
    verdict: Verdict,
    /// What to know of the inventory as a whole.
    notices: &'a [String],
    findings: Vec<FindingRow<'a>>,
    /// Exceptions that the provider claims; they change no result.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    exceptions: Vec<ShownException>,
}

/// The scope.
#[derive(Debug, Serialize, JsonSchema)]
struct ScopeHead<'a> {
    name: &'a str,
    uuid: &'a str,
}

impl<'a> CheckDocument<'a> {
    pub(super) fn new(subject: &'a Subject<'_>, at: Timestamp, profile: Profile) -> Self {
        let checked = &subject.checked;
        Self {
            schema: "scs/check/2",
            subject: &subject.name,
            profile,
            checked_at: subject.inventory.collected_at().unwrap_or(at).to_string(),
            at: at.to_string(),
            collected_at: subject.inventory.collected_at().map(|at| at.to_string()),
            changes_at: checked.changes_at.map(|at| at.to_string()),
            scope: ScopeHead { name: subject.scope.name(), uuid: subject.scope.uuid() },
            versions: checked.versions.iter().map(|(name, version)| (name.as_str(), version)).collect(),
            decided_by: checked.deciding.as_deref(),
            results: checked.results(),
            not_covered: checked.unanswered.iter().map(|(id, reason)| (id.as_str(), *reason)).collect(),
            evidence_at: checked
                .decided_by()
                .into_iter()
                .flat_map(|version| &version.evidence_at)
                .map(|(case, at)| (case.as_str(), at.to_string()))
                .collect(),
            rules: rule_results(&checked.answers, &checked.decision),
            verdict: checked.verdict,
            notices: &checked.notices,
            findings: checked
                .decided_findings()
                .map(|(finding, decides)| FindingRow::new(finding, decides))
                .collect(),
            exceptions: exceptions(
                checked,
                subject.inventory.declarations(),
                at.to_zoned(TimeZone::UTC).date(),
            ),
        }
    }
}
