//! The CPU part of a name: `16T`, `2Vi` (scs-0100-v3, *CPU Suffixes*).

use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;

use thiserror::Error;

/// The class of the vCPUs, weakest guarantee first.
///
/// The order is that of scs-0100-v3, *Naming policy compliance*: a name may state a weaker class than the flavor has.
///
/// ```
/// use scs_flavor_naming::CpuType;
///
/// assert!(CpuType::SharedCore < CpuType::DedicatedThread);
/// assert_eq!(CpuType::SharedCore.letter(), 'V');
/// assert_eq!("shared-core".parse(), Ok(CpuType::SharedCore));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CpuType {
    /// `L`: vCPU, heavily oversubscribed.
    CrowdedCore,
    /// `V`: vCPU, oversubscribed; at least 20 % of a core more than 99 % of the time.
    SharedCore,
    /// `T`: dedicated hardware thread (SMT).
    DedicatedThread,
    /// `C`: dedicated core.
    DedicatedCore,
}

/// A row of the table *CPU Suffixes*.
struct Row {
    letter: u8,
    /// Value of the extra spec `scs:cpu-type` (scs-0103-v1, *Properties*).
    key: &'static str,
    /// Description of one.
    one: &'static str,
    /// Description of several.
    many: &'static str,
}

impl CpuType {
    /// All types, weakest first.
    pub const ALL: [Self; 4] =
        [Self::CrowdedCore, Self::SharedCore, Self::DedicatedThread, Self::DedicatedCore];

    const fn row(self) -> Row {
        match self {
            Self::CrowdedCore => Row {
                letter: b'L',
                key: "crowded-core",
                one: "heavily oversubscribed vCPU",
                many: "heavily oversubscribed vCPUs",
            },
            Self::SharedCore => Row {
                letter: b'V',
                key: "shared-core",
                one: "oversubscribed vCPU",
                many: "oversubscribed vCPUs",
            },
            Self::DedicatedThread => Row {
                letter: b'T',
                key: "dedicated-thread",
                one: "dedicated thread",
                many: "dedicated threads",
            },
            Self::DedicatedCore => {
                Row { letter: b'C', key: "dedicated-core", one: "dedicated core", many: "dedicated cores" }
            }
        }
    }

    const fn byte(self) -> u8 {
        self.row().letter
    }

    /// The value of the extra spec `scs:cpu-type`.
    #[must_use]
    pub const fn key(self) -> &'static str {
        self.row().key
    }

    /// The type for a value of `scs:cpu-type`.
    pub(crate) fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }

    /// A description of `count` vCPUs of the type.
    #[must_use]
    pub const fn words(self, count: u32) -> &'static str {
        if count == 1 { self.row().one } else { self.row().many }
    }
}

crate::letters::from_letter!(CpuType);

impl fmt::Display for CpuType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.key())
    }
}

impl FromStr for CpuType {
    type Err = ParseCpuTypeError;

    /// Parses a value of `scs:cpu-type`; for the letter in a name, see [`CpuType::from_letter`].
    fn from_str(key: &str) -> Result<Self, Self::Err> {
        Self::from_key(key).ok_or_else(|| ParseCpuTypeError(key.chars().take(60).collect()))
    }
}

/// Error: not a value of the extra spec `scs:cpu-type`.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("expected crowded-core, shared-core, dedicated-thread or dedicated-core, found `{0}`")]
pub struct ParseCpuTypeError(String);

/// The CPU part: number and type of the vCPUs, and whether they are insecure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cpu {
    /// The number of vCPUs.
    pub count: NonZeroU32,
    /// The type of the vCPUs.
    pub kind: CpuType,
    /// Suffix `i`: mitigations or microcode are not up to date (scs-0100-v3, *Insufficient microcode*).
    pub insecure: bool,
}
