//! When a target is checked next.

use std::time::Duration;

use jiff::Timestamp;
use ring::digest::{SHA256, digest};

use super::config::{RunnerConfig, Target};

/// The schedule of a target. Its offset within the period follows from the name of the subject, so that restarts do not move it and
/// targets are spread evenly.
#[derive(Clone, Debug)]
pub(super) struct Schedule {
    every: Duration,
    offset: Duration,
    /// The start of the last check.
    last: Option<Timestamp>,
}

impl Schedule {
    pub(super) fn new(target: &Target, config: &RunnerConfig) -> Self {
        let every = target.every.unwrap_or(config.every);
        let hash = digest(&SHA256, format!("{} {}", target.subject, target.scope).as_bytes());
        let mut bytes = [0; 8];
        bytes.iter_mut().zip(hash.as_ref()).for_each(|(to, from)| *to = *from);
        let most = config.jitter.min(every).as_secs().max(1);
        Self { every, offset: Duration::from_secs(u64::from_le_bytes(bytes) % most), last: None }
    }

    /// How long to wait for the next check, which is taken to begin then.
    pub(super) fn pause(&mut self, now: Timestamp) -> Duration {
        let next = match self.last {
            // The first check follows soon after the start.
            None => now + self.offset,
            Some(last) => last + self.every,
        };
        // A check that took longer than the period is followed by the next one at once.
        let next = next.max(now);
        self.last = Some(next);
        next.duration_since(now).unsigned_abs()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checks_keep_their_period_whatever_they_take() {
        let config = RunnerConfig::read(
            "{monitor: 'http://[::1]/', account: a, password_file: p, key_file: k, every: 1d, jitter: 10m, \
              targets: [{subject: s, scope: x, os_cloud: c}]}",
        )
        .unwrap();
        let start: Timestamp = "2026-11-24T00:00:00Z".parse().unwrap();
        let mut schedule = Schedule::new(&config.targets[0], &config);
        let first = schedule.pause(start);
        assert!(first < Duration::from_mins(10), "{first:?}");
        let first = start + first;
        let after = first + Duration::from_mins(50);
        assert_eq!(after + schedule.pause(after), first + Duration::from_hours(24));
        let late = first + Duration::from_hours(72);
        assert_eq!(schedule.pause(late), Duration::ZERO);
    }
}
