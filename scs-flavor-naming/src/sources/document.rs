//! Parses JSON or YAML without loss.
//!
//! `serde_json::Value` would keep only the last of several values for the same key, turn NaN into
//! null, and use as much memory as the text demands.

use std::collections::BTreeSet;

use scs_standards::any::{Any, ReadAny, Scalar};
use scs_standards::listed::ReadListError;
use scs_standards::wording::counted;
use serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess};
use serde_json::{Map, Value};
use serde_saphyr::options::{DuplicateKeyPolicy, NonFiniteFloatPolicy};

/// The maximum number of values in a document. Ten thousand flavors with all fields have a quarter of it.
const MOST_VALUES: usize = 2_000_000;

/// The maximum number of repeated keys reported individually.
const MAX_REPORTED: usize = 20;

/// The documents of a text, at least one, and notices about them.
pub(super) struct Document {
    pub(super) values: Vec<Value>,
    pub(super) notices: Vec<String>,
}

impl Document {
    /// Parses a text; its first character determines whether it is JSON or YAML. JSON documents may be
    /// concatenated, as printed by a loop over the client's `show`.
    pub(super) fn read(text: &str) -> Result<Self, ReadListError> {
        let text = text.trim_start_matches('\u{feff}');
        let mut state = State { left: MOST_VALUES, repeated: Vec::new() };
        let values = if text.trim_start().starts_with(['{', '[']) {
            json(text, &mut state).map_err(|error| ReadListError::Json { reason: error.to_string() })?
        } else {
            let value = yaml(text, &mut state);
            vec![value.map_err(|error| ReadListError::Yaml { reason: in_words(&error) })?]
        };
        Ok(Self { values, notices: state.notices() })
    }
}

fn json(text: &str, state: &mut State) -> Result<Vec<Value>, serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let mut values = vec![Any(Node(&mut *state)).deserialize(&mut deserializer)?];
    while let Err(trailing) = deserializer.end() {
        // Only an object or list is another document; anything else is an error.
        values.push(match Any(Node(&mut *state)).deserialize(&mut deserializer)? {
            value @ (Value::Object(_) | Value::Array(_)) => value,
            _ => return Err(trailing),
        });
    }
    Ok(values)
}

fn yaml(text: &str, state: &mut State) -> Result<Value, serde_saphyr::Error> {
    let options = serde_saphyr::options! {
        duplicate_keys: DuplicateKeyPolicy::PassThrough,
        non_finite_float_policy: NonFiniteFloatPolicy::PassThrough,
    };
    serde_saphyr::with_deserializer_from_str_with_options(text, options, |deserializer| {
        Any(Node(state)).deserialize(deserializer)
    })
}

/// The message for documents that would take too much time or memory.
const TOO_MUCH: &str = "too long, too deeply nested, or too many aliases for a list of flavors";

/// The reason and position of a YAML error.
fn in_words(error: &serde_saphyr::Error) -> String {
    use serde_saphyr::Error as Yaml;
    let text = error.to_string();
    let reason = match error.without_snippet() {
        // The parser's own messages refer to its interface.
        Yaml::MultipleDocuments { .. } => "the file contains several documents",
        Yaml::Budget { .. }
        | Yaml::AliasReplayCounterOverflow { .. }
        | Yaml::AliasReplayLimitExceeded { .. }
        | Yaml::AliasExpansionLimitExceeded { .. }
        | Yaml::AliasReplayStackDepthExceeded { .. } => TOO_MUCH,
        // Within an alias, the same error is only available as text.
        _ if text.contains("budget breached") => TOO_MUCH,
        _ => {
            return scs_standards::yaml::reason(error);
        }
    };
    match error.location() {
        Some(location) => format!("line {}: {reason}", location.line()),
        None => reason.to_owned(),
    }
}

/// The state while a document is read.
struct State {
    /// The number of values that may still follow.
    left: usize,
    /// Keys with several values in one mapping.
    repeated: Vec<String>,
}

impl State {
    fn notices(mut self) -> Vec<String> {
        let notice = |key: &String| format!("the key `{key}` has several values in one mapping");
        let more = self.repeated.len().saturating_sub(MAX_REPORTED);
        self.repeated.truncate(MAX_REPORTED);
        let more = (more > 0).then(|| format!("… and {}", counted(more, "other key")));
        self.repeated.iter().map(notice).chain(more).collect()
    }
}

