//! The stamp in the names of objects that a run of probes creates: when it started, and a random word.

use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// The time in a stamp.
const TIME: &str = "%Y%m%dt%H%M%Sz";

/// The length of the random word.
const WORD: usize = 4;

/// The stamp of a run that starts at a time: `20261124t080000z-4f7k`.
///
/// ```
/// use scs_collector::{stamp, stamped_at};
///
/// let now = "2026-11-24T08:00:00Z".parse()?;
/// assert_eq!(stamped_at(&format!("{}-volume", stamp(now))), Some((now, "volume")));
/// # Ok::<(), jiff::Error>(())
/// ```
#[must_use]
pub fn stamp(now: Timestamp) -> String {
    let time = now.to_zoned(TimeZone::UTC).strftime(TIME);
    let word: String = (0..WORD).map(|_| fastrand::alphanumeric().to_ascii_lowercase()).collect();
    format!("{time}-{word}")
}

/// The start of the run and the rest of a name that begins with a stamp; `None` for other names.
#[must_use]
pub fn stamped_at(name: &str) -> Option<(Timestamp, &str)> {
    let (time, rest) = name.split_once('-')?;
    let (word, rest) = rest.split_once('-')?;
    if word.len() != WORD || !word.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return None;
    }
    let at = DateTime::strptime(TIME, time).ok()?.to_zoned(TimeZone::UTC).ok()?.timestamp();
    Some((at, rest))
}

/// Whether something from a time is at least this old.
#[must_use]
pub fn is_older(made_at: Timestamp, than: Duration, now: Timestamp) -> bool {
    Duration::try_from(now.duration_since(made_at)).is_ok_and(|age| age >= than)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_names_have_no_stamp() {
        for name in [
            "",
            "0101-net",
            "20261124t080000z",
            "20261124t080000z-4f7k",
            "20261124t080000z-4f7-x",
            "x-4f7k-x",
        ] {
            assert_eq!(stamped_at(name), None, "{name}");
        }
    }

    #[test]
    fn ages_are_never_negative() {
        let at: Timestamp = "2026-11-24T08:00:00Z".parse().unwrap();
        let hour = Duration::from_hours(1);
        let later = at + jiff::SignedDuration::from_hours(1);
        assert!(is_older(at, hour, later) && !is_older(at, hour, at) && !is_older(later, hour, at));
    }
}
