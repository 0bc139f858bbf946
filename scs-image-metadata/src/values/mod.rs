//! Typed values of image properties, parsed from and printed as the text that Glance stores.

mod build_date;
mod commitment;
mod day;
mod hotfix_hours;
mod memory;
mod origin;
mod words;

pub use build_date::BuildDate;
pub use commitment::{LastN, ProvidedUntil, UuidValidity};
pub use day::{DAY_PATTERN, Day};
pub use hotfix_hours::HotfixHours;
pub use memory::{MinDisk, MinRam, VideoRam};
pub use origin::{AnyText, ImageSource, L1SupportContact, OriginalUser, OsDistro, OsVersion};
use scs_standards::suggestion::nearest;
pub use words::{
    Architecture, FirmwareType, Flag, HashAlgorithm, HwDiskBus, HwRngModel, HwScsiModel, HypervisorType,
    OsPurpose, ReplaceFrequency, SecureBoot, Visibility, WatchdogAction,
};

use std::borrow::Cow;

use thiserror::Error;

/// Error: not a valid value of the property.
///
/// ```
/// use scs_image_metadata::ReplaceFrequency;
///
/// let error = "Monthly".parse::<ReplaceFrequency>().unwrap_err();
/// assert_eq!(error.expected(), "yearly, quarterly, monthly, weekly, daily, critical_bug or never");
/// assert_eq!(error.suggestion(), Some("monthly"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{given}` is not {expected}")]
pub struct ParseValueError {
    given: String,
    expected: Cow<'static, str>,
    suggestion: Option<String>,
    certain: bool,
    other_year: bool,
}

impl ParseValueError {
    pub(crate) fn new(given: &str, expected: impl Into<Cow<'static, str>>) -> Self {
        Self {
            given: given.to_owned(),
            expected: expected.into(),
            suggestion: None,
            certain: false,
            other_year: false,
        }
    }

    /// Adds a certain suggestion: another spelling of the same value.
    pub(crate) fn suggest(mut self, suggestion: Option<String>) -> Self {
        self.certain = suggestion.is_some();
        self.suggestion = suggestion;
        self
    }

    /// Adds a likely, but uncertain suggestion.
    pub(crate) fn guess(self, suggestion: Option<String>) -> Self {
        let certain = suggestion.as_deref().is_some_and(|value| is_spelling_of(&self.given, value));
        Self { suggestion, certain, ..self }
    }

    /// Adds a suggestion for a text that should be a date.
    fn for_day(self, text: &str, meant: Option<day::Meant>) -> Self {
        let (suggestion, certain) = match meant {
            Some(day::Meant::Certainly(value)) => (Some(value), true),
            Some(day::Meant::Perhaps(value)) => (Some(value), false),
            None => (None, false),
        };
        Self { suggestion, certain, other_year: day::is_of_another_year(text), ..self }
    }

    /// A description of the allowed values.
    #[must_use]
    pub fn expected(&self) -> &str {
        &self.expected
    }

    /// A suggested value.
    #[must_use]
    pub fn suggestion(&self) -> Option<&str> {
        self.suggestion.as_deref()
    }

    /// Whether the suggestion is the same value, spelled correctly, and not just a similar one.
    #[must_use]
    pub const fn is_certain(&self) -> bool {
        self.certain
    }

    /// Whether it is a valid date before 1970.
    #[must_use]
    pub const fn is_of_another_year(&self) -> bool {
        self.other_year
    }
}

/// `serde` and `schemars` for values that are a single string, serialized with `Display` and deserialized with `FromStr`.
/// them.
macro_rules! as_text {
    ($type:ty, $name:literal, $schema:expr) => {
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
        #[cfg(feature = "schemars")]
        impl schemars::JsonSchema for $type {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                $name.into()
            }
            fn inline_schema() -> bool {
                true
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                $schema
            }
        }
    };
}
pub(crate) use as_text;

/// Whether two texts are the same word except for case, spaces, dashes and underscores.
pub(crate) fn is_spelling_of(given: &str, word: &str) -> bool {
    let plain = |text: &str| -> String {
        text.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    plain(given) == plain(word)
}

/// A suggestion among `words`: equal except for case, or within a small edit distance.
pub(crate) fn meant<'a>(given: &str, words: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(&given.trim().replace(' ', "_"), words).map(str::to_owned)
}
