//! A newly collected inventory.

use std::io::{self, Write};

use jiff::Timestamp;
use serde_json::{Value, json};

/// The collected inventory of a cloud or cluster: each part as returned by its API.
///
/// It is written in pieces, without a second copy in memory.
///
/// ```
/// use scs_collector::{Document, Part};
///
/// let mut document = Document::new("cluster", "2026-12-01T08:00:00Z".parse()?, "my-cluster".to_owned());
/// document.push("nodes", Part::Unavailable("nodes is forbidden".to_owned()));
/// assert_eq!(document.unavailable().collect::<Vec<_>>(), [("nodes", "nodes is forbidden")]);
/// # Ok::<(), jiff::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Document {
    kind: &'static str,
    collected_at: Timestamp,
    subject: String,
    collected_from: Option<Value>,
    parts: Vec<(&'static str, Part)>,
    notices: Vec<String>,
}

/// A part of an inventory.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Part {
    /// A list, as the entries of its pages.
    List(Vec<Box<str>>),
    /// Another value, as JSON.
    Json(Box<str>),
    /// Unavailable, for a reason.
    Unavailable(String),
}

impl Part {
    /// The JSON value of the part.
    fn write(&self, to: &mut impl Write) -> io::Result<()> {
        match self {
            Self::Json(json) => to.write_all(json.as_bytes()),
            Self::Unavailable(reason) => write!(to, "{}", json!({"unavailable": reason})),
            Self::List(pages) => {
                to.write_all(b"[")?;
                for (number, page) in pages.iter().enumerate() {
                    if number > 0 {
                        to.write_all(b",")?;
                    }
                    to.write_all(page.as_bytes())?;
                }
                to.write_all(b"]")
            }
        }
    }

    /// The part as written in the inventory.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut text = Vec::with_capacity(self.length());
        // Writing to a vector does not fail.
        let _ = self.write(&mut text);
        String::from_utf8(text).unwrap_or_default()
    }

    fn length(&self) -> usize {
        match self {
            Self::Json(json) => json.len(),
            Self::Unavailable(reason) => 2 * reason.len() + 32,
            Self::List(pages) => pages.iter().map(|page| page.len() + 1).sum::<usize>() + 2,
        }
    }
}

impl Document {
    /// An inventory without parts, of the kind `cloud` or `cluster`.
    #[must_use]
    pub const fn new(kind: &'static str, collected_at: Timestamp, subject: String) -> Self {
        Self { kind, collected_at, subject, collected_from: None, parts: Vec::new(), notices: Vec::new() }
    }

    /// Adds a part.
    pub fn push(&mut self, key: &'static str, part: Part) {
        self.parts.push((key, part));
    }

    /// Adds parts, such as the results of probes.
    #[must_use]
    pub fn with_parts(mut self, parts: impl IntoIterator<Item = (&'static str, Part)>) -> Self {
        self.parts.extend(parts);
        self
    }

    /// Adds a notice that does not belong to a part.
    pub fn notice(&mut self, notice: String) {
        self.notices.push(notice);
    }

    /// Sets the server and the user that it was collected with, as the key `collected_from`.
    #[must_use]
    pub fn with_collected_from(mut self, from: Value) -> Self {
        self.collected_from = Some(from);
        self
    }

    /// The name of the subject.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// Replaces the name of the subject.
    #[must_use]
    pub fn with_subject(mut self, subject: impl Into<String>) -> Self {
        self.subject = subject.into();
        self
    }

    /// The time of collection.
    #[must_use]
    pub const fn collected_at(&self) -> Timestamp {
        self.collected_at
    }

    /// A part, by key.
    #[must_use]
    pub fn part(&self, key: &str) -> Option<&Part> {
        self.parts.iter().find(|(known, _)| *known == key).map(|(_, part)| part)
    }

    /// The keys of the parts, in the order in which they are written.
    pub fn parts(&self) -> impl Iterator<Item = (&'static str, &Part)> {
        self.parts.iter().map(|(key, part)| (*key, part))
    }

    /// The parts that could not be collected, with the reasons.
    pub fn unavailable(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.parts.iter().filter_map(|(key, part)| match part {
            Part::Unavailable(reason) => Some((*key, reason.as_str())),
            _ => None,
        })
    }

    /// Notices that do not belong to a part.
    pub fn notices(&self) -> impl Iterator<Item = &str> {
        self.notices.iter().map(String::as_str)
    }

    /// Writes it as JSON, one line per part.
    ///
    /// # Errors
    ///
    /// If writing to `to` fails.
    pub fn write(&self, to: &mut impl Write) -> io::Result<()> {
        let head = |key: &str, value: &str| format!("{}: {}", quoted(key), quoted(value));
        write!(to, "{{{}", head("kind", self.kind))?;
        write!(to, ",\n {}", head("collected_at", &self.collected_at.to_string()))?;
        write!(to, ",\n {}", head("subject", &self.subject))?;
        if let Some(from) = &self.collected_from {
            write!(to, ",\n {}: {from}", quoted("collected_from"))?;
        }
        if !self.notices.is_empty() {
            write!(to, ",\n {}: {}", quoted("notices"), json!(self.notices))?;
        }
        for (key, part) in &self.parts {
            write!(to, ",\n {}: ", quoted(key))?;
            part.write(to)?;
        }
        to.write_all(b"}\n")
    }

    /// The document as JSON. Parts are freed as they are written, so the document is not in memory twice.
    #[must_use]
    pub fn into_json(mut self) -> String {
        let length: usize = self.parts.iter().map(|(key, part)| key.len() + 8 + part.length()).sum();
        let mut text = Vec::with_capacity(length + self.subject.len() + 128);
        let parts = std::mem::take(&mut self.parts);
        // Writing to a vector does not fail.
        let _ = self.write(&mut text);
        text.truncate(text.trim_ascii_end().len().saturating_sub(1));
        for (key, part) in parts {
            let _ = write!(text, ",\n {}: ", quoted(key));
            let _ = part.write(&mut text);
        }
        text.extend_from_slice(b"}\n");
        String::from_utf8(text).unwrap_or_default()
    }
}

fn quoted(text: &str) -> Value {
    Value::from(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_of_writing_are_equivalent() {
        let mut document =
            Document::new("cloud", "2026-11-24T08:00:00Z".parse().unwrap(), "a \"cloud\"".to_owned())
                .with_collected_from(json!({"user": "a \"user\""}));
        document.notice("a \"notice\"".to_owned());
        document.push("flavors", Part::List(vec!["1,2".into(), "3".into()]));
        document.push("images", Part::Unavailable("no \"answer\"".to_owned()));
        document.push("services", Part::Json("[]".into()));
        let mut written = Vec::new();
        document.write(&mut written).unwrap();
        let text = document.into_json();
        assert_eq!(String::from_utf8(written).unwrap(), text);
        let value: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value["flavors"], json!([1, 2, 3]));
        assert_eq!(value["images"]["unavailable"], "no \"answer\"");
        assert_eq!(value["subject"], "a \"cloud\"");
        assert_eq!(value["collected_from"]["user"], "a \"user\"");
        assert_eq!(value["notices"], json!(["a \"notice\""]));
    }
}
