//! A flavor of Nova.

use std::collections::BTreeMap;

/// A flavor as Nova describes it.
///
/// A field is `None` where the source did not say: a flavor-manager file knows no id, an old microversion no extra
/// specs. Rules that need it answer MISS.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
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
    /// Ephemeral disk in GB, which servers get beside the root disk; 0 means none.
    pub ephemeral_gb: Option<u64>,
    /// Swap in MiB; 0 means none.
    pub swap_mib: Option<u64>,
    /// The factor for bandwidth as the source writes it; Nova's default is `1.0`.
    pub rxtx_factor: Option<String>,
    /// The description.
    pub description: Option<String>,
    /// Whether every project sees it.
    pub is_public: Option<bool>,
    /// Whether it is switched off.
    pub disabled: Option<bool>,
    /// The extra specs; `None` where the source did not carry them.
    pub extra_specs: Option<BTreeMap<String, String>>,
    /// What the source gave and nobody can use: the field as the source calls it, and why. Rules that need it answer
    /// DNF.
    pub unusable: Vec<Unusable>,
}

/// A field of a record that was given and cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Unusable {
    /// The field of [`Flavor`]: `vcpus`, `ram_mib`, ….
    pub field: &'static str,
    /// Why it cannot be used.
    pub reason: String,
}

impl Flavor {
    /// The value of an extra spec.
    #[must_use]
    pub fn extra_spec(&self, key: &str) -> Option<&str> {
        self.extra_specs.as_ref()?.get(key).map(String::as_str)
    }

    /// Why a field cannot be used, if it was given and cannot.
    #[must_use]
    pub fn unusable(&self, field: &str) -> Option<&str> {
        self.unusable.iter().find(|unusable| unusable.field == field).map(|unusable| unusable.reason.as_str())
    }
}
