//! The values of image fields.

use std::fmt;

use ecow::EcoString;

/// An owned value. Glance stores properties as strings; hand-edited files contain other types as well.
#[derive(Clone, Debug, PartialEq)]
pub enum ImageValue {
    /// Null.
    Null,
    /// A boolean.
    Flag(bool),
    /// A non-negative integer.
    Whole(u64),
    /// A negative integer.
    Negative(i64),
    /// Any other number.
    Number(f64),
    /// A string, usually short.
    Text(EcoString),
    /// A list, such as the tags.
    List(Box<[ImageValue]>),
    /// A mapping, in its original order.
    Object(Box<[(Box<str>, ImageValue)]>),
}

/// A borrowed value of an image field.
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
    /// Null.
    Null,
    /// A boolean.
    Flag(bool),
    /// A non-negative integer.
    Whole(u64),
    /// A negative integer.
    Negative(i64),
    /// Any other number.
    Number(f64),
    /// A string.
    Text(&'a str),
    /// A list, such as the tags.
    List(&'a [ImageValue]),
    /// A mapping, in its original order.
    Object(&'a [(Box<str>, ImageValue)]),
}

impl ImageValue {
    /// The string, or `None` for other values.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

impl<'a> ValueRef<'a> {
    /// The string, or `None` for other values.
    #[must_use]
    pub const fn as_text(self) -> Option<&'a str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Converts to an owned value.
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

/// Formats as JSON, with strings in quotes.
impl fmt::Display for ImageValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        ValueRef::from(self).fmt(f)
    }
}

/// Formats as JSON, with strings in quotes.
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
