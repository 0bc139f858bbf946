//! Volume types.

use std::collections::BTreeMap;

use serde::Deserialize;

/// A volume type as Cinder returns it, or as the client lists it (`openstack volume type list --long -f json`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct VolumeType {
    /// The id.
    #[serde(default, alias = "ID")]
    pub id: Option<String>,
    /// The name.
    #[serde(alias = "Name")]
    pub name: String,
    /// The description, which may begin with a list of aspects.
    #[serde(default, alias = "Description")]
    pub description: Option<String>,
    /// Whether all projects may use it.
    #[serde(default, alias = "Is Public")]
    pub is_public: Option<bool>,
    /// Extra specs, which the client calls properties; to ordinary users Cinder shows few of them.
    #[serde(default, alias = "properties", alias = "Properties", deserialize_with = "extra_specs")]
    pub extra_specs: BTreeMap<String, String>,
}

/// A mapping; older clients print none as an empty text.
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
            "the properties are one text, as old clients print them; a newer one prints a mapping",
        )),
    }
}

/// How a volume type encrypts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct VolumeTypeEncryption {
    /// The id of the volume type.
    #[serde(default)]
    pub volume_type_id: Option<String>,
    /// The name of the volume type, where whoever collected it wrote it down.
    #[serde(default)]
    pub volume_type: Option<String>,
    /// The provider, such as `luks`.
    #[serde(default)]
    pub provider: Option<String>,
    /// The cipher, such as `aes-xts-plain64`.
    #[serde(default)]
    pub cipher: Option<String>,
    /// The size of the key in bits.
    #[serde(default)]
    pub key_size: Option<u32>,
    /// `front-end` (in Nova) or `back-end` (in Cinder).
    #[serde(default)]
    pub control_location: Option<String>,
    /// Whether the entry is deleted; Cinder keeps those that once were.
    #[serde(default)]
    pub deleted: Option<bool>,
}

/// What a provider of encryption does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encryptor {
    /// It encrypts.
    Encrypts,
    /// It passes everything through.
    Nothing,
    /// It is not one that Nova or Cinder ships.
    Unknown,
}

impl Encryptor {
    /// The provider of this name: a word, a class or a class with its module, as Nova, os-brick and earlier releases have them.
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
    /// Whether it is about this type.
    #[must_use]
    pub fn is_of(&self, volume_type: &VolumeType) -> bool {
        let by_id = self.volume_type_id.is_some() && self.volume_type_id == volume_type.id;
        by_id || self.volume_type.as_deref() == Some(volume_type.name.as_str())
    }

    /// Whether it is not deleted and a provider is set at all: Cinder returns an empty mapping for a type that does not encrypt.
    #[must_use]
    pub fn is_configured(&self) -> bool {
        self.deleted != Some(true)
            && self.provider.as_deref().is_some_and(|provider| !provider.trim().is_empty())
    }
}
