//! Shared by all commands: options, input, output, failures. Nothing here depends on a command.

pub(crate) mod at;
pub(crate) mod color;
pub(crate) mod days;
pub(crate) mod diagnostic;
pub(crate) mod difference;
pub(crate) mod exit;
pub(crate) mod failure;
pub(crate) mod files;
pub(crate) mod input;
pub(crate) mod machine;
pub(crate) mod options;
pub(crate) mod output;
pub(crate) mod parallel;
pub(crate) mod terminal;
pub(crate) mod timeout;
pub(crate) mod version;
