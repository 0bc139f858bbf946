//! Periods of the standards and their last moments.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan};

/// A time plus a calendar period, in UTC; the 31st of a month without one is its last day.
pub(crate) fn later(from: Timestamp, span: Span) -> Timestamp {
    let zoned = from.to_zoned(TimeZone::UTC).checked_add(span);
    // Out of range means no deadline.
    zoned.map_or(Timestamp::MAX, |zoned| zoned.timestamp())
}

/// The last moment of a period. A period that starts with a date ends at the end of its last day, since the time of day is
/// unknown (C-111); exactly midnight means a date.
pub(crate) fn end_of_period(from: Timestamp, span: Span) -> Timestamp {
    let end = later(from, span);
    let is_day = from.to_zoned(TimeZone::UTC).time() == jiff::civil::Time::midnight();
    if is_day { end_of_day(end.to_zoned(TimeZone::UTC).date()) } else { end }
}

/// The last second of a day, in UTC.
pub(crate) fn end_of_day(day: Date) -> Timestamp {
    let next = day.tomorrow().ok().and_then(|day| day.to_zoned(TimeZone::UTC).ok());
    next.and_then(|next| next.timestamp().checked_sub(1.second()).ok()).unwrap_or(Timestamp::MAX)
}

/// Whether a time is after the last moment of a period, with a precision of seconds.
pub(crate) fn is_over(until: Timestamp, at: Timestamp) -> bool {
    at.as_second() > until.as_second()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_from_a_date_ends_with_its_last_day() {
        let end = |from: &str, span| end_of_period(from.parse().unwrap(), span).to_string();
        assert_eq!(end("2026-09-15T00:00:00Z", 1.month()), "2026-10-15T23:59:59Z");
        assert_eq!(end("2026-01-31T00:00:00Z", 1.month()), "2026-02-28T23:59:59Z");
        assert_eq!(end("2026-09-15T00:00:00Z", 14.days()), "2026-09-29T23:59:59Z");
        assert_eq!(end("2026-09-15T14:00:00Z", 2.days()), "2026-09-17T14:00:00Z");
        let until: Timestamp = "2026-10-15T23:59:59Z".parse().unwrap();
        let over = |at: &str| is_over(until, at.parse().unwrap());
        assert!(!over("2026-10-15T23:59:59.999Z") && over("2026-10-16T00:00:00Z"));
    }
}
