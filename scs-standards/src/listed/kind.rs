//! What a list contains, for readers that expect a list of something else.

use std::fmt;

/// The content of a list or a document.
///
/// ```
/// use scs_standards::listed::ListKind;
///
/// assert_eq!(ListKind::VolumeTypes.to_string(), "volume types");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ListKind {
    /// Nova flavors.
    Flavors,
    /// Glance images.
    Images,
    /// Cinder volume types.
    VolumeTypes,
    /// The service catalog.
    Services,
    /// Neutron networks.
    Networks,
    /// Nova servers.
    Servers,
    /// Kubernetes objects.
    Kubernetes,
    /// An inventory.
    Inventory,
}

impl ListKind {
    /// The name used in messages.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Flavors => "flavors",
            Self::Images => "images",
            Self::VolumeTypes => "volume types",
            Self::Services => "entries of the service catalog",
            Self::Networks => "networks",
            Self::Servers => "servers",
            Self::Kubernetes => "Kubernetes objects",
            Self::Inventory => "the parts of an inventory",
        }
    }
}

impl fmt::Display for ListKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
