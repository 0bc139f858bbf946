//! `--at`: the date or time to use as the current time.

use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// A point in time, given as a date (its 00:00:00Z) or as RFC 3339.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct At(pub(crate) Timestamp);

impl FromStr for At {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = "expected a date such as 2026-11-23 or a time such as 2026-11-23T08:30:00Z";
        // Times need an offset, so that they mean the same everywhere.
        if text.len() == "2026-11-23".len() {
            let date: Date = text.parse().map_err(|_| wrong.to_owned())?;
            let too_late = |_| "the date is outside the supported years".to_owned();
            let midnight = date.to_zoned(TimeZone::UTC).map_err(too_late)?;
            return Ok(Self(midnight.timestamp()));
        }
        text.parse().map(Self).map_err(|_| wrong.to_owned())
    }
}

/// The time of the check: from `--at`, or the clock. Only the command line reads the clock.
pub(crate) fn now(at: Option<At>) -> Timestamp {
    at.map_or_else(
        || {
            // Whole seconds, like the reports of the official suite.
            let now = Timestamp::now();
            Timestamp::from_second(now.as_second()).unwrap_or(now)
        },
        |At(time)| time,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_times_with_an_offset_are_accepted() {
        let time = |text: &str| text.parse::<At>().map(|at| at.0.to_string());
        assert_eq!(time("2026-11-23").unwrap(), "2026-11-23T00:00:00Z");
        assert_eq!(time("2026-11-23T10:00:00+02:00").unwrap(), "2026-11-23T08:00:00Z");
        assert!(time("2026-13-01").is_err());
        assert!(time("2026-11-23T10:00:00").is_err());
        assert!(time("yesterday").is_err());
    }
}
