//! Parses dates, and finds the one that is meant by another spelling: a day may be given as a time, and a time as a day.

use std::str::FromStr;

use super::build_date::{self, BuildDate};
use super::day::{self, Day};
use super::error::{Meant, ParseValueError};

impl FromStr for Day {
    type Err = ParseValueError;

    fn from_str(text: &str) -> Result<Self, ParseValueError> {
        Self::read(text)
            .and_then(Self::new)
            .ok_or_else(|| ParseValueError::new(text, "a date such as 2026-11-30").for_day(text, meant(text)))
    }
}

impl FromStr for BuildDate {
    type Err = ParseValueError;

    fn from_str(text: &str) -> Result<Self, ParseValueError> {
        build_date::read(text).ok_or_else(|| {
            let time = Self::in_utc(text).map(|time| Meant::Certainly(time.to_string()));
            ParseValueError::new(text, "a date such as 2026-11-30 or 2026-11-30 08:30[:00], in UTC")
                .for_day(text, time.or_else(|| meant(text)))
        })
    }
}

/// The likely date: `2026-1-5` means `2026-01-05`, and a time means its date in UTC. If anything else follows, it is
/// uncertain.
pub(crate) fn meant(text: &str) -> Option<Meant> {
    if let Some(time) = BuildDate::in_utc(text) {
        return Day::new(time.date()).map(|day| Meant::Certainly(day.to_string()));
    }
    let text = text.trim();
    if let Some(day) = day::padded(text) {
        return Some(Meant::Certainly(day.to_string()));
    }
    let (day, _) = text.split_once(['T', ' '])?;
    day::padded(day).map(|day| Meant::Perhaps(day.to_string()))
}
