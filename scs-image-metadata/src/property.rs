//! A property of an image: not set, set to a value, or set to something that is none.

use std::borrow::Cow;

use scs_standards::subject::ValueRef;

/// What is known of a property.
///
/// ```
/// use scs_image_metadata::{Property, ReplaceFrequency, Unfit};
/// let read = |value: &str| Property::<ReplaceFrequency>::of_text(value);
/// assert_eq!(read("monthly"), Property::Is(ReplaceFrequency::Monthly));
/// assert_eq!(read("often"), Property::Unfit(Unfit::Violation));
/// assert_eq!(read(""), Property::Unfit(Unfit::Empty));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Property<T> {
    /// Not set.
    #[default]
    Absent,
    /// Set to a value.
    Is(T),
    /// Set to something that is no value of it.
    Unfit(Unfit),
}

/// Why something is no value of its property.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unfit {
    /// An empty text, or one of blanks only.
    Empty,
    /// A text or a number that is no value.
    Violation,
    /// A list or an object: Glance has no such properties, so the data are damaged.
    Nested,
}

impl<T> Property<T> {
    /// The value, if there is a right one.
    #[must_use]
    pub const fn value(&self) -> Option<&T> {
        match self {
            Self::Is(value) => Some(value),
            Self::Absent | Self::Unfit(_) => None,
        }
    }

    /// Whether it is not set.
    #[must_use]
    pub const fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// Reads the text of a value.
    pub(crate) fn read<E>(value: ValueRef<'_>, parse: impl FnOnce(&str) -> Result<T, E>) -> Self {
        match stored(value) {
            None if value == ValueRef::Null => Self::Absent,
            None => Self::Unfit(Unfit::Nested),
            Some(text) if text.trim().is_empty() => Self::Unfit(Unfit::Empty),
            Some(text) => parse(&text).map_or(Self::Unfit(Unfit::Violation), Self::Is),
        }
    }
}

impl<T: std::str::FromStr> Property<T> {
    /// Reads a value as the text that Glance would store.
    #[must_use]
    pub fn of_text<'v>(value: impl Into<ValueRef<'v>>) -> Self {
        Self::read(value.into(), str::parse)
    }
}

/// A value as the text that Glance would store; `None` for nothing, lists and objects.
pub(crate) fn stored(value: ValueRef<'_>) -> Option<Cow<'_, str>> {
    match value {
        ValueRef::Text(text) => Some(Cow::Borrowed(text)),
        // As the OpenStack client stores it.
        ValueRef::Flag(flag) => Some(Cow::Borrowed(if flag { "True" } else { "False" })),
        ValueRef::Whole(_) | ValueRef::Negative(_) => Some(Cow::Owned(value.to_string())),
        ValueRef::Number(number) => Some(Cow::Owned(number.to_string())),
        ValueRef::Null | ValueRef::List(_) | ValueRef::Object(_) => None,
    }
}
