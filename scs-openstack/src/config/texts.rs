//! Parses files as mappings of strings: unquoted values are kept as written, regardless of their YAML type.
//!
//! Passwords, ids and names may look like numbers, and a number would be printed differently: `08123456` as `8123456.0`. The
//! purpose of a value is only known when it is used.

use std::fmt;
use std::marker::PhantomData;

use scs_standards::any::{Any, ReadAny, Scalar, elements, entries};
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

/// Parses YAML. Values in the result are null, a string, a list or a mapping.
pub(super) fn of_yaml(yaml: &str) -> Result<Value, serde_saphyr::Error> {
    let options = || {
        serde_saphyr::options! {
            duplicate_keys: serde_saphyr::DuplicateKeyPolicy::LastWins,
            // A text such as `.inf` or `1e999` must not invalidate the file.
            non_finite_float_policy: serde_saphyr::NonFiniteFloatPolicy::PassThrough,
        }
    };
    let shape: Shape = serde_saphyr::from_str_with_options(yaml, options())?;
    serde_saphyr::with_deserializer_from_str_with_options(yaml, options(), |deserializer| {
        As::<Yaml>::new(&shape).deserialize(deserializer)
    })
}

/// Parses JSON, with the same result as YAML.
pub(super) fn of_json(json: &str) -> Result<Value, serde_json::Error> {
    let shape: Shape = serde_json::from_str(json)?;
    As::<Json>::new(&shape).deserialize(&mut serde_json::Deserializer::from_str(json))
}

/// The type of a value, from a first pass. The second pass can then request the text of scalars.
enum Shape {
    Nothing,
    Text(String),
    /// A number or boolean, without its text.
    Unquoted,
    List(Vec<Shape>),
    /// Keys with their values, in file order.
    Mapping(Vec<(Shape, Shape)>),
}

impl<'de> Deserialize<'de> for Shape {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Any(AsShape).deserialize(deserializer)
    }
}

struct AsShape;

impl<'de> ReadAny<'de> for AsShape {
    type Value = Shape;

    fn scalar<E>(self, scalar: Scalar<'_>) -> Result<Shape, E> {
        Ok(match scalar {
            Scalar::Null => Shape::Nothing,
            Scalar::Text(text) => Shape::Text(text.into_owned()),
            _ => Shape::Unquoted,
        })
    }

    fn list<A: SeqAccess<'de>>(self, list: A) -> Result<Shape, A::Error> {
        elements(list).map(Shape::List)
    }

    fn mapping<A: MapAccess<'de>>(self, mapping: A) -> Result<Shape, A::Error> {
        entries(mapping).map(Shape::Mapping)
    }
}

/// The method to get the text of a number or boolean.
trait Format {
    fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error>;
}

struct Yaml;

impl Format for Yaml {
    fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
        String::deserialize(deserializer)
    }
}

struct Json;

impl Format for Json {
    fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
        Ok(Box::<RawValue>::deserialize(deserializer)?.get().to_owned())
    }
}

/// The second pass, for a value with a known type.
struct As<'a, F> {
    shape: &'a Shape,
    format: PhantomData<F>,
}

impl<'a, F> As<'a, F> {
    const fn new(shape: &'a Shape) -> Self {
        Self { shape, format: PhantomData }
    }
}

impl<'de, F: Format> DeserializeSeed<'de> for As<'_, F> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        match self.shape {
            Shape::Nothing => IgnoredAny::deserialize(deserializer).map(|_| Value::Null),
            Shape::Text(text) => IgnoredAny::deserialize(deserializer).map(|_| Value::from(text.as_str())),
            Shape::Unquoted => F::text(deserializer).map(Value::from),
            Shape::List(_) => deserializer.deserialize_seq(self),
            Shape::Mapping(_) => deserializer.deserialize_map(self),
        }
    }
}

impl<'de, F: Format> Visitor<'de> for As<'_, F> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the same value as before")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let Shape::List(shapes) = self.shape else { return Err(A::Error::custom("not a list")) };
        let mut entries = Vec::with_capacity(shapes.len());
        for shape in shapes {
            entries.extend(list.next_element_seed(As::<F>::new(shape))?);
        }
        // The end has to be read, too.
        list.next_element::<IgnoredAny>()?;
        Ok(Value::Array(entries))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut mapping: A) -> Result<Value, A::Error> {
        let Shape::Mapping(shapes) = self.shape else { return Err(A::Error::custom("not a mapping")) };
        let mut entries = Map::new();
        for (key, value) in shapes {
            let entry = mapping.next_entry_seed(As::<F>::new(key), As::<F>::new(value))?;
            // Keys that are not strings cannot be requested. The last of duplicate keys is used.
            if let Some((Value::String(key), value)) = entry {
                entries.insert(key, value);
            }
        }
        mapping.next_key::<IgnoredAny>()?;
        Ok(Value::Object(entries))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn yaml_values_are_kept_as_written() {
        for text in [
            "08123456",
            "0123",
            "1e5",
            "1.50",
            "1.0e+5",
            "1_000",
            "0o17",
            "0x1F",
            "+7",
            "-0",
            "12:30:45",
            "2026-01-01",
            "12345678901234567890123456789012",
            "1e999",
            ".inf",
            ".NaN",
            "no",
            "Off",
            "y",
            "TRUE",
            "null-like",
        ] {
            let written = format!("{text}: {text}\nlist: [{text}, '{text}']\n");
            let expected = json!({text: text, "list": [text, text]});
            assert_eq!(of_yaml(&written).unwrap(), expected, "{text}");
        }
    }

    #[test]
    fn other_yaml_features_work_as_usual() {
        for (yaml, expected) in [
            ("", json!(null)),
            ("5", json!("5")),
            (
                "{a: ~, b: null, c: , d: 'null', e: ''}",
                json!({"a": null, "b": null, "c": null, "d": "null", "e": ""}),
            ),
            ("a: &x {b: 01}\nc: *x\n", json!({"a": {"b": "01"}, "c": {"b": "01"}})),
            (
                "a: &x {b: 01, c: 1e5}\nd:\n  <<: *x\n  c: 02\n",
                json!({"a": {"b": "01", "c": "1e5"}, "d": {"b": "01", "c": "02"}}),
            ),
            ("a: !!str 07\n", json!({"a": "07"})),
            ("a: |\n  1\n", json!({"a": "1\n"})),
            ("a: 1\na: [x]\na: 02\n", json!({"a": "02"})),
            ("a: 02\na: {b: no}\n", json!({"a": {"b": "no"}})),
            ("~: 1\n[a, b]: 2\na: 3\n", json!({"a": "3"})),
        ] {
            assert_eq!(of_yaml(yaml).unwrap(), expected, "{yaml}");
        }
        assert!(of_yaml("a: [").is_err());
        assert!(of_yaml("a: &a [*a]").is_err());
    }

    #[test]
    fn json_values_are_kept_as_written() {
        for (json, expected) in [
            ("null", json!(null)),
            (
                r#"{"a": 12345678901234567890123456789012, "b": 1.50, "c": true, "d": "\u00fc", "e": [1e5, null]}"#,
                json!({"a": "12345678901234567890123456789012", "b": "1.50", "c": "true", "d": "ü", "e": ["1e5", null]}),
            ),
            (r#"{"a": 5, "a": {"b": 1}, "c": {}, "c": 6}"#, json!({"a": {"b": "1"}, "c": "6"})),
        ] {
            assert_eq!(of_json(json).unwrap(), expected, "{json}");
        }
        assert!(of_json(&"[".repeat(1000)).is_err());
        assert!(of_json("{\"a\": 1").is_err());
    }
}
