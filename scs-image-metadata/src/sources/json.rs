//! Lists in JSON, parsed image by image: truncated text gives the images before the end.

use std::fmt;

use scs_standards::any::{Any, ReadAny, Scalar, skip};
use scs_standards::listed::ReadListError;
use scs_standards::subject::{Image, ImageValue};
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::error::shape;
use super::list::ImageList;
use super::options::ReadOptions;
use super::shapes::{self, Entry, ListBuilder};

pub(super) fn read(text: &str, options: ReadOptions) -> Result<ImageList, ReadListError> {
    let mut found =
        Found { list: ListBuilder::new(options), others: Image::default(), listed: false, odd: None };
    let mut deserializer = serde_json::Deserializer::from_str(text);
    // A loop over `openstack image show` prints concatenated documents.
    for number in 1_usize.. {
        let outcome = Document(&mut found).deserialize(&mut deserializer);
        if let Some(odd) = found.odd.take() {
            return Err(shape(odd));
        }
        match outcome {
            Err(error) if found.list.entries() == 0 => {
                return Err(ReadListError::Json { reason: error.to_string() });
            }
            Err(error) => {
                found.list.truncate_at(error.line(), &error);
                break;
            }
            Ok(()) => {}
        }
        let is_last = deserializer.end().is_ok();
        found.end_document(number == 1 && is_last)?;
        if is_last {
            break;
        }
    }
    found.list.finish()
}

impl Found {
    /// Handles the content of a document outside of a list: `openstack image show`, or a single image from Glance.
    fn end_document(&mut self, is_only: bool) -> Result<(), ReadListError> {
        let others = std::mem::take(&mut self.others);
        if std::mem::take(&mut self.listed) {
            return Ok(());
        }
        match shapes::not_an_image(&others) {
            Some(error) if is_only => return Err(error),
            Some(error) => self.list.add(Entry::Other(error.to_string())),
            None => self.list.add(Entry::Image(others)),
        }
        Ok(())
    }
}

/// The state of parsing.
struct Found {
    list: ListBuilder,
    /// The other fields of the document, which are those of an image if there is no list.
    others: Image,
    listed: bool,
    /// The content in place of the list.
    odd: Option<String>,
}

/// An entry: an image or something else.
impl<'de> Deserialize<'de> for Entry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Any(AnyEntry).deserialize(deserializer)
    }
}

struct AnyEntry;

impl AnyEntry {
    fn other(what: &str) -> Entry {
        Entry::Other(format!("{what}, not an object"))
    }
}

impl<'de> ReadAny<'de> for AnyEntry {
    type Value = Entry;

    const EXPECTED: &'static str = "an image";

    fn scalar<E>(self, scalar: Scalar<'_>) -> Result<Entry, E> {
        Ok(Self::other(scalar.kind()))
    }

    fn list<A: SeqAccess<'de>>(self, list: A) -> Result<Entry, A::Error> {
        skip(list).map(|()| Self::other("a list"))
    }

    fn mapping<A: MapAccess<'de>>(self, fields: A) -> Result<Entry, A::Error> {
        Image::deserialize(MapAccessDeserializer::new(fields)).map(Entry::Image)
    }
}

/// The lines on which the entries of a list begin, counted from 1. It parses the text again, so it is only used
/// for messages.
pub(super) fn lines(text: &str) -> Vec<usize> {
    let mut found = Lines { text, last: (0, 1), begin: Vec::new() };
    let mut deserializer = serde_json::Deserializer::from_str(text);
    // Truncated text gives the lines before the end.
    while (&mut found).deserialize(&mut deserializer).is_ok() && deserializer.end().is_err() {}
    found.begin
}

struct Lines<'t> {
    text: &'t str,
    /// An offset and its line.
    last: (usize, usize),
    begin: Vec<usize>,
}

impl Lines<'_> {
    fn push(&mut self, raw: &RawValue) {
        // The raw value is part of the text.
        let offset = (raw.get().as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize);
        let (from, line) = self.last;
        let between = self.text.as_bytes().get(from..offset).unwrap_or_default();
        let line = line + memchr::memchr_iter(b'\n', between).count();
        self.last = (offset, line);
        self.begin.push(line);
    }
}

impl<'de> DeserializeSeed<'de> for &mut Lines<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for &mut Lines<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of images")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        while let Some(raw) = entries.next_element::<&'de RawValue>()? {
            self.push(raw);
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<(), A::Error> {
        while let Some(key) = fields.next_key::<String>()? {
            if key == "images" {
                fields.next_value_seed(&mut *self)?;
            } else {
                fields.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

/// The whole document.
struct Document<'f>(&'f mut Found);

impl<'de> DeserializeSeed<'de> for Document<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Document<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of images")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, entries: A) -> Result<(), A::Error> {
        Entries(self.0).list(entries)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<(), A::Error> {
        while let Some(field) = fields.next_key::<String>()? {
            if field == "images" {
                fields.next_value_seed(Any(Entries(&mut *self.0)))?;
            } else {
                let value: ImageValue = fields.next_value()?;
                self.0.list.read_sibling(&field, &value);
                self.0.others.push(field.as_str(), &value);
            }
        }
        Ok(())
    }
}

/// The list of images.
struct Entries<'f>(&'f mut Found);

impl<'de> ReadAny<'de> for Entries<'_> {
    type Value = ();

    const EXPECTED: &'static str = "a list";

    fn scalar<E>(self, scalar: Scalar<'_>) -> Result<(), E> {
        self.0.odd = Some(format!("{} under `images`", scalar.kind()));
        Ok(())
    }

    fn list<A: SeqAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        self.0.listed = true;
        while let Some(entry) = entries.next_element()? {
            self.0.list.add(entry);
        }
        Ok(())
    }

    fn mapping<A: MapAccess<'de>>(self, mut fields: A) -> Result<(), A::Error> {
        // An inventory uses this form for a part that could not be collected.
        self.0.odd = Some("a mapping under `images`".to_owned());
        while let Some(key) = fields.next_key::<String>()? {
            if key == "unavailable" {
                let reason: ImageValue = fields.next_value()?;
                self.0.odd = Some(format!("that they could not be collected: {reason}"));
            } else {
                fields.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}
