//! The extra specs of scs-0103-v1, *Properties*: their keys, and the values that follow from a name.

use std::fmt;

use scs_standards::Profile;

use crate::disk::DiskType;
use crate::name::FlavorName;
use crate::syntax::Syntax;

/// The key of an extra spec defined by scs-0103, or an unknown one with the same prefix.
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
    /// Another key that begins with `scs:`.
    Unknown,
}

impl PropertyKey {
    /// Parses a key that begins with `scs:`.
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

/// Formats as the key; an unknown one as `scs:`.
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

/// Whether a property is a name variant.
pub(crate) fn is_name_variant(key: &str) -> bool {
    key.starts_with("scs:name-v")
}

/// The disk type to assume if the name leaves it open (C-024).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UntypedDisk {
    /// None: no assumption is allowed.
    #[default]
    LeaveOut,
    /// This type, which the caller knows. The official suite assumes [`DiskType::Network`].
    As(DiskType),
}

impl UntypedDisk {
    /// The default for a profile if the caller does not know the type.
    #[must_use]
    pub const fn of(profile: Profile) -> Self {
        match profile {
            Profile::Text => Self::LeaveOut,
            Profile::Official => Self::As(DiskType::Network),
        }
    }
}

/// The maximum number of disks for which properties are generated; real flavors have far fewer, but a name may contain
/// `4294967295x10`.
pub const MOST_DISK_PROPERTIES: u32 = 64;

impl FlavorName {
    /// The properties that follow from the name (scs-0103-v1, *Properties*), in the order of their keys: CPU type, disk
    /// types, then the name variants: long v1, long v2 and, if they differ, short v1 and short v2. If a spelling
    /// does not exist, its number is skipped.
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
        // For names that only the official parser accepts, removing every `h` may give a different name (C-007).
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

    /// The spelling with dashes, introduced in v2 and continued in v3.
    fn spelled_as_dashed(&self, profile: Profile) -> Option<String> {
        self.spelled_by(Syntax::V3, profile).or_else(|| self.spelled_by(Syntax::V2, profile))
    }
}
