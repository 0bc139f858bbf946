//! Reading values of any type with `serde`: one visitor for all readers that accept any JSON or YAML value.

use std::borrow::Cow;
use std::fmt;

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor,
};

/// A value that is neither a list nor a mapping.
#[derive(Clone, Debug, PartialEq)]
pub enum Scalar<'s> {
    /// Nothing, such as `null`.
    Null,
    /// A boolean.
    Flag(bool),
    /// A non-negative number without fraction.
    Whole(u64),
    /// A number without fraction, negative in JSON.
    Signed(i64),
    /// Any other number.
    Number(f64),
    /// A string.
    Text(Cow<'s, str>),
}

impl Scalar<'_> {
    /// The type, in a word.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Flag(_) => "a boolean",
            Self::Whole(_) | Self::Signed(_) | Self::Number(_) => "a number",
            Self::Text(_) => "a string",
        }
    }
}

/// As in JSON; a number that JSON cannot represent is null.
#[cfg(any(feature = "catalog", feature = "listed"))]
impl From<Scalar<'_>> for serde_json::Value {
    fn from(scalar: Scalar<'_>) -> Self {
        match scalar {
            Scalar::Null => Self::Null,
            Scalar::Flag(flag) => flag.into(),
            Scalar::Whole(number) => number.into(),
            Scalar::Signed(number) => number.into(),
            Scalar::Number(number) => number.into(),
            Scalar::Text(text) => text.into_owned().into(),
        }
    }
}

/// What a reader makes of a value.
pub trait ReadAny<'de>: Sized {
    /// The result.
    type Value;

    /// The expected value, for error messages.
    const EXPECTED: &'static str = "a value";

    /// Reads a scalar.
    fn scalar<E: Error>(self, scalar: Scalar<'_>) -> Result<Self::Value, E>;

    /// Reads a list to its end.
    fn list<A: SeqAccess<'de>>(self, list: A) -> Result<Self::Value, A::Error>;

    /// Reads a mapping to its end.
    fn mapping<A: MapAccess<'de>>(self, mapping: A) -> Result<Self::Value, A::Error>;
}

/// The visitor of a reader.
#[derive(Clone, Copy, Debug)]
pub struct Any<R>(pub R);

impl<'de, R: ReadAny<'de>> DeserializeSeed<'de> for Any<R> {
    type Value = R::Value;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<R::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, R: ReadAny<'de>> Visitor<'de> for Any<R> {
    type Value = R::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(R::EXPECTED)
    }

    #[inline]
    fn visit_bool<E: Error>(self, flag: bool) -> Result<R::Value, E> {
        self.0.scalar(Scalar::Flag(flag))
    }

    #[inline]
    fn visit_u64<E: Error>(self, number: u64) -> Result<R::Value, E> {
        self.0.scalar(Scalar::Whole(number))
    }

    #[inline]
    fn visit_i64<E: Error>(self, number: i64) -> Result<R::Value, E> {
        self.0.scalar(Scalar::Signed(number))
    }

    #[inline]
    fn visit_f64<E: Error>(self, number: f64) -> Result<R::Value, E> {
        self.0.scalar(Scalar::Number(number))
    }

    #[inline]
    fn visit_str<E: Error>(self, text: &str) -> Result<R::Value, E> {
        self.0.scalar(Scalar::Text(Cow::Borrowed(text)))
    }

    #[inline]
    fn visit_string<E: Error>(self, text: String) -> Result<R::Value, E> {
        self.0.scalar(Scalar::Text(Cow::Owned(text)))
    }

    fn visit_unit<E: Error>(self) -> Result<R::Value, E> {
        self.0.scalar(Scalar::Null)
    }

    fn visit_none<E: Error>(self) -> Result<R::Value, E> {
        self.0.scalar(Scalar::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<R::Value, D::Error> {
        deserializer.deserialize_any(self)
    }

    #[inline]
    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<R::Value, A::Error> {
        self.0.list(list)
    }

    #[inline]
    fn visit_map<A: MapAccess<'de>>(self, mapping: A) -> Result<R::Value, A::Error> {
        self.0.mapping(mapping)
    }
}

/// All entries of a list.
pub fn elements<'de, A: SeqAccess<'de>, T: Deserialize<'de>>(mut list: A) -> Result<Vec<T>, A::Error> {
    let mut elements = Vec::new();
    while let Some(element) = list.next_element()? {
        elements.push(element);
    }
    Ok(elements)
}

/// All entries of a mapping in order; a duplicate key occurs twice.
pub fn entries<'de, A: MapAccess<'de>, K: Deserialize<'de>, V: Deserialize<'de>>(
    mut mapping: A,
) -> Result<Vec<(K, V)>, A::Error> {
    let mut entries = Vec::new();
    while let Some(entry) = mapping.next_entry()? {
        entries.push(entry);
    }
    Ok(entries)
}

/// Reads a list to its end without using it.
pub fn skip<'de, A: SeqAccess<'de>>(mut list: A) -> Result<(), A::Error> {
    while list.next_element::<IgnoredAny>()?.is_some() {}
    Ok(())
}
