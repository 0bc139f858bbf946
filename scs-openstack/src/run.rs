//! Names of the objects we create in a cloud, which show that they are ours, and when they were created.

use std::fmt;
use std::time::Duration;

use jiff::Timestamp;
use scs_collector::{stamp, stamped_at};

/// The prefix of all names, as in the official suite.
const PREFIX: &str = "_scs-";

/// A run that creates objects: `_scs-20261124t080000z-4f7k`.
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
    /// A run that starts at `at`.
    #[must_use]
    pub fn new(now: Timestamp) -> Self {
        Self { prefix: format!("{PREFIX}{}", stamp(now)) }
    }

    /// The name of an object created by the run.
    pub(crate) fn name(&self, what: &str) -> String {
        format!("{}-{what}", self.prefix)
    }

    /// Whether an object belongs to this run.
    pub(crate) fn made(&self, name: &str) -> bool {
        name.strip_prefix(&self.prefix).is_some_and(|rest| rest.starts_with('-'))
    }
}

impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.prefix)
    }
}

/// The creation time of our objects, from the name; `None` for others.
pub(crate) fn made_at(name: &str) -> Option<Timestamp> {
    stamped_at(name.strip_prefix(PREFIX)?).map(|(at, _)| at)
}

/// Whether one of our objects is at least this old.
pub(crate) fn is_older(name: &str, than: Duration, now: Timestamp) -> bool {
    made_at(name).is_some_and(|at| scs_collector::is_older(at, than, now))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_show_owner_and_time() {
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
