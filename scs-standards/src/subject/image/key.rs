//! The names of an image's attributes and properties.

use std::fmt;
use std::sync::LazyLock;

/// One row per key: the variant, the name, the sentence.
macro_rules! keys {
    ($($variant:ident = $name:literal, $doc:literal;)+) => {
        /// The standard attributes of Glance images, and the properties used by the standards.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum ImageKey {
            $(#[doc = $doc] $variant,)+
        }

        impl ImageKey {
            /// All keys, ordered by name.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The name in the Glance API.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }
        }
    };
}

// In the order of their names.
keys! {
    Architecture = "architecture", "The architecture of the CPU.";
    Checksum = "checksum", "The MD5 sum of the data.";
    ContainerFormat = "container_format", "The container format, usually `bare`.";
    CreatedAt = "created_at", "When the image was registered.";
    DiskFormat = "disk_format", "The disk format, such as `qcow2`.";
    File = "file", "The location of the data.";
    HotfixHours = "hotfix_hours", "The number of hours within which a critical issue is fixed.";
    HwDiskBus = "hw_disk_bus", "The bus that disks are attached to.";
    HwFirmwareType = "hw_firmware_type", "The firmware, `bios` or `uefi`.";
    HwMemEncryption = "hw_mem_encryption", "Whether memory is encrypted.";
    HwPmu = "hw_pmu", "Whether there is a performance monitoring unit.";
    HwRngModel = "hw_rng_model", "The random number generator.";
    HwScsiModel = "hw_scsi_model", "The model of the SCSI controller.";
    HwVideoRam = "hw_video_ram", "The video memory in MiB.";
    HwVifMultiqueueEnabled = "hw_vif_multiqueue_enabled", "Whether the network uses several queues.";
    HwWatchdogAction = "hw_watchdog_action", "The action of the watchdog.";
    HypervisorType = "hypervisor_type", "The hypervisor.";
    Id = "id", "The UUID.";
    ImageBuildDate = "image_build_date", "When the image was built.";
    ImageDescription = "image_description", "The documentation of the image.";
    ImageOriginalUser = "image_original_user", "The user to log in as.";
    ImageSource = "image_source", "The origin of the image.";
    L1SupportContact = "l1_support_contact", "The support contact.";
    LicenseIncluded = "license_included", "Whether a license is included in the price.";
    LicenseRequired = "license_required", "Whether the customer must bring a license.";
    MaintainedUntil = "maintained_until", "The end of vendor maintenance.";
    MinDisk = "min_disk", "The minimum disk size, in GiB.";
    MinRam = "min_ram", "The minimum memory size, in MiB.";
    Name = "name", "The name.";
    OsDistro = "os_distro", "The distribution.";
    OsHashAlgo = "os_hash_algo", "The algorithm of the hash.";
    OsHashValue = "os_hash_value", "The hash of the data.";
    OsHidden = "os_hidden", "Whether the image is hidden from lists.";
    OsPurpose = "os_purpose", "The purpose of the image.";
    OsSecureBoot = "os_secure_boot", "Whether secure boot is required.";
    OsVersion = "os_version", "The version of the distribution.";
    Owner = "owner", "The project that owns the image.";
    Patchlevel = "patchlevel", "The patch level.";
    Protected = "protected", "Whether the image is protected from deletion.";
    ProvidedUntil = "provided_until", "The date through which an image of this name is provided.";
    ReplaceFrequency = "replace_frequency", "How often the image is replaced.";
    Schema = "schema", "The schema of the API.";
    SelfLink = "self", "The URL of the image itself.";
    Size = "size", "The size of the data in bytes.";
    Status = "status", "The status of the image data.";
    SubscriptionIncluded = "subscription_included", "Whether a maintenance subscription is included.";
    SubscriptionRequired = "subscription_required", "Whether the customer needs a maintenance subscription.";
    Tags = "tags", "The tags.";
    UpdatedAt = "updated_at", "When the image was changed.";
    UuidValidity = "uuid_validity", "How long the UUID stays valid.";
    VirtualSize = "virtual_size", "The virtual disk size in bytes.";
    Visibility = "visibility", "The visibility of the image.";
}

impl ImageKey {
    /// The key with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        // Comparing lengths first leaves a handful of candidates, most with different endings.
        static BY_LENGTH: LazyLock<Vec<Vec<(u8, ImageKey)>>> = LazyLock::new(|| {
            let end = |key: &ImageKey| key.name().as_bytes().last().copied().unwrap_or_default();
            let longest = ImageKey::ALL.iter().map(|key| key.name().len()).max().unwrap_or(0);
            let of_length = |length| {
                let keys = ImageKey::ALL.iter().filter(|key| key.name().len() == length);
                keys.map(|key| (end(key), *key)).collect()
            };
            (0..=longest).map(of_length).collect()
        });
        let end = *name.as_bytes().last()?;
        let candidates = BY_LENGTH.get(name.len())?.iter().filter(|(last, _)| *last == end);
        candidates.map(|(_, key)| *key).find(|key| key.name() == name)
    }
}

impl fmt::Display for ImageKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
