//! Round trips: probes that create something in a cloud, use it and delete it.

use std::borrow::Cow;

use jiff::Timestamp;

use crate::wording::truncated;

/// The recorded result of a round trip.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct RoundTrip {
    /// The outcome.
    pub outcome: Outcome,
    /// The service's message.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub detail: Option<String>,
    /// The time of the probe.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub at: Option<Timestamp>,
}

/// The outcome of a round trip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
pub enum Outcome {
    /// Everything succeeded.
    Ok,
    /// The service denied the request.
    Refused,
    /// The round trip failed.
    Failed,
    /// The service does not exist.
    Absent,
}

impl RoundTrip {
    /// The service's message in brackets, or an empty string.
    #[must_use]
    pub fn detail_in_brackets(&self) -> String {
        self.detail.as_deref().map(|detail| format!(" ({})", first_line(detail))).unwrap_or_default()
    }
}

/// The first line of a text, truncated.
fn first_line(text: &str) -> Cow<'_, str> {
    truncated(text.lines().next().unwrap_or_default(), 160)
}
