//! A YAML document as a tree in which every value knows its line.

use std::collections::{HashMap, HashSet};

use scs_standards::any::{Any, ReadAny, Scalar, elements, entries};
use scs_standards::wording::truncated;
use serde::de::{Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess};
use serde_saphyr::Spanned;

/// The keys that identify an entry of a list.
const IDS: [&str; 6] = ["id", "version", "date", "name", "ref", "executable"];

/// The maximum length of a key or an id in a place, in characters.
const LONGEST_LABEL: usize = 60;

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

    /// The keys of the values that begin on these lines: `timeline[2026-01-01].versions.v1`. For an entry of a list that is a
    /// mapping, it is that of the entry, not of its first value.
    pub(super) fn places(&self, lines: &HashSet<u64>) -> HashMap<u64, String> {
        let mut places = HashMap::new();
        self.add_places(lines, "", &mut places);
        places
    }

    fn add_places(&self, lines: &HashSet<u64>, path: &str, places: &mut HashMap<u64, String>) {
        let mut add = |node: &Self, place: String| {
            // A collection begins with its first value, so the value replaces it.
            let replaces = |known: &String| known == path && !path.ends_with(']');
            if lines.contains(&node.line) && places.get(&node.line).is_none_or(replaces) {
                places.insert(node.line, place.clone());
            }
            node.add_places(lines, &place, places);
        };
        match &self.value {
            Value::Map(map) => {
                for (key, node) in map {
                    let dot = if path.is_empty() { "" } else { "." };
                    add(node, format!("{path}{dot}{}", truncated(key, LONGEST_LABEL)));
                }
            }
            Value::List(list) => {
                for (number, node) in (1_usize..).zip(list) {
                    add(node, format!("{path}[{}]", node.label(number)));
                }
            }
            _ => {}
        }
    }

    /// What an entry of a list is called: its id, or its position.
    fn label(&self, number: usize) -> String {
        let key = |key: &&str| self.map()?.iter().find(|(known, _)| known == key)?.1.text();
        let label = self.text().or_else(|| IDS.iter().find_map(key));
        label.map_or_else(|| number.to_string(), |label| truncated(label, LONGEST_LABEL).into_owned())
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
