//! Why a text is not a list of flavors.

use thiserror::Error;

use super::other::OtherKind;

/// Error: not a list of flavors.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ReadFlavorsError {
    /// Invalid JSON.
    #[error("not valid JSON: {reason}")]
    Json {
        /// The parser's message, with line and column.
        reason: String,
    },
    /// Invalid YAML, or nested or aliased too much for a list of flavors.
    #[error("not valid YAML: {reason}")]
    Yaml {
        /// The parser's message, with line and column.
        reason: String,
    },
    /// A list of something else.
    #[error("these are {0}, not flavors")]
    OtherKind(OtherKind),
    /// Something else.
    #[error(
        "not a list of flavors: expected the JSON of Nova (`{{\"flavors\": […]}}`) or of `openstack flavor list --long -f json`, \
         or the YAML of openstack-flavor-manager (`mandatory:`), found {found}"
    )]
    Shape {
        /// The actual content, in words.
        found: String,
    },
}
