//! Reduces JSON while it is read: what is not kept is never stored.

use std::borrow::Cow;
use std::fmt;

use scs_k8s_policy::reduced_command;
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

/// What is kept of a value.
#[derive(Clone, Copy, Debug)]
pub(super) enum Keep {
    /// All of it.
    All,
    /// Nothing.
    Nothing,
    /// Of an object, these fields.
    Only(&'static [(&'static str, Keep)]),
    /// Of an object, all fields, but of these only what is said.
    Mostly(&'static [(&'static str, Keep)]),
    /// Of an object, the fields with such names.
    Keys(fn(&str) -> bool),
    /// Of a list, what is kept of each entry.
    Each(&'static Keep),
    /// Of the variables of a container, the names, and the values of those that pass. Other values become `valueFrom`, since
    /// without a value they would be empty.
    Variables(fn(&str) -> bool),
    /// Of the command or the arguments of a container, programs, names of flags, and values that rules read.
    Words,
}

impl Keep {
    /// What is kept of a field.
    fn field(self, name: &str) -> Self {
        let of = |fields: &'static [(&'static str, Self)]| {
            fields.iter().find(|(known, _)| *known == name).map(|(_, keep)| *keep)
        };
        match self {
            Self::All => Self::All,
            Self::Only(fields) => of(fields).unwrap_or(Self::Nothing),
            Self::Mostly(fields) => of(fields).unwrap_or(Self::All),
            Self::Keys(keeps) if keeps(name) => Self::All,
            _ => Self::Nothing,
        }
    }
}

/// Appends what is kept of a value to a text. Fails if the value is not JSON; then the text may have a part of it.
pub(super) fn reduce<'de, D: Deserializer<'de>>(
    value: D,
    keep: Keep,
    to: &mut String,
) -> Result<(), D::Error> {
    Reducer { keep, to }.deserialize(value)
}

/// What is kept of a JSON text.
pub(super) fn reduced(json: &str, keep: Keep) -> Result<String, serde_json::Error> {
    let mut text = String::new();
    let mut reader = serde_json::Deserializer::from_str(json);
    reduce(&mut reader, keep, &mut text)?;
    reader.end()?;
    Ok(text)
}

struct Reducer<'t> {
    keep: Keep,
    to: &'t mut String,
}

impl<'de> DeserializeSeed<'de> for Reducer<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, value: D) -> Result<(), D::Error> {
        match self.keep {
            Keep::All => {
                let raw = <&RawValue>::deserialize(value)?;
                self.to.push_str(raw.get());
                Ok(())
            }
            Keep::Variables(reads) => {
                variables(<&RawValue>::deserialize(value)?.get(), reads, self.to);
                Ok(())
            }
            Keep::Words => {
                words(<&RawValue>::deserialize(value)?.get(), self.to);
                Ok(())
            }
            _ => value.deserialize_any(self),
        }
    }
}

/// Appends the variables of a container without values that no rule reads. Something else than variables has no content.
fn variables(json: &str, reads: fn(&str) -> bool, to: &mut String) {
    let variables: Vec<&RawValue> = serde_json::from_str(json).unwrap_or_default();
    to.push('[');
    for (place, variable) in variables.into_iter().map(RawValue::get).enumerate() {
        if place > 0 {
            to.push(',');
        }
        match serde_json::from_str::<Variable<'_>>(variable) {
            Ok(known) if reads(&known.name) && known.value_from.is_none() => to.push_str(variable),
            Ok(known) => {
                to.push_str("{\"name\":");
                quote(&known.name, to);
                to.push_str(",\"valueFrom\":{}}");
            }
            Err(_) => to.push_str("{}"),
        }
    }
    to.push(']');
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Variable<'v> {
    #[serde(borrow)]
    name: Cow<'v, str>,
    #[serde(borrow, default)]
    value_from: Option<&'v RawValue>,
}

/// Appends the words of a command without values that no rule reads. Something else than texts is not a command.
fn words(json: &str, to: &mut String) {
    let words: Vec<String> = serde_json::from_str(json).unwrap_or_default();
    to.push('[');
    for (place, word) in reduced_command(&words).iter().enumerate() {
        if place > 0 {
            to.push(',');
        }
        quote(word, to);
    }
    to.push(']');
}

/// Appends a text as JSON.
fn quote(text: &str, to: &mut String) {
    if text.bytes().any(|byte| byte < b' ' || byte == b'"' || byte == b'\\') {
        to.push_str(&Value::from(text).to_string());
        return;
    }
    to.push('"');
    to.push_str(text);
    to.push('"');
}

impl Reducer<'_> {
    fn scalar(self, value: &Value) {
        self.to.push_str(&value.to_string());
    }
}

