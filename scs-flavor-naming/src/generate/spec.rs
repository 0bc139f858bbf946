//! A flavor to create, independent of the tool.

use std::num::NonZeroU32;

use scs_standards::Profile;
use thiserror::Error;

use crate::hypervisor::Hypervisor;
use crate::name::FlavorName;
use crate::properties::{PropertyKey, UntypedDisk};
use crate::standard_flavors::{FlavorStatus, StandardFlavor};

/// A flavor to create.
///
/// With the feature `serde`, it is serialized like in Nova's API, so that a list can be checked or compared
/// with a cloud: `name`, `vcpus`, `ram` in MiB, `disk` and `OS-FLV-EXT-DATA:ephemeral` in GB, `os-flavor-access:is_public`,
/// `extra_specs`, and `status` for a standard flavor.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FlavorSpec {
    /// The name, which prints as the name of the flavor.
    pub name: FlavorName,
    /// Number of vCPUs.
    pub vcpus: u32,
    /// RAM in MiB.
    pub ram_mib: u64,
    /// Root disk in GB; 0 means none.
    pub disk_gb: u32,
    /// Ephemeral disk in GB, for a name with several disks; users can split it
    /// when they create a server.
    pub ephemeral_gb: u64,
    /// Whether it is visible to all projects.
    pub public: bool,
    /// The extra specs, in output order.
    pub extra_specs: Vec<(String, String)>,
    /// Whether it is mandatory or recommended; `None` if it is not a standard flavor.
    pub status: Option<FlavorStatus>,
}

impl FlavorSpec {
    /// A public standard flavor with the properties required by scs-0103-v1 (*Guarantees and properties*).
    ///
    /// If the table leaves the disk type open, `scs:disk0-type` has to be set to a value of the cloud's choice;
    /// the official data file uses [`DiskType::Network`](crate::DiskType::Network).
    #[must_use]
    pub fn standard(flavor: StandardFlavor, untyped: UntypedDisk) -> Self {
        let name = flavor.name();
        Self {
            name,
            vcpus: flavor.vcpus(),
            ram_mib: flavor.ram_mib(),
            disk_gb: flavor.disk_gb(),
            ephemeral_gb: 0,
            public: true,
            // The names of standard flavors mean the same in both profiles.
            extra_specs: extra_specs(&name, untyped, Profile::Text),
            status: Some(flavor.status()),
        }
    }

    /// A public flavor that matches its name exactly.
    ///
    /// Nova has a single root disk; of several disks, it gets the size of one, and the others become ephemeral disk. A bare-metal server
    /// has its physical disks.
    ///
    /// # Errors
    ///
    /// If the name leaves the disk size to the cloud; use
    /// [`FlavorSpec::from_name_with_disk`] to set it.
    ///
    /// ```
    /// use scs_flavor_naming::generate::{FlavorSpec, UntypedDisk};
    /// use scs_standards::Profile;
    ///
    /// let spec = FlavorSpec::from_name("SCS-2V-3.5-20s".parse()?, UntypedDisk::LeaveOut, Profile::Text)?;
    /// assert_eq!((spec.vcpus, spec.ram_mib, spec.disk_gb), (2, 3584, 20));
    ///
    /// let three = FlavorSpec::from_name("SCS-4C-8-3x10s".parse()?, UntypedDisk::LeaveOut, Profile::Text)?;
    /// assert_eq!((three.disk_gb, three.ephemeral_gb), (10, 20));
    ///
    /// let open = FlavorSpec::from_name("SCS-2V-4-s".parse()?, UntypedDisk::LeaveOut, Profile::Text);
    /// assert_eq!(open.unwrap_err().to_string(), "`SCS-2V-4-s` leaves the disk size to the cloud; choose one");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn from_name(
        name: FlavorName,
        untyped: UntypedDisk,
        profile: Profile,
    ) -> Result<Self, FlavorSpecError> {
        let disk_gb = match name.disk() {
            None => 0,
            Some(disk) => disk.size_gb().ok_or(FlavorSpecError::OpenDiskSize(name))?.get(),
        };
        Ok(Self::with_disk_gb(name, disk_gb, untyped, profile))
    }

    /// Like [`FlavorSpec::from_name`], with the root disk size in GB for a name that leaves it open; ignored for a name
    /// with a size or without a disk.
    #[must_use]
    pub fn from_name_with_disk(
        name: FlavorName,
        open_disk_gb: NonZeroU32,
        untyped: UntypedDisk,
        profile: Profile,
    ) -> Self {
        let disk_gb = name.disk().map_or(0, |disk| disk.size_gb().unwrap_or(open_disk_gb).get());
        Self::with_disk_gb(name, disk_gb, untyped, profile)
    }

    fn with_disk_gb(name: FlavorName, disk_gb: u32, untyped: UntypedDisk, profile: Profile) -> Self {
        let disks = match name.hypervisor() {
            Some(Hypervisor::BareMetal) => 1,
            _ => name.disk().map_or(1, |disk| disk.count().get()),
        };
        Self {
            name,
            vcpus: name.cpu().count.get(),
            ram_mib: name.ram().size.mib(),
            disk_gb,
            ephemeral_gb: u64::from(disk_gb) * u64::from(disks - 1),
            public: true,
            extra_specs: extra_specs(&name, untyped, profile),
            status: StandardFlavor::of(&name).map(StandardFlavor::status),
        }
    }

    /// The value of an extra spec.
    #[must_use]
    pub fn extra_spec(&self, key: &str) -> Option<&str> {
        self.extra_specs.iter().find(|(own, _)| own == key).map(|(_, value)| value.as_str())
    }
}

/// The properties that follow from a name, in the order of scs-0103-v1: names, CPU type, disk types.
fn extra_specs(name: &FlavorName, untyped: UntypedDisk, profile: Profile) -> Vec<(String, String)> {
    let properties = name.properties(profile, untyped);
    let (names, types): (Vec<_>, Vec<_>) =
        properties.into_iter().partition(|(key, _)| matches!(key, PropertyKey::NameVariant(_)));
    names.into_iter().chain(types).map(|(key, value)| (key.to_string(), value)).collect()
}

/// Error: a name does not determine the flavor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum FlavorSpecError {
    /// The name leaves the disk size to the cloud.
    #[error("`{0}` leaves the disk size to the cloud; choose one")]
    OpenDiskSize(FlavorName),
}

#[cfg(feature = "serde")]
mod serde_impl {
    use serde::ser::{Serialize, SerializeMap, Serializer};

    use super::FlavorSpec;

    impl Serialize for FlavorSpec {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let mut map = serializer.serialize_map(None)?;
            map.serialize_entry("name", &format_args!("{}", self.name))?;
            map.serialize_entry("vcpus", &self.vcpus)?;
            map.serialize_entry("ram", &self.ram_mib)?;
            map.serialize_entry("disk", &self.disk_gb)?;
            if self.ephemeral_gb > 0 {
                map.serialize_entry("OS-FLV-EXT-DATA:ephemeral", &self.ephemeral_gb)?;
            }
            map.serialize_entry("os-flavor-access:is_public", &self.public)?;
            map.serialize_entry("extra_specs", &InOrder(&self.extra_specs))?;
            if let Some(status) = self.status {
                map.serialize_entry("status", status.key())?;
            }
            map.end()
        }
    }

    /// Serializes pairs as a map in their original order.
    struct InOrder<'a>(&'a [(String, String)]);

    impl Serialize for InOrder<'_> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
        }
    }
}
