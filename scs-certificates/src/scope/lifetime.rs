//! The lifetime of test results (scs-0003-v1, *Test-case descriptor*).

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A period; a result expires at the end of the following period, for a year one month later.
///
/// ```
/// use scs_certificates::Lifetime;
///
/// let checked_at = "2026-11-24T08:30:00Z".parse()?;
/// // Weeks run from Monday to Monday.
/// assert_eq!(Lifetime::Week.expires("2026-11-24T08:30:00Z".parse()?).to_string(), "2026-12-07T00:00:00Z");
/// assert_eq!(Lifetime::Day.expires(checked_at).to_string(), "2026-11-26T00:00:00Z");
/// assert_eq!(Lifetime::Month.expires(checked_at).to_string(), "2027-01-01T00:00:00Z");
/// assert_eq!(Lifetime::Quarter.expires(checked_at).to_string(), "2027-04-01T00:00:00Z");
/// assert_eq!(Lifetime::Year.expires(checked_at).to_string(), "2028-01-01T00:00:00Z");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Lifetime {
    /// One day.
    Day,
    /// One week from Monday; the default.
    #[default]
    Week,
    /// One month.
    Month,
    /// One calendar quarter.
    Quarter,
    /// One year and one month.
    Year,
}

impl Lifetime {
    /// All lifetimes, shortest first.
    pub const ALL: [Self; 5] = [Self::Day, Self::Week, Self::Month, Self::Quarter, Self::Year];

    /// The word used in scope files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
        }
    }

    /// The time at which a result is no longer valid, in UTC; the last representable time if the calendar
    /// ends before.
    #[must_use]
    pub fn expires(self, checked_at: Timestamp) -> Timestamp {
        let day = checked_at.to_zoned(TimeZone::UTC).date();
        self.end(day)
            .map(|end| DateTime::from_parts(end, Time::midnight()))
            .and_then(|end| TimeZone::UTC.to_timestamp(end).ok())
            .unwrap_or(Timestamp::MAX)
    }

    /// The day at whose beginning a result of this day expires.
    fn end(self, day: Date) -> Option<Date> {
        let month = day.first_of_month();
        let end = match self {
            Self::Day => day.checked_add(2.days()),
            Self::Week => day.checked_add((14 - i64::from(day.weekday().to_monday_zero_offset())).days()),
            Self::Month => month.checked_add(2.months()),
            Self::Quarter => {
                let into_quarter = i64::from((day.month() - 1) % 3);
                month.checked_add((6 - into_quarter).months())
            }
            Self::Year => month.checked_add(14.months()),
        };
        end.ok()
    }
}

impl fmt::Display for Lifetime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Error: not a lifetime.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{0}` is not one of day, week, month, quarter and year")]
pub struct ParseLifetimeError(String);

impl FromStr for Lifetime {
    type Err = ParseLifetimeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let known = Self::ALL.into_iter().find(|lifetime| lifetime.name() == text);
        known.ok_or_else(|| ParseLifetimeError(text.chars().take(60).collect()))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn expires(lifetime: Lifetime, day: &str) -> String {
        let at = format!("{day}T23:59:59Z").parse().unwrap();
        lifetime.expires(at).to_zoned(TimeZone::UTC).date().to_string()
    }

    #[test]
    fn periods_end_with_the_calendar() {
        use Lifetime::{Day, Month, Quarter, Week, Year};
        for (lifetime, day, end) in [
            (Day, "2028-02-28", "2028-03-01"),
            (Day, "2026-12-31", "2027-01-02"),
            // A Sunday belongs to the ending week, a Monday to the new one.
            (Week, "2026-11-22", "2026-11-30"),
            (Week, "2026-11-23", "2026-12-07"),
            (Week, "2026-12-31", "2027-01-11"),
            (Month, "2026-01-31", "2026-03-01"),
            (Month, "2026-11-01", "2027-01-01"),
            (Month, "2026-12-31", "2027-02-01"),
            (Quarter, "2026-03-31", "2026-07-01"),
            (Quarter, "2026-04-01", "2026-10-01"),
            (Quarter, "2026-12-31", "2027-04-01"),
            (Year, "2024-11-01", "2026-01-01"),
            (Year, "2024-02-29", "2025-04-01"),
            (Year, "2026-12-31", "2028-02-01"),
        ] {
            assert_eq!(expires(lifetime, day), end, "{lifetime} from {day}");
        }
    }

    #[test]
    fn the_end_of_the_calendar_does_not_panic() {
        for lifetime in Lifetime::ALL {
            assert!(lifetime.expires(Timestamp::MAX) >= Timestamp::MAX);
            let _ = lifetime.expires(Timestamp::MIN);
        }
    }

    proptest! {
        #[test]
        fn a_result_is_valid_for_at_least_one_period(seconds in 0_i64..4_000_000_000) {
            let at = Timestamp::from_second(seconds).unwrap();
            let days = |lifetime: Lifetime| (lifetime.expires(at).as_second() - seconds) / 86_400;
            prop_assert!((1..=2).contains(&days(Lifetime::Day)));
            prop_assert!((7..=14).contains(&days(Lifetime::Week)));
            prop_assert!((28..=62).contains(&days(Lifetime::Month)));
            prop_assert!((90..=184).contains(&days(Lifetime::Quarter)));
            prop_assert!((393..=427).contains(&days(Lifetime::Year)));
        }
    }
}
