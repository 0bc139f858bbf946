//! What is kept of an openstack-image-manager definition.

use std::collections::BTreeSet;

/// An openstack-image-manager definition, from which the tool registers one image for each version.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Definition {
    /// The name.
    pub name: String,
    /// The file, if known.
    pub file: Option<String>,
    /// The properties that a version overrides.
    pub(super) in_versions: BTreeSet<String>,
}

impl Definition {
    /// Whether a version overrides a property.
    pub(crate) fn has_in_versions(&self, property: &str) -> bool {
        self.in_versions.contains(property)
    }
}
