//! Options of a session.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use scs_collector::{Event, Progress, Retry};

/// Limits on the data and time that a cluster can use up. If one is exceeded, the part is unavailable for that reason.
///
/// ```
/// use scs_kubernetes::Limits;
///
/// let limits = Limits::default();
/// assert!(limits.list_bytes >= limits.answer_bytes);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// The bytes of one response; a page of 500 pods has some four megabytes.
    pub answer_bytes: usize,
    /// The bytes of a list after its reduction.
    pub list_bytes: usize,
    /// The entries of a list.
    pub list_entries: usize,
    /// The time for an inventory, without probes.
    pub run_time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            answer_bytes: 64 << 20,
            list_bytes: 256 << 20,
            list_entries: 1_000_000,
            run_time: Duration::from_mins(10),
        }
    }
}

/// Options for requests to a cluster.
///
/// ```
/// use scs_kubernetes::Options;
///
/// let options = Options::default();
/// assert_eq!((options.parallel, options.page), (16, 500));
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub struct Options {
    /// The maximum number of concurrent requests to the API server itself.
    pub parallel: usize,
    /// The maximum number of concurrent requests to kubelets, which the API server passes on.
    pub parallel_kubelets: usize,
    /// The timeout of a request, including its response.
    pub request_timeout: Duration,
    /// The timeout of a request to a kubelet through the API server.
    pub kubelet_timeout: Duration,
    /// The timeout of a connection.
    pub connect_timeout: Duration,
    /// The timeout of a credential plug-in that may not ask the user.
    pub plugin_timeout: Duration,
    /// Whether a credential plug-in may ask the user: standard input is a terminal that the program does not read itself.
    pub interactive: bool,
    /// The retry policy of requests that only read.
    pub retry: Retry,
    /// The limits.
    pub limits: Limits,
    /// The requested number of entries per page.
    pub page: usize,
    /// The image of probes, which needs a shell and the program `agnhost` of Kubernetes' own tests.
    pub probe_image: String,
    /// The time that a probe waits for each of its pods.
    pub probe_timeout: Duration,
    /// Progress callback.
    pub progress: Option<Progress>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            parallel: 16,
            parallel_kubelets: 16,
            request_timeout: Duration::from_secs(30),
            kubelet_timeout: Duration::from_secs(10),
            connect_timeout: Duration::from_secs(10),
            plugin_timeout: Duration::from_mins(1),
            interactive: false,
            retry: Retry { attempts: 2, base: Duration::from_millis(500), longest: Duration::from_secs(15) },
            limits: Limits::default(),
            page: 500,
            probe_image: "registry.k8s.io/e2e-test-images/agnhost:2.53".to_owned(),
            probe_timeout: Duration::from_mins(5),
            progress: None,
        }
    }
}

impl Options {
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
            .field("parallel", &self.parallel)
            .field("parallel_kubelets", &self.parallel_kubelets)
            .field("request_timeout", &self.request_timeout)
            .field("kubelet_timeout", &self.kubelet_timeout)
            .field("connect_timeout", &self.connect_timeout)
            .field("plugin_timeout", &self.plugin_timeout)
            .field("interactive", &self.interactive)
            .field("retry", &self.retry)
            .field("limits", &self.limits)
            .field("page", &self.page)
            .field("probe_image", &self.probe_image)
            .field("probe_timeout", &self.probe_timeout)
            .finish_non_exhaustive()
    }
}
