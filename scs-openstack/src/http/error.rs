//! What can come of a request instead of an answer.

use std::time::Duration;

use thiserror::Error;

/// Why there is no answer to a request. What the service says is quoted in one line and without secrets.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RequestError {
    /// The service does not answer in time.
    #[error("{service} does not answer within {} s ({request})", seconds(timeout))]
    Timeout {
        /// The service.
        service: String,
        /// Method and path.
        request: String,
        /// How long we waited.
        timeout: Duration,
    },
    /// No connection comes about.
    #[error("{service} cannot be reached: {reason} ({request})")]
    Unreachable {
        /// The service.
        service: String,
        /// Method and path.
        request: String,
        /// Why.
        reason: String,
        /// Whether there was a connection, so that the request may have arrived.
        sent: bool,
    },
    /// The server's certificate is not accepted, or ours is not.
    #[error(
        "{service}: no secure connection: {reason}; if the cloud has an authority of its own, name its file as `cacert` ({request})"
    )]
    Certificate {
        /// The service.
        service: String,
        /// Method and path.
        request: String,
        /// Why.
        reason: String,
    },
    /// The answer breaks off.
    #[error("the answer of {service} breaks off after {bytes} bytes ({request})")]
    BrokenOff {
        /// The service.
        service: String,
        /// Method and path.
        request: String,
        /// What has arrived.
        bytes: usize,
    },
    /// The answer is something else than the API's.
    #[error("{service} answers with {found} instead of {expected} ({request})")]
    Unexpected {
        /// The service.
        service: String,
        /// Method and path.
        request: String,
        /// What the API answers with.
        expected: String,
        /// What came.
        found: String,
    },
    /// The service gives more than is read of it, or takes longer.
    #[error("{service} was cut off: {limit} ({request})")]
    CutOff {
        /// The service.
        service: String,
        /// Method and path.
        request: String,
        /// What was exceeded: `more than 2000 pages`.
        limit: String,
    },
    /// The address of the service would send the token unencrypted, although Keystone is asked by https.
    #[error("{service} has the address `{address}`, to which the token would go unencrypted ({request})")]
    Unencrypted {
        /// The service.
        service: String,
        /// Method and path.
        request: String,
        /// Scheme, host and port.
        address: String,
    },
    /// The token is not taken, or no longer.
    #[error("{service} does not take the token (401): it has expired or was revoked ({request})")]
    TokenRefused {
        /// The service.
        service: String,
        /// Method and path.
        request: String,
    },
    /// The service does not do it for this user.
    #[error("{service} refuses it (403){} ({request})", quoted(message))]
    Refused {
        /// The service.
        service: String,
        /// Method and path.
        request: String,
        /// What the service says.
        message: String,
    },
    /// There is no such thing, or no such API.
    #[error("{service} knows nothing of it (404){} ({request})", quoted(message))]
    NotFound {
        /// The service.
        service: String,
        /// Method and path.
        request: String,
        /// What the service says.
        message: String,
    },
    /// The service sends us to another address, which is not followed to where the token would be given away.
    #[error(
        "{service} answers with status {status}, a redirection to `{location}` that is not followed; {} ({request})",
        address_of(service)
    )]
    Redirected {
        /// The service.
        service: String,
        /// Method and path.
        request: String,
        /// The status.
        status: u16,
        /// Where to.
        location: String,
    },
    /// The service answers with another status.
    #[error("{service} answers with status {status}{} ({request})", quoted(message))]
    Status {
        /// The service.
        service: String,
        /// Method and path.
        request: String,
        /// The status.
        status: u16,
        /// What the service says.
        message: String,
    },
    /// The catalog of the token has no such service.
    #[error("the catalog has no {interface} endpoint of type {service}{}", in_region(region.as_deref()))]
    NoService {
        /// The type.
        service: String,
        /// The kind of endpoint.
        interface: &'static str,
        /// The region that is looked at.
        region: Option<String>,
    },
}

impl RequestError {
    /// Whether the service said no to this user.
    #[must_use]
    pub const fn is_refusal(&self) -> bool {
        matches!(self, Self::Refused { .. })
    }

    /// Whether the service may do what it was asked for, now or later, although it has not said so.
    pub(crate) const fn leaves_open(&self) -> bool {
        match self {
            Self::Timeout { .. } | Self::BrokenOff { .. } => true,
            Self::Unreachable { sent, .. } => *sent,
            // Gateways, which speak for a service that has not answered them.
            Self::Status { status, .. } => matches!(status, 502 | 504),
            _ => false,
        }
    }

    /// Whether there is no such thing.
    #[must_use]
    pub const fn is_not_found(&self) -> bool {
        matches!(self, Self::NotFound { .. })
    }
}

fn seconds(timeout: &Duration) -> String {
    format!("{}", timeout.as_secs_f64())
}

/// Where the address of a service is named.
fn address_of(service: &str) -> &'static str {
    match service {
        "identity" => "name the address that answers as `auth_url`",
        _ => "the catalog should name the address that answers",
    }
}

fn quoted(message: &str) -> String {
    if message.is_empty() { String::new() } else { format!(": {message}") }
}

fn in_region(region: Option<&str>) -> String {
    region.map(|region| format!(" in the region `{region}`")).unwrap_or_default()
}

/// What an error comes down to: the message of its innermost cause. It may have secrets in it.
pub(crate) fn reason(error: &(dyn std::error::Error + 'static)) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}

/// The first line of a text, and not too much of it.
pub(crate) fn one_line(text: &str, most: usize) -> String {
    let line: String =
        text.trim().lines().next().unwrap_or_default().chars().filter(|c| !c.is_control()).collect();
    match line.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}
