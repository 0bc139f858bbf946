//! The values of an image's fields.

use std::fmt;

use ecow::EcoString;

/// A value of its own. Glance stores properties as text; files that people edit hold other things as well.
#[derive(Clone, Debug, PartialEq)]
pub enum ImageValue {
    /// Nothing.
    Null,
    /// A truth value.
    Flag(bool),
    /// A whole number that is not negative.
    Whole(u64),
    /// A negative whole number.
    Negative(i64),
    /// Any other number.
    Number(f64),
    /// Text, mostly short.
    Text(EcoString),
    /// A list, such as the tags.
    List(Box<[ImageValue]>),
    /// Values under names, in their order.
    Object(Box<[(Box<str>, ImageValue)]>),
}

/// The value of a field where it stands in an image.
///
/// ```
/// use scs_standards::subject::{ImageValue, ValueRef};
///
/// let value = ImageValue::from("qcow2");
/// assert_eq!(ValueRef::from(&value), ValueRef::Text("qcow2"));
/// assert_eq!(ValueRef::Text("qcow2").to_owned(), value);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ValueRef<'a> {
    /// Nothing.
    Null,
    /// A truth value.
    Flag(bool),
    /// A whole number that is not negative.
    Whole(u64),
    /// A negative whole number.
    Negative(i64),
    /// Any other number.
    Number(f64),
    /// Text.
    Text(&'a str),
    /// A list, such as the tags.
    List(&'a [ImageValue]),
    /// Values under names, in their order.
    Object(&'a [(Box<str>, ImageValue)]),
}

impl ImageValue {
    /// The text, if it is one.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

impl<'a> ValueRef<'a> {
    /// The text, if it is one.
    #[must_use]
    pub const fn as_text(self) -> Option<&'a str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The same as a value of its own.
    #[must_use]
    pub fn to_owned(self) -> ImageValue {
        match self {
            Self::Null => ImageValue::Null,
            Self::Flag(flag) => ImageValue::Flag(flag),
            Self::Whole(number) => ImageValue::Whole(number),
            Self::Negative(number) => ImageValue::Negative(number),
            Self::Number(number) => ImageValue::Number(number),
            Self::Text(text) => ImageValue::Text(text.into()),
            Self::List(values) => ImageValue::List(values.into()),
            Self::Object(entries) => ImageValue::Object(entries.into()),
        }
    }
}

impl<'a> From<&'a ImageValue> for ValueRef<'a> {
    fn from(value: &'a ImageValue) -> Self {
        match value {
            ImageValue::Null => Self::Null,
            ImageValue::Flag(flag) => Self::Flag(*flag),
            ImageValue::Whole(number) => Self::Whole(*number),
            ImageValue::Negative(number) => Self::Negative(*number),
            ImageValue::Number(number) => Self::Number(*number),
            ImageValue::Text(text) => Self::Text(text),
            ImageValue::List(values) => Self::List(values),
            ImageValue::Object(entries) => Self::Object(entries),
        }
    }
}

impl<'a> From<&'a str> for ValueRef<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a String> for ValueRef<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(text)
    }
}

impl From<bool> for ValueRef<'_> {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl From<&str> for ImageValue {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for ImageValue {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

impl From<u64> for ImageValue {
    fn from(number: u64) -> Self {
        Self::Whole(number)
    }
}

impl From<bool> for ImageValue {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

/// As JSON has it, text in quotes.
impl fmt::Display for ImageValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        ValueRef::from(self).fmt(f)
    }
}

/// As JSON has it, text in quotes.
impl fmt::Display for ValueRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Flag(flag) => write!(f, "{flag}"),
            Self::Whole(number) => write!(f, "{number}"),
            Self::Negative(number) => write!(f, "{number}"),
            Self::Number(number) => write!(f, "{number:?}"),
            Self::Text(text) => write!(f, "{text:?}"),
            Self::List(values) => {
                f.write_str("[")?;
                for (index, value) in values.iter().enumerate() {
                    write!(f, "{}{value}", if index == 0 { "" } else { ", " })?;
                }
                f.write_str("]")
            }
            Self::Object(entries) => {
                f.write_str("{")?;
                for (index, (name, value)) in entries.iter().enumerate() {
                    write!(f, "{}{name:?}: {value}", if index == 0 { "" } else { ", " })?;
                }
                f.write_str("}")
            }
        }
    }
}
