//! The official test suite's parsing of dates and aging of images, including its peculiarities, for `Profile::Official`.

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use scs_standards::Verdict;
use scs_standards::python::{decimal, is_space};
use scs_standards::subject::{ImageKey, ValueRef};

use crate::checked_image::CheckedImage;
use crate::set::ImageSet;

/// A part of a `strptime` format.
#[derive(Clone, Copy)]
enum Piece {
    Year,
    Month,
    Day,
    Hour,
    Minute,
    Second,
    Letter(char),
    Blanks,
}

use Piece::{Blanks, Day, Hour, Letter, Minute, Month, Second, Year};

const DATE: [Piece; 5] = [Year, Letter('-'), Month, Letter('-'), Day];
const ISO: [Piece; 12] = [
    Year,
    Letter('-'),
    Month,
    Letter('-'),
    Day,
    Letter('T'),
    Hour,
    Letter(':'),
    Minute,
    Letter(':'),
    Second,
    Letter('Z'),
];
const WITH_SECONDS: [Piece; 11] =
    [Year, Letter('-'), Month, Letter('-'), Day, Blanks, Hour, Letter(':'), Minute, Letter(':'), Second];
const WITH_MINUTES: [Piece; 9] =
    [Year, Letter('-'), Month, Letter('-'), Day, Blanks, Hour, Letter(':'), Minute];
const COMPACT: [Piece; 3] = [Year, Month, Day];

/// Parses a date to seconds since 1970, like the suite; `None` for invalid texts and for 1970-01-01 itself, which
/// the suite treats as missing.
pub(crate) fn date(text: &str) -> Option<i64> {
    // Nearly all dates have this format, which no other format matches.
    if let Some(date) = crate::values::Day::read(text).filter(|date| date.year() > 0) {
        return TimeZone::UTC
            .to_timestamp(date.to_datetime(Time::midnight()))
            .ok()
            .map(Timestamp::as_second)
            .filter(|it| *it != 0);
    }
    first(text, &[&ISO, &WITH_SECONDS, &WITH_MINUTES, &DATE])
}

/// Parses the single format in which Glance writes times.
pub(crate) fn time(text: &str) -> Option<i64> {
    first(text, &[&ISO])
}

/// Whether a word marks an image as old.
fn is_marker(word: &str) -> bool {
    matches!(word, "old" | "prev") || first(word, &[&DATE, &COMPACT]).is_some()
}

fn first(text: &str, formats: &[&[Piece]]) -> Option<i64> {
    let signs: Vec<Sign> = text.chars().map(Sign::of).collect();
    formats.iter().find_map(|format| seconds(&signs, format)).filter(|seconds| *seconds != 0)
}

/// A character from the point of view of a format.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sign {
    /// A digit of ASCII, with its value.
    Digit(u8),
    /// A digit of another script, which is accepted where a format allows any digit, but not for specific digits.
    Foreign(u8),
    Blank,
    Other(char),
}

impl Sign {
    fn of(character: char) -> Self {
        match decimal(character) {
            Some(value) if character.is_ascii() => Self::Digit(value),
            Some(value) => Self::Foreign(value),
            None if is_space(character) => Self::Blank,
            None => Self::Other(character),
        }
    }
}

fn seconds(text: &[Sign], format: &[Piece]) -> Option<i64> {
    let mut parts = [0_i16, 1, 1, 0, 0, 0];
    if !matches(text, format, &mut parts) {
        return None;
    }
    let [year, month, day, hour, minute, second] = parts;
    if year == 0 {
        return None;
    }
    let small = |number: i16| i8::try_from(number).ok();
    let date = Date::new(year, small(month)?, small(day)?).ok()?;
    let midnight = TimeZone::UTC.to_timestamp(date.to_datetime(Time::midnight())).ok()?;
    // The seconds 60 and 61 are accepted and counted.
    Some(midnight.as_second() + i64::from(hour) * 3600 + i64::from(minute) * 60 + i64::from(second))
}

