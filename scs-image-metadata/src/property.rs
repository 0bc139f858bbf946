//! A property of an image: not set, valid, or invalid.

use std::borrow::Cow;

use scs_standards::subject::ValueRef;

/// The state of a property.
///
/// ```
/// use scs_image_metadata::{Property, ReplaceFrequency, Invalid};
/// let read = |value: &str| Property::<ReplaceFrequency>::from_text(value);
/// assert_eq!(read("monthly"), Property::Is(ReplaceFrequency::Monthly));
/// assert_eq!(read("often"), Property::Invalid(Invalid::Malformed));
/// assert_eq!(read(""), Property::Invalid(Invalid::Empty));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Property<T> {
    /// Not set.
    #[default]
    Absent,
    /// Set to a valid value.
    Is(T),
    /// Set to an invalid value.
    Invalid(Invalid),
}

/// The kind of invalid value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Invalid {
    /// An empty text, or only spaces.
    Empty,
    /// A text or number that is not a valid value.
    Malformed,
    /// A list or object: Glance has no such properties, so the data are corrupt.
    Nested,
}

impl<T> Property<T> {
    /// The value, if valid.
    #[must_use]
    pub const fn value(&self) -> Option<&T> {
        match self {
            Self::Is(value) => Some(value),
            Self::Absent | Self::Invalid(_) => None,
        }
    }

    /// Whether it is not set.
    #[must_use]
    pub const fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// Parses the text of a value.
    pub(crate) fn read<E>(value: ValueRef<'_>, parse: impl FnOnce(&str) -> Result<T, E>) -> Self {
        match stored(value) {
            None if value == ValueRef::Null => Self::Absent,
            None => Self::Invalid(Invalid::Nested),
            Some(text) if text.trim().is_empty() => Self::Invalid(Invalid::Empty),
            Some(text) => parse(&text).map_or(Self::Invalid(Invalid::Malformed), Self::Is),
        }
    }
}

impl<T: std::str::FromStr> Property<T> {
    /// Parses a value as the text that Glance would store.
    #[must_use]
    pub fn from_text<'v>(value: impl Into<ValueRef<'v>>) -> Self {
        Self::read(value.into(), str::parse)
    }
}

/// A value as the text that Glance would store; `None` for null, lists and objects.
pub(crate) fn stored(value: ValueRef<'_>) -> Option<Cow<'_, str>> {
    match value {
        ValueRef::Text(text) => Some(Cow::Borrowed(text)),
        // As stored by the OpenStack client.
        ValueRef::Flag(flag) => Some(Cow::Borrowed(if flag { "True" } else { "False" })),
        ValueRef::Whole(_) | ValueRef::Negative(_) => Some(Cow::Owned(value.to_string())),
        ValueRef::Number(number) => Some(Cow::Owned(number.to_string())),
        ValueRef::Null | ValueRef::List(_) | ValueRef::Object(_) => None,
    }
}
