//! Whether a report is accepted, where options of a check decide on that in addition to the verdict.

use scs_standards::wording::and;
use scs_standards::{Severity, Verdict};
use serde::{Deserialize, Serialize};

/// What decides whether a report is accepted, in addition to its verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Conditions {
    /// Whether findings of a baseline are marked, which do not count.
    pub baseline: bool,
    /// Findings of this severity or higher are not accepted.
    pub fail_on: Option<Severity>,
    /// The least percentage of parts that has to be read.
    pub least_coverage: Option<u8>,
}

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
    /// The percentage of parts that should have been read, if too few were.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub least_coverage: Option<u8>,
}

impl Acceptance {
    /// The reason why the acceptance differs from the verdict.
    #[must_use]
    pub fn remark(&self, verdict: Verdict) -> Option<String> {
        let too_little = self.least_coverage.map(|least| format!("read less than {least}% of the parts"));
        match (self.accepted, verdict == Verdict::Pass) {
            (true, false) => Some("accepted: no new findings".to_owned()),
            (false, true) => {
                let new = if self.baseline { "new " } else { "" };
                let plural = if self.reasons == 1 { "" } else { "s" };
                let severity = self.fail_on.map(|least| format!(" of severity {least} or higher"));
                let severity = severity.unwrap_or_default();
                let findings =
                    (self.reasons > 0).then(|| format!("{} {new}finding{plural}{severity}", self.reasons));
                Some(format!("not accepted: {}", and(findings.into_iter().chain(too_little))))
            }
            (false, false) => too_little.map(|reason| format!("not accepted: {reason}")),
            (true, true) => None,
        }
    }
}
