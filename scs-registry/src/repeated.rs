//! Duplicate keys in mappings. Parsers of JSON and YAML use the first or the last one, so it is unclear which one the author
//! intended.

use std::borrow::Cow;
use std::collections::HashSet;

use scs_standards::any::{Any, ReadAny, Scalar, elements, entries};
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess};
use serde::ser::{SerializeMap, Serializer};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The path of a duplicate key in a JSON document, such as `quotas.compute.cores`; `None` if there is none.
///
/// A document that is not valid JSON has none: its reader reports the error.
pub(crate) fn repeated_key(json: &str) -> Option<String> {
    // Few documents have duplicates, and most texts have no mapping at all.
    let mut deserializer = serde_json::Deserializer::from_str(json);
    Any(Search).deserialize(&mut deserializer).ok().flatten()
}

/// Searches a value.
struct Search;

impl<'de> ReadAny<'de> for Search {
    type Value = Option<String>;

    fn scalar<E>(self, _: Scalar<'_>) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn list<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let (mut found, mut number) = (None, 0_usize);
        while let Some(within) = list.next_element_seed(Any(Self))? {
            number += 1;
            if found.is_none() {
                found = within.map(|rest| format!("{number}.{rest}"));
            }
        }
        Ok(found)
    }

    fn mapping<A: MapAccess<'de>>(self, mut mapping: A) -> Result<Self::Value, A::Error> {
        let mut seen = Keys::default();
        let mut found = None;
        while let Some(Key(key)) = mapping.next_key()? {
            let within = mapping.next_value_seed(Any(Self))?;
            if found.is_none() {
                found = within.map(|rest| format!("{key}.{rest}"));
            }
            if !seen.add(&key) && found.is_none() {
                found = Some(key.into_owned());
            }
        }
        Ok(found)
    }
}

/// A key, borrowed from the document if it has no escapes.
#[derive(Deserialize)]
struct Key<'k>(#[serde(borrow)] Cow<'k, str>);

/// The keys of a mapping: a few are compared one by one.
#[derive(Default)]
struct Keys {
    few: Vec<String>,
    many: HashSet<String>,
}

/// The maximum number of keys compared one by one.
const FEW: usize = 16;

impl Keys {
    /// Adds a key; returns false for a duplicate.
    fn add(&mut self, key: &str) -> bool {
        if self.few.iter().any(|known| known == key) || self.many.contains(key) {
            return false;
        }
        if self.few.len() < FEW {
            self.few.push(key.to_owned());
        } else {
            self.many.insert(key.to_owned());
        }
        true
    }
}

/// A value that keeps every entry of a mapping in order, so that duplicates survive the conversion from YAML to JSON.
pub(crate) enum Kept {
    Plain(Value),
    List(Vec<Self>),
    Map(Vec<(String, Self)>),
}

impl Serialize for Kept {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Plain(value) => value.serialize(serializer),
            Self::List(entries) => entries.serialize(serializer),
            Self::Map(entries) => {
                let mut map = serializer.serialize_map(Some(entries.len()))?;
                for (key, value) in entries {
                    map.serialize_entry(key, value)?;
                }
                map.end()
            }
        }
    }
}

impl<'de> Deserialize<'de> for Kept {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Any(Keep).deserialize(deserializer)
    }
}

struct Keep;

impl<'de> ReadAny<'de> for Keep {
    type Value = Kept;

    fn scalar<E>(self, scalar: Scalar<'_>) -> Result<Kept, E> {
        Ok(Kept::Plain(scalar.into()))
    }

    fn list<A: SeqAccess<'de>>(self, list: A) -> Result<Kept, A::Error> {
        elements(list).map(Kept::List)
    }

    fn mapping<A: MapAccess<'de>>(self, mapping: A) -> Result<Kept, A::Error> {
        entries(mapping).map(Kept::Map)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_found_wherever_they_are() {
        for (json, place) in [
            (r#"{"a": 1, "b": 2}"#, None),
            (r#"{"a": 1, "a": 1}"#, Some("a")),
            (r#"{"a": {"b": [{"c": 1}, {"c": 1, "d": 2, "c": 3}]}}"#, Some("a.b.2.c")),
            (r#"[{"a": 1}, {"a": 1}]"#, None),
            (r#"{"a": 1, "\u0061": 2}"#, Some("a")),
            ("{", None),
            ("7", None),
        ] {
            assert_eq!(repeated_key(json).as_deref(), place, "{json}");
        }
        let many: Vec<String> = (0..100).map(|number| format!("\"k{number}\": 1")).collect();
        let json = format!("{{{}, \"k70\": 2}}", many.join(", "));
        assert_eq!(repeated_key(&json).as_deref(), Some("k70"));
    }

    #[test]
    fn what_is_written_in_yaml_is_kept_as_it_is() {
        let options = crate::notation::yaml_options();
        let kept: Kept =
            serde_saphyr::from_str_with_options("a: {b: 1, b: [~, x]}\na: 1.5", options).unwrap();
        assert_eq!(serde_json::to_string(&kept).unwrap(), r#"{"a":{"b":1,"b":[null,"x"]},"a":1.5}"#);
    }
}
