//! An image of Glance.

use std::fmt;
use std::sync::{Arc, LazyLock};

/// An image as Glance's API (version 2) returns it: the attributes of every image and the image's own properties beside
/// each other, in the order in which they were read, none left out.
///
/// Other shapes — the OpenStack client's, a tool's definitions — are brought into this one by those who read them.
///
/// ```
/// use scs_standards::subject::{Image, ImageKey, ImageValue};
///
/// let image = Image::from_iter([("name", ImageValue::from("Ubuntu 24.04")), ("min_disk", ImageValue::from(8))]);
/// assert_eq!(image.text(ImageKey::Name), Some("Ubuntu 24.04"));
/// assert_eq!(image.get(ImageKey::MinDisk), Some(&ImageValue::from(8)));
/// assert_eq!(image.get(ImageKey::MinRam), None);
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Image {
    fields: Vec<(ImageField, ImageValue)>,
    places: Places,
}

/// Where the first value of each key stands: rules ask an image for a key some fifty times.
#[derive(Clone, Debug, PartialEq)]
struct Places([u8; ImageKey::ALL.len()]);

impl Places {
    /// For a key that is not there, or stands so far behind that it has to be looked for.
    const NONE: u8 = u8::MAX;

    fn keep(&mut self, field: &ImageField, index: usize) {
        if let ImageField::Known(key) = field
            && let Some(place) = self.0.get_mut(*key as usize)
            && *place == Self::NONE
        {
            *place = u8::try_from(index).unwrap_or(Self::NONE);
        }
    }
}

impl Default for Places {
    fn default() -> Self {
        Self([Self::NONE; ImageKey::ALL.len()])
    }
}

impl Image {
    /// Adds a field; one that is there already keeps its value, and both are kept.
    pub fn push(&mut self, field: impl Into<ImageField>, value: ImageValue) {
        let field = field.into();
        self.places.keep(&field, self.fields.len());
        self.fields.push((field, value));
    }

    /// Gives a field this value, whatever it had.
    pub fn set(&mut self, field: impl Into<ImageField>, value: ImageValue) {
        let field = field.into();
        match self.fields.iter_mut().find(|(known, _)| *known == field) {
            Some((_, old)) => *old = value,
            None => self.push(field, value),
        }
    }

    /// All fields in their order.
    pub fn fields(&self) -> impl Iterator<Item = (&ImageField, &ImageValue)> {
        self.fields.iter().map(|(field, value)| (field, value))
    }

    /// The first value of an attribute or property.
    #[must_use]
    pub fn get(&self, key: ImageKey) -> Option<&ImageValue> {
        let place = self.places.0.get(key as usize).copied().unwrap_or(Places::NONE);
        if place != Places::NONE {
            return self.fields.get(usize::from(place)).map(|(_, value)| value);
        }
        // The other fields have all been given a place.
        let unplaced = self.fields.get(usize::from(Places::NONE)..)?;
        unplaced.iter().find(|(field, _)| *field == ImageField::Known(key)).map(|(_, value)| value)
    }

    /// The first value of a field, if it is text.
    #[must_use]
    pub fn text(&self, key: ImageKey) -> Option<&str> {
        self.get(key)?.as_text()
    }

    /// The fields that occur more than once.
    #[must_use]
    pub fn repeated(&self) -> Vec<&ImageField> {
        let mut repeated: Vec<&ImageField> = Vec::new();
        let mut others: Vec<&ImageField> = Vec::new();
        for (index, (field, _)) in self.fields.iter().enumerate() {
            let again = match field {
                ImageField::Known(key) => {
                    let first = self.places.0.get(*key as usize).copied().unwrap_or(Places::NONE);
                    first != Places::NONE && usize::from(first) < index
                }
                ImageField::Other(_) if others.contains(&field) => true,
                ImageField::Other(_) => {
                    others.push(field);
                    false
                }
            };
            if again && !repeated.contains(&field) {
                repeated.push(field);
            }
        }
        repeated
    }
}

impl<F: Into<ImageField>> FromIterator<(F, ImageValue)> for Image {
    fn from_iter<I: IntoIterator<Item = (F, ImageValue)>>(fields: I) -> Self {
        let mut image = Self::default();
        fields.into_iter().for_each(|(field, value)| image.push(field, value));
        image
    }
}

/// The name of a field: one that the standards speak of, or any other.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ImageField {
    /// An attribute of Glance or a property of the standards.
    Known(ImageKey),
    /// Any other property.
    Other(Box<str>),
}

