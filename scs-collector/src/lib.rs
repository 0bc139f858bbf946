//! What the collectors of clouds, clusters and facts share: an inventory in the making, retries, secrets, bounded files.
//!
//! | topic | items |
//! | --- | --- |
//! | a newly collected inventory | [`Document`], [`Part`] |
//! | progress | [`Event`], [`Progress`] |
//! | retries | [`Retry`], [`retry_after`] |
//! | passwords, tokens and keys | [`Secret`], [`Redactor`] |
//! | configuration files | [`files`] |
//! | names of objects that probes create | [`stamp()`], [`stamped_at`], [`is_older`] |
//! | messages of others | [`one_line`], [`reason`] |

mod document;
pub mod files;
mod message;
mod progress;
mod retry;
mod secret;
mod stamp;

pub use document::{Document, Part};
pub use message::{one_line, reason};
pub use progress::{Event, Progress};
pub use retry::{Retry, retry_after};
pub use scs_standards;
pub use secret::{Redactor, Secret};
pub use stamp::{is_older, stamp, stamped_at};

/// Compiles the code in the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct FrontPage;
