//! The formats of clouds and tools.

use std::fmt;

/// A format for lists of flavors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FlavorFormat {
    /// The response of Nova's API.
    Nova,
    /// The output of the OpenStack client with `-f json`.
    Osc,
    /// YAML of openstack-flavor-manager, including the official file of mandatory flavors.
    FlavorManager,
    /// YAML with `flavor_groups`, with memory in GiB.
    FlavorGroups,
}

impl FlavorFormat {
    /// The name used on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Nova => "nova",
            Self::Osc => "osc",
            Self::FlavorManager => "flavor-manager",
            Self::FlavorGroups => "flavor-groups",
        }
    }
}

impl fmt::Display for FlavorFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
