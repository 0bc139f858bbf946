//! Why a text is not a list of flavors or images.

use thiserror::Error;

use super::kind::ListKind;

/// Error: not a list of the expected objects.
///
/// ```
/// use scs_standards::listed::{ListKind, ReadListError};
///
/// let error = ReadListError::OtherKind { expected: ListKind::Flavors, found: ListKind::Images };
/// assert_eq!(error.to_string(), "these are images, not flavors");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ReadListError {
    /// Invalid JSON without any entry before the error.
    #[error("not valid JSON: {reason}")]
    Json {
        /// The parser's message, with line and column.
        reason: String,
    },
    /// Invalid YAML, or nested or aliased too much for such a list.
    #[error("not valid YAML: {reason}")]
    Yaml {
        /// The parser's message, with line and column.
        reason: String,
    },
    /// A list of something else.
    #[error("these are {found}, not {expected}")]
    OtherKind {
        /// The expected content.
        expected: ListKind,
        /// The actual content.
        found: ListKind,
    },
    /// Something else.
    #[error("not a list of {expected}: expected {formats}, found {found}")]
    Shape {
        /// The expected content.
        expected: ListKind,
        /// The formats that can be read, in words.
        formats: &'static str,
        /// The actual content, in words.
        found: String,
    },
}
