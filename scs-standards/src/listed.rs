//! Lists returned by APIs, parsed entry by entry: an invalid entry does not invalidate the others, and truncated lists
//! are detected.

mod error;
mod incomplete;
mod kind;

use std::fmt;

use serde::de::{DeserializeOwned, DeserializeSeed, IgnoredAny, MapAccess, SeqAccess};
use serde_json::Value;
use serde_json::value::RawValue;
use thiserror::Error;

pub use error::ReadListError;
pub use incomplete::{Incomplete, Pages};
pub use kind::ListKind;

use crate::any::{Any, ReadAny, Scalar};
use crate::rule::Recorder;

/// The entries of a list, and those that are unreadable.
///
/// ```
/// use scs_standards::Listed;
///
/// let listed: Listed<u8> = Listed::read(r#"{"numbers": [7, "x", 9]}"#, "numbers")?;
/// assert_eq!(listed.entries(), [7, 9]);
/// assert_eq!(listed.broken()[0].number, 2);
/// # Ok::<(), scs_standards::ReadPartError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed<T> {
    entries: Vec<T>,
    broken: Vec<Broken>,
}

/// An unreadable entry, or the missing rest of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// The position, counted from 1.
    pub number: usize,
    /// The reason.
    pub reason: String,
    /// Why the list is known to be incomplete; `None` for a single entry.
    pub incomplete: Option<Incomplete>,
}

impl Broken {
    /// An unreadable entry.
    pub fn entry(number: usize, reason: impl Into<String>) -> Self {
        Self { number, reason: reason.into(), incomplete: None }
    }

    /// The missing rest of a list of which `entries` entries are known.
    #[must_use]
    pub fn rest(entries: usize, incomplete: Incomplete) -> Self {
        Self { number: entries + 1, reason: incomplete.to_string(), incomplete: Some(incomplete) }
    }
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.incomplete {
            Some(incomplete) => incomplete.fmt(f),
            None => write!(f, "entry {} cannot be read: {}", self.number, self.reason),
        }
    }
}

/// Error: not a list.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ReadPartError {
    /// Not JSON.
    #[error("not valid JSON: {0}")]
    Json(String),
    /// Not the expected type.
    #[error("expected {expected}, found {found}")]
    Shape {
        /// The expected type.
        expected: String,
        /// The actual type.
        found: &'static str,
    },
}

impl<T> Default for Listed<T> {
    fn default() -> Self {
        Self { entries: Vec::new(), broken: Vec::new() }
    }
}

impl<T: DeserializeOwned> Listed<T> {
    /// Reads a list, or a mapping with one key that contains it.
    ///
    /// # Errors
    ///
    /// If it is neither. An unreadable entry is kept as [`Broken`].
    pub fn read(json: &str, key: &str) -> Result<Self, ReadPartError> {
        Self::read_each(json, key, |raw| serde_json::from_str(raw).map(Some))
    }
}

impl<T> Listed<T> {
    /// Reads a list, or a mapping with one key that contains it. `read` gets each entry as JSON and returns the
    /// parsed entry, skips it, or returns an error. Only what it returns is kept in memory.
    ///
    /// # Errors
    ///
    /// If it is neither a list nor such a mapping.
    pub fn read_each<E: fmt::Display>(
        json: &str,
        key: &str,
        mut read: impl FnMut(&str) -> Result<Option<T>, E>,
    ) -> Result<Self, ReadPartError> {
        let mut listed = Self::default();
        let mut number = 0;
        let mut take = |raw: &str| {
            number += 1;
            match read(raw) {
                Ok(entry) => listed.entries.extend(entry),
                Err(error) => listed.broken.push(Broken::entry(number, error.to_string())),
            }
        };
        let mut pages = Pages::default();
        let mut deserializer = serde_json::Deserializer::from_str(json);
        let entries = Entries { key, take: &mut take, pages: Some(&mut pages) };
        let found =
            Any(entries).deserialize(&mut deserializer).and_then(|found| deserializer.end().map(|()| found));
        match found.map_err(|error| ReadPartError::Json(error.to_string()))? {
            None => {
                // Entries on other pages cannot be judged, but belong to the list.
                listed.broken.extend(pages.incomplete(number).map(|it| Broken::rest(number, it)));
                Ok(listed)
            }
            Some("a mapping") => Err(ReadPartError::Shape {
                expected: format!("a list, or `{{\"{key}\": […]}}`"),
                found: "a mapping",
            }),
            Some(found) => Err(ReadPartError::Shape { expected: "a list".to_owned(), found }),
        }
    }

    /// Creates a list from entries that were read in another way.
    #[must_use]
    pub const fn new(entries: Vec<T>, broken: Vec<Broken>) -> Self {
        Self { entries, broken }
    }

    /// The readable and the unreadable entries.
    #[must_use]
    pub fn into_parts(self) -> (Vec<T>, Vec<Broken>) {
        (self.entries, self.broken)
    }

    /// The readable entries.
    #[must_use]
    pub fn entries(&self) -> &[T] {
        &self.entries
    }

    /// The unreadable entries and the missing rest of an incomplete list. If this is not empty, rules about
    /// all entries cannot pass.
    #[must_use]
    pub fn broken(&self) -> &[Broken] {
        &self.broken
    }

