//! The outcomes of asking whether pods that violate baseline are accepted.

use scs_standards::round_trip::RoundTrip;
use serde::{Deserialize, Serialize};

/// Whether the API server refuses pods that violate the Pod Security Standard baseline, by dry runs: `ok` if it refuses all of
/// them, `failed` if it accepts one.
///
/// ```
/// use scs_k8s_policy::PodSecurityProbe;
/// use scs_standards::round_trip::Outcome;
///
/// let probe: PodSecurityProbe =
///     serde_json::from_str(r#"{"unlabeled": {"outcome": "failed"}, "labeled": {"outcome": "ok"}}"#)?;
/// assert_eq!(probe.labeled.outcome, Outcome::Ok);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[non_exhaustive]
pub struct PodSecurityProbe {
    /// In a new namespace without a label; `refused` if there can be none.
    pub unlabeled: RoundTrip,
    /// In a new namespace that enforces baseline by its label.
    pub labeled: RoundTrip,
}
