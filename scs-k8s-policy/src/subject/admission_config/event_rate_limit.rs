//! The limits of the plug-in `EventRateLimit`.

use serde::Deserialize;
use serde_json::Value;

/// A limit of events.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct EventLimit {
    /// `Server`, `Namespace`, `User` or `SourceAndObject`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Events per second.
    pub qps: Option<u32>,
    /// Maximum burst of events.
    pub burst: Option<u32>,
}

#[derive(Deserialize)]
struct Configuration {
    #[serde(default)]
    limits: Vec<EventLimit>,
}

pub(super) fn read(json: &str) -> Result<Vec<EventLimit>, serde_json::Error> {
    serde_json::from_str(json).map(|configuration: Configuration| configuration.limits)
}

pub(super) fn of(value: Value) -> Result<Vec<EventLimit>, serde_json::Error> {
    serde_json::from_value(value).map(|configuration: Configuration| configuration.limits)
}
