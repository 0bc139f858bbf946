//! The metadata of an image as defined by scs-0102, with typed properties.

use std::str::FromStr;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use scs_standards::subject::{Image, ImageField, ImageKey, ValueRef};

use crate::property::Property;
use crate::values::{
    AnyText, Architecture, BuildDate, Day, FirmwareType, Flag, HashAlgorithm, HotfixHours, HwDiskBus,
    HwRngModel, HwScsiModel, HypervisorType, ImageSource, L1SupportContact, MinDisk, MinRam, OriginalUser,
    OsDistro, OsPurpose, OsVersion, ParseValueError, ProvidedUntil, ReplaceFrequency, SecureBoot,
    UuidValidity, VideoRam, Visibility, WatchdogAction,
};

/// Parses a value from the text that Glance stores.
trait FromStored: Sized {
    fn from_stored(text: &str) -> Result<Self, ParseValueError>;

    /// Converts an integer, if possible without its text.
    fn from_whole(_: u64) -> Option<Self> {
        None
    }

    /// Converts a boolean, if possible without its text.
    fn from_flag(_: bool) -> Option<Self> {
        None
    }
}

fn read<T: FromStored>(value: ValueRef<'_>) -> Property<T> {
    let direct = match value {
        ValueRef::Whole(number) => T::from_whole(number),
        ValueRef::Flag(flag) => T::from_flag(flag),
        _ => None,
    };
    direct.map_or_else(|| Property::read(value, T::from_stored), Property::Is)
}

macro_rules! amounts {
    ($($type:ty),+) => {
        $(impl FromStored for $type {
            fn from_stored(text: &str) -> Result<Self, ParseValueError> {
                Self::from_str(text)
            }

            fn from_whole(number: u64) -> Option<Self> {
                std::num::NonZeroU64::new(number).map(Self::new)
            }
        })+
    };
}
amounts!(MinDisk, MinRam, VideoRam);

impl FromStored for Flag {
    fn from_stored(text: &str) -> Result<Self, ParseValueError> {
        Self::from_str(text)
    }

    fn from_flag(flag: bool) -> Option<Self> {
        Some(Self(flag))
    }
}

macro_rules! parsed {
    ($($type:ty),+) => {
        $(impl FromStored for $type {
            fn from_stored(text: &str) -> Result<Self, ParseValueError> {
                Self::from_str(text)
            }
        })+
    };
}
parsed!(
    Architecture,
    BuildDate,
    Day,
    FirmwareType,
    HashAlgorithm,
    HotfixHours,
    HwDiskBus,
    HwRngModel,
    HwScsiModel,
    HypervisorType,
    ImageSource,
    L1SupportContact,
    OriginalUser,
    OsDistro,
    OsPurpose,
    ProvidedUntil,
    ReplaceFrequency,
    SecureBoot,
    UuidValidity,
    Visibility,
    WatchdogAction
);

impl FromStored for OsVersion {
    fn from_stored(text: &str) -> Result<Self, ParseValueError> {
        Ok(text.into())
    }
}

impl FromStored for AnyText {
    fn from_stored(_: &str) -> Result<Self, ParseValueError> {
        Ok(Self)
    }
}

impl FromStored for Timestamp {
    fn from_stored(text: &str) -> Result<Self, ParseValueError> {
        let time: Option<Self> = text.parse().ok();
        // Programs write the year 1 for an unknown time.
        time.filter(|time| Day::new(TimeZone::UTC.to_datetime(*time).date()).is_some())
            .ok_or_else(|| ParseValueError::new(text, "a time such as 2026-11-30T08:30:00Z"))
    }
}

impl FromStored for u64 {
    fn from_stored(text: &str) -> Result<Self, ParseValueError> {
        text.parse().map_err(|_| ParseValueError::new(text, "a whole number"))
    }

    fn from_whole(number: u64) -> Option<Self> {
        Some(number)
    }
}

