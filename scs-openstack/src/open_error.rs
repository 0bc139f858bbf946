//! The reasons why there is no session.

use scs_standards::wording::quoted;
use thiserror::Error;
use url::Url;

use crate::http::{CertificateFileError, RequestError};

/// Error: no session.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum OpenError {
    /// Keystone rejected the credentials.
    #[error("`{cloud}` rejected the credentials: {hint}{}", bracketed(message))]
    NotAuthenticated {
        /// The cloud.
        cloud: String,
        /// A hint.
        hint: &'static str,
        /// Keystone's message.
        message: String,
    },
    /// The user has more permissions than ordinary users.
    #[error(
        "the user of `{cloud}` has the role `{role}` and sees more than ordinary users; use one with the role `member`, or explicitly allow an administrator"
    )]
    Privileged {
        /// The cloud.
        cloud: String,
        /// The role.
        role: String,
    },
    /// The program has not chosen the cryptography for TLS.
    #[error(
        "no TLS provider is installed: the program has to call `install_default` of a `rustls::crypto::CryptoProvider` first"
    )]
    NoTlsProvider,
    /// A certificate or key is unusable.
    #[error(transparent)]
    Certificate(#[from] CertificateFileError),
    /// A request to Keystone failed.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// The server is not Keystone.
    #[error("{url} responded without a token; is it Keystone's URL?")]
    NoToken {
        /// The URL.
        url: Url,
    },
    /// The token is unusable.
    #[error(
        "the token of `{cloud}` has no project, so its catalog is empty; set `project_name` with `project_domain_name`, or `project_id`"
    )]
    NoProject {
        /// The cloud.
        cloud: String,
    },
    /// The catalog has no service in the requested region.
    #[error("the catalog has no region `{region}`; it has {}", quoted(regions))]
    UnknownRegion {
        /// The requested region.
        region: String,
        /// The regions in the catalog.
        regions: Vec<String>,
    },
    /// The credentials are incomplete.
    #[error("the credentials are incomplete: {reason}")]
    Method {
        /// The missing part.
        reason: String,
    },
}

fn bracketed(message: &str) -> String {
    if message.is_empty() { String::new() } else { format!(" ({message})") }
}
