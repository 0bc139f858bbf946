//! Names of what we make in a cloud, which tell that it is ours, and since when it is there.

use std::fmt;
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// What all names begin with, as those of the official suite do.
const PREFIX: &str = "_scs-";
/// The time within a name; a word of chance follows.
const TIME: &str = "%Y%m%dt%H%M%Sz";

/// A run that makes things: `_scs-20261124t080000z-4f7k`.
///
/// ```
/// use scs_openstack::Run;
///
/// let run = Run::new("2026-11-24T08:00:00Z".parse()?);
/// assert!(run.to_string().starts_with("_scs-20261124t080000z-"));
/// # Ok::<(), jiff::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    prefix: String,
}

impl Run {
    /// A run that begins now.
    #[must_use]
    pub fn new(now: Timestamp) -> Self {
        let time = now.to_zoned(TimeZone::UTC).strftime(TIME).to_string();
        let word: String = (0..4).map(|_| fastrand::alphanumeric().to_ascii_lowercase()).collect();
        Self { prefix: format!("{PREFIX}{time}-{word}") }
    }

    /// The name of something that the run makes.
    pub(crate) fn name(&self, what: &str) -> String {
        format!("{}-{what}", self.prefix)
    }

    /// Whether something is of this run.
    pub(crate) fn made(&self, name: &str) -> bool {
        name.strip_prefix(&self.prefix).is_some_and(|rest| rest.starts_with('-'))
    }
}

impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.prefix)
    }
}

/// When something of ours was made, by its name; `None` for what is not ours.
pub(crate) fn made_at(name: &str) -> Option<Timestamp> {
    let rest = name.strip_prefix(PREFIX)?;
    let (time, _) = rest.split_once('-')?;
    DateTime::strptime(TIME, time).ok()?.to_zoned(TimeZone::UTC).ok().map(|time| time.timestamp())
}

/// Whether something of ours has been there for so long.
pub(crate) fn is_older(name: &str, than: Duration, now: Timestamp) -> bool {
    made_at(name).is_some_and(|at| Duration::try_from(now.duration_since(at)).is_ok_and(|age| age >= than))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_whose_they_are_and_since_when() {
        let now: Timestamp = "2026-11-24T08:00:00Z".parse().unwrap();
        let run = Run::new(now);
        let name = run.name("volume");
        assert!(
            run.made(&name)
                && !run.made("_scs-0101-net")
                && !Run::new(now + jiff::SignedDuration::from_secs(1)).made(&name)
        );
        assert_eq!(made_at(&name), Some(now));
        for foreign in ["_scs-0101-net", "scs-test-volume", "volume", "_scs-", "_scs-20261124t080000z"] {
            assert_eq!(made_at(foreign), None, "{foreign}");
        }
        let hour = Duration::from_hours(1);
        assert!(
            !is_older(&name, hour, now) && is_older(&name, hour, now + jiff::SignedDuration::from_hours(1))
        );
    }
}
