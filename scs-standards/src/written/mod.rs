//! Texts of others inside texts that a machine or a terminal reads: one writer for each language.
//!
//! Names, values and reasons come from clouds and clusters, which may be hostile. A writer takes any text, and what it
//! returns cannot be left by it.
//!
//! | where the text goes | writer |
//! | --- | --- |
//! | a terminal, a message | [`visible`] |
//! | a `#` comment of a shell script, YAML or HCL | [`Comment`], [`CommentedOut`] |
//! | a word of a command | [`shell::quote`], [`shell::operand`], [`shell::option`] |
//! | a scalar or a key of YAML | [`yaml::scalar`] |
//! | a string of HCL | [`hcl::string`] |
//! | a table's cell, running text or code of Markdown | [`markdown::cell`], [`markdown::text`], [`markdown::code`] |

mod comment;
pub mod hcl;
pub mod markdown;
pub mod shell;
mod visible;
pub mod yaml;

pub use comment::{Comment, CommentedOut};
pub use visible::{is_tricky, push_visible, visible};

#[cfg(test)]
mod hostile;
