//! The names of an image's attributes and properties.

use std::fmt;
use std::sync::LazyLock;

/// One row per key: the variant, the name, the sentence.
macro_rules! keys {
    ($($variant:ident = $name:literal, $doc:literal;)+) => {
        /// The attributes that Glance gives every image, and the properties that the standards speak of.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum ImageKey {
            $(#[doc = $doc] $variant,)+
        }

        impl ImageKey {
            /// All of them, in the order of their names.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The name in Glance's API.
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
    ContainerFormat = "container_format", "The format of the container, mostly `bare`.";
    CreatedAt = "created_at", "When the image was registered.";
    DiskFormat = "disk_format", "The format of the disk, such as `qcow2`.";
    File = "file", "Where the data are.";
    HotfixHours = "hotfix_hours", "In how many hours a critical issue is fixed.";
    HwDiskBus = "hw_disk_bus", "The bus that disks are attached to.";
    HwFirmwareType = "hw_firmware_type", "The firmware, `bios` or `uefi`.";
    HwMemEncryption = "hw_mem_encryption", "Whether memory is encrypted.";
    HwPmu = "hw_pmu", "Whether there is a performance monitoring unit.";
    HwRngModel = "hw_rng_model", "The random number generator.";
    HwScsiModel = "hw_scsi_model", "The model of the SCSI controller.";
    HwVideoRam = "hw_video_ram", "The video memory in MiB.";
    HwVifMultiqueueEnabled = "hw_vif_multiqueue_enabled", "Whether the network uses several queues.";
    HwWatchdogAction = "hw_watchdog_action", "What the watchdog does.";
    HypervisorType = "hypervisor_type", "The hypervisor.";
    Id = "id", "The UUID.";
    ImageBuildDate = "image_build_date", "When the image was built.";
    ImageDescription = "image_description", "Where the image is described.";
    ImageOriginalUser = "image_original_user", "The user to log in as.";
    ImageSource = "image_source", "Where the image comes from.";
    L1SupportContact = "l1_support_contact", "Whom to ask for support.";
    LicenseIncluded = "license_included", "Whether a license is included in the price.";
    LicenseRequired = "license_required", "Whether the customer must bring a license.";
    MaintainedUntil = "maintained_until", "Until when the vendor maintains the system.";
    MinDisk = "min_disk", "The disk that the image needs, in GiB.";
    MinRam = "min_ram", "The memory that the image needs, in MiB.";
    Name = "name", "The name.";
    OsDistro = "os_distro", "The distribution.";
    OsHashAlgo = "os_hash_algo", "The algorithm of the hash.";
    OsHashValue = "os_hash_value", "The hash of the data.";
    OsHidden = "os_hidden", "Whether lists leave the image out.";
    OsPurpose = "os_purpose", "What the image is for.";
    OsSecureBoot = "os_secure_boot", "Whether secure boot is needed.";
    OsVersion = "os_version", "The version of the distribution.";
    Owner = "owner", "The project that owns the image.";
    Patchlevel = "patchlevel", "The state of the patches.";
    Protected = "protected", "Whether the image is safe from being deleted.";
    ProvidedUntil = "provided_until", "Until when an image of this name is provided.";
    ReplaceFrequency = "replace_frequency", "How often the image is replaced.";
    Schema = "schema", "The schema of the API.";
    SelfLink = "self", "The image's own address.";
    Size = "size", "The size of the data in bytes.";
    Status = "status", "Whether the data are there.";
    SubscriptionIncluded = "subscription_included", "Whether a maintenance subscription is included.";
    SubscriptionRequired = "subscription_required", "Whether the customer needs a maintenance subscription.";
    Tags = "tags", "The tags.";
    UpdatedAt = "updated_at", "When the image was changed.";
    UuidValidity = "uuid_validity", "How long the UUID stays valid.";
    VirtualSize = "virtual_size", "The size of the disk in bytes.";
    Visibility = "visibility", "Who sees the image.";
}

impl ImageKey {
    /// The key of a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        // A look-up by length leaves a handful of names, of which most end otherwise.
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
