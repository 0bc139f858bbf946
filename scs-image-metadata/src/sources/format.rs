//! The formats of clouds and tools.

use std::fmt;

use scs_standards::subject::ImageKey;

/// A format for lists of images.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ImageFormat {
    /// The response of Glance's API.
    Glance,
    /// `openstack image show -f json`, or a list of such.
    Show,
    /// `openstack image list --long -f json`.
    List,
    /// YAML of openstack-image-manager.
    Definitions,
}

impl ImageFormat {
    /// The name used in messages.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Glance => "Glance's API",
            Self::Show => "`openstack image show`",
            Self::List => "`openstack image list`",
            Self::Definitions => "openstack-image-manager",
        }
    }

    /// Whether the format can contain a property, so that a missing one is not set.
    #[must_use]
    pub fn carries(self, key: ImageKey) -> bool {
        use ImageKey as Key;
        match self {
            Self::Glance | Self::Show => true,
            Self::List => matches!(
                key,
                Key::Id
                    | Key::Name
                    | Key::DiskFormat
                    | Key::ContainerFormat
                    | Key::Size
                    | Key::Checksum
                    | Key::Status
                    | Key::Visibility
                    | Key::Protected
                    | Key::Owner
                    | Key::Tags
            ),
            Self::Definitions => !matches!(
                key,
                Key::Id | Key::Size | Key::OsHashAlgo | Key::OsHashValue | Key::CreatedAt | Key::UpdatedAt
            ),
        }
    }
}

impl fmt::Display for ImageFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
