//! Whether a report is accepted, where options of a check decide on that in addition to the verdict.

use scs_standards::{Severity, Verdict};
use serde::{Deserialize, Serialize};

/// Whether a report is accepted although its verdict is not PASS, or not accepted although it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Acceptance {
    /// Whether the report is accepted.
    pub accepted: bool,
    /// Whether a baseline was given.
    pub baseline: bool,
    /// The severity to fail on, if one was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fail_on: Option<Severity>,
    /// The number of findings that are the reason not to accept it, apart from the verdict.
    pub reasons: usize,
}

impl Acceptance {
    /// The reason why the acceptance differs from the verdict.
    #[must_use]
    pub fn remark(&self, verdict: Verdict) -> Option<String> {
        match (self.accepted, verdict == Verdict::Pass) {
            (true, false) => Some("accepted: no new findings".to_owned()),
            (false, true) => {
                let new = if self.baseline { "new " } else { "" };
                let plural = if self.reasons == 1 { "" } else { "s" };
                let severity = self.fail_on.map(|least| format!(" of severity {least} or higher"));
                Some(format!(
                    "not accepted: {} {new}finding{plural}{}",
                    self.reasons,
                    severity.unwrap_or_default()
                ))
            }
            _ => None,
        }
    }
}
