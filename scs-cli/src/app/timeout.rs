//! Timeouts on the command line.

use std::time::Duration;

use jiff::SignedDuration;

/// A timeout as `kubectl` reads it: a number of seconds, or a duration.
pub(crate) fn timeout(text: &str) -> Result<Duration, String> {
    let seconds = text.parse::<u64>().map(Duration::from_secs).ok();
    let duration = || text.parse::<SignedDuration>().ok().and_then(|it| Duration::try_from(it).ok());
    let given = seconds.or_else(duration).filter(|given| !given.is_zero());
    given.ok_or_else(|| "expected a duration such as `30s`".to_owned())
}
