//! The inputs of a check: missing, unusable, or data.

use std::borrow::Cow;
use std::fmt;

use crate::hint::Hint;
use crate::rule::Recorder;

/// A part of the input data.
///
/// *Missing* is MISS, *unusable* is DNF; neither is ever a PASS.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Given<T> {
    /// Not given.
    #[default]
    Missing,
    /// Given or attempted, but unusable, with the reason.
    Unusable(String),
    /// The data.
    Data(T),
}

impl<T> Given<T> {
    /// The data, if any.
    #[must_use]
    pub const fn data(&self) -> Option<&T> {
        match self {
            Self::Data(data) => Some(data),
            Self::Missing | Self::Unusable(_) => None,
        }
    }

    /// Whether nothing was given.
    #[must_use]
    pub const fn is_missing(&self) -> bool {
        matches!(self, Self::Missing)
    }

    /// Parses the data; errors make it unusable.
    ///
    /// ```
    /// use scs_standards::Given;
    ///
    /// let read = |text| Given::Data(text).read(|text: &str| text.parse::<u8>());
    /// assert_eq!(read("7"), Given::Data(7));
    /// assert_eq!(read("x"), Given::Unusable("invalid digit found in string".to_owned()));
    /// assert_eq!(Given::<&str>::Missing.read(|text| text.parse::<u8>()), Given::Missing);
    /// ```
    #[must_use]
    pub fn read<U, E: fmt::Display>(self, read: impl FnOnce(T) -> Result<U, E>) -> Given<U> {
        match self {
            Self::Missing => Given::Missing,
            Self::Unusable(reason) => Given::Unusable(reason),
            Self::Data(data) => match read(data) {
                Ok(read) => Given::Data(read),
                Err(error) => Given::Unusable(error.to_string()),
            },
        }
    }
}

/// A key of an inventory and the origin of its data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source {
    /// The key.
    pub name: &'static str,
    /// The request, command or file that provides the data.
    pub from: &'static str,
}

impl Source {
    /// The message for a missing part.
    #[must_use]
    pub fn not_given(self) -> String {
        format!("`{}` is missing from the inventory: {}", self.name, self.from)
    }

    /// The hint to provide the part.
    #[must_use]
    pub const fn hint(self) -> Hint {
        Hint::Part(Cow::Borrowed(self.name))
    }

    /// The message for an unusable part.
    #[must_use]
    pub fn unusable(self, reason: &str) -> String {
        format!("`{}` cannot be used: {reason}", self.name)
    }
}

impl<S: ?Sized> Recorder<'_, S> {
    /// Returns the data of a part that the rule needs; records a finding if there are none.
    pub fn needs<'g, T>(&mut self, part: &'g Given<T>, source: Source) -> Option<&'g T> {
        match part {
            Given::Missing => {
                self.miss(source.name, source.not_given()).hinting(source.hint());
                None
            }
            Given::Unusable(reason) => {
                self.dnf(source.name, source.unusable(reason)).hinting(source.hint());
                None
            }
            Given::Data(data) => Some(data),
        }
    }
}
