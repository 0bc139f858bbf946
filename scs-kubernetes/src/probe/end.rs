//! How a probe ends early.

use thiserror::Error;

use crate::http::RequestError;

/// The reason why a probe ends early.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(super) enum Ended {
    /// A request failed, which shows nothing about the cluster.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// The cluster does not do what the probe asks for.
    #[error("{0}")]
    Failed(String),
    /// The probe could not be carried out, so the result is unknown.
    #[error("{0}")]
    Unavailable(String),
    #[error("it was canceled")]
    Canceled,
}
