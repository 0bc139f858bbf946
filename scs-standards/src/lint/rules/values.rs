//! Values of the front matter in messages.

use serde_json::Value;

use crate::suggestion::nearest;
use crate::wording::truncated;

/// A suggestion, as the end of a sentence.
pub(super) fn meant(given: &str, known: &[&str]) -> String {
    nearest(given, known.iter().copied())
        .map(|known| format!("; did you mean `{known}`?"))
        .unwrap_or_default()
}

/// The message for a value that is not one of the known ones.
pub(super) fn unknown_value(key: &str, value: &Value, known: &[&str]) -> String {
    let meant = value.as_str().map(|given| meant(given, known)).unwrap_or_default();
    format!("`{key}` is {}, expected one of {}{meant}", shown(value), known.join(", "))
}

/// A value, formatted for a message.
pub(super) fn shown(value: &Value) -> String {
    match value.as_str() {
        Some(text) => format!("`{}`", truncated(text, 80)),
        None => truncated(&value.to_string(), 80).into_owned(),
    }
}
