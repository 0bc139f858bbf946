//! Amounts of disk and memory: positive integers.

use std::fmt;
use std::num::NonZeroU64;
use std::str::FromStr;

use super::error::ParseValueError;

/// Bytes in a GiB.
const GIB: u64 = 1 << 30;

/// A positive integer in some unit, with or without quotes in JSON.
macro_rules! amount {
    ($(#[$doc:meta])* $name:ident, $title:literal, $unit:literal, $getter:ident, $about:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(NonZeroU64);

        impl $name {
            #[doc = concat!("The amount in ", $unit, ".")]
            #[must_use]
            pub const fn new(amount: NonZeroU64) -> Self {
                Self(amount)
            }

            #[doc = concat!("The amount in ", $unit, ".")]
            #[must_use]
            pub const fn $getter(self) -> u64 {
                self.0.get()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = ParseValueError;

            fn from_str(text: &str) -> Result<Self, ParseValueError> {
                let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
                let amount = if digits { text.parse().ok() } else { None };
                amount
                    .map(Self)
                    .ok_or_else(|| ParseValueError::new(text, concat!("a whole number of ", $unit, " above 0")))
            }
        }

        scs_standards::as_text!(
            inline $name,
            $title,
            schemars::json_schema!({
                "type": ["integer", "string"],
                "minimum": 1,
                "maximum": u64::MAX,
                "pattern": "^0*[1-9][0-9]{0,18}$",
                "description": $about,
            })
        );
    };
}

amount! {
    /// `min_disk` in GiB (2^30 bytes).
    ///
    /// ```
    /// use scs_image_metadata::MinDisk;
    ///
    /// let disk: MinDisk = "8".parse()?;
    /// assert!(disk.holds(8 << 30) && !disk.holds((8 << 30) + 1));
    /// assert_eq!(MinDisk::for_bytes(1), Some("1".parse()?));
    /// # Ok::<(), scs_image_metadata::ParseValueError>(())
    /// ```
    MinDisk, "MinDisk", "GiB", gib,
    "The minimum disk size, in GiB (2^30 bytes); at least the size of the image (scs-0102, Technical requirements and features)."
}

amount! {
    /// `min_ram` in MiB (2^20 bytes).
    MinRam, "MinRam", "MiB", mib,
    "The minimum memory to boot, in MiB (2^20 bytes) (scs-0102, Technical requirements and features)."
}

amount! {
    /// `hw_video_ram` in MiB (2^20 bytes).
    VideoRam, "VideoRam", "MiB", mib,
    "The video memory, in MiB (2^20 bytes) (scs-0102, Technical requirements and features)."
}

impl MinDisk {
    /// Whether data of this size in bytes fit.
    #[must_use]
    pub const fn holds(self, bytes: u64) -> bool {
        self.0.get() as u128 * GIB as u128 >= bytes as u128
    }

    /// The smallest disk for data of this size in bytes; `None` for no data.
    #[must_use]
    pub const fn for_bytes(bytes: u64) -> Option<Self> {
        match NonZeroU64::new(bytes.div_ceil(GIB)) {
            Some(gib) => Some(Self(gib)),
            None => None,
        }
    }
}