/// One row per property: field, type, key, description.
macro_rules! metadata {
    ($($field:ident: $type:ty = $key:ident, $doc:literal;)+) => {
        /// The typed properties of an image.
        ///
        /// ```
        /// use scs_image_metadata::{ImageMetadata, OsPurpose, Property, Invalid};
        /// use scs_standards::subject::{Image, ImageValue};
        ///
        /// let image = Image::from_iter([
        ///     ("os_purpose", ImageValue::from("generic")),
        ///     ("min_disk", ImageValue::from("8")),
        ///     ("min_ram", ImageValue::Negative(-1)),
        /// ]);
        /// let metadata = ImageMetadata::of(&image);
        /// assert_eq!(metadata.os_purpose, Property::Is(OsPurpose::Generic));
        /// assert_eq!(metadata.min_disk.value().map(|disk| disk.gib()), Some(8));
        /// assert_eq!(metadata.min_ram, Property::Invalid(Invalid::Malformed));
        /// ```
        #[derive(Clone, Debug, Default, PartialEq)]
        #[non_exhaustive]
        pub struct ImageMetadata {
            $(#[doc = $doc] pub $field: Property<$type>,)+
            /// The names of `trait:…` properties with a value other than `required`.
            pub odd_traits: Vec<Box<str>>,
        }

        impl ImageMetadata {
            /// Parses the properties of an image; of duplicate properties, the first one counts.
            #[must_use]
            pub fn of(image: &Image) -> Self {
                let mut metadata = Self::default();
                for (field, value) in image.fields() {
                    match field {
                        $(ImageField::Known(ImageKey::$key) if metadata.$field.is_absent() => {
                            metadata.$field = read(whole(value).unwrap_or(value));
                        })+
                        ImageField::Other(name)
                            if name.starts_with("trait:") && value.as_text() != Some("required") =>
                        {
                            metadata.odd_traits.push(name.into());
                        }
                        _ => {}
                    }
                }
                metadata
            }

            /// The error in the value of a property; `None` if it is valid or not set.
            #[must_use]
            pub fn mistake(image: &Image, key: ImageKey) -> Option<ParseValueError> {
                let stored = crate::property::stored(image.get(key)?)?;
                match key {
                    $(ImageKey::$key => <$type>::from_stored(&stored).err(),)+
                    _ => None,
                }
            }
        }
    };
}

/// Converts integers written as `1e9` or `8.0`.
fn whole(value: ValueRef<'_>) -> Option<ValueRef<'_>> {
    /// Above this, not every integer has an exact `f64`.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match value {
        ValueRef::Number(number) if number.fract() == 0.0 && (0.0..=EXACT).contains(&number) =>
        {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole and in range")]
            Some(ValueRef::Whole(number as u64))
        }
        _ => None,
    }
}

metadata! {
    architecture: Architecture = Architecture, "The architecture of the CPU.";
    min_disk: MinDisk = MinDisk, "The minimum disk size, in GiB.";
    min_ram: MinRam = MinRam, "The minimum memory size, in MiB.";
    os_version: OsVersion = OsVersion, "The version of the distribution.";
    os_distro: OsDistro = OsDistro, "The distribution.";
    os_purpose: OsPurpose = OsPurpose, "The purpose.";
    hw_disk_bus: HwDiskBus = HwDiskBus, "The bus of its disks.";
    hw_scsi_model: HwScsiModel = HwScsiModel, "Its SCSI controller.";
    hypervisor_type: HypervisorType = HypervisorType, "The hypervisor.";
    hw_rng_model: HwRngModel = HwRngModel, "Its random number generator.";
    os_secure_boot: SecureBoot = OsSecureBoot, "Whether secure boot is required.";
    hw_firmware_type: FirmwareType = HwFirmwareType, "Its firmware.";
    hw_watchdog_action: WatchdogAction = HwWatchdogAction, "The action of the watchdog.";
    hw_mem_encryption: Flag = HwMemEncryption, "Whether its memory is encrypted.";
    hw_pmu: Flag = HwPmu, "Whether it has a performance monitoring unit.";
    hw_video_ram: VideoRam = HwVideoRam, "The video memory, in MiB.";
    hw_vif_multiqueue_enabled: Flag = HwVifMultiqueueEnabled, "Whether its network has several queues.";
    replace_frequency: ReplaceFrequency = ReplaceFrequency, "How often it is replaced.";
    provided_until: ProvidedUntil = ProvidedUntil, "The date through which its name is provided.";
    uuid_validity: UuidValidity = UuidValidity, "How long its UUID stays valid.";
    hotfix_hours: HotfixHours = HotfixHours, "The time to fix critical issues, in hours.";
    image_source: ImageSource = ImageSource, "The origin.";
    image_description: AnyText = ImageDescription, "The documentation.";
    image_build_date: BuildDate = ImageBuildDate, "The build date, up to which all patches are included.";
    image_original_user: OriginalUser = ImageOriginalUser, "The user to log in as.";
    patchlevel: AnyText = Patchlevel, "The patch level.";
    os_hash_algo: HashAlgorithm = OsHashAlgo, "The algorithm of its hash.";
    os_hash_value: AnyText = OsHashValue, "Its hash.";
    license_included: Flag = LicenseIncluded, "Whether a license is included in the price.";
    license_required: Flag = LicenseRequired, "Whether the customer must bring a license.";
    subscription_included: Flag = SubscriptionIncluded, "Whether a maintenance subscription is included.";
    subscription_required: Flag = SubscriptionRequired, "Whether the customer needs a maintenance subscription.";
    maintained_until: Day = MaintainedUntil, "The end of vendor maintenance.";
    l1_support_contact: L1SupportContact = L1SupportContact, "The support contact.";
    visibility: Visibility = Visibility, "The visibility.";
    os_hidden: Flag = OsHidden, "Whether it is hidden from lists.";
    created_at: Timestamp = CreatedAt, "The time of registration.";
    size: u64 = Size, "The size of its data in bytes.";
    virtual_size: u64 = VirtualSize, "The virtual disk size, in bytes.";
}
