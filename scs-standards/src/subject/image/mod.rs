//! A Glance image.

mod key;
mod value;
#[cfg(feature = "serde")]
mod with_serde;

use std::fmt;

pub use key::ImageKey;
pub use value::{ImageValue, ValueRef};

/// An image as returned by the Glance API (version 2): all attributes and properties side by side, in their
/// original order.
///
/// Other formats, such as the OpenStack client's output or a tool's definitions, are converted by their readers.
///
/// A cloud has thousands of images with some thirty fields, nearly all of them short strings, so all strings of an image
/// share one buffer.
///
/// ```
/// use scs_standards::subject::{Image, ImageKey, ImageValue, ValueRef};
///
/// let image = Image::from_iter([("name", ImageValue::from("Ubuntu 24.04")), ("min_disk", ImageValue::from(8))]);
/// assert_eq!(image.text(ImageKey::Name), Some("Ubuntu 24.04"));
/// assert_eq!(image.get(ImageKey::MinDisk), Some(ValueRef::Whole(8)));
/// assert_eq!(image.get(ImageKey::MinRam), None);
/// ```
#[derive(Clone, Default)]
pub struct Image {
    /// The fields in order; a field without a key uses the next name of `others`.
    fields: Vec<(Option<ImageKey>, Stored)>,
    /// The concatenated texts that the fields refer to.
    texts: String,
    /// The names of fields that no standard mentions, in order.
    others: Vec<Box<str>>,
    /// The values that are not stored inline.
    apart: Vec<ImageValue>,
    places: Places,
}

/// A stored value of eight bytes.
#[derive(Clone, Copy)]
enum Stored {
    Null,
    Flag(bool),
    Whole(u32),
    /// A part of [`Image::texts`].
    Text {
        start: u32,
        length: u16,
    },
    /// A rare or large value, by its index in [`Image::apart`].
    Apart(u32),
}

/// The position of the first value of each key: rules look up some fifty keys per image.
#[derive(Clone, PartialEq)]
struct Places([u8; ImageKey::ALL.len()]);

impl Places {
    /// For a key that is missing or too far back for the index.
    const NONE: u8 = u8::MAX;

    fn keep(&mut self, key: Option<ImageKey>, index: usize) {
        if let Some(key) = key
            && let Some(place) = self.0.get_mut(key as usize)
            && *place == Self::NONE
        {
            *place = u8::try_from(index).unwrap_or(Self::NONE);
        }
    }

    fn of(&self, key: ImageKey) -> Option<usize> {
        self.0.get(key as usize).filter(|place| **place != Self::NONE).map(|place| usize::from(*place))
    }
}

impl Default for Places {
    fn default() -> Self {
        Self([Self::NONE; ImageKey::ALL.len()])
    }
}

impl Image {
    /// Appends a field. If it already exists, both are kept and the first value counts.
    pub fn push<'f, 'v>(&mut self, field: impl Into<ImageField<'f>>, value: impl Into<ValueRef<'v>>) {
        let key = self.key(field.into());
        let stored = self.stored(value.into());
        self.keep(key, stored);
    }

    /// Sets a field, replacing any value.
    pub fn set<'f, 'v>(&mut self, field: impl Into<ImageField<'f>>, value: impl Into<ValueRef<'v>>) {
        let field = field.into();
        let Some(index) = self.fields().position(|(known, _)| known == field) else {
            return self.push(field, value);
        };
        let stored = self.stored(value.into());
        if let Some((_, old)) = self.fields.get_mut(index) {
            *old = stored;
        }
    }

    /// Stores the value of a field whose name is already stored.
    fn keep(&mut self, key: Option<ImageKey>, value: Stored) {
        self.places.keep(key, self.fields.len());
        self.fields.push((key, value));
    }

    /// Stores the name of the next field.
    fn key(&mut self, field: ImageField<'_>) -> Option<ImageKey> {
        match field {
            ImageField::Known(key) => Some(key),
            ImageField::Other(name) => {
                self.others.push(name.into());
                None
            }
        }
    }