impl<'de> Visitor<'de> for Reducer<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.scalar(&Value::from(value));
        Ok(())
    }

    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        self.scalar(&Value::from(value));
        Ok(())
    }

    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        self.scalar(&Value::from(value));
        Ok(())
    }

    fn visit_f64<E>(self, value: f64) -> Result<(), E> {
        self.scalar(&Value::from(value));
        Ok(())
    }

    fn visit_str<E>(self, value: &str) -> Result<(), E> {
        quote(value, self.to);
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.scalar(&Value::Null);
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let Keep::Each(keep) = self.keep else {
            // Something unexpected is not kept, but shows that it was there.
            while list.next_element::<IgnoredAny>()?.is_some() {}
            self.to.push_str("[]");
            return Ok(());
        };
        self.to.push('[');
        let start = self.to.len();
        loop {
            let before = self.to.len();
            if before > start {
                self.to.push(',');
            }
            if list.next_element_seed(Reducer { keep: *keep, to: self.to })?.is_none() {
                self.to.truncate(before);
                break;
            }
        }
        self.to.push(']');
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        self.to.push('{');
        let start = self.to.len();
        while let Some(name) = map.next_key::<Cow<'de, str>>()? {
            match self.keep.field(&name) {
                Keep::Nothing => {
                    map.next_value::<IgnoredAny>()?;
                }
                keep => {
                    if self.to.len() > start {
                        self.to.push(',');
                    }
                    quote(&name, self.to);
                    self.to.push(':');
                    map.next_value_seed(Reducer { keep, to: self.to })?;
                }
            }
        }
        self.to.push('}');
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OBJECT: Keep = Keep::Only(&[
        ("name", Keep::All),
        ("labels", Keep::Mostly(&[("secret", Keep::Nothing)])),
        ("annotations", Keep::Keys(|key| key.starts_with("our/"))),
        ("containers", Keep::Each(&Keep::Only(&[("env", Keep::Variables(|name| name == "READ"))]))),
    ]);

    #[test]
    fn words_have_no_secrets() {
        for (words, expected) in [
            (
                r#"["--db-password=planted", "--authorization-mode=RBAC"]"#,
                r#"["--db-password=…","--authorization-mode=RBAC"]"#,
            ),
            (r#"["--token", "planted", "--v=2"]"#, r#"["--token","…","--v=…"]"#),
            (r#"["sh", "-c", "login planted"]"#, r#"["sh","-c","… …"]"#),
            // Something else than texts is not a command.
            (r#"["--x=planted", 7]"#, "[]"),
            ("null", "[]"),
            (r#""planted""#, "[]"),
        ] {
            assert_eq!(reduced(words, Keep::Words).unwrap(), expected, "{words}");
        }
    }

    #[test]
    fn only_what_is_kept_remains() {
        for (json, expected) in [
            (r#"{"name": "a", "other": [1, {"x": 2}]}"#, r#"{"name":"a"}"#),
            (r#"{"other": 1, "name": null}"#, r#"{"name":null}"#),
            (r#"{"labels": {"a": "1", "secret": "x", "b": [ 1 ]}}"#, r#"{"labels":{"a":"1","b":[ 1 ]}}"#),
            (r#"{"annotations": {"our/a": "1", "theirs": "x"}}"#, r#"{"annotations":{"our/a":"1"}}"#),
            (r#"{"containers": [], "annotations": {}}"#, r#"{"containers":[],"annotations":{}}"#),
            (
                r#"{"containers": [{"env": [{"name": "READ", "value": "1"}, {"name": "X", "value": "planted"}]}, {"image": "i"}]}"#,
                r#"{"containers":[{"env":[{"name": "READ", "value": "1"},{"name":"X","valueFrom":{}}]},{}]}"#,
            ),
            (
                r#"{"containers": [{"env": [{"value": "planted"}, 7]}]}"#,
                r#"{"containers":[{"env":[{},{}]}]}"#,
            ),
            (
                r#"{"containers": [{"env": [{"name": "READ", "value": "1", "valueFrom": null}, {"name": "READ", "valueFrom": {"x": "planted"}},
                    {"name": "a\"b", "value": "planted"}, {"name": "READ", "name": "planted"}, {"name": 7, "value": "planted"}]},
                    {"env": null}, {"env": {"name": "planted"}}]}"#,
                r#"{"containers":[{"env":[{"name": "READ", "value": "1", "valueFrom": null},{"name":"READ","valueFrom":{}},{"name":"a\"b","valueFrom":{}},{},{}]},{"env":[]},{"env":[]}]}"#,
            ),
            // Other types than expected keep no content.
            (r#"{"annotations": ["planted"], "labels": 7}"#, r#"{"annotations":[],"labels":7}"#),
            ("\"a\\u0041\"", "\"aA\""),
            (r#"{"labels": {"a\"\\\u0007é": 1}}"#, r#"{"labels":{"a\"\\\u0007é":1}}"#),
        ] {
            assert_eq!(reduced(json, OBJECT).unwrap(), expected, "{json}");
        }
        for json in ["{", "{\"name\": }", "{} {}", ""] {
            assert!(reduced(json, OBJECT).is_err(), "{json}");
        }
    }
}
