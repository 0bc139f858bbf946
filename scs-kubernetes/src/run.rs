//! Names of the namespaces that probes create, which show that they are ours, and when they were created.

use std::fmt;
use std::time::Duration;

use jiff::Timestamp;
use scs_collector::{stamp, stamped_at};

use crate::probe::Probe;

const PREFIX: &str = "scs-";

/// A run of probes: `scs-20261201t080000z-4f7k`.
///
/// ```
/// use scs_kubernetes::Run;
///
/// let run = Run::new("2026-12-01T08:00:00Z".parse()?);
/// assert!(run.to_string().starts_with("scs-20261201t080000z-"));
/// # Ok::<(), jiff::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    name: String,
}

impl Run {
    /// A run that starts now.
    #[must_use]
    pub fn new(now: Timestamp) -> Self {
        Self { name: format!("{PREFIX}{}", stamp(now)) }
    }

    /// The name of the namespace of a probe.
    pub(crate) fn namespace(&self, probe: Probe) -> String {
        format!("{}-{probe}", self.name)
    }
}

impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

/// The creation time of a namespace of ours, from its name; `None` for others.
pub(crate) fn made_at(name: &str) -> Option<Timestamp> {
    let (at, probe) = stamped_at(name.strip_prefix(PREFIX)?)?;
    Probe::ALL.iter().any(|known| probe.starts_with(known.name())).then_some(at)
}

/// Whether one of our namespaces is at least this old.
pub(crate) fn is_older(name: &str, than: Duration, now: Timestamp) -> bool {
    made_at(name).is_some_and(|at| scs_collector::is_older(at, than, now))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_labels_that_show_owner_and_time() {
        let now: Timestamp = "2026-12-01T08:00:00Z".parse().unwrap();
        let name = Run::new(now).namespace(Probe::NetworkPolicy);
        assert!(name.len() <= 63, "{name}");
        assert!(name.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-'));
        assert_eq!(made_at(&name), Some(now));
        let hour = Duration::from_hours(1);
        assert!(!is_older(&name, hour, now));
        assert!(is_older(&name, hour, now + jiff::SignedDuration::from_hours(1)));
        for foreign in [
            "scs-check",
            "scs-20261201t080000z-4f7k",
            "scs-20261201t080000z-4f7k-shop",
            "scs-20261201t080000z-4f7-pvc",
            "scs-2026-4f7k-pvc",
            "default",
        ] {
            assert_eq!(made_at(foreign), None, "{foreign}");
        }
    }
}
