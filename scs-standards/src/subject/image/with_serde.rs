//! Serialization of images and values as JSON and YAML.

use std::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};

use super::{Image, ImageKey, ImageValue, Stored, ValueRef};
use crate::any::{Any, ReadAny, Scalar, elements, entries};

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
            let value = entries.next_value_seed(Any(ValueOf(&mut image)))?;
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

impl<'de> ReadAny<'de> for ValueOf<'_> {
    type Value = Stored;

    fn scalar<E: Error>(self, scalar: Scalar<'_>) -> Result<Stored, E> {
        Ok(match scalar {
            Scalar::Null => Stored::Null,
            Scalar::Flag(flag) => Stored::Flag(flag),
            Scalar::Whole(number) => self.0.stored(ValueRef::Whole(number)),
            Scalar::Text(text) => self.0.stored_text(&text),
            number => self.0.stored((&AsValue.scalar::<E>(number)?).into()),
        })
    }

    fn list<A: SeqAccess<'de>>(self, list: A) -> Result<Stored, A::Error> {
        AsValue.list(list).map(|list| self.0.stored_apart(list))
    }

    fn mapping<A: MapAccess<'de>>(self, mapping: A) -> Result<Stored, A::Error> {
        AsValue.mapping(mapping).map(|object| self.0.stored_apart(object))
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
        Any(AsValue).deserialize(deserializer)
    }
}

struct AsValue;

impl<'de> ReadAny<'de> for AsValue {
    type Value = ImageValue;

    fn scalar<E>(self, scalar: Scalar<'_>) -> Result<ImageValue, E> {
        Ok(match scalar {
            Scalar::Null => ImageValue::Null,
            Scalar::Flag(flag) => ImageValue::Flag(flag),
            Scalar::Whole(number) => ImageValue::Whole(number),
            Scalar::Signed(number) => {
                u64::try_from(number).map_or(ImageValue::Negative(number), ImageValue::Whole)
            }
            Scalar::Number(number) if number.is_finite() => ImageValue::Number(number),
            // A number that JSON cannot represent is kept as a string, so that it can be written again.
            Scalar::Number(number) => number.to_string().into(),
            Scalar::Text(text) => (&*text).into(),
        })
    }

    fn list<A: SeqAccess<'de>>(self, list: A) -> Result<ImageValue, A::Error> {
        Ok(ImageValue::List(elements(list)?.into()))
    }

    fn mapping<A: MapAccess<'de>>(self, mapping: A) -> Result<ImageValue, A::Error> {
        Ok(ImageValue::Object(entries(mapping)?.into()))
    }
}