/// Matches like Python's regular expressions: alternatives in order, with backtracking.
fn matches(text: &[Sign], format: &[Piece], parts: &mut [i16; 6]) -> bool {
    let Some((piece, rest)) = format.split_first() else { return text.is_empty() };
    match piece {
        Letter(letter) => {
            let is_it =
                |sign: &Sign| matches!(sign, Sign::Other(other) if other.eq_ignore_ascii_case(letter));
            text.first().is_some_and(is_it) && matches(&text[1..], rest, parts)
        }
        Blanks => {
            let blanks = text.iter().take_while(|sign| **sign == Sign::Blank).count();
            (1..=blanks).rev().any(|count| matches(&text[count..], rest, parts))
        }
        Year => number(text, 4, |_| true, 0..=9999).is_some_and(|year| {
            parts[0] = year;
            matches(&text[4..], rest, parts)
        }),
        Month => field(text, rest, parts, 1, |_| false, 1..=12),
        Day => {
            let blank = text.split_first().filter(|(sign, text)| {
                **sign == Sign::Blank && text.first().is_some_and(|first| matches!(first, Sign::Digit(1..)))
            });
            // The second digit of a day may be any digit after a 1 or 2.
            field(text, rest, parts, 2, |first| matches!(first, Some(1 | 2)), 1..=31)
                || blank.and_then(|(_, text)| Some((text, number(text, 1, |_| false, 1..=9)?))).is_some_and(
                    |(text, day)| {
                        parts[2] = day;
                        matches(&text[1..], rest, parts)
                    },
                )
        }
        Hour => field(text, rest, parts, 3, |first| matches!(first, None | Some(0 | 1)), 0..=23),
        Minute => field(text, rest, parts, 4, |_| true, 0..=59),
        Second => field(text, rest, parts, 5, |first| first != Some(6), 0..=61),
    }
}

/// One or two digits. `any` tells whether the last digit may be of any script, given the first of two as an ASCII digit.
fn field(
    text: &[Sign],
    rest: &[Piece],
    parts: &mut [i16; 6],
    index: usize,
    any: fn(Option<u8>) -> bool,
    range: std::ops::RangeInclusive<i16>,
) -> bool {
    [2, 1].into_iter().any(|length| {
        let first = match (length, text) {
            (1, _) => Some(None),
            (_, [Sign::Digit(first), ..]) => Some(Some(*first)),
            _ => None,
        };
        let value = first
            .and_then(|first| number(text, length, |index| index + 1 == length && any(first), range.clone()));
        value.is_some_and(|value| {
            parts[index] = value;
            matches(&text[length..], rest, parts)
        })
    })
}

/// A number with this many digits; `foreign` tells which positions accept digits of other scripts.
fn number(
    text: &[Sign],
    length: usize,
    foreign: impl Fn(usize) -> bool,
    range: std::ops::RangeInclusive<i16>,
) -> Option<i16> {
    let digits = text.get(..length)?;
    let value = digits.iter().enumerate().try_fold(0_i16, |value, (index, sign)| match sign {
        Sign::Digit(digit) => Some(value * 10 + i16::from(*digit)),
        Sign::Foreign(digit) if foreign(index) => Some(value * 10 + i16::from(*digit)),
        _ => None,
    })?;
    range.contains(&value).then_some(value)
}

/// The age of an image according to the suite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Age {
    /// Recent enough.
    Fine,
    /// Too old, but without commitment: `provided_until` is `none` or `notice`, or has passed.
    Excused,
    /// Too old, but hidden or marked as old.
    Retired,
    /// Too old.
    Outdated,
    /// Too old, and `provided_until` is not a date.
    NoDate,
    /// `provided_until` is missing, which makes the suite fail with an error.
    Stumbles,
}

