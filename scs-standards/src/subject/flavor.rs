//! A Nova flavor.

use std::borrow::Cow;
use std::collections::BTreeMap;

/// A flavor as described by Nova.
///
/// A field is `None` if the source does not provide it: a flavor-manager file has no id, an old microversion no extra
/// specs. Rules that need it answer MISS.
///
/// With `serde` it is a mapping with the names of the fields; unknown keys are errors, since this is a record of ours and not
/// Nova's answer, which `scs-flavor-naming` reads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Flavor {
    /// The name.
    pub name: String,
    /// The id.
    pub id: Option<String>,
    /// Number of vCPUs.
    pub vcpus: Option<u64>,
    /// RAM in MiB.
    pub ram_mib: Option<u64>,
    /// Root disk in GB; 0 means none.
    pub disk_gb: Option<u64>,
    /// Ephemeral disk in GB, in addition to the root disk; 0 means none.
    pub ephemeral_gb: Option<u64>,
    /// Swap in MiB; 0 means none.
    pub swap_mib: Option<u64>,
    /// The bandwidth factor as written in the source; Nova's default is `1.0`.
    pub rxtx_factor: Option<String>,
    /// The description.
    pub description: Option<String>,
    /// Whether it is visible to all projects.
    pub is_public: Option<bool>,
    /// Whether it is disabled.
    pub disabled: Option<bool>,
    /// The extra specs; `None` if the source does not provide them.
    pub extra_specs: Option<BTreeMap<String, String>>,
    /// Fields that are present but unusable, with the name used in the source and the reason. Rules that need them answer
    /// DNF.
    #[cfg_attr(feature = "serde", serde(default))]
    pub unusable: Vec<Unusable>,
}

/// An unusable field of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Unusable {
    /// The field of [`Flavor`]: `vcpus`, `ram_mib`, ….
    pub field: Cow<'static, str>,
    /// The reason.
    pub reason: String,
}

impl Flavor {
    /// The value of an extra spec.
    #[must_use]
    pub fn extra_spec(&self, key: &str) -> Option<&str> {
        self.extra_specs.as_ref()?.get(key).map(String::as_str)
    }

    /// The reason why a field is unusable, or `None` if it is usable or missing.
    #[must_use]
    pub fn unusable(&self, field: &str) -> Option<&str> {
        self.unusable.iter().find(|unusable| unusable.field == field).map(|unusable| unusable.reason.as_str())
    }
}
