//! OpenStack's "Useful image properties": which values a property may have.

use std::collections::BTreeMap;

use jiff::civil::Date;
use scs_standards::subject::ImageKey;
use serde::Deserialize;

use super::ReadDataError;
use crate::values::{is_spelling_of, meant};

/// The values of image properties by OpenStack's documentation.
///
/// ```
/// use scs_image_metadata::ImageData;
/// use scs_standards::subject::ImageKey;
///
/// let values = ImageData::embedded().openstack;
/// assert!(values.allows(ImageKey::HypervisorType, "qemu"));
/// assert_eq!(values.meant(ImageKey::HypervisorType, "kvm"), Some("qemu".to_owned()));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenStackValues {
    /// The day on which the documentation was read.
    pub as_of: Date,
    properties: BTreeMap<String, PropertyValues>,
}

/// The values of one property.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PropertyValues {
    /// The right ones.
    pub values: Vec<String>,
    /// Spellings that are wrong, with what is meant.
    #[serde(default)]
    pub mistaken: BTreeMap<String, String>,
}

impl OpenStackValues {
    /// Reads a file.
    ///
    /// # Errors
    ///
    /// When it is no such file, with the place.
    pub fn from_yaml(text: &str) -> Result<Self, ReadDataError> {
        super::read("OpenStack's values", text)
    }

    /// The values of a property, if it has a list.
    #[must_use]
    pub fn of(&self, key: ImageKey) -> Option<&PropertyValues> {
        self.properties.get(key.name())
    }

    /// Whether a property may have a value.
    #[must_use]
    pub fn allows(&self, key: ImageKey, value: &str) -> bool {
        self.of(key).is_some_and(|of| of.values.iter().any(|known| known == value))
    }

    /// The value that is certainly meant by a wrong one: another word for it, or another spelling.
    #[must_use]
    pub fn certain(&self, key: ImageKey, value: &str) -> Option<String> {
        let of = self.of(key)?;
        let folded = value.trim().to_lowercase();
        let mistaken = of.mistaken.get(value).or_else(|| of.mistaken.get(&folded));
        mistaken.cloned().or_else(|| of.values.iter().find(|known| is_spelling_of(value, known)).cloned())
    }

    /// The value that was probably meant by a wrong one.
    #[must_use]
    pub fn meant(&self, key: ImageKey, value: &str) -> Option<String> {
        let of = self.of(key)?;
        let folded = value.trim().to_lowercase();
        let mistaken = of.mistaken.get(value).or_else(|| of.mistaken.get(&folded));
        mistaken.cloned().or_else(|| meant(value, of.values.iter().map(String::as_str)))
    }
}
