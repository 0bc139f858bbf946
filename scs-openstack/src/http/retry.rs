//! Retries: conditions and delays.

use std::time::Duration;

/// The retry policy.
///
/// Only idempotent requests are retried. Timeouts are not retried: the service would be just as slow again.
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
    pub(crate) fn wait(&self, attempt: u32, asked_for: Option<Duration>) -> Duration {
        let own = self.base.saturating_mul(1_u32.checked_shl(attempt.saturating_sub(1)).unwrap_or(u32::MAX));
        let wait = asked_for.unwrap_or_else(|| own.mul_f64(0.5 + 0.5 * fastrand::f64()));
        wait.min(self.longest)
    }
}

/// The delay in `Retry-After`: seconds, or a date.
pub(crate) fn retry_after(value: &str) -> Option<Duration> {
    let value = value.trim();
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let at = jiff::fmt::rfc2822::parse(value).ok()?.timestamp();
    Duration::try_from(at.duration_since(jiff::Timestamp::now())).ok()
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
        assert_eq!(retry_after(" 7 "), Some(Duration::from_secs(7)));
        assert!(
            retry_after("Fri, 31 Dec 2100 23:59:59 GMT").is_some_and(|wait| wait > Duration::from_mins(1))
        );
        assert_eq!(retry_after("soon"), None);
    }
}
