//! Dates and times, as written by people and programs.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use serde::Deserialize;
use thiserror::Error;

/// A date or a time.
///
/// Times without an offset are in UTC, as in sslyze's output.
///
/// ```
/// use scs_iaas_policy::Moment;
///
/// let day: Moment = "2026-11-20".parse()?;
/// let time: Moment = "2026-11-20T00:00:00+01:00".parse()?;
/// assert!(day.is_day() && time.start() < day.start());
/// assert_eq!("2026-11-20T08:30:00".parse::<Moment>()?.to_string(), "2026-11-20T08:30:00Z");
/// # Ok::<(), scs_iaas_policy::ParseMomentError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// A date in UTC.
    Day(Date),
    /// A time.
    Time(Timestamp),
}

/// Error: neither a date nor a time.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{0}` is not a date (`2026-11-20`) or a time (`2026-11-20T08:30:00Z`)")]
pub struct ParseMomentError(String);

impl FromStr for Moment {
    type Err = ParseMomentError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        // Parsing a `Date` would also accept a time and drop the hour.
        if text.len() == "2026-11-20".len()
            && let Ok(day) = text.parse()
        {
            return Ok(Self::Day(day));
        }
        let in_utc = || text.parse::<DateTime>().ok()?.to_zoned(TimeZone::UTC).ok();
        let time = text.parse().ok().or_else(|| in_utc().map(|time| time.timestamp()));
        time.map(Self::Time).ok_or_else(|| ParseMomentError(text.to_owned()))
    }
}

impl Moment {
    /// The time, or 00:00:00Z of the day.
    #[must_use]
    pub fn start(self) -> Timestamp {
        match self {
            Self::Day(day) => midnight(day).unwrap_or(Timestamp::MIN),
            Self::Time(time) => time,
        }
    }

    /// The time, or the end of the day.
    #[must_use]
    pub fn end(self) -> Timestamp {
        match self {
            Self::Day(day) => day.tomorrow().ok().and_then(midnight).unwrap_or(Timestamp::MAX),
            Self::Time(time) => time,
        }
    }

    /// Whether only the date is known.
    #[must_use]
    pub const fn is_day(self) -> bool {
        matches!(self, Self::Day(_))
    }
}

fn midnight(day: Date) -> Option<Timestamp> {
    day.to_zoned(TimeZone::UTC).ok().map(|start| start.timestamp())
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(day) => write!(f, "{day}"),
            Self::Time(time) => write!(f, "{time}"),
        }
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}
