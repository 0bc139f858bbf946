//! `hotfix_hours`: the time to fix critical issues.

use std::fmt;
use std::str::FromStr;

use super::error::ParseValueError;

/// The hours within which there is a new image, counted from when a critical issue (CVSS of 9.0 or more) is public and a tested fix
/// is available, whichever is later; 0 means best effort (scs-0102, *Image updating*).
///
/// ```
/// use scs_image_metadata::HotfixHours;
///
/// assert_eq!("48".parse::<HotfixHours>()?.hours(), 48.0);
/// assert!("0".parse::<HotfixHours>()?.is_best_effort());
/// assert!("-1".parse::<HotfixHours>().is_err());
/// # Ok::<(), scs_image_metadata::ParseValueError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct HotfixHours(f64);

impl HotfixHours {
    /// The number of hours.
    #[must_use]
    pub const fn hours(self) -> f64 {
        self.0
    }

    /// Whether there is no firm commitment.
    #[must_use]
    pub const fn is_best_effort(self) -> bool {
        self.0 == 0.0
    }
}

impl fmt::Display for HotfixHours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl FromStr for HotfixHours {
    type Err = ParseValueError;

    fn from_str(text: &str) -> Result<Self, ParseValueError> {
        let error = || ParseValueError::new(text, "a number of hours, 0 or more");
        let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
        let digits =
            |part: &str| (1..=9).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(whole) || !digits(fraction) {
            return Err(error());
        }
        text.parse().map(Self).map_err(|_| error())
    }
}

scs_standards::as_text!(
    inline HotfixHours,
    "HotfixHours",
    schemars::json_schema!({
        "type": ["string", "number"],
        "pattern": "^[0-9]{1,9}(?:\\.[0-9]{1,9})?$",
        "minimum": 0,
        "description": "The hours within which a critical issue (CVSS of 9.0 or more) is fixed by a new image; 0 is best effort \
                        (scs-0102, Image updating)."
    })
);
