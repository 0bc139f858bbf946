//! Why a text is not a list of images.

use thiserror::Error;

use super::other::OtherKind;

/// Error: not a list of images.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ReadImagesError {
    /// Invalid JSON without any image before the error.
    #[error("not valid JSON: {reason}")]
    Json {
        /// The parser's message, with line and column.
        reason: String,
    },
    /// Invalid YAML, or nested or aliased too much for a list of images.
    #[error("not valid YAML: {reason}")]
    Yaml {
        /// The parser's message, with line and column.
        reason: String,
    },
    /// A list of something else.
    #[error("these are {kind}, not images")]
    Kind {
        /// The actual content.
        kind: OtherKind,
    },
    /// Something else.
    #[error(
        "not a list of images: expected the JSON of Glance (`{{\"images\": […]}}`) or of `openstack image show -f json`, or the \
         YAML of openstack-image-manager (`images:`), found {found}"
    )]
    Shape {
        /// The actual content, in words.
        found: String,
    },
}
