//! The memory part of a name: `64`, `3.5uo` (scs-0100-v3, *Memory*).

use std::fmt;

/// An amount of memory: a positive multiple of half a GiB.
///
/// ```
/// use scs_flavor_naming::RamSize;
///
/// let size = RamSize::from_mib(3584).unwrap();
/// assert_eq!(size.to_string(), "3.5");
/// assert_eq!(size.mib(), 3584);
/// assert!(RamSize::from_mib(256).is_none()); // a quarter GiB cannot be expressed
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RamSize {
    gib: u32,
    half: bool,
}

impl RamSize {
    /// Creates `gib` GiB, plus half a GiB if `half` is set; `None` for zero.
    #[inline]
    #[must_use]
    pub const fn new(gib: u32, half: bool) -> Option<Self> {
        if gib == 0 && !half { None } else { Some(Self { gib, half }) }
    }

    /// Creates the amount from MiB, if it is a positive multiple of half a GiB.
    #[must_use]
    pub fn from_mib(mib: u64) -> Option<Self> {
        let gib = u32::try_from(mib / 1024).ok()?;
        match mib % 1024 {
            0 => Self::new(gib, false),
            512 => Self::new(gib, true),
            _ => None,
        }
    }

    /// The largest amount that a name can state for this many MiB, `None` below half a GiB.
    ///
    /// ```
    /// use scs_flavor_naming::RamSize;
    /// assert_eq!(RamSize::at_most_mib(4000).map(|size| size.to_string()).as_deref(), Some("3.5"));
    /// ```
    #[must_use]
    pub fn at_most_mib(mib: u64) -> Option<Self> {
        Self::from_mib(mib - mib % 512)
    }

    /// The whole GiB.
    #[must_use]
    pub const fn gib(self) -> u32 {
        self.gib
    }

    /// Whether there is an additional half GiB.
    #[must_use]
    pub const fn has_half(self) -> bool {
        self.half
    }

    /// The amount in MiB.
    #[must_use]
    pub const fn mib(self) -> u64 {
        self.gib as u64 * 1024 + if self.half { 512 } else { 0 }
    }
}

impl fmt::Display for RamSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.gib, if self.half { ".5" } else { "" })
    }
}

/// The memory part: the amount and its caveats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ram {
    /// The amount.
    pub size: RamSize,
    /// Suffix `u`: the memory has no ECC (scs-0100-v3, *No ECC*).
    pub no_ecc: bool,
    /// Suffix `o`: the memory is oversubscribed (scs-0100-v3, *Enabled Oversubscription*).
    pub oversubscribed: bool,
}
