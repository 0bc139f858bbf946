//! Parses the flags of a Kubernetes component in any notation.

mod command;
mod error;
mod given;
mod invocation;
mod node_arguments;
mod script;
mod word;

pub(crate) use command::{may_start, read_command};
pub use error::ReadFlagsError;
pub use given::Flags;
pub(crate) use invocation::starts_others;
pub(crate) use node_arguments::{NODE_ARGUMENTS, NodeArguments};
pub(crate) use word::Environment;
