//! A property of an image: not set, set to a value, or set to something that is none.

use std::borrow::Cow;
use std::sync::Arc;

use scs_standards::subject::ImageValue;

/// What is known of a property.
///
/// ```
/// use scs_image_metadata::{Property, ReplaceFrequency, Unfit};
/// use scs_standards::subject::ImageValue;
///
/// let read = |value: &str| Property::<ReplaceFrequency>::of_text(&ImageValue::from(value));
/// assert_eq!(read("monthly"), Property::Is(ReplaceFrequency::Monthly));
/// assert_eq!(read("often"), Property::Unfit(Unfit::Wrong));
/// assert_eq!(read(""), Property::Unfit(Unfit::Empty));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// An empty text.
    Empty,
    /// A text or a number that is no value.
    Wrong,
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
    pub(crate) fn read<E>(value: &ImageValue, parse: impl FnOnce(&Arc<str>) -> Result<T, E>) -> Self {
        let text: Cow<'_, Arc<str>> = match value {
            ImageValue::Null => return Self::Absent,
            ImageValue::Text(text) => Cow::Borrowed(text),
            other => match stored(other) {
                Some(text) => Cow::Owned(Arc::from(&*text)),
                None => return Self::Unfit(Unfit::Nested),
            },
        };
        if text.is_empty() {
            return Self::Unfit(Unfit::Empty);
        }
        parse(&text).map_or(Self::Unfit(Unfit::Wrong), Self::Is)
    }
}

impl<T: std::str::FromStr> Property<T> {
    /// Reads a value as the text that Glance would store.
    #[must_use]
    pub fn of_text(value: &ImageValue) -> Self {
        Self::read(value, |text| text.parse())
    }
}

/// A value as the text that Glance would store; `None` for nothing, lists and objects.
pub(crate) fn stored(value: &ImageValue) -> Option<Cow<'_, str>> {
    match value {
        ImageValue::Text(text) => Some(Cow::Borrowed(text)),
        // As the OpenStack client stores it.
        ImageValue::Flag(flag) => Some(Cow::Borrowed(if *flag { "True" } else { "False" })),
        ImageValue::Whole(_) | ImageValue::Negative(_) => Some(Cow::Owned(value.to_string())),
        ImageValue::Number(number) => Some(Cow::Owned(number.to_string())),
        ImageValue::Null | ImageValue::List(_) | ImageValue::Object(_) => None,
    }
}
