//! The outcome of a probe.

use jiff::Timestamp;
use serde::Deserialize;

/// The recorded outcome of a round trip.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Outcome {
    /// The result.
    pub outcome: OutcomeKind,
    /// The service's message.
    #[serde(default)]
    pub detail: Option<String>,
    /// The time of the probe.
    #[serde(default)]
    pub at: Option<Timestamp>,
}

/// The result of a round trip.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OutcomeKind {
    /// Everything succeeded.
    Ok,
    /// The service denied the request.
    Refused,
    /// The round trip failed.
    Failed,
    /// The service does not exist.
    Absent,
}

impl Outcome {
    /// The service's message in brackets, or an empty string.
    #[must_use]
    pub fn detail_in_brackets(&self) -> String {
        self.detail.as_deref().map(|detail| format!(" ({})", brief(detail))).unwrap_or_default()
    }
}

/// The first line of a text, truncated.
fn brief(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    match line.char_indices().nth(160) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}