    fn stored(&mut self, value: ValueRef<'_>) -> Stored {
        match value {
            ValueRef::Null => Stored::Null,
            ValueRef::Flag(flag) => Stored::Flag(flag),
            ValueRef::Whole(number) => {
                u32::try_from(number).map_or_else(|_| self.stored_apart(number.into()), Stored::Whole)
            }
            ValueRef::Text(text) => self.stored_text(text),
            other => self.stored_apart(other.to_owned()),
        }
    }

    fn stored_text(&mut self, text: &str) -> Stored {
        match (u32::try_from(self.texts.len()), u16::try_from(text.len())) {
            (Ok(start), Ok(length)) => {
                self.texts.push_str(text);
                Stored::Text { start, length }
            }
            _ => self.stored_apart(text.into()),
        }
    }

    fn stored_apart(&mut self, value: ImageValue) -> Stored {
        // More than four billion would not fit into memory.
        let place = u32::try_from(self.apart.len()).unwrap_or(u32::MAX);
        // Most images have one: the tags.
        if self.apart.is_empty() {
            self.apart.reserve_exact(1);
        }
        self.apart.push(value);
        Stored::Apart(place)
    }

    fn value(&self, stored: Stored) -> ValueRef<'_> {
        match stored {
            Stored::Null => ValueRef::Null,
            Stored::Flag(flag) => ValueRef::Flag(flag),
            Stored::Whole(number) => ValueRef::Whole(number.into()),
            Stored::Text { start, length } => {
                let start = start as usize;
                // Always within bounds and on character boundaries.
                ValueRef::Text(self.texts.get(start..start + usize::from(length)).unwrap_or_default())
            }
            Stored::Apart(place) => self.apart.get(place as usize).map_or(ValueRef::Null, ValueRef::from),
        }
    }

    /// All fields in order.
    pub fn fields(&self) -> impl Iterator<Item = (ImageField<'_>, ValueRef<'_>)> {
        let mut others = self.others();
        self.fields.iter().map(move |(key, stored)| {
            let field = match key {
                Some(key) => ImageField::Known(*key),
                None => ImageField::Other(others.next().unwrap_or_default()),
            };
            (field, self.value(*stored))
        })
    }

    /// The first value of an attribute or property.
    #[must_use]
    pub fn get(&self, key: ImageKey) -> Option<ValueRef<'_>> {
        if let Some(place) = self.places.of(key) {
            return self.fields.get(place).map(|(_, stored)| self.value(*stored));
        }
        // All other fields are in the index.
        let unplaced = self.fields.get(usize::from(Places::NONE)..)?;
        let (_, stored) = unplaced.iter().find(|(known, _)| *known == Some(key))?;
        Some(self.value(*stored))
    }

    /// The first value of a property that no standard mentions.
    #[must_use]
    pub fn other(&self, name: &str) -> Option<ValueRef<'_>> {
        // Most images have none.
        if self.others.is_empty() {
            return None;
        }
        self.fields().find(|(field, _)| *field == ImageField::Other(name)).map(|(_, value)| value)
    }

    /// The properties that no standard mentions.
    pub fn others(&self) -> impl Iterator<Item = &str> {
        self.others.iter().map(|name| &**name)
    }

    /// The first value of a field, if it is text.
    #[must_use]
    pub fn text(&self, key: ImageKey) -> Option<&str> {
        self.get(key)?.as_text()
    }

    /// The fields that occur more than once.
    #[must_use]
    pub fn repeated(&self) -> Vec<ImageField<'_>> {
        let mut names: Vec<&str> = self.others().collect();
        names.sort_unstable();
        // The fields that occur more than once, with a counter.
        let mut several: Vec<(&str, usize)> =
            names.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| (pair[0], 0)).collect();
        several.dedup();
        let mut keys = [0_u8; ImageKey::ALL.len()];
        let mut repeated: Vec<ImageField<'_>> = Vec::new();
        for (field, _) in self.fields() {
            let is_second = match field {
                ImageField::Known(key) => keys.get_mut(key as usize).is_some_and(|seen| {
                    *seen = seen.saturating_add(1);
                    *seen == 2
                }),
                ImageField::Other(name) => {
                    let place = several.binary_search_by(|(known, _)| known.cmp(&name));
                    place.ok().and_then(|at| several.get_mut(at)).is_some_and(|(_, seen)| {
                        *seen += 1;
                        *seen == 2
                    })
                }
            };
            if is_second {
                repeated.push(field);
            }
        }
        repeated
    }
}

