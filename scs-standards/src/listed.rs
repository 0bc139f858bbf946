//! Lists as APIs return them, read entry by entry: one that cannot be read does not take the others with it, and a page says
//! that it is one.

mod incomplete;

use std::fmt;

use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;
use thiserror::Error;

pub use incomplete::{Incomplete, Pages};

use crate::rule::Recorder;

/// The entries of a list, and those that cannot be read.
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

/// An entry that cannot be read, or the entries that are not in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// Its place, counted from 1.
    pub number: usize,
    /// What is wrong with it.
    pub reason: String,
    /// Why it is known that further entries exist, where it is not a single entry.
    pub incomplete: Option<Incomplete>,
}

impl Broken {
    /// An entry.
    pub fn entry(number: usize, reason: impl Into<String>) -> Self {
        Self { number, reason: reason.into(), incomplete: None }
    }

    /// The entries that a list with so many entries does not have.
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
        Self::read_each(json, key, |raw| serde_json::from_str(raw).map(Some))
    }
}

impl<T> Listed<T> {
    /// Reads a list, or the mapping with one key that it is wrapped in, of which `read` is given each entry as JSON; it keeps
    /// the entry, passes over it, or says why it cannot be read. Nothing but what it keeps stays in memory.
    ///
    /// # Errors
    ///
    /// When it is neither.
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
            entries.deserialize(&mut deserializer).and_then(|found| deserializer.end().map(|()| found));
        match found.map_err(|error| ReadPartError::Json(error.to_string()))? {
            None => {
                // What is on another page cannot be judged, and is no less a part of the list.
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

    /// Entries that were read in another way.
    #[must_use]
    pub const fn new(entries: Vec<T>, broken: Vec<Broken>) -> Self {
        Self { entries, broken }
    }

    /// The entries that can be read, and those that cannot.
    #[must_use]
    pub fn into_parts(self) -> (Vec<T>, Vec<Broken>) {
        (self.entries, self.broken)
    }

    /// The entries that can be read.
    #[must_use]
    pub fn entries(&self) -> &[T] {
        &self.entries
    }

    /// Those that cannot, and the rest of a list that is incomplete: where this is not empty, nothing can be said that rests on
    /// all entries.
    #[must_use]
    pub fn broken(&self) -> &[Broken] {
        &self.broken
    }

    /// Why it is known that the list does not have all entries.
    #[must_use]
    pub fn incomplete(&self) -> Option<&Incomplete> {
        self.broken.iter().find_map(|broken| broken.incomplete.as_ref())
    }

    /// Records what cannot be read or is not in the list: over a list with any of it nothing passes that asks for all, or that
    /// something is not there. Whether there is none.
    pub fn report_unreadable<S: ?Sized>(&self, rec: &mut Recorder<'_, S>, part: &str) -> bool {
        /// How many entries are told one by one: whoever sends forty thousand gets no page for each.
        const MOST_TOLD: usize = 20;
        // That further entries exist is said in any case.
        let (rest, entries): (Vec<&Broken>, Vec<&Broken>) =
            self.broken.iter().partition(|broken| broken.incomplete.is_some());
        for broken in entries.iter().take(MOST_TOLD).chain(&rest) {
            rec.dnf(part, broken.to_string());
        }
        if let Some(more) = entries.len().checked_sub(MOST_TOLD).filter(|more| *more > 0) {
            rec.dnf(part, format!("{more} more entries cannot be read"));
        }
        self.broken.is_empty()
    }
}

/// What a value is, in a word.
#[must_use]
pub const fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "a truth value",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "a mapping",
    }
}

/// The entries of a list or of the list below a key; gives what it is, where it is neither.
struct Entries<'k> {
    key: &'k str,
    take: &'k mut dyn FnMut(&str),
    /// What stands beside the list, where it is below a key.
    pages: Option<&'k mut Pages>,
}

type Found = Option<&'static str>;

impl<'de> DeserializeSeed<'de> for Entries<'_> {
    type Value = Found;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Found, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Entries<'_> {
    type Value = Found;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<Found, A::Error> {
        while let Some(raw) = entries.next_element::<&RawValue>()? {
            (self.take)(raw.get());
        }
        Ok(None)
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut entries: A) -> Result<Found, A::Error> {
        let mut found = Some("a mapping");
        while let Some(key) = entries.next_key::<std::borrow::Cow<'de, str>>()? {
            if key == self.key && found.is_some() {
                let inner = Entries { key: "", take: &mut *self.take, pages: None };
                // A key that has no list behind it is as good as none.
                if entries.next_value_seed(inner)?.is_none() {
                    found = None;
                }
            } else if let Some(pages) = self.pages.as_deref_mut()
                && Pages::concern(&key)
            {
                pages.take(&key, &entries.next_value()?);
            } else {
                entries.next_value::<IgnoredAny>()?;
            }
        }
        Ok(found)
    }

    fn visit_str<E: serde::de::Error>(self, _: &str) -> Result<Found, E> {
        Ok(Some("a text"))
    }

    fn visit_bool<E: serde::de::Error>(self, _: bool) -> Result<Found, E> {
        Ok(Some("a truth value"))
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<Found, E> {
        Ok(Some("nothing"))
    }

    fn visit_i64<E: serde::de::Error>(self, _: i64) -> Result<Found, E> {
        Ok(Some("a number"))
    }

    fn visit_u64<E: serde::de::Error>(self, _: u64) -> Result<Found, E> {
        Ok(Some("a number"))
    }

    fn visit_f64<E: serde::de::Error>(self, _: f64) -> Result<Found, E> {
        Ok(Some("a number"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_alone_and_below_a_key() {
        for json in ["[1, 2]", r#"{"a": {"x": 3}, "n": [1, 2]}"#, r#"{"n": [1, 2], "n": [3]}"#] {
            assert_eq!(Listed::<u8>::read(json, "n").unwrap().entries(), [1, 2], "{json}");
        }
    }

    #[test]
    fn what_is_no_list_is_told() {
        for (json, expected) in [
            ("7", "expected a list, found a number"),
            ("\"x\"", "expected a list, found a text"),
            ("{}", "expected a list, or `{\"n\": […]}`, found a mapping"),
            ("{\"n\": 7}", "expected a list, or `{\"n\": […]}`, found a mapping"),
        ] {
            assert_eq!(Listed::<u8>::read(json, "n").unwrap_err().to_string(), expected, "{json}");
        }
        assert!(matches!(Listed::<u8>::read("[1", "n"), Err(ReadPartError::Json(_))));
        assert!(matches!(Listed::<u8>::read("[1] 2", "n"), Err(ReadPartError::Json(_))));
    }

    #[test]
    fn a_page_is_incomplete_wherever_it_says_so() {
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
    fn entries_are_passed_over_or_kept_as_broken() {
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
