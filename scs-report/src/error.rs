//! The reasons why a report cannot be rendered.

use std::io;

use thiserror::Error;

/// The error for a report that cannot be rendered.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum RenderError {
    /// The output cannot be written.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// JSON cannot be written.
    #[error("cannot write JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// Another format cannot be written.
    #[error("cannot write {format}: {reason}")]
    Write {
        /// The format.
        format: &'static str,
        /// The reason.
        reason: String,
    },
    /// The official report has results of one scope version, and none is effective.
    #[error("no version of {scope} is effective, so there is nothing to report")]
    NoVersion {
        /// The scope.
        scope: String,
    },
    /// The official report is about a scope, and the check was not.
    #[error("only a check against a scope can be reported to the compliance monitor")]
    NoScope,
}