/// Parses one value.
struct Node<'s>(&'s mut State);

impl Node<'_> {
    /// Counts a value.
    fn count<E: Error>(&mut self) -> Result<(), E> {
        self.0.left = self.0.left.checked_sub(1).ok_or_else(|| {
            E::custom(format_args!("more than {MOST_VALUES} values, too many for a list of flavors"))
        })?;
        Ok(())
    }
}

impl<'de> ReadAny<'de> for Node<'_> {
    type Value = Value;

    fn scalar<E: Error>(mut self, scalar: Scalar<'_>) -> Result<Value, E> {
        self.count()?;
        Ok(match scalar {
            // A number that JSON cannot represent is kept as text, so that the field is reported as unusable with its value.
            Scalar::Number(number) if !number.is_finite() => number.to_string().into(),
            scalar => scalar.into(),
        })
    }

    fn list<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<Value, A::Error> {
        self.count()?;
        let mut values = Vec::new();
        while let Some(value) = list.next_element_seed(Any(Node(&mut *self.0)))? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn mapping<A: MapAccess<'de>>(mut self, mut entries: A) -> Result<Value, A::Error> {
        self.count()?;
        let mut map = Map::new();
        let mut repeated = BTreeSet::new();
        while let Some(key) = entries.next_key::<String>()? {
            let value = entries.next_value_seed(Any(Node(&mut *self.0)))?;
            match map.get_mut(&key) {
                None => {
                    map.insert(key, value);
                }
                Some(earlier) if *earlier == value => {}
                // Neither value can be trusted: a list is not usable as a name, a number or a text.
                Some(earlier) => {
                    if repeated.insert(key.clone()) {
                        *earlier = Value::Array(vec![earlier.take(), value]);
                        self.0.repeated.push(key);
                    }
                }
            }
        }
        Ok(Value::Object(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Value, Vec<String>) {
        let mut document = Document::read(text).unwrap();
        assert_eq!(document.values.len(), 1);
        (document.values.remove(0), document.notices)
    }

    #[test]
    fn concatenated_documents_are_read() {
        let values = |text| Document::read(text).map(|document| document.values);
        assert_eq!(values("{}\n[]{}").unwrap().len(), 3);
        assert!(values("{} x").is_err() && values("{}, {}").is_err() && values("[] 7").is_err());
    }

    #[test]
    fn a_key_repeated_many_times_is_reported_once() {
        let text = format!(
            "{{{}\"a\": 0}}",
            (1..100_000).map(|n| format!("\"a\": {n},")).collect::<Vec<_>>().concat()
        );
        let (value, notices) = read(&text);
        assert_eq!(value, serde_json::json!({"a": [1, 2]}));
        assert_eq!(notices, ["the key `a` has several values in one mapping"]);
    }

    #[test]
    fn a_repeated_key_is_reported_and_not_used() {
        for text in [r#"{"ram": 1, "ram": 2, "disk": 5, "disk": 5}"#, "ram: 1\nram: 2\ndisk: 5\ndisk: 5\n"] {
            let (value, notices) = read(text);
            assert_eq!(value, serde_json::json!({"ram": [1, 2], "disk": 5}), "{text}");
            assert_eq!(notices, ["the key `ram` has several values in one mapping"], "{text}");
        }
    }

    #[test]
    fn numbers_unknown_to_json_are_kept_as_text() {
        let (value, _) = read("- .nan\n- -.inf\n- 100000000000000000000\n- -9\n- 0.5\n- ~\n");
        let expected = serde_json::json!(["NaN", "-inf", 1e20, -9, 0.5, null]);
        assert_eq!(value, expected);
    }

    #[test]
    fn the_size_of_a_document_is_limited() {
        let error = |text: &str| Document::read(text).map(|_| ()).unwrap_err().to_string();
        assert!(error(&format!("[{}0]", "0,".repeat(MOST_VALUES))).contains("more than 2000000 values"));
        assert!(error(&"[".repeat(10_000)).starts_with("not valid JSON: recursion limit"));
        assert!(error(&format!("a: {}", "[".repeat(10_000))).starts_with("not valid YAML: "));
        assert!(error(&"- ".repeat(10_000)).starts_with("not valid YAML: "));
    }
}
