//! Volume types.

use std::collections::BTreeMap;

use serde::Deserialize;

/// A volume type as returned by Cinder or listed by the client (`openstack volume type list --long -f json`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct VolumeType {
    /// The UUID.
    #[serde(default, alias = "ID")]
    pub id: Option<String>,
    /// The name.
    #[serde(alias = "Name")]
    pub name: String,
    /// The description, which may start with a list of aspects.
    #[serde(default, alias = "Description")]
    pub description: Option<String>,
    /// Whether it is shared with all projects.
    #[serde(default, alias = "Is Public")]
    pub is_public: Option<bool>,
    /// Extra specs (properties in the client); Cinder shows few of them to ordinary users.
    #[serde(default, alias = "properties", alias = "Properties", deserialize_with = "extra_specs")]
    pub extra_specs: BTreeMap<String, String>,
}

/// A mapping; older clients print an empty one as an empty string.
fn extra_specs<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        Mapping(BTreeMap<String, String>),
        Text(String),
    }
    match Option::<Either>::deserialize(deserializer)? {
        None => Ok(BTreeMap::new()),
        Some(Either::Mapping(specs)) => Ok(specs),
        Some(Either::Text(text)) if text.trim().is_empty() => Ok(BTreeMap::new()),
        Some(Either::Text(_)) => Err(serde::de::Error::custom(
            "the properties are a single string, as old clients print them; use a newer client, which prints a mapping",
        )),
    }
}

/// The encryption of a volume type.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct VolumeTypeEncryption {
    /// The id of the volume type.
    #[serde(default)]
    pub volume_type_id: Option<String>,
    /// The name of the volume type, if recorded when collecting.
    #[serde(default)]
    pub volume_type: Option<String>,
    /// The provider, such as `luks`.
    #[serde(default)]
    pub provider: Option<String>,
    /// The cipher, such as `aes-xts-plain64`.
    #[serde(default)]
    pub cipher: Option<String>,
    /// The key size in bits.
    #[serde(default)]
    pub key_size: Option<u32>,
    /// `front-end` (in Nova) or `back-end` (in Cinder).
    #[serde(default)]
    pub control_location: Option<String>,
    /// Whether the entry is deleted; Cinder keeps deleted entries.
    #[serde(default)]
    pub deleted: Option<bool>,
}

/// The effect of an encryption provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encryptor {
    /// Volumes are encrypted.
    Encrypts,
    /// Volumes are not encrypted.
    Nothing,
    /// Unknown: Nova and Cinder do not ship it.
    Unknown,
}

impl Encryptor {
    /// Finds a provider by name: a word, a class or a class with its module, as in Nova, os-brick and earlier releases.
    pub(crate) fn of(provider: &str) -> Self {
        let provider = provider.trim();
        let class = match provider.rsplit_once('.') {
            Some((module, class))
                if ["nova.volume.encryptors", "os_brick.encryptors"].iter().any(|known| {
                    module.strip_prefix(known).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
                }) =>
            {
                class
            }
            Some(_) => return Self::Unknown,
            None => provider,
        };
        match class.to_lowercase().as_str() {
            "luks"
            | "luks1"
            | "luks2"
            | "plain"
            | "luksencryptor"
            | "luks2encryptor"
            | "cryptsetupencryptor" => Self::Encrypts,
            "noop" | "nop" | "none" | "noopencryptor" => Self::Nothing,
            _ => Self::Unknown,
        }
    }
}

impl VolumeTypeEncryption {
    /// Whether it belongs to this type.
    #[must_use]
    pub fn is_of(&self, volume_type: &VolumeType) -> bool {
        let by_id = self.volume_type_id.is_some() && self.volume_type_id == volume_type.id;
        by_id || self.volume_type.as_deref() == Some(volume_type.name.as_str())
    }

    /// Whether it has a provider and is not deleted: Cinder returns an empty mapping for a type without encryption.
    #[must_use]
    pub fn is_configured(&self) -> bool {
        self.deleted != Some(true)
            && self.provider.as_deref().is_some_and(|provider| !provider.trim().is_empty())
    }
}
