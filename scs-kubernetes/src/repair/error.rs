//! Errors of repairs.

use thiserror::Error;

use crate::http::RequestError;

/// Error: an object was not changed, or nobody knows.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RepairError {
    /// The request failed.
    #[error("{object}: {reason}")]
    Request {
        /// The object.
        object: String,
        /// The error.
        reason: RequestError,
    },
    /// The answer was lost, but the object was read again.
    #[error("{object}: {reason}; the change was not made, as the object shows")]
    NotMade {
        /// The object.
        object: String,
        /// The error.
        reason: RequestError,
    },
    /// The answer was lost, so the change may have been made.
    #[error("{object}: {reason}; the change may have been made, and the object does not show it: {again}")]
    Unknown {
        /// The object.
        object: String,
        /// The error.
        reason: Box<RequestError>,
        /// The reason why the object does not show it.
        again: String,
    },
    /// Somebody else has changed the value meanwhile.
    #[error("{object}: `{key}` has changed meanwhile: it is {found} instead of {expected}")]
    Changed {
        /// The object.
        object: String,
        /// The label, annotation or field.
        key: String,
        /// The current value.
        found: String,
        /// The value that was read before.
        expected: String,
    },
    /// The object keeps changing.
    #[error("{object}: it was changed by others at the same time, several times over")]
    Conflict {
        /// The object.
        object: String,
    },
    /// The object was deleted and created again, or belongs to another cluster.
    #[error("{object}: it is not the object that was changed, but another one with its name")]
    Another {
        /// The object.
        object: String,
    },
    /// The edit is not a patch of a label or an annotation.
    #[error("an edit of `{part}` is not a patch of a label or an annotation")]
    NotAPatch {
        /// The part of the inventory.
        part: String,
    },
}
