//! Serialization of images and values as JSON and YAML.

use std::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};

use super::{Image, ImageKey, ImageValue, Stored, ValueRef};

impl Serialize for Image {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.fields.len()))?;
        for (field, value) in self.fields() {
            map.serialize_entry(field.name(), &value)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Image {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Fields)
    }
}

struct Fields;

impl<'de> Visitor<'de> for Fields {
    type Value = Image;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an image as an object with its properties")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Image, A::Error> {
        // Capacity for more than most images have.
        let mut image =
            Image { fields: Vec::with_capacity(64), texts: String::with_capacity(2048), ..Image::default() };
        while let Some(key) = entries.next_key_seed(NameOf(&mut image))? {
            let value = entries.next_value_seed(ValueOf(&mut image))?;
            image.keep(key, value);
        }
        // The copy has no spare capacity, and the next image reuses the buffer of this one.
        Ok(Image { fields: image.fields.as_slice().into(), texts: image.texts.as_str().into(), ..image })
    }
}

/// The name of a field of this image.
struct NameOf<'i>(&'i mut Image);

impl<'de> DeserializeSeed<'de> for NameOf<'_> {
    type Value = Option<ImageKey>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<ImageKey>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for NameOf<'_> {
    type Value = Option<ImageKey>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a property")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Option<ImageKey>, E> {
        Ok(self.0.key(name.into()))
    }
}

/// The value of a field of this image.
struct ValueOf<'i>(&'i mut Image);

impl<'de> DeserializeSeed<'de> for ValueOf<'_> {
    type Value = Stored;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Stored, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ValueOf<'_> {
    type Value = Stored;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Any.expecting(f)
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<Stored, E> {
        Ok(Stored::Flag(flag))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Stored, E> {
        Ok(self.0.stored(ValueRef::Whole(number)))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Stored, E> {
        Any.visit_i64(number).map(|value| self.0.stored((&value).into()))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Stored, E> {
        Any.visit_f64(number).map(|value| self.0.stored((&value).into()))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Stored, E> {
        Ok(self.0.stored_text(text))
    }

    fn visit_unit<E: Error>(self) -> Result<Stored, E> {
        Ok(Stored::Null)
    }

    fn visit_none<E: Error>(self) -> Result<Stored, E> {
        Ok(Stored::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Stored, D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, values: A) -> Result<Stored, A::Error> {
        Any.visit_seq(values).map(|list| self.0.stored_apart(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<Stored, A::Error> {
        Any.visit_map(entries).map(|object| self.0.stored_apart(object))
    }
}

impl Serialize for ImageValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        ValueRef::from(self).serialize(serializer)
    }
}

impl Serialize for ValueRef<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Flag(flag) => serializer.serialize_bool(*flag),
            Self::Whole(number) => serializer.serialize_u64(*number),
            Self::Negative(number) => serializer.serialize_i64(*number),
            Self::Number(number) => serializer.serialize_f64(*number),
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(values) => serializer.collect_seq(*values),
            Self::Object(entries) => {
                serializer.collect_map(entries.iter().map(|(name, value)| (name, value)))
            }
        }
    }
}

impl<'de> Deserialize<'de> for ImageValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Any)
    }
}

struct Any;

impl<'de> Visitor<'de> for Any {
    type Value = ImageValue;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<ImageValue, E> {
        Ok(ImageValue::Flag(flag))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<ImageValue, E> {
        Ok(ImageValue::Whole(number))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<ImageValue, E> {
        Ok(u64::try_from(number).map_or(ImageValue::Negative(number), ImageValue::Whole))
    }

    // A number that JSON cannot represent is kept as a string, so that it can be written again.
    fn visit_f64<E: Error>(self, number: f64) -> Result<ImageValue, E> {
        Ok(if number.is_finite() { ImageValue::Number(number) } else { number.to_string().into() })
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<ImageValue, E> {
        Ok(text.into())
    }

    fn visit_unit<E: Error>(self) -> Result<ImageValue, E> {
        Ok(ImageValue::Null)
    }

    fn visit_none<E: Error>(self) -> Result<ImageValue, E> {
        Ok(ImageValue::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<ImageValue, D::Error> {
        ImageValue::deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<ImageValue, A::Error> {
        let mut list = Vec::new();
        while let Some(value) = values.next_element()? {
            list.push(value);
        }
        Ok(ImageValue::List(list.into()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<ImageValue, A::Error> {
        let mut list = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            list.push(entry);
        }
        Ok(ImageValue::Object(list.into()))
    }
}
