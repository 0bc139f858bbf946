//! What came of trying something on a cloud.

use jiff::Timestamp;
use serde::Deserialize;

/// The outcome of a round trip.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Outcome {
    /// How it ended.
    pub outcome: OutcomeKind,
    /// What the service said.
    #[serde(default)]
    pub detail: Option<String>,
    /// When.
    #[serde(default)]
    pub at: Option<Timestamp>,
}

/// How a round trip ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OutcomeKind {
    /// Everything was done.
    Ok,
    /// The service refused it to the user.
    Refused,
    /// Something went wrong.
    Failed,
    /// There is no such service.
    Absent,
}

impl Outcome {
    /// What the service said, in brackets, or nothing.
    #[must_use]
    pub fn detail_in_brackets(&self) -> String {
        self.detail.as_deref().map(|detail| format!(" ({})", brief(detail))).unwrap_or_default()
    }
}

/// The first line of a text, and not too much of it.
fn brief(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    match line.char_indices().nth(160) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}
