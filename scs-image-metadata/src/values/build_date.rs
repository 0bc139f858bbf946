//! `image_build_date`: the date up to which the image has all patches.

use std::fmt;

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

#[cfg(feature = "schemars")]
use super::day::DAY_PATTERN;
use super::day::{self, Day};
use super::words::ReplaceFrequency;

/// The build date with its original precision, in UTC (scs-0102, *Image build info*).
///
/// ```
/// use scs_image_metadata::BuildDate;
///
/// let built: BuildDate = "2026-10-31 08:30".parse()?;
/// assert_eq!(built.to_string(), "2026-10-31 08:30");
/// assert_eq!(built.date().to_string(), "2026-10-31");
/// # Ok::<(), scs_image_metadata::ParseValueError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum BuildDate {
    /// `YYYY-MM-DD`.
    Day(Day),
    /// `YYYY-MM-DD hh:mm`.
    Minute(Minute),
    /// `YYYY-MM-DD hh:mm:ss`.
    Second(Second),
}

/// A point in time with a precision of minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Minute(DateTime);

/// A point in time with a precision of seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Second(DateTime);

impl BuildDate {
    /// The date without time.
    #[must_use]
    pub fn date(self) -> Date {
        match self {
            Self::Day(day) => day.date(),
            Self::Minute(Minute(time)) | Self::Second(Second(time)) => time.date(),
        }
    }

    /// The earliest time it may stand for; `None` if outside the range of timestamps.
    #[must_use]
    pub fn begin(self) -> Option<Timestamp> {
        let time = match self {
            Self::Day(day) => day.date().to_datetime(Time::midnight()),
            Self::Minute(Minute(time)) | Self::Second(Second(time)) => time,
        };
        TimeZone::UTC.to_timestamp(time).ok()
    }

    /// Whether it is certainly after a point in time: a date is after any time of the previous day.
    #[must_use]
    pub fn is_after(self, moment: Timestamp) -> bool {
        self.begin().is_some_and(|begin| begin > moment)
    }

    /// Parses `YYYY-MM-DDThh:mm[:ss][Z]`, which the text does not allow, as the intended date.
    #[must_use]
    pub fn from_iso(text: &str) -> Option<Self> {
        let (day, time) = text.split_once('T')?;
        format!("{day} {}", time.strip_suffix('Z').unwrap_or(time)).parse().ok()
    }

    /// Parses a time in another spelling, with or without a UTC offset, and converts it to UTC.
    pub(crate) fn in_utc(text: &str) -> Option<Self> {
        let (day, time) = text.trim().split_once(['T', ' '])?;
        let (clock, east) = zone(time)?;
        let clock = clock.split_once('.').map_or(clock, |(clock, _)| clock);
        let local = read(&format!("{} {clock}", day::padded(day)?))?;
        let shifted = |time: DateTime| {
            time.checked_sub(east.minutes()).ok().filter(|time| Day::new(time.date()).is_some())
        };
        Some(match local {
            Self::Day(_) => return None,
            Self::Minute(Minute(time)) => Self::Minute(Minute(shifted(time)?)),
            Self::Second(Second(time)) => Self::Second(Second(shifted(time)?)),
        })
    }

    /// The last day on which an image with this build date and frequency is recent enough: the period plus three days.
    /// Months and years are calendar months and years; a month from 31 January ends on the last day of February.
    #[must_use]
    pub fn fresh_until(self, frequency: ReplaceFrequency) -> Option<Date> {
        use ReplaceFrequency as Frequency;
        let period = match frequency {
            Frequency::Yearly => 1.year(),
            Frequency::Quarterly => 3.months(),
            Frequency::Monthly => 1.month(),
            Frequency::Weekly => 1.week(),
            Frequency::Daily => 1.day(),
            Frequency::CriticalBug | Frequency::Never => return None,
        };
        self.date().checked_add(period).and_then(|due| due.checked_add(GRACE_DAYS.days())).ok()
    }
}

/// The number of days of grace (scs-0102, *Image updating*).
pub(crate) const GRACE_DAYS: i64 = 3;

impl fmt::Display for BuildDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let day = |date| Day::new(date).map_or_else(String::new, |day| day.to_string());
        match self {
            Self::Day(day) => day.fmt(f),
            Self::Minute(Minute(time)) => {
                write!(f, "{} {:02}:{:02}", day(time.date()), time.hour(), time.minute())
            }
            Self::Second(Second(time)) => {
                write!(f, "{} {:02}:{:02}:{:02}", day(time.date()), time.hour(), time.minute(), time.second())
            }
        }
    }
}

/// A time of day without its zone, and the zone's offset in minutes east of UTC.
fn zone(time: &str) -> Option<(&str, i64)> {
    if let Some(clock) = time.strip_suffix(['Z', 'z']).or_else(|| time.strip_suffix("UTC")) {
        return Some((clock.trim_end(), 0));
    }
    let Some(at) = time.rfind(['+', '-']) else { return Some((time, 0)) };
    let (clock, offset) = time.split_at_checked(at)?;
    let digits: String = offset.chars().skip(1).filter(|letter| *letter != ':').collect();
    if !matches!(digits.len(), 2 | 4) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (hours, minutes) = digits.split_at(2);
    let (hours, minutes): (i64, i64) = (hours.parse().ok()?, minutes.parse().unwrap_or(0));
    // No zone is farther from UTC.
    if hours > 14 || minutes > 59 {
        return None;
    }
    let east = 60 * hours + minutes;
    Some((clock.trim_end(), if offset.starts_with('-') { -east } else { east }))
}

/// Parses one of the three forms.
pub(super) fn read(text: &str) -> Option<BuildDate> {
    let Some((day, time)) = text.split_once(' ') else {
        return Day::read(text).and_then(Day::new).map(BuildDate::Day);
    };
    let date = Day::read(day).and_then(Day::new)?.date();
    let two = |one: u8, other: u8| {
        (one.is_ascii_digit() && other.is_ascii_digit())
            .then(|| (one - b'0') * 10 + (other - b'0'))
            .and_then(|number| i8::try_from(number).ok())
    };
    let at =
        |hour, minute, second| Time::new(hour, minute, second, 0).ok().map(|time| date.to_datetime(time));
    match *time.as_bytes() {
        [h1, h2, b':', m1, m2] => {
            at(two(h1, h2)?, two(m1, m2)?, 0).map(|time| BuildDate::Minute(Minute(time)))
        }
        [h1, h2, b':', m1, m2, b':', s1, s2] => {
            at(two(h1, h2)?, two(m1, m2)?, two(s1, s2)?).map(|time| BuildDate::Second(Second(time)))
        }
        _ => None,
    }
}

/// A time of day with optional seconds.
#[cfg(feature = "schemars")]
const CLOCK: &str = "(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?";

scs_standards::as_text!(
    inline BuildDate,
    "BuildDate",
    schemars::json_schema!({
        "type": "string",
        "pattern": format!("^{DAY_PATTERN}(?: {CLOCK}|T{CLOCK}Z?)?$"),
        "description": "The date up to which the image has all patches: YYYY-MM-DD or YYYY-MM-DD hh:mm[:ss], in UTC (scs-0102, \
                        Image build info)."
    })
);
