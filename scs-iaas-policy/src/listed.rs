//! Lists as the APIs return them, read entry by entry.

use std::fmt;

use scs_standards::Recorder;
use serde::de::DeserializeOwned;
use serde_json::Value;
use thiserror::Error;

/// The entries of a list, and those that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed<T> {
    entries: Vec<T>,
    broken: Vec<Broken>,
}

/// An entry that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// Its place, counted from 1.
    pub number: usize,
    /// What is wrong with it.
    pub reason: String,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "entry {} cannot be read: {}", self.number, self.reason)
    }
}

/// A part that is no list.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ReadPartError {
    /// It is no JSON.
    #[error("not valid JSON: {0}")]
    Json(String),
    /// It is something else than it should be.
    #[error("expected {expected}, found {found}")]
    Shape {
        /// What it should be.
        expected: String,
        /// What it is.
        found: &'static str,
    },
}

impl<T> Default for Listed<T> {
    fn default() -> Self {
        Self { entries: Vec::new(), broken: Vec::new() }
    }
}

impl<T: DeserializeOwned> Listed<T> {
    /// Reads a list, or the mapping with one key that the API wraps it in.
    ///
    /// # Errors
    ///
    /// When it is neither. An entry that cannot be read is kept as [`Broken`].
    pub fn read(json: &str, key: &str) -> Result<Self, ReadPartError> {
        let value: Value =
            serde_json::from_str(json).map_err(|error| ReadPartError::Json(error.to_string()))?;
        let found = kind(&value);
        let entries = match value {
            Value::Array(entries) => entries,
            Value::Object(mut wrapper) => match wrapper.remove(key) {
                Some(Value::Array(entries)) => entries,
                _ => {
                    return Err(ReadPartError::Shape {
                        expected: format!("a list, or `{{\"{key}\": […]}}`"),
                        found,
                    });
                }
            },
            _ => return Err(ReadPartError::Shape { expected: "a list".to_owned(), found }),
        };
        let mut listed = Self::default();
        for (number, entry) in (1..).zip(entries) {
            match serde_json::from_value(entry) {
                Ok(entry) => listed.entries.push(entry),
                Err(error) => listed.broken.push(Broken { number, reason: error.to_string() }),
            }
        }
        Ok(listed)
    }
}

impl<T> Listed<T> {
    /// The entries that can be read.
    #[must_use]
    pub fn entries(&self) -> &[T] {
        &self.entries
    }

    /// Those that cannot.
    #[must_use]
    pub fn broken(&self) -> &[Broken] {
        &self.broken
    }

    /// Records the entries that cannot be read: over a list with one of them nothing passes that asks for all, or that
    /// something is not there. Whether there is none.
    pub fn all_read<S: ?Sized>(&self, rec: &mut Recorder<'_, S>, part: &str) -> bool {
        for broken in &self.broken {
            rec.dnf(part, broken.to_string());
        }
        self.broken.is_empty()
    }
}

/// What a value is, in a word.
pub(crate) const fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "a truth value",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "a mapping",
    }
}
