//! A YAML document as a tree in which every value knows its line.

use scs_standards::any::{Any, ReadAny, Scalar, elements, entries};
use serde::de::{Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess};
use serde_saphyr::Spanned;

/// A value with its line number, counted from 1; 0 if unknown.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) line: u64,
    pub(super) value: Value,
}

#[derive(Clone, Debug)]
pub(super) enum Value {
    Null,
    Flag(bool),
    /// A number, as text.
    Number(String),
    Text(String),
    List(Vec<Node>),
    /// In file order; a duplicate key occurs twice.
    Map(Vec<(String, Node)>),
}

impl Node {
    /// The type of the value, for messages.
    pub(super) fn kind(&self) -> String {
        match &self.value {
            Value::Null => "nothing".to_owned(),
            Value::Flag(flag) => format!("the boolean `{flag}`"),
            Value::Number(number) => format!("the number `{number}`"),
            Value::Text(text) => format!("the string `{}`", text.chars().take(60).collect::<String>()),
            Value::List(_) => "a list".to_owned(),
            Value::Map(_) => "a mapping".to_owned(),
        }
    }

    /// The text of a scalar, or `None` for other values.
    pub(super) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) | Value::Number(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn list(&self) -> Option<&[Self]> {
        match &self.value {
            Value::List(list) => Some(list),
            _ => None,
        }
    }

    pub(super) fn map(&self) -> Option<&[(String, Self)]> {
        match &self.value {
            Value::Map(map) => Some(map),
            _ => None,
        }
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Spanned { value, referenced, .. } = Spanned::<Value>::deserialize(deserializer)?;
        Ok(Self { line: referenced.line(), value })
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Any(AsTree).deserialize(deserializer)
    }
}

struct AsTree;

impl<'de> ReadAny<'de> for AsTree {
    type Value = Value;

    fn scalar<E>(self, scalar: Scalar<'_>) -> Result<Value, E> {
        Ok(match scalar {
            Scalar::Null => Value::Null,
            Scalar::Flag(flag) => Value::Flag(flag),
            Scalar::Whole(number) => Value::Number(number.to_string()),
            Scalar::Signed(number) => Value::Number(number.to_string()),
            Scalar::Number(number) => Value::Number(number.to_string()),
            Scalar::Text(text) => Value::Text(text.into_owned()),
        })
    }

    fn list<A: SeqAccess<'de>>(self, list: A) -> Result<Value, A::Error> {
        elements(list).map(Value::List)
    }

    fn mapping<A: MapAccess<'de>>(self, mapping: A) -> Result<Value, A::Error> {
        entries(mapping).map(Value::Map)
    }
}