impl ImageField {
    /// The name as Glance has it.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Known(key) => key.name(),
            Self::Other(name) => name,
        }
    }
}

impl From<&str> for ImageField {
    fn from(name: &str) -> Self {
        ImageKey::from_name(name).map_or_else(|| Self::Other(name.into()), Self::Known)
    }
}

impl From<ImageKey> for ImageField {
    fn from(key: ImageKey) -> Self {
        Self::Known(key)
    }
}

impl fmt::Display for ImageField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The value of a field. Glance stores properties as text; files that people edit hold other things as well.
#[derive(Clone, Debug, PartialEq)]
pub enum ImageValue {
    /// Nothing.
    Null,
    /// A truth value.
    Flag(bool),
    /// A whole number that is not negative.
    Whole(u64),
    /// A negative whole number.
    Negative(i64),
    /// Any other number.
    Number(f64),
    /// Text.
    Text(Arc<str>),
    /// A list, such as the tags.
    List(Box<[ImageValue]>),
    /// Values under names, in their order.
    Object(Box<[(Box<str>, ImageValue)]>),
}

impl ImageValue {
    /// The text, if it is one.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

impl From<&str> for ImageValue {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for ImageValue {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

impl From<u64> for ImageValue {
    fn from(number: u64) -> Self {
        Self::Whole(number)
    }
}

impl From<bool> for ImageValue {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

/// As JSON has it, text in quotes.
impl fmt::Display for ImageValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Flag(flag) => write!(f, "{flag}"),
            Self::Whole(number) => write!(f, "{number}"),
            Self::Negative(number) => write!(f, "{number}"),
            Self::Number(number) => write!(f, "{number:?}"),
            Self::Text(text) => write!(f, "{text:?}"),
            Self::List(values) => {
                f.write_str("[")?;
                for (index, value) in values.iter().enumerate() {
                    write!(f, "{}{value}", if index == 0 { "" } else { ", " })?;
                }
                f.write_str("]")
            }
            Self::Object(entries) => {
                f.write_str("{")?;
                for (index, (name, value)) in entries.iter().enumerate() {
                    write!(f, "{}{name:?}: {value}", if index == 0 { "" } else { ", " })?;
                }
                f.write_str("}")
            }
        }
    }
}

/// One row per key: the variant, the name, the sentence.
macro_rules! keys {
    ($($variant:ident = $name:literal, $doc:literal;)+) => {
        /// The attributes that Glance gives every image, and the properties that the standards speak of.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum ImageKey {
            $(#[doc = $doc] $variant,)+
        }

        impl ImageKey {
            /// All of them, in the order of their names.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The name in Glance's API.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }
        }
    };
}

// In the order of their names.
keys! {
    Architecture = "architecture", "The architecture of the CPU.";
    Checksum = "checksum", "The MD5 sum of the data.";
    ContainerFormat = "container_format", "The format of the container, mostly `bare`.";
    CreatedAt = "created_at", "When the image was registered.";
    DiskFormat = "disk_format", "The format of the disk, such as `qcow2`.";
    File = "file", "Where the data are.";
    HotfixHours = "hotfix_hours", "In how many hours a critical issue is fixed.";
    HwDiskBus = "hw_disk_bus", "The bus that disks are attached to.";
    HwFirmwareType = "hw_firmware_type", "The firmware, `bios` or `uefi`.";
    HwMemEncryption = "hw_mem_encryption", "Whether memory is encrypted.";
    HwPmu = "hw_pmu", "Whether there is a performance monitoring unit.";
    HwRngModel = "hw_rng_model", "The random number generator.";
    HwScsiModel = "hw_scsi_model", "The model of the SCSI controller.";
    HwVideoRam = "hw_video_ram", "The video memory in MiB.";
    HwVifMultiqueueEnabled = "hw_vif_multiqueue_enabled", "Whether the network uses several queues.";
    HwWatchdogAction = "hw_watchdog_action", "What the watchdog does.";
    HypervisorType = "hypervisor_type", "The hypervisor.";
    Id = "id", "The UUID.";
    ImageBuildDate = "image_build_date", "When the image was built.";
    ImageDescription = "image_description", "Where the image is described.";
    ImageOriginalUser = "image_original_user", "The user to log in as.";
    ImageSource = "image_source", "Where the image comes from.";
    L1SupportContact = "l1_support_contact", "Whom to ask for support.";
    LicenseIncluded = "license_included", "Whether a licence is included in the price.";
    LicenseRequired = "license_required", "Whether the customer must bring a licence.";
    MaintainedUntil = "maintained_until", "Until when the vendor maintains the system.";
    MinDisk = "min_disk", "The disk that the image needs, in GiB.";
    MinRam = "min_ram", "The memory that the image needs, in MiB.";
    Name = "name", "The name.";
    OsDistro = "os_distro", "The distribution.";
    OsHashAlgo = "os_hash_algo", "The algorithm of the hash.";
    OsHashValue = "os_hash_value", "The hash of the data.";
    OsHidden = "os_hidden", "Whether lists leave the image out.";
    OsPurpose = "os_purpose", "What the image is for.";
    OsSecureBoot = "os_secure_boot", "Whether secure boot is needed.";
    OsVersion = "os_version", "The version of the distribution.";
    Owner = "owner", "The project that owns the image.";
    Patchlevel = "patchlevel", "The state of the patches.";
    Protected = "protected", "Whether the image is safe from being deleted.";
    ProvidedUntil = "provided_until", "Until when an image of this name is provided.";
    ReplaceFrequency = "replace_frequency", "How often the image is replaced.";
    Schema = "schema", "The schema of the API.";
    SelfLink = "self", "The image's own address.";
    Size = "size", "The size of the data in bytes.";
    Status = "status", "Whether the data are there.";
    SubscriptionIncluded = "subscription_included", "Whether a maintenance subscription is included.";
    SubscriptionRequired = "subscription_required", "Whether the customer needs a maintenance subscription.";
    Tags = "tags", "The tags.";
    UpdatedAt = "updated_at", "When the image was changed.";
    UuidValidity = "uuid_validity", "How long the UUID stays valid.";
    VirtualSize = "virtual_size", "The size of the disk in bytes.";
    Visibility = "visibility", "Who sees the image.";
}

impl ImageKey {
    /// The key of a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        // A look-up by length leaves a handful of names to compare.
        static BY_LENGTH: LazyLock<Vec<Vec<ImageKey>>> = LazyLock::new(|| {
            let longest = ImageKey::ALL.iter().map(|key| key.name().len()).max().unwrap_or(0);
            let of_length =
                |length| ImageKey::ALL.iter().copied().filter(|key| key.name().len() == length).collect();
            (0..=longest).map(of_length).collect()
        });
        BY_LENGTH.get(name.len())?.iter().copied().find(|key| key.name() == name)
    }
}

