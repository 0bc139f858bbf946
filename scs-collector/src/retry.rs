//! Retries: conditions and delays.

use std::time::Duration;

/// The retry policy.
///
/// Only idempotent requests are retried. Timeouts are not retried: the service would be just as slow again.
///
/// ```
/// use std::time::Duration;
///
/// use scs_collector::Retry;
///
/// let retry = Retry::default();
/// assert!(retry.wait(1, None) <= retry.base);
/// assert_eq!(retry.wait(1, Some(Duration::from_secs(3))), Duration::from_secs(3));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retry {
    /// The maximum number of attempts.
    pub attempts: u32,
    /// The maximum delay before the second attempt; it doubles with each attempt.
    pub base: Duration,
    /// The maximum delay, also for `Retry-After`.
    pub longest: Duration,
}

impl Default for Retry {
    fn default() -> Self {
        Self { attempts: 4, base: Duration::from_millis(500), longest: Duration::from_secs(30) }
    }
}

impl Retry {
    /// The delay after the attempt with this number, from 1; `Retry-After` takes precedence. Half of our delay is random, so
    /// clients do not retry all at once.
    #[must_use]
    pub fn wait(&self, attempt: u32, asked_for: Option<Duration>) -> Duration {
        let own = self.base.saturating_mul(1_u32.checked_shl(attempt.saturating_sub(1)).unwrap_or(u32::MAX));
        let wait = asked_for.unwrap_or_else(|| own.mul_f64(0.5 + 0.5 * fastrand::f64()));
        wait.min(self.longest)
    }
}

/// The delay in `Retry-After`: seconds, or a date relative to `now`.
#[must_use]
pub fn retry_after(value: &str, now: jiff::Timestamp) -> Option<Duration> {
    let value = value.trim();
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let at = jiff::fmt::rfc2822::parse(value).ok()?.timestamp();
    Duration::try_from(at.duration_since(now)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_double_up_to_a_limit() {
        let retry = Retry::default();
        for (attempt, longest) in [(1, 500), (2, 1_000), (3, 2_000), (40, 30_000)] {
            let wait = retry.wait(attempt, None);
            assert!(wait <= Duration::from_millis(longest), "{attempt}: {wait:?}");
            assert!(wait >= Duration::from_millis(longest.min(30_000) / 2), "{attempt}: {wait:?}");
        }
        assert_eq!(retry.wait(1, Some(Duration::from_secs(3))), Duration::from_secs(3));
        assert_eq!(retry.wait(1, Some(Duration::from_hours(1))), Duration::from_secs(30));
    }

    #[test]
    fn seconds_and_dates_are_parsed() {
        let now = "2026-12-01T00:00:00Z".parse().unwrap();
        assert_eq!(retry_after(" 7 ", now), Some(Duration::from_secs(7)));
        assert_eq!(retry_after("Tue, 01 Dec 2026 00:01:00 GMT", now), Some(Duration::from_mins(1)));
        assert_eq!(retry_after("Mon, 30 Nov 2026 00:01:00 GMT", now), None);
        assert_eq!(retry_after("soon", now), None);
    }
}
