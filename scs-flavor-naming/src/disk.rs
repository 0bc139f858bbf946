//! The disk part of a name: `20`, `3x10s`, `n`, or nothing after the separator (scs-0100-v3, *Disk sizes and types*).

use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;

use thiserror::Error;

/// The type of a disk.
///
/// The order is that of the text's performance classes: `n` < `h` < `s` < `p`. Whether a network disk is weaker than a
/// local one is a separate question; see [`crate::Promise`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DiskType {
    /// `n`: shared network storage, survives the loss of a disk and of a node.
    Network,
    /// `h`: local disk, SATA or SAS class.
    Hdd,
    /// `s`: local SSD.
    Ssd,
    /// `p`: local high-performance NVMe.
    Nvme,
}

/// A row of the table of disk types.
struct Row {
    letter: u8,
    /// Value of the extra spec `scs:diskN-type` (scs-0103-v1, *Properties*).
    key: &'static str,
    words: &'static str,
}

impl DiskType {
    /// All types, in the order of the table.
    pub const ALL: [Self; 4] = [Self::Network, Self::Hdd, Self::Ssd, Self::Nvme];

    const fn row(self) -> Row {
        match self {
            Self::Network => Row { letter: b'n', key: "network", words: "network" },
            Self::Hdd => Row { letter: b'h', key: "hdd", words: "local HDD" },
            Self::Ssd => Row { letter: b's', key: "ssd", words: "local SSD" },
            Self::Nvme => Row { letter: b'p', key: "nvme", words: "local NVMe" },
        }
    }

    const fn byte(self) -> u8 {
        self.row().letter
    }

    /// The value of the extra spec `scs:diskN-type`.
    #[must_use]
    pub const fn key(self) -> &'static str {
        self.row().key
    }

    /// The type for a value of `scs:diskN-type`.
    pub(crate) fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }

    /// A description, such as `local SSD`.
    #[must_use]
    pub const fn words(self) -> &'static str {
        self.row().words
    }
}

crate::letters::from_letter!(DiskType);

impl fmt::Display for DiskType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.key())
    }
}

impl FromStr for DiskType {
    type Err = ParseDiskTypeError;

    /// Parses a value of `scs:diskN-type`; for the letter in a name, see [`DiskType::from_letter`].
    fn from_str(key: &str) -> Result<Self, Self::Err> {
        Self::from_key(key).ok_or_else(|| ParseDiskTypeError(key.chars().take(60).collect()))
    }
}

/// Error: not a value of the extra spec `scs:diskN-type`.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("expected network, hdd, ssd or nvme, found `{0}`")]
pub struct ParseDiskTypeError(String);

/// The disk part: number, size and type of the disks.
///
/// Size and type may be left to the cloud (scs-0100-v3, *Disk sizes and types*, Baseline). Several disks need a size: v1
/// and v2 also list names such as `3xs` without one, which only a parser of those versions produces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Disk {
    count: NonZeroU32,
    size_gb: Option<NonZeroU32>,
    kind: Option<DiskType>,
}

impl Disk {
    /// A disk whose size is chosen by the cloud, large enough for the image's `min_disk`.
    #[must_use]
    pub const fn automatic(kind: Option<DiskType>) -> Self {
        Self { count: NonZeroU32::MIN, size_gb: None, kind }
    }

    /// Creates `count` disks of `size_gb` GB.
    #[must_use]
    pub const fn sized(count: NonZeroU32, size_gb: NonZeroU32, kind: Option<DiskType>) -> Self {
        Self { count, size_gb: Some(size_gb), kind }
    }

    /// Creates a disk found by a parser of an older or laxer grammar.
    #[inline]
    pub(crate) const fn parsed(
        count: NonZeroU32,
        size_gb: Option<NonZeroU32>,
        kind: Option<DiskType>,
    ) -> Self {
        Self { count, size_gb, kind }
    }

    /// The number of disks.
    #[must_use]
    pub const fn count(self) -> NonZeroU32 {
        self.count
    }

    /// The size of each disk in GB; `None` if chosen by the cloud.
    #[must_use]
    pub const fn size_gb(self) -> Option<NonZeroU32> {
        self.size_gb
    }

    /// The type; `None` if chosen by the cloud.
    #[must_use]
    pub const fn kind(self) -> Option<DiskType> {
        self.kind
    }

    /// Whether it is a number of disks without a size, which only v1 and v2 list (C-004).
    #[must_use]
    pub const fn is_sizeless_multidisk(self) -> bool {
        self.count.get() > 1 && self.size_gb.is_none()
    }
}
