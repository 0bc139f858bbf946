//! How a probe ends.

use scs_standards::round_trip::Outcome;
use thiserror::Error;

use crate::http::RequestError;
use scs_collector::Part;

/// The result of a probe.
pub(super) enum Found {
    /// Everything succeeded.
    Nothing,
    /// An outcome with its detail.
    Outcome(Outcome, String),
    /// A part of the inventory.
    Part(Part),
}

/// The reason why a probe ends early.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(super) enum Ended {
    #[error(transparent)]
    Request(#[from] RequestError),
    #[error("{0}")]
    Failed(String),
    /// The service is temporarily unavailable, so the result is unknown.
    #[error("{0}")]
    Unavailable(String),
    #[error("it was canceled")]
    Canceled,
}

impl Ended {
    pub(super) fn kind(&self) -> Outcome {
        match self {
            Self::Request(RequestError::NoService { .. }) => Outcome::Absent,
            Self::Request(error) if error.is_refusal() => Outcome::Refused,
            Self::Request(_) | Self::Failed(_) | Self::Unavailable(_) | Self::Canceled => Outcome::Failed,
        }
    }
}
