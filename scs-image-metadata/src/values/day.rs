//! Days as scs-0102 writes them: `YYYY-MM-DD`, in UTC.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;

use super::{ParseValueError, as_text};

/// The days of the calendar as a regular expression, leap days in leap years only.
pub const DAY_PATTERN: &str = "(?:[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])\
|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))\
|(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29)";

/// A day of the calendar, printed as `YYYY-MM-DD`.
///
/// ```
/// use scs_image_metadata::Day;
///
/// let day: Day = "2024-02-29".parse()?;
/// assert_eq!(day.to_string(), "2024-02-29");
/// assert!("2026-02-30".parse::<Day>().is_err());
/// # Ok::<(), scs_image_metadata::ParseValueError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(Date);

impl Day {
    /// The day of a date; `None` before the year 0, which four digits cannot say.
    #[must_use]
    pub fn new(date: Date) -> Option<Self> {
        (date.year() >= 0).then_some(Self(date))
    }

    /// The date.
    #[must_use]
    pub const fn date(self) -> Date {
        self.0
    }

    /// Reads `YYYY-MM-DD`.
    pub(crate) fn read(text: &str) -> Option<Date> {
        let bytes = text.as_bytes();
        let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = bytes else { return None };
        let number = |digits: &[u8]| {
            digits.iter().try_fold(0_i16, |number, digit| {
                digit.is_ascii_digit().then(|| number * 10 + i16::from(digit - b'0'))
            })
        };
        let (year, month, day) = (number(&[y1, y2, y3, y4])?, number(&[m1, m2])?, number(&[d1, d2])?);
        Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.0.year(), self.0.month(), self.0.day())
    }
}

impl FromStr for Day {
    type Err = ParseValueError;

    fn from_str(text: &str) -> Result<Self, ParseValueError> {
        Self::read(text)
            .map(Self)
            .ok_or_else(|| ParseValueError::new(text, "a day such as 2026-11-30").suggest(repaired(text)))
    }
}

/// The same day with all its digits: `2026-1-5` as `2026-01-05`, and a date with time without it.
pub(crate) fn repaired(text: &str) -> Option<String> {
    let day = text.trim().split(['T', ' ']).next()?;
    let parts: Vec<u32> = day.split(['-', '/', '.']).map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let &[year, month, day] = parts.as_slice() else { return None };
    let padded = format!("{year:04}-{month:02}-{day:02}");
    Day::read(&padded).map(|_| padded).filter(|padded| padded != text)
}

as_text!(
    Day,
    "Day",
    schemars::json_schema!({
        "type": "string",
        "pattern": format!("^{DAY_PATTERN}$"),
        "format": "date",
        "description": "A day in UTC, YYYY-MM-DD."
    })
);
