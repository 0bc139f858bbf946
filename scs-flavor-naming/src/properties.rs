//! The extra specs of scs-0103-v1, *Properties*: their keys, and those that follow from a name.

use std::fmt;

use scs_standards::Profile;

use crate::disk::DiskType;
use crate::name::FlavorName;
use crate::syntax::Syntax;

/// The key of an extra spec that scs-0103 knows, or another one that begins like them.
///
/// ```
/// use scs_flavor_naming::PropertyKey;
///
/// assert_eq!(PropertyKey::of("scs:name-v2"), Some(PropertyKey::NameVariant(2)));
/// assert_eq!(PropertyKey::of("scs:disk0-type"), Some(PropertyKey::DiskType(0)));
/// assert_eq!(PropertyKey::of("scs:cputype"), Some(PropertyKey::Unknown));
/// assert_eq!(PropertyKey::of("hw_rng:allowed"), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PropertyKey {
    /// `scs:name-vN`, N from 1: a name variant.
    NameVariant(u32),
    /// `scs:cpu-type`.
    CpuType,
    /// `scs:diskN-type`, N from 0.
    DiskType(u32),
    /// Another key that begins `scs:`.
    Unknown,
}

impl PropertyKey {
    /// The key, if it begins `scs:`.
    #[must_use]
    pub fn of(key: &str) -> Option<Self> {
        let rest = key.strip_prefix("scs:")?;
        let number = |text: &str| match text.as_bytes() {
            [b'0'] => Some(0),
            [b'1'..=b'9', ..] => text.parse::<u32>().ok(),
            _ => None,
        };
        let known = if rest == "cpu-type" {
            Some(Self::CpuType)
        } else if let Some(variant) = rest.strip_prefix("name-v") {
            number(variant).filter(|&variant| variant > 0).map(Self::NameVariant)
        } else {
            rest.strip_prefix("disk")
                .and_then(|rest| rest.strip_suffix("-type"))
                .and_then(number)
                .map(Self::DiskType)
        };
        Some(known.unwrap_or(Self::Unknown))
    }
}

/// Prints as the key; an unknown one as `scs:`.
impl fmt::Display for PropertyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NameVariant(number) => write!(f, "scs:name-v{number}"),
            Self::CpuType => f.write_str("scs:cpu-type"),
            Self::DiskType(number) => write!(f, "scs:disk{number}-type"),
            Self::Unknown => f.write_str("scs:"),
        }
    }
}

/// What to say of a disk whose type the name leaves open (C-024).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UntypedDisk {
    /// Nothing: no assumption is allowed.
    #[default]
    LeaveOut,
    /// That it has this type, which the caller knows. The official suite takes [`DiskType::Network`].
    As(DiskType),
}

impl UntypedDisk {
    /// What a profile does where the caller does not know the type.
    #[must_use]
    pub const fn of(profile: Profile) -> Self {
        match profile {
            Profile::Text => Self::LeaveOut,
            Profile::Official => Self::As(DiskType::Network),
        }
    }
}

/// For how many disks of a name properties are written; no flavor of Nova has near as many, but a name may say
/// `4294967295x10`.
pub const MOST_DISK_PROPERTIES: u32 = 64;

impl FlavorName {
    /// The properties that follow from the name (scs-0103-v1, *Properties*), in the order of their keys: CPU type, disk
    /// types, then the name variants — long v1, long v2 and, where they differ, short v1 and short v2. A spelling that
    /// does not exist leaves its number out.
    ///
    /// ```
    /// use scs_flavor_naming::{FlavorName, UntypedDisk};
    /// use scs_standards::Profile;
    ///
    /// let name: FlavorName = "SCS-2V-4-20s_kvm".parse()?;
    /// let properties: Vec<_> =
    ///     name.properties(Profile::Text, UntypedDisk::LeaveOut).into_iter().map(|(key, value)| format!("{key}={value}")).collect();
    /// assert_eq!(
    ///     properties,
    ///     [
    ///         "scs:cpu-type=shared-core",
    ///         "scs:disk0-type=ssd",
    ///         "scs:name-v1=SCS-2V:4:20s-kvm",
    ///         "scs:name-v2=SCS-2V-4-20s_kvm",
    ///         "scs:name-v3=SCS-2V:4:20s",
    ///         "scs:name-v4=SCS-2V-4-20s",
    ///     ]
    /// );
    /// # Ok::<(), scs_flavor_naming::ParseNameError>(())
    /// ```
    #[must_use]
    pub fn properties(&self, profile: Profile, untyped: UntypedDisk) -> Vec<(PropertyKey, String)> {
        let mut properties = vec![(PropertyKey::CpuType, self.cpu.kind.key().to_owned())];
        if let Some(disk) = self.disk {
            let kind = disk.kind().or(match untyped {
                UntypedDisk::LeaveOut => None,
                UntypedDisk::As(kind) => Some(kind),
            });
            let disks = 0..disk.count().get().min(MOST_DISK_PROPERTIES);
            properties.extend(kind.into_iter().flat_map(|kind| {
                disks.clone().map(move |disk| (PropertyKey::DiskType(disk), kind.key().to_owned()))
            }));
        }
        let short = self.short();
        // Of what only the official parser takes, leaving out every `h` may make another name (C-007).
        let has_short = short != *self
            && (profile == Profile::Official || Syntax::ALL.iter().any(|syntax| self.fits(*syntax)));
        let (v1, v2) = (self.spelled_by(Syntax::V1, profile), self.spelled_as_dashed(profile));
        let variants = if has_short {
            [v1, v2, short.spelled_by(Syntax::V1, profile), short.spelled_as_dashed(profile)]
        } else {
            [v1, v2, None, None]
        };
        for (number, variant) in (1..).zip(variants) {
            properties.extend(variant.map(|name| (PropertyKey::NameVariant(number), name)));
        }
        properties
    }

    /// The spelling with dashes, which v2 began and v3 continues.
    fn spelled_as_dashed(&self, profile: Profile) -> Option<String> {
        self.spelled_by(Syntax::V3, profile).or_else(|| self.spelled_by(Syntax::V2, profile))
    }
}
