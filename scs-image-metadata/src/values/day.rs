//! Dates in the format of scs-0102: `YYYY-MM-DD`, in UTC.

use std::fmt;
use std::ops::RangeInclusive;

use jiff::civil::Date;

/// The plausible years. An earlier one is a typo: a two-digit year with leading zeros.
const YEARS: RangeInclusive<i16> = 1970..=9999;

/// A regular expression for calendar dates from 1970 on, with leap days only in leap years.
pub const DAY_PATTERN: &str = "(?:(?:19[7-9][0-9]|[2-9][0-9]{3})-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])\
|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))\
|(?:19(?:7[26]|8[048]|9[26])|[2-9][0-9](?:0[48]|[2468][048]|[13579][26])|(?:[2468][048]|[3579][26])00)-02-29)";

/// A calendar date from 1970 on, printed as `YYYY-MM-DD`.
///
/// ```
/// use scs_image_metadata::Day;
///
/// let day: Day = "2024-02-29".parse()?;
/// assert_eq!(day.to_string(), "2024-02-29");
/// assert!("2026-02-30".parse::<Day>().is_err());
/// assert!("0026-02-28".parse::<Day>().is_err());
/// # Ok::<(), scs_image_metadata::ParseValueError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(Date);

impl Day {
    /// Creates the day from a date; `None` before 1970.
    #[must_use]
    pub fn new(date: Date) -> Option<Self> {
        YEARS.contains(&date.year()).then_some(Self(date))
    }

    /// The date.
    #[must_use]
    pub const fn date(self) -> Date {
        self.0
    }

    /// Parses `YYYY-MM-DD` of any year.
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

/// The date with all digits. A two-digit year is not guessed: `26-11-10` may be the 10th or the 26th.
pub(crate) fn padded(text: &str) -> Option<Day> {
    let parts: Vec<&str> = text.split(['-', '/', '.']).collect();
    let &[year, month, day] = parts.as_slice() else { return None };
    let digits = |part: &str| (1..=2).contains(&part.len());
    if year.len() != 4 || !digits(month) || !digits(day) {
        return None;
    }
    Day::read(&format!("{year}-{month:0>2}-{day:0>2}")).and_then(Day::new)
}

/// Whether a text begins with a date of an implausible year.
pub(crate) fn is_of_another_year(text: &str) -> bool {
    let day = text.trim().split(['T', ' ']).next().unwrap_or_default();
    Day::read(day).is_some_and(|date| Day::new(date).is_none())
}

scs_standards::as_text!(
    inline Day,
    "Day",
    schemars::json_schema!({
        "type": "string",
        "pattern": format!("^{DAY_PATTERN}$"),
        "format": "date",
        "description": "A date in UTC, YYYY-MM-DD, from 1970 on."
    })
);
