//! Options of an update.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use scs_collector::{Retry, Secret};
use url::Url;

use crate::address::public;
use crate::fact::Key;
use crate::source::Source;

/// The proxy for requests.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Proxy {
    /// As in the variables `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`.
    #[default]
    Environment,
    /// None, whatever the variables are.
    Direct,
    /// This one, except for hosts in `NO_PROXY`.
    Url(Url),
}

/// Limits on the data and time that sources can use up.
///
/// ```
/// use scs_facts::Limits;
///
/// let limits = Limits::default();
/// assert!(limits.fact_bytes >= limits.answer_bytes);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// The bytes of one response. A page of GitHub's releases has about one megabyte.
    pub answer_bytes: usize,
    /// The bytes of all responses for one fact.
    pub fact_bytes: usize,
    /// The pages of a list.
    pub pages: usize,
    /// The CVE records in the feed.
    pub records: usize,
    /// The time for the whole update.
    pub total_time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            answer_bytes: 32 << 20,
            fact_bytes: 128 << 20,
            pages: 50,
            records: 2_000,
            total_time: Duration::from_mins(5),
        }
    }
}

/// Progress callback.
pub type Progress = Arc<dyn Fn(Event<'_>) + Send + Sync>;

/// A progress event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event<'a> {
    /// A request for a fact is sent to an address.
    Requested(Key, &'a str),
    /// A fact has an outcome.
    Done(Key),
}

/// Options of an update.
///
/// ```
/// use std::time::Duration;
/// use scs_facts::{Options, Source};
///
/// let mut options = Options::default().with_source(Source::KubernetesStable, "https://mirror.example/release".parse()?);
/// options.timeout = Duration::from_secs(10);
/// assert_eq!(options.url(Source::KubernetesStable), "https://mirror.example/release");
/// assert_eq!(options.url(Source::CveRecords), "https://cveawg.mitre.org/api/cve");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub struct Options {
    /// The timeout of a request.
    pub timeout: Duration,
    /// The maximum number of concurrent requests.
    pub parallel: usize,
    /// The retry policy.
    pub retry: Retry,
    /// The limits.
    pub limits: Limits,
    /// The proxy.
    pub proxy: Proxy,
    /// A token for GitHub's API, which allows more requests. It is sent to the address of [`Source::KubernetesReleases`] only.
    pub github_token: Option<Secret>,
    /// Progress callback.
    pub progress: Option<Progress>,
    sources: BTreeMap<Source, Url>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(30),
            parallel: 8,
            retry: Retry { attempts: 3, ..Retry::default() },
            limits: Limits::default(),
            proxy: Proxy::default(),
            github_token: None,
            progress: None,
            sources: BTreeMap::new(),
        }
    }
}

impl Options {
    /// Replaces the address of a source by that of a mirror.
    #[must_use]
    pub fn with_source(mut self, source: Source, url: Url) -> Self {
        self.sources.insert(source, url);
        self
    }

    /// Sets the token for GitHub's API.
    #[must_use]
    pub fn with_github_token(mut self, token: Secret) -> Self {
        self.github_token = Some(token);
        self
    }

    /// Sets the progress callback.
    #[must_use]
    pub fn with_progress(mut self, progress: impl Fn(Event<'_>) + Send + Sync + 'static) -> Self {
        self.progress = Some(Arc::new(progress));
        self
    }

    /// The address of a source.
    #[must_use]
    pub fn url(&self, source: Source) -> &str {
        self.sources.get(&source).map_or(source.url(), Url::as_str).trim_end_matches('/')
    }

    /// Whether a mirror replaces the address of a source.
    #[must_use]
    pub fn is_replaced(&self, source: Source) -> bool {
        self.sources.contains_key(&source)
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
            .field("timeout", &self.timeout)
            .field("parallel", &self.parallel)
            .field("retry", &self.retry)
            .field("limits", &self.limits)
            .field("github_token", &self.github_token)
            .field(
                "sources",
                &self.sources.iter().map(|(source, url)| (source, public(url.as_str()))).collect::<Vec<_>>(),
            )
            .finish_non_exhaustive()
    }
}
