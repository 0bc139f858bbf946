//! The reasons why there is no session.

use thiserror::Error;

use crate::http::RequestError;
use crate::plugin::PluginError;

/// Error: no session. The whole cluster is unusable, in contrast to a part of it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The program has not chosen the cryptography for TLS.
    #[error(
        "no TLS provider is installed: the program has to call `install_default` of a `rustls::crypto::CryptoProvider` first"
    )]
    NoTlsProvider,
    /// The client rejects the configuration.
    #[error("{place}: {reason}")]
    Configuration {
        /// The file and context.
        place: String,
        /// The client's message.
        reason: String,
    },
    /// The credential plug-in gave no credentials.
    #[error(transparent)]
    Plugin(#[from] PluginError),
    /// The API server rejected the credentials.
    #[error("the API server rejected the credentials (401: {message}); {hint}")]
    NotAuthenticated {
        /// The server's message.
        message: String,
        /// What is known about the credentials.
        hint: String,
    },
    /// The credentials did not reach the API server.
    #[error("the request was anonymous (`{user}`): no credentials reached the API server; {hint}")]
    Anonymous {
        /// The user as which the server knows us.
        user: String,
        /// What is known about the credentials.
        hint: String,
    },
    /// The server is not an API server of Kubernetes.
    #[error("{found} instead of the version of an API server (GET /version); is this the URL of Kubernetes?")]
    NotKubernetes {
        /// What the server returned.
        found: String,
    },
    /// A request failed.
    #[error(transparent)]
    Request(#[from] RequestError),
}