/// Images are equal if they have the same fields with the same values in the same order.
impl PartialEq for Image {
    fn eq(&self, other: &Self) -> bool {
        self.fields().eq(other.fields())
    }
}

impl fmt::Debug for Image {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fields = self.fields().map(|(field, value)| (field.name(), value));
        f.debug_map().entries(fields).finish()
    }
}

impl<'f, F: Into<ImageField<'f>>> FromIterator<(F, ImageValue)> for Image {
    fn from_iter<I: IntoIterator<Item = (F, ImageValue)>>(fields: I) -> Self {
        let mut image = Self::default();
        fields.into_iter().for_each(|(field, value)| image.push(field, &value));
        image
    }
}

/// The name of a field: a known key or any other name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ImageField<'a> {
    /// An attribute of Glance or a property used by the standards.
    Known(ImageKey),
    /// Any other property.
    Other(&'a str),
}

impl<'a> ImageField<'a> {
    /// The name in the Glance API.
    #[must_use]
    pub const fn name(self) -> &'a str {
        match self {
            Self::Known(key) => key.name(),
            Self::Other(name) => name,
        }
    }
}

impl<'a> From<&'a str> for ImageField<'a> {
    fn from(name: &'a str) -> Self {
        ImageKey::from_name(name).map_or(Self::Other(name), Self::Known)
    }
}

impl From<ImageKey> for ImageField<'_> {
    fn from(key: ImageKey) -> Self {
        Self::Known(key)
    }
}

impl fmt::Display for ImageField<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_search_finds_every_key() {
        assert!(ImageKey::ALL.is_sorted_by_key(|key| key.name()));
        for key in ImageKey::ALL {
            assert_eq!(ImageKey::from_name(key.name()), Some(*key));
        }
        assert_eq!(ImageKey::from_name("image_name"), None);
    }

    #[test]
    fn repeated_fields_are_listed_once() {
        let fields = ["b", "name", "a", "b", "name", "a", "b", "c"].map(|name| (name, ImageValue::from("x")));
        let image = Image::from_iter(fields);
        let repeated: Vec<&str> = image.repeated().into_iter().map(ImageField::name).collect();
        assert_eq!(repeated, ["b", "name", "a"]);
        // Fast for any number of fields.
        let fields: Vec<_> = (0..200_000).map(|number| (number.to_string(), ImageValue::from("x"))).collect();
        let many: Image = fields.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
        assert!(many.repeated().is_empty());
    }

    #[cfg(feature = "serde")]
    mod round_trips {
        use proptest::prelude::*;
        use serde_json::{Map, Number, Value};

        use super::*;

        fn value() -> impl Strategy<Value = Value> {
            let leaf = prop_oneof![
                Just(Value::Null),
                any::<bool>().prop_map(Value::from),
                any::<u64>().prop_map(Value::from),
                any::<i64>().prop_map(Value::from),
                // Multiples of an eighth are exact in every decimal parser.
                any::<i32>()
                    .prop_filter_map("whole", |it| (it % 8 != 0)
                        .then(|| Number::from_f64(f64::from(it) / 8.0)))
                    .prop_filter_map("no number of JSON", |it| it.map(Value::Number)),
                ".{0,20}".prop_map(Value::from),
            ];
            leaf.prop_recursive(3, 12, 4, |inner| {
                prop_oneof![
                    prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                    prop::collection::btree_map("[a-z_]{0,6}", inner, 0..4)
                        .prop_map(|map| Value::Object(Map::from_iter(map))),
                ]
            })
        }

        fn name() -> impl Strategy<Value = String> {
            prop_oneof![prop::sample::select(ImageKey::ALL).prop_map(|key| key.name().to_owned()), ".{0,12}"]
        }

        proptest! {
            #[test]
            fn images_survive_a_round_trip(fields in prop::collection::btree_map(name(), value(), 0..12)) {
                let json = Value::Object(Map::from_iter(fields));
                let image: Image = serde_json::from_value(json.clone()).unwrap();
                prop_assert_eq!(serde_json::to_value(&image).unwrap(), json);
                let text = serde_json::to_string(&image).unwrap();
                prop_assert_eq!(serde_json::from_str::<Image>(&text).unwrap(), image);
            }
        }
    }
}