/// The suite's period in seconds; a tenth is added to each.
fn period(frequency: &str) -> Option<i64> {
    const DAY: i64 = 24 * 3600;
    Some(match frequency {
        "yearly" => 365 * DAY,
        "quarterly" => 92 * DAY,
        "monthly" => 31 * DAY,
        // A day has 25 hours, by a mistake in the suite (C-042).
        "weekly" => 7 * 25 * 3600,
        "daily" => 25 * 3600,
        _ => return None,
    })
}

/// The age of an image at a point in time.
pub(crate) fn age(image: &CheckedImage, now: Timestamp) -> Age {
    let text = |key| image.image().text(key);
    let built = text(ImageKey::ImageBuildDate).and_then(date);
    let built = built.or_else(|| text(ImageKey::CreatedAt).and_then(time)).unwrap_or(0);
    let Some(period) = text(ImageKey::ReplaceFrequency).and_then(period) else { return Age::Fine };
    let now = now.as_second();
    // now <= built + 1.1 × period, in integers.
    if 10 * (now - built) <= 11 * period {
        return Age::Fine;
    }
    let Some(ValueRef::Text(until)) = image.image().get(ImageKey::ProvidedUntil) else {
        return Age::Stumbles;
    };
    if matches!(until, "none" | "notice") {
        return Age::Excused;
    }
    match date(until) {
        None => return Age::NoDate,
        Some(until) if now > until => return Age::Excused,
        Some(_) => {}
    }
    let marked = image.name().and_then(|name| name.rsplit_once(' ')).is_some_and(|(_, word)| is_marker(word));
    if image.is_hidden() || marked { Age::Retired } else { Age::Outdated }
}

/// The verdict of the suite's recency test: an outdated image passes if the image with its name minus the last
/// word is recent enough.
pub(crate) fn recency(set: &ImageSet, image: &CheckedImage, now: Timestamp) -> Verdict {
    match age(image, now) {
        Age::Fine | Age::Excused => Verdict::Pass,
        Age::Stumbles => Verdict::Dnf,
        Age::NoDate => Verdict::Fail,
        Age::Retired | Age::Outdated => match replacement(set, image) {
            None => Verdict::Fail,
            Some(replacement) => match age(replacement, now) {
                Age::Fine | Age::Excused => Verdict::Pass,
                Age::Stumbles => Verdict::Dnf,
                Age::Retired | Age::Outdated | Age::NoDate => Verdict::Fail,
            },
        },
    }
}

/// The key of the difference if suite and text disagree about an image: the allowed age, or the commitment
/// and the replacement.
pub(crate) fn recency_difference(image: &CheckedImage, now: Timestamp) -> &'static str {
    if age(image, now) == Age::Fine { "C-042" } else { "C-043" }
}

/// The last image whose name is this one's without the last word.
fn replacement<'a>(set: &'a ImageSet, image: &CheckedImage) -> Option<&'a CheckedImage> {
    let name = image.image().text(ImageKey::Name)?;
    let short = name.rsplit_once(' ').map_or(name, |(short, _)| short).trim_end();
    if short == name {
        return None;
    }
    set.last_named(short)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_parse_like_in_python() {
        for (text, expected) in [
            ("2026-11-24", Some(1_795_478_400)),
            ("2026-1-5", Some(1_767_571_200)),
            ("2026-11-24 08:30", Some(1_795_509_000)),
            ("2026-11-24  08:30:61", Some(1_795_509_061)),
            ("2026-11-24T08:30:00Z", Some(1_795_509_000)),
            ("2026-11-24T08:30:00", None),
            ("2026-02-30", None),
            ("1970-01-01", None),
            ("20261124", None),
            ("2026-11-24 ", None),
        ] {
            assert_eq!(date(text), expected, "{text}");
        }
        assert!(
            is_marker("20261124") && is_marker("2026111") && is_marker("prev") && !is_marker("(20261124)")
        );
    }
}