impl fmt::Display for ImageKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(feature = "serde")]
mod with_serde {
    use std::fmt;

    use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
    use serde::ser::{Serialize, SerializeMap, Serializer};

    use super::{Image, ImageField, ImageValue};

    impl Serialize for Image {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let mut map = serializer.serialize_map(Some(self.fields.len()))?;
            for (field, value) in &self.fields {
                map.serialize_entry(field.name(), value)?;
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
            f.write_str("an image, which is an object with its properties")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Image, A::Error> {
            // Glance's images have about thirty.
            let mut image = Image { fields: Vec::with_capacity(32), ..Image::default() };
            while let Some(field) = entries.next_key::<ImageField>()? {
                image.push(field, entries.next_value()?);
            }
            Ok(image)
        }
    }

    impl<'de> Deserialize<'de> for ImageField {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            deserializer.deserialize_str(Name)
        }
    }

    struct Name;

    impl Visitor<'_> for Name {
        type Value = ImageField;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("the name of a property")
        }

        fn visit_str<E: Error>(self, name: &str) -> Result<ImageField, E> {
            Ok(name.into())
        }
    }

    impl Serialize for ImageValue {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            match self {
                Self::Null => serializer.serialize_unit(),
                Self::Flag(flag) => serializer.serialize_bool(*flag),
                Self::Whole(number) => serializer.serialize_u64(*number),
                Self::Negative(number) => serializer.serialize_i64(*number),
                Self::Number(number) => serializer.serialize_f64(*number),
                Self::Text(text) => serializer.serialize_str(text),
                Self::List(values) => serializer.collect_seq(values),
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

        // What no number of JSON can be is kept as text, so that it can be written again.
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
                // Eighths, which every reader of decimal numbers reads exactly.
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
            fn nothing_is_lost(fields in prop::collection::btree_map(name(), value(), 0..12)) {
                let json = Value::Object(Map::from_iter(fields));
                let image: Image = serde_json::from_value(json.clone()).unwrap();
                prop_assert_eq!(serde_json::to_value(&image).unwrap(), json);
                let text = serde_json::to_string(&image).unwrap();
                prop_assert_eq!(serde_json::from_str::<Image>(&text).unwrap(), image);
            }
        }
    }
}
