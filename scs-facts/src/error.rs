//! Errors of requests and of whole updates.

use std::time::Duration;

use jiff::Timestamp;
use thiserror::Error;

use crate::store::StoreError;

/// An error of a request. Addresses are without credentials and parameters.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RequestError {
    /// The source did not respond in time.
    #[error("{url} did not respond within {} s", timeout.as_secs_f64())]
    Timeout {
        /// The address.
        url: String,
        /// The timeout.
        timeout: Duration,
    },
    /// No connection was established, or it was lost before the response.
    #[error("cannot reach {url}: {reason}")]
    Unreachable {
        /// The address.
        url: String,
        /// The reason.
        reason: String,
    },
    /// The source's certificate was rejected.
    #[error("{url}: no secure connection: {reason}")]
    Certificate {
        /// The address.
        url: String,
        /// The reason.
        reason: String,
    },
    /// The response is truncated.
    #[error("the response of {url} ends prematurely after {bytes} bytes")]
    BrokenOff {
        /// The address.
        url: String,
        /// The number of received bytes.
        bytes: usize,
    },
    /// The response is larger than allowed.
    #[error("the response of {url} has more than {limit} bytes")]
    TooLarge {
        /// The address.
        url: String,
        /// The limit in bytes.
        limit: usize,
    },
    /// The list has more pages or entries than allowed.
    #[error("the list at {url} has more than {limit} {what}")]
    TooMany {
        /// The address.
        url: String,
        /// What there is too much of.
        what: &'static str,
        /// The limit.
        limit: usize,
    },
    /// The response is a web page, such as the login page of a proxy.
    #[error("{url} returned an HTML page")]
    Html {
        /// The address.
        url: String,
    },
    /// The response is not text.
    #[error("{url} returned something other than UTF-8 text")]
    NotText {
        /// The address.
        url: String,
    },
    /// The response has another form than the source is documented to have.
    #[error("{url} returned something other than {expected}: {reason}")]
    Shape {
        /// The address.
        url: String,
        /// The expected form.
        expected: &'static str,
        /// The problem.
        reason: String,
    },
    /// The source allows no further requests for now.
    #[error("{url} allows no further requests{}", before(*.resets_at))]
    RateLimited {
        /// The address.
        url: String,
        /// When it allows requests again, if it says so.
        resets_at: Option<Timestamp>,
        /// Whether the request had a token.
        with_token: bool,
    },
    /// The source rejects the token.
    #[error("{url} rejects the token")]
    TokenRejected {
        /// The address.
        url: String,
    },
    /// Another status.
    #[error("{url} returned status {status}")]
    Status {
        /// The address.
        url: String,
        /// The status.
        status: u16,
    },
    /// The time for the whole update is over.
    #[error("the update was stopped after {} s", after.as_secs_f64())]
    Stopped {
        /// The time for the whole update.
        after: Duration,
    },
}

fn before(at: Option<Timestamp>) -> String {
    at.map(|at| format!(" before {}", at.strftime("%Y-%m-%d %H:%M UTC"))).unwrap_or_default()
}

/// Error: nothing can be updated.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum UpdateError {
    /// The program did not choose the cryptography for TLS.
    #[error("no TLS provider: the program has to install a `rustls::crypto::CryptoProvider` first")]
    NoTlsProvider,
    /// The HTTP client cannot be configured.
    #[error("cannot send requests: {reason}")]
    Client {
        /// The reason.
        reason: String,
    },
    /// A variable with the proxy is malformed. Without the proxy, requests would take another way than intended.
    #[error("`{variable}` is not the address of a proxy: {reason}")]
    Proxy {
        /// The name of the variable. Its value may have a password in it.
        variable: &'static str,
        /// The reason.
        reason: String,
    },
    /// The directory cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
}
