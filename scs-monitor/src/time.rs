//! Times as the official monitor writes them.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// A time in UTC, without zone, with no or six digits after the second.
pub(crate) fn civil(time: Timestamp) -> String {
    let civil = time.to_zoned(TimeZone::UTC).datetime();
    if civil.subsec_nanosecond() == 0 { civil.to_string() } else { format!("{civil:.6}") }
}
