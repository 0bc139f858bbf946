//! Maintenance commitments: how long a name is provided and a UUID stays valid.

use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;

use super::dates;
#[cfg(feature = "schemars")]
use super::day::DAY_PATTERN;
use super::day::{self, Day};
use super::error::ParseValueError;
use super::spelling::meant;

/// `provided_until`: the date through which an image with this name is provided and updated (scs-0102, *Image updating*).
///
/// ```
/// use scs_image_metadata::ProvidedUntil;
///
/// assert_eq!("notice".parse::<ProvidedUntil>()?, ProvidedUntil::Notice);
/// assert_eq!("2026-12-31".parse::<ProvidedUntil>()?.to_string(), "2026-12-31");
/// # Ok::<(), scs_image_metadata::ParseValueError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ProvidedUntil {
    /// `none`: no commitment.
    None,
    /// `notice`: until a deprecation is announced.
    Notice,
    /// At least through this day.
    Day(Day),
}

/// `uuid_validity`: how long the image can be referred to by its UUID (scs-0102, *Image updating*).
///
/// ```
/// use scs_image_metadata::UuidValidity;
///
/// let UuidValidity::Last(last) = "last-3".parse()? else { panic!() };
/// assert_eq!(last.count(), 3);
/// assert!("last-0".parse::<UuidValidity>().is_err());
/// # Ok::<(), scs_image_metadata::ParseValueError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UuidValidity {
    /// `none`: as long as the content does not change.
    None,
    /// `last-N`: until N newer images have replaced it.
    Last(LastN),
    /// At least through this day.
    Day(Day),
    /// `notice`: until a deprecation is announced.
    Notice,
    /// `forever`: as long as the cloud exists.
    Forever,
}

/// The number of kept predecessors of the current image; at least one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LastN(NonZeroU32);

impl LastN {
    /// Creates the number.
    #[must_use]
    pub const fn new(count: NonZeroU32) -> Self {
        Self(count)
    }

    /// The number of predecessors.
    #[must_use]
    pub const fn count(self) -> u32 {
        self.0.get()
    }
}

impl fmt::Display for ProvidedUntil {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("none"),
            Self::Notice => f.write_str("notice"),
            Self::Day(day) => day.fmt(f),
        }
    }
}

impl FromStr for ProvidedUntil {
    type Err = ParseValueError;

    fn from_str(text: &str) -> Result<Self, ParseValueError> {
        match text {
            "none" => Ok(Self::None),
            "notice" => Ok(Self::Notice),
            _ => Day::read(text).and_then(Day::new).map(Self::Day).ok_or_else(|| {
                let error = ParseValueError::new(text, "a date such as 2026-11-30, `none` or `notice`");
                match dates::meant(text) {
                    None if !day::is_of_another_year(text) => error.guess(meant(text, ["none", "notice"])),
                    day => error.for_day(text, day),
                }
            }),
        }
    }
}

impl fmt::Display for UuidValidity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("none"),
            Self::Last(last) => write!(f, "last-{}", last.0),
            Self::Day(day) => day.fmt(f),
            Self::Notice => f.write_str("notice"),
            Self::Forever => f.write_str("forever"),
        }
    }
}

impl FromStr for UuidValidity {
    type Err = ParseValueError;

    fn from_str(text: &str) -> Result<Self, ParseValueError> {
        match text {
            "none" => return Ok(Self::None),
            "notice" => return Ok(Self::Notice),
            "forever" => return Ok(Self::Forever),
            _ => {}
        }
        if let Some(count) = text.strip_prefix("last-").and_then(count) {
            return Ok(Self::Last(LastN(count)));
        }
        Day::read(text).and_then(Day::new).map(Self::Day).ok_or_else(|| {
            let error = ParseValueError::new(
                text,
                "`none`, `last-N` with N of at least 1, a date such as 2026-11-30, `notice` or `forever`",
            );
            match (last_n(text), dates::meant(text)) {
                (Some(0), _) => error.guess(Some("none".to_owned())),
                (Some(last), _) => error.suggest(Some(format!("last-{last}"))),
                (None, None) if !day::is_of_another_year(text) => {
                    error.guess(meant(text, ["none", "notice", "forever"]))
                }
                (None, day) => error.for_day(text, day),
            }
        })
    }
}

/// The number of a `last-N` in another spelling, such as `Last-3`, `last 3` or `last-03`.
fn last_n(text: &str) -> Option<u32> {
    let folded = text.trim().to_ascii_lowercase();
    let count = folded.strip_prefix("last")?.trim_start_matches(['-', '_', ' ', '=']);
    let digits = (1..=9).contains(&count.len()) && count.bytes().all(|byte| byte.is_ascii_digit());
    if digits { count.parse().ok() } else { None }
}

/// A number from 1 to 999999999 without leading zeros.
fn count(text: &str) -> Option<NonZeroU32> {
    let digits = text.len() <= 9 && !text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits { text.parse().ok() } else { None }
}

scs_standards::as_text!(
    inline ProvidedUntil,
    "ProvidedUntil",
    schemars::json_schema!({
        "type": "string",
        "pattern": format!("^(?:none|notice|{})$", DAY_PATTERN),
        "description": "The date through which an image with this name is provided and updated: YYYY-MM-DD in UTC, none for no commitment, \
                        notice until a deprecation is announced (scs-0102, Image updating)."
    })
);

scs_standards::as_text!(
    inline UuidValidity,
    "UuidValidity",
    schemars::json_schema!({
        "type": "string",
        "pattern": format!("^(?:none|notice|forever|last-[1-9][0-9]{{0,8}}|{})$", DAY_PATTERN),
        "description": "How long the UUID stays valid: none (as long as the content does not change), last-N (until N newer \
                        images have replaced it), YYYY-MM-DD in UTC, notice (until a deprecation is announced) or forever \
                        (scs-0102, Image updating)."
    })
);
