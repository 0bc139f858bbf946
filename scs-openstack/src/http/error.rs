//! Errors of requests.

use std::time::Duration;

use thiserror::Error;

/// An error of a request. The service's message is quoted on one line and without secrets.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RequestError {
    /// The service did not respond in time.
    #[error("{service} did not respond within {} s ({request})", seconds(timeout))]
    Timeout {
        /// The service.
        service: String,
        /// Method and path.
        request: String,
        /// The timeout.
        timeout: Duration,
    },
    /// No connection was established.
    #[error("cannot reach {service}: {reason} ({request})")]
    Unreachable {
        /// The service.
        service: String,
        /// Method and path.
        request: String,
        /// The reason.
        reason: String,
        /// Whether there was a connection, so the request may have arrived.
        sent: bool,
    },
    /// The server's certificate was rejected, or ours was.
    #[error(
        "{service}: no secure connection: {reason}; if the cloud has its own certificate authority, set its file as `cacert` ({request})"
    )]
    Certificate {
        /// The service.
        service: String,
        /// Method and path.
        request: String,
        /// The reason.
        reason: String,
    },
    /// The response is truncated.
    #[error("the response of {service} ends prematurely after {bytes} bytes ({request})")]
    BrokenOff {
        /// The service.
        service: String,
        /// Method and path.
        request: String,
        /// The number of received bytes.
        bytes: usize,
    },
    /// The response is not from the API.
    #[error("{service} returned {found} instead of {expected} ({request})")]
    Unexpected {
        /// The service.
        service: String,
        /// Method and path.
        request: String,
        /// The expected response.
        expected: String,
        /// The actual response.
        found: String,
    },
    /// The response exceeds a limit in size or time.
    #[error("{service} was cut off: {limit} ({request})")]
    CutOff {
        /// The service.
        service: String,
        /// Method and path.
        request: String,
        /// The exceeded limit: `more than 2000 pages`.
        limit: String,
    },
    /// The URL of the service would send the token unencrypted, although Keystone uses https.
    #[error("{service} has the URL `{address}`, which would receive the token unencrypted ({request})")]
    Unencrypted {
        /// The service.
        service: String,
        /// Method and path.
        request: String,
        /// Scheme, host and port.
        address: String,
    },
    /// The token was rejected.
    #[error("{service} rejected the token (401): it has expired or was revoked ({request})")]
    TokenRefused {
        /// The service.
        service: String,
        /// Method and path.
        request: String,
    },
    /// The service denied the request.
    #[error("{service} denied the request (403){} ({request})", quoted(message))]
    Refused {
        /// The service.
        service: String,
        /// Method and path.
        request: String,
        /// The service's message.
        message: String,
    },
    /// The object or API does not exist.
    #[error("{service}: not found (404){} ({request})", quoted(message))]
    NotFound {
        /// The service.
        service: String,
        /// Method and path.
        request: String,
        /// The service's message.
        message: String,
    },
    /// The service redirects to another URL, which is not followed so the token is not leaked.
    #[error(
        "{service} returned status {status}, a redirect to `{location}`, which is not followed; {} ({request})",
        address_of(service)
    )]
    Redirected {
        /// The service.
        service: String,
        /// Method and path.
        request: String,
        /// The status.
        status: u16,
        /// The target of the redirect.
        location: String,
    },
    /// The service returned another status.
    #[error("{service} returned status {status}{} ({request})", quoted(message))]
    Status {
        /// The service.
        service: String,
        /// Method and path.
        request: String,
        /// The status.
        status: u16,
        /// The service's message.
        message: String,
    },
    /// The catalog does not have the service.
    #[error("the catalog has no {interface} endpoint of type {service}{}", in_region(region.as_deref()))]
    NoService {
        /// The type.
        service: String,
        /// The interface of the endpoint.
        interface: &'static str,
        /// The region that was searched.
        region: Option<String>,
    },
}

impl RequestError {
    /// Whether the service denied the request.
    #[must_use]
    pub const fn is_refusal(&self) -> bool {
        matches!(self, Self::Refused { .. })
    }

    /// Whether the service may still perform the request, although it did not confirm it.
    pub(crate) const fn leaves_open(&self) -> bool {
        match self {
            Self::Timeout { .. } | Self::BrokenOff { .. } => true,
            Self::Unreachable { sent, .. } => *sent,
            // Gateways, which respond for a service that did not respond to them.
            Self::Status { status, .. } => matches!(status, 502 | 504),
            _ => false,
        }
    }

    /// Whether the object does not exist.
    #[must_use]
    pub const fn is_not_found(&self) -> bool {
        matches!(self, Self::NotFound { .. })
    }
}

fn seconds(timeout: &Duration) -> String {
    format!("{}", timeout.as_secs_f64())
}

/// The source of a service's URL.
fn address_of(service: &str) -> &'static str {
    match service {
        "identity" => "set `auth_url` to the final URL",
        _ => "the catalog should have the final URL",
    }
}

fn quoted(message: &str) -> String {
    if message.is_empty() { String::new() } else { format!(": {message}") }
}

fn in_region(region: Option<&str>) -> String {
    region.map(|region| format!(" in the region `{region}`")).unwrap_or_default()
}
