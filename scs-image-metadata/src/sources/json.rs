//! Lists in JSON, image by image: what breaks off in the middle gives the images before.

use std::fmt;

use scs_standards::subject::{Image, ImageField, ImageValue};
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::shapes::{self, Entry};
use super::{BrokenImage, ImageList, ImagePlace, ReadImagesError, ReadOptions};

pub(super) fn read(text: &str, options: ReadOptions) -> Result<ImageList, ReadImagesError> {
    let mut found =
        Found { text, last: (0, 1), entries: Vec::new(), others: Image::default(), listed: false, odd: None };
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let outcome = Document(&mut found).deserialize(&mut deserializer).and_then(|()| deserializer.end());
    let Found { entries, others, listed, odd, .. } = found;
    if let Some(odd) = odd {
        return Err(ReadImagesError::Shape { found: odd });
    }
    if let Err(error) = outcome {
        if entries.is_empty() {
            return Err(ReadImagesError::Json { reason: error.to_string() });
        }
        let place = ImagePlace { number: entries.len() + 1, line: Some(error.line()) };
        let mut list = shapes::list(entries, options)?;
        let reason = format!("the text breaks off here, and what follows was not read: {error}");
        list.broken.push(BrokenImage { place, reason });
        return Ok(list);
    }
    if listed {
        return shapes::list(entries, options);
    }
    // `openstack image show`, or one image of Glance.
    shapes::one(others, options)
}

/// What was found so far.
struct Found<'t> {
    text: &'t str,
    /// An offset, and the line there.
    last: (usize, usize),
    entries: Vec<(ImagePlace, Entry)>,
    /// The other fields of the document, which are those of an image where there is no list.
    others: Image,
    listed: bool,
    /// What stands in place of the list.
    odd: Option<String>,
}

impl Found<'_> {
    fn push(&mut self, raw: &RawValue) {
        let entry = serde_json::from_str::<Image>(raw.get());
        // The raw value is a part of the text.
        let offset = (raw.get().as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize);
        let (from, line) = self.last;
        let between = self.text.as_bytes().get(from..offset).unwrap_or_default();
        let line = line + memchr::memchr_iter(b'\n', between).count();
        self.last = (offset, line);
        let place = ImagePlace { number: self.entries.len() + 1, line: Some(line) };
        let entry = match entry {
            Ok(image) => Entry::Image(image),
            Err(_) => Entry::Other(kind(raw.get())),
        };
        self.entries.push((place, entry));
    }
}

/// What a value is that is no object.
fn kind(json: &str) -> String {
    let kind = match json.as_bytes().first() {
        Some(b'"') => "a text",
        Some(b'[') => "a list",
        Some(b't' | b'f') => "a truth value",
        Some(b'n') => "nothing",
        Some(b'{') => return "it nests deeper than any image".to_owned(),
        _ => "a number",
    };
    format!("it is {kind}, no object")
}

/// The document as a whole.
struct Document<'f, 't>(&'f mut Found<'t>);

impl<'de> DeserializeSeed<'de> for Document<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Document<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of images")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, entries: A) -> Result<(), A::Error> {
        Entries(self.0).visit_seq(entries)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<(), A::Error> {
        while let Some(field) = fields.next_key::<ImageField>()? {
            if field.name() == "images" {
                fields.next_value_seed(Entries(&mut *self.0))?;
            } else {
                self.0.others.push(field, fields.next_value()?);
            }
        }
        Ok(())
    }
}

/// The list.
struct Entries<'f, 't>(&'f mut Found<'t>);

impl<'de> DeserializeSeed<'de> for Entries<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Entries<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        self.0.listed = true;
        while let Some(raw) = entries.next_element::<&'de RawValue>()? {
            self.0.push(raw);
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<(), A::Error> {
        // An inventory says so where a part could not be collected.
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

    fn visit_str<E: Error>(self, _: &str) -> Result<(), E> {
        self.0.odd = Some("a text under `images`".to_owned());
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.0.odd = Some("nothing under `images`".to_owned());
        Ok(())
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        self.0.odd = Some("a truth value under `images`".to_owned());
        Ok(())
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        self.0.odd = Some("a number under `images`".to_owned());
        Ok(())
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
        self.visit_f64(0.0)
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        self.visit_f64(0.0)
    }
}
