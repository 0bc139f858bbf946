//! OpenStack's "Useful image properties": the allowed values of image properties.

use std::collections::BTreeMap;

use jiff::civil::Date;
use scs_standards::subject::ImageKey;
use serde::Deserialize;

use super::read::{ReadDataError, read};
use crate::values::{is_spelling_of, meant};

/// The allowed values of image properties according to OpenStack's documentation.
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
    /// The date of the documentation.
    pub as_of: Date,
    properties: BTreeMap<String, PropertyValues>,
}

/// The allowed values of one property.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct PropertyValues {
    /// The correct values.
    pub values: Vec<String>,
    /// Wrong spellings with the intended value.
    #[serde(default)]
    pub mistaken: BTreeMap<String, String>,
}

impl OpenStackValues {
    /// Parses a data file.
    ///
    /// # Errors
    ///
    /// If it is not a valid file; the message contains the position.
    pub fn from_yaml(text: &str) -> Result<Self, ReadDataError> {
        read("OpenStack's values", text)
    }

    /// The allowed values of a property, if there is a list for it.
    #[must_use]
    pub fn of(&self, key: ImageKey) -> Option<&PropertyValues> {
        self.properties.get(key.name())
    }

    /// Whether a value is allowed for a property.
    #[must_use]
    pub fn allows(&self, key: ImageKey, value: &str) -> bool {
        self.of(key).is_some_and(|of| of.values.iter().any(|known| known == value))
    }

    /// The unambiguous correction of a wrong value: a synonym or another spelling.
    #[must_use]
    pub fn certain(&self, key: ImageKey, value: &str) -> Option<String> {
        let of = self.of(key)?;
        let folded = value.trim().to_lowercase();
        let mistaken = of.mistaken.get(value).or_else(|| of.mistaken.get(&folded));
        mistaken.cloned().or_else(|| of.values.iter().find(|known| is_spelling_of(value, known)).cloned())
    }

    /// The likely correction of a wrong value.
    #[must_use]
    pub fn meant(&self, key: ImageKey, value: &str) -> Option<String> {
        let of = self.of(key)?;
        let folded = value.trim().to_lowercase();
        let mistaken = of.mistaken.get(value).or_else(|| of.mistaken.get(&folded));
        mistaken.cloned().or_else(|| meant(value, of.values.iter().map(String::as_str)))
    }
}
