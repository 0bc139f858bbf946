//! What a check is given of a subject: nothing, something unusable, or the data.

use std::fmt;

use crate::rule::Recorder;

/// A part of what is known about a subject.
///
/// *Not given* is MISS, *unusable* is DNF; neither is ever a PASS.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Given<T> {
    /// There is nothing.
    #[default]
    Missing,
    /// There is something, or something was tried, and it cannot be used for this reason.
    Unusable(String),
    /// The data.
    Data(T),
}

impl<T> Given<T> {
    /// The data.
    #[must_use]
    pub const fn data(&self) -> Option<&T> {
        match self {
            Self::Data(data) => Some(data),
            Self::Missing | Self::Unusable(_) => None,
        }
    }

    /// Whether there is nothing at all.
    #[must_use]
    pub const fn is_missing(&self) -> bool {
        matches!(self, Self::Missing)
    }

    /// Reads the data, which may turn out to be unusable.
    ///
    /// ```
    /// use scs_standards::Given;
    ///
    /// let read = |text| Given::Data(text).read(|text: &str| text.parse::<u8>());
    /// assert_eq!(read("7"), Given::Data(7));
    /// assert_eq!(read("x"), Given::Unusable("invalid digit found in string".to_owned()));
    /// assert_eq!(Given::<&str>::Not.read(|text| text.parse::<u8>()), Given::Missing);
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

/// A key of an inventory, and where its data come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source {
    /// The key.
    pub name: &'static str,
    /// The request, the command or the file.
    pub from: &'static str,
}

impl Source {
    /// What to say where the part is not there.
    #[must_use]
    pub fn not_given(self) -> String {
        format!("`{}` is not in the inventory; it is {}", self.name, self.from)
    }

    /// What to say where it cannot be used.
    #[must_use]
    pub fn unusable(self, reason: &str) -> String {
        format!("`{}` cannot be used: {reason}", self.name)
    }
}

impl<S: ?Sized> Recorder<'_, S> {
    /// The data of a part that the rule cannot do without; where there are none, a finding says so.
    pub fn needs<'g, T>(&mut self, part: &'g Given<T>, source: Source) -> Option<&'g T> {
        match part {
            Given::Missing => {
                self.miss(source.name, source.not_given());
                None
            }
            Given::Unusable(reason) => {
                self.dnf(source.name, source.unusable(reason));
                None
            }
            Given::Data(data) => Some(data),
        }
    }
}
