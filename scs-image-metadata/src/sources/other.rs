//! Kinds of lists of other objects.

use std::fmt;

/// The content of a list that is not a list of images.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OtherKind {
    /// Nova flavors.
    Flavors,
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
}

impl OtherKind {
    /// The name used in messages.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Flavors => "flavors",
            Self::VolumeTypes => "volume types",
            Self::Services => "entries of the service catalog",
            Self::Networks => "networks",
            Self::Servers => "servers",
            Self::Kubernetes => "Kubernetes objects",
        }
    }
}

impl fmt::Display for OtherKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
