//! Options of a session.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use scs_collector::{Event, Progress, Retry};

/// The default timeout of a request, as in the official suite.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(32);

/// Limits on the data and time that a cloud can use up. If one is exceeded, the part is unavailable for that reason.
///
/// ```
/// use scs_openstack::{Limits, Options};
///
/// let mut options = Options::default();
/// options.limits.list_entries = 10_000;
/// assert!(options.limits.list_bytes >= options.limits.answer_bytes);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// The bytes of one response; services return pages of at most a thousand entries, which have a few megabytes.
    pub answer_bytes: usize,
    /// The bytes of all pages of a list.
    pub list_bytes: usize,
    /// The pages of a list.
    pub list_pages: usize,
    /// The entries of a list.
    pub list_entries: usize,
    /// The time for a list or another part of an inventory.
    pub part_time: Duration,
    /// The bytes of all responses for an inventory, including retries.
    pub run_bytes: usize,
    /// The requests for an inventory.
    pub run_requests: usize,
    /// The time for an inventory, without probes.
    pub run_time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            answer_bytes: 64 << 20,
            list_bytes: 128 << 20,
            list_pages: 2_000,
            list_entries: 200_000,
            part_time: Duration::from_mins(10),
            run_bytes: 512 << 20,
            run_requests: 20_000,
            run_time: Duration::from_mins(15),
        }
    }
}

/// Options for requests to a cloud.
///
/// ```
/// use scs_openstack::Options;
///
/// let options = Options::default().as_admin(true);
/// assert_eq!(options.parallel, 16);
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub struct Options {
    /// Whether a user with the role `admin` or `manager` is allowed. Such a user sees more than ordinary users, so it is
    /// rejected by default.
    pub as_admin: bool,
    /// The maximum number of concurrent requests.
    pub parallel: usize,
    /// The timeout of a request; defaults to that in the configuration, or 32 s.
    pub timeout: Option<Duration>,
    /// The retry policy.
    pub retry: Retry,
    /// The limits.
    pub limits: Limits,
    /// The requested number of entries per page.
    pub page: usize,
    /// Progress callback.
    pub progress: Option<Progress>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            as_admin: false,
            parallel: 16,
            timeout: None,
            retry: Retry::default(),
            limits: Limits::default(),
            page: 1_000,
            progress: None,
        }
    }
}

impl Options {
    /// Sets whether an administrator is allowed.
    #[must_use]
    pub const fn as_admin(mut self, as_admin: bool) -> Self {
        self.as_admin = as_admin;
        self
    }

    /// Sets the progress callback.
    #[must_use]
    pub fn with_progress(mut self, progress: impl Fn(Event<'_>) + Send + Sync + 'static) -> Self {
        self.progress = Some(Arc::new(progress));
        self
    }

    pub(crate) fn tell(&self, event: Event<'_>) {
        if let Some(progress) = &self.progress {
            progress(event);
        }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("as_admin", &self.as_admin)
            .field("parallel", &self.parallel)
            .field("timeout", &self.timeout)
            .field("retry", &self.retry)
            .field("limits", &self.limits)
            .field("page", &self.page)
            .finish_non_exhaustive()
    }
}
