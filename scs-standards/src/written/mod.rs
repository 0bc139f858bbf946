//! Writers for untrusted text inside text for machines or terminals, one for each language.
//!
//! Names, values and reasons come from clouds and clusters, which may be hostile. A writer accepts any text and guarantees
//! that the text cannot break out of the result.
//!
//! | destination | writer |
//! | --- | --- |
//! | a terminal, a message | [`visible`] |
//! | a `#` comment of a shell script, YAML or HCL | [`Comment`], [`CommentedOut`] |
//! | a word of a command | [`shell::quote`], [`shell::operand`], [`shell::option`] |
//! | a scalar or a key of YAML | [`yaml::scalar`] |
//! | a string of HCL | [`hcl::string`] |
//! | a table cell, running text or code in Markdown | [`markdown::cell`], [`markdown::text`], [`markdown::code`] |

mod comment;
pub mod hcl;
pub mod markdown;
pub mod shell;
mod spans;
mod visible;
pub mod yaml;

pub use comment::{Comment, CommentedOut};
pub use spans::{Span, spans};
pub use visible::{is_tricky, push_visible, visible};

#[cfg(test)]
mod hostile;
