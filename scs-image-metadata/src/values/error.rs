//! Why a text is not a value of a property, and what may be meant.

use std::borrow::Cow;

use thiserror::Error;

use super::day;
use super::spelling::is_spelling_of;

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
    pub(super) fn for_day(self, text: &str, meant: Option<Meant>) -> Self {
        let (suggestion, certain) = match meant {
            Some(Meant::Certainly(value)) => (Some(value), true),
            Some(Meant::Perhaps(value)) => (Some(value), false),
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

/// The likely meaning of a text.
pub(crate) enum Meant {
    /// The correct spelling of the value.
    Certainly(String),
    /// A value that is part of the text and may be meant.
    Perhaps(String),
}
