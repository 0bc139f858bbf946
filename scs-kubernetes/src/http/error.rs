//! Errors of requests.

use std::time::Duration;

use thiserror::Error;

/// An error of a request, with the server's message on one line.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RequestError {
    /// The server did not respond in time.
    #[error("the API server did not respond within {} s{} ({request})", timeout.as_secs_f64(), through(proxy.as_deref()))]
    Timeout {
        /// Method and path.
        request: String,
        /// The proxy and where it is configured.
        proxy: Option<String>,
        /// The timeout.
        timeout: Duration,
    },
    /// The time for the whole run is over.
    #[error("not complete within {} s ({request})", limit.as_secs_f64())]
    RunTime {
        /// Method and path.
        request: String,
        /// The time for the run.
        limit: Duration,
    },
    /// No connection was established.
    #[error("cannot reach {server}{}: {reason}", through(proxy.as_deref()))]
    Unreachable {
        /// The URL of the server.
        server: String,
        /// The proxy and where it is configured.
        proxy: Option<String>,
        /// The reason.
        reason: String,
    },
    /// The server's certificate was rejected, or ours was.
    #[error("{server}: no secure connection: {reason}; {hint}")]
    Certificate {
        /// The URL of the server.
        server: String,
        /// The reason.
        reason: String,
        /// The key to check.
        hint: &'static str,
    },
    /// The response is truncated.
    #[error("{} ({request})", broken_off(*bytes))]
    BrokenOff {
        /// Method and path.
        request: String,
        /// The number of received bytes; 0 if the connection was closed before the response.
        bytes: usize,
    },
    /// The response is not from the API.
    #[error("the server returned {found} instead of {expected} ({request})")]
    Unexpected {
        /// Method and path.
        request: String,
        /// The expected response.
        expected: String,
        /// The actual response.
        found: String,
    },
    /// The response exceeds a limit.
    #[error("the response was cut off: {limit} ({request})")]
    CutOff {
        /// Method and path.
        request: String,
        /// The exceeded limit: `more than 64 MiB`.
        limit: String,
    },
    /// The credentials were rejected (401).
    #[error("the API server rejected the credentials (401: {message}) ({request})")]
    Unauthorized {
        /// Method and path.
        request: String,
        /// The server's message.
        message: String,
    },
    /// The user has no right to this (403).
    #[error("denied (403): {message}")]
    Forbidden {
        /// Method and path.
        request: String,
        /// The server's message, which names user, verb and resource.
        message: String,
    },
    /// There is no such object or API (404).
    #[error("not found (404): {message} ({request})")]
    NotFound {
        /// Method and path.
        request: String,
        /// The server's message.
        message: String,
        /// Whether the server does not know the path at all, such as that of a group that it does not have.
        is_unknown_path: bool,
    },
    /// A kubelet rejected the request of the API server.
    #[error("the kubelet rejected the API server ({status}: {message}) ({request})")]
    KubeletRefused {
        /// Method and path.
        request: String,
        /// The status.
        status: u16,
        /// The kubelet's message.
        message: String,
    },
    /// The server cannot answer in a requested format (406).
    #[error("the API server cannot answer in a requested format (406) ({request})")]
    NotAcceptable {
        /// Method and path.
        request: String,
    },
    /// A page of a list is no longer available (410).
    #[error("the list expired while it was read (410): {message} ({request})")]
    Expired {
        /// Method and path.
        request: String,
        /// The server's message.
        message: String,
    },
    /// The server returned another status.
    #[error("the API server returned status {status}{} ({request})", quoted(message))]
    Status {
        /// Method and path.
        request: String,
        /// The status.
        status: u16,
        /// The server's message.
        message: String,
    },
}

impl RequestError {
    /// Whether the user lacks a right.
    #[must_use]
    pub const fn is_forbidden(&self) -> bool {
        matches!(self, Self::Forbidden { .. })
    }

    /// Whether the server does not know the path, so it does not have the API.
    #[must_use]
    pub const fn is_unknown_path(&self) -> bool {
        matches!(self, Self::NotFound { is_unknown_path: true, .. })
    }

    /// Whether all other requests will fail, too.
    #[must_use]
    pub const fn concerns_all(&self) -> bool {
        matches!(self, Self::Unauthorized { .. } | Self::Unreachable { .. } | Self::Certificate { .. })
    }
}

fn through(proxy: Option<&str>) -> String {
    proxy.map(|proxy| format!(" through the proxy {proxy}")).unwrap_or_default()
}

fn broken_off(bytes: usize) -> String {
    match bytes {
        0 => "the API server closed the connection without a response".to_owned(),
        bytes => format!("the response of the API server ends prematurely after {bytes} bytes"),
    }
}

fn quoted(message: &str) -> String {
    if message.is_empty() { String::new() } else { format!(": {message}") }
}
