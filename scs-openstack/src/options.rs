//! What a caller may choose.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::http::Retry;

/// How long a request may take where nobody says otherwise: as long as the official suite waits.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(32);

/// How much a cloud may make us read and wait, whatever it answers. What goes beyond is cut off: the part is unavailable, for
/// that reason.
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
    /// The bytes of one answer; services give lists in pages of a thousand at most, which have some megabytes.
    pub answer_bytes: usize,
    /// The bytes of all pages of a list.
    pub list_bytes: usize,
    /// The pages of a list.
    pub list_pages: usize,
    /// The entries of a list.
    pub list_entries: usize,
    /// The time until a list, or another part of an inventory, is complete.
    pub part_time: Duration,
    /// The bytes of all answers that an inventory is made of, those that were asked for again included.
    pub run_bytes: usize,
    /// The requests for an inventory.
    pub run_requests: usize,
    /// The time until an inventory is complete, probes aside.
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

/// How a cloud is asked.
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
    /// Whether a user with the role `admin` or `manager` is meant. What such a user sees says little about what users see,
    /// so that it is refused otherwise.
    pub as_admin: bool,
    /// How many requests are under way at most.
    pub parallel: usize,
    /// How long a request may take; without it, what the configuration says, or 32 s.
    pub timeout: Option<Duration>,
    /// How requests are repeated.
    pub retry: Retry,
    /// How much the cloud may make us read and wait.
    pub limits: Limits,
    /// How many entries a page is asked to have.
    pub page: usize,
    /// Who is told how far the work is.
    pub progress: Option<Progress>,
}

/// Who is told how far the work is.
pub type Progress = Arc<dyn Fn(Event<'_>) + Send + Sync>;

/// A step of the work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event<'a> {
    /// A part is asked for.
    Started(&'a str),
    /// A page of a part has come, with so many entries so far.
    Page(&'a str, usize),
    /// A part is complete, or is known to be unavailable.
    Done(&'a str),
    /// A probe does something.
    Step(&'a str, &'a str),
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
    /// With the decision whether an administrator is meant.
    #[must_use]
    pub const fn as_admin(mut self, as_admin: bool) -> Self {
        self.as_admin = as_admin;
        self
    }

    /// With somebody who is told how far the work is.
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