    /// Why the list is known to be incomplete.
    #[must_use]
    pub fn incomplete(&self) -> Option<&Incomplete> {
        self.broken.iter().find_map(|broken| broken.incomplete.as_ref())
    }

    /// Records unreadable and missing entries as DNF, since rules about all entries, or about the absence of one, cannot
    /// pass. Returns whether the list is complete and readable.
    pub fn report_unreadable<S: ?Sized>(&self, rec: &mut Recorder<'_, S>, part: &str) -> bool {
        /// The maximum number of entries reported individually, to limit the output for long lists.
        const MAX_REPORTED: usize = 20;
        // Incompleteness is always reported.
        let (rest, entries): (Vec<&Broken>, Vec<&Broken>) =
            self.broken.iter().partition(|broken| broken.incomplete.is_some());
        for broken in entries.iter().take(MAX_REPORTED).chain(&rest) {
            rec.dnf(part, broken.to_string());
        }
        if let Some(more) = entries.len().checked_sub(MAX_REPORTED).filter(|more| *more > 0) {
            let more = if more == 1 { "1 other entry".to_owned() } else { format!("{more} other entries") };
            rec.dnf(part, format!("{more} cannot be read"));
        }
        self.broken.is_empty()
    }
}

/// The type of a value, in a word.
#[must_use]
pub const fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "a mapping",
    }
}

/// Deserializes the entries of a list, or of the list below a key; returns the type of any other value.
struct Entries<'k> {
    key: &'k str,
    take: &'k mut dyn FnMut(&str),
    /// The keys next to the list, if it is below a key.
    pages: Option<&'k mut Pages>,
}

type Found = Option<&'static str>;

impl<'de> ReadAny<'de> for Entries<'_> {
    type Value = Found;

    const EXPECTED: &'static str = "a list";

    fn scalar<E>(self, scalar: Scalar<'_>) -> Result<Found, E> {
        Ok(Some(scalar.kind()))
    }

    fn list<A: SeqAccess<'de>>(self, mut list: A) -> Result<Found, A::Error> {
        while let Some(raw) = list.next_element::<&RawValue>()? {
            (self.take)(raw.get());
        }
        Ok(None)
    }

    fn mapping<A: MapAccess<'de>>(mut self, mut entries: A) -> Result<Found, A::Error> {
        let mut found = Some("a mapping");
        while let Some(key) = entries.next_key::<std::borrow::Cow<'de, str>>()? {
            if key == self.key && found.is_some() {
                let inner = Entries { key: "", take: &mut *self.take, pages: None };
                // A key without a list counts as missing.
                if entries.next_value_seed(Any(inner))?.is_none() {
                    found = None;
                }
            } else if let Some(pages) = self.pages.as_deref_mut()
                && Pages::is_relevant(&key)
            {
                pages.take(&key, &entries.next_value()?);
            } else {
                entries.next_value::<IgnoredAny>()?;
            }
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bare_and_wrapped_lists_are_read() {
        for json in ["[1, 2]", r#"{"a": {"x": 3}, "n": [1, 2]}"#, r#"{"n": [1, 2], "n": [3]}"#] {
            assert_eq!(Listed::<u8>::read(json, "n").unwrap().entries(), [1, 2], "{json}");
        }
    }

    #[test]
    fn other_values_are_rejected() {
        for (json, expected) in [
            ("7", "expected a list, found a number"),
            ("\"x\"", "expected a list, found a string"),
            ("{}", "expected a list, or `{\"n\": […]}`, found a mapping"),
            ("{\"n\": 7}", "expected a list, or `{\"n\": […]}`, found a mapping"),
        ] {
            assert_eq!(Listed::<u8>::read(json, "n").unwrap_err().to_string(), expected, "{json}");
        }
        assert!(matches!(Listed::<u8>::read("[1", "n"), Err(ReadPartError::Json(_))));
        assert!(matches!(Listed::<u8>::read("[1] 2", "n"), Err(ReadPartError::Json(_))));
    }

    #[test]
    fn a_page_is_incomplete_wherever_its_marker_is() {
        for json in [
            r#"{"n": [1, "x"], "next": "/n?marker=1"}"#,
            r#"{"n_links": [{"rel": "next", "href": "x"}], "n": [1, "x"]}"#,
            r#"{"links": {"next": "x"}, "n": [1, "x"]}"#,
        ] {
            let listed = Listed::<u8>::read(json, "n").unwrap();
            assert!(matches!(listed.incomplete(), Some(Incomplete::Continues { .. })), "{json}");
            let numbers: Vec<usize> = listed.broken().iter().map(|broken| broken.number).collect();
            assert_eq!((listed.entries(), numbers.as_slice()), (&[1][..], &[2, 3][..]), "{json}");
        }
        let whole =
            Listed::<u8>::read(r#"{"n": [1], "links": {"next": null}, "metadata": []}"#, "n").unwrap();
        assert!(whole.broken().is_empty());
    }

    #[test]
    fn entries_are_skipped_or_kept_as_broken() {
        let listed = Listed::read_each("[1, 2, 3, 4]", "n", |raw| match raw.parse::<u8>() {
            Ok(2) => Err("it is two"),
            Ok(3) => Ok(None),
            other => Ok(other.ok()),
        })
        .unwrap();
        assert_eq!(listed.entries(), [1, 4]);
        assert_eq!(listed.broken()[0].to_string(), "entry 2 cannot be read: it is two");
    }
}
