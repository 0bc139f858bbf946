//! Progress of a collector.

use std::sync::Arc;

/// Progress callback.
pub type Progress = Arc<dyn Fn(Event<'_>) + Send + Sync>;

/// A progress event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event<'a> {
    /// A part is requested.
    Started(&'a str),
    /// A page of a part has arrived, with the number of entries so far.
    Page(&'a str, usize),
    /// A part is complete, or is known to be unavailable.
    Done(&'a str),
    /// A probe starts a step.
    Step(&'a str, &'a str),
    /// A program that was run, such as a credential plug-in, wrote a line to its standard error.
    Said(&'a str, &'a str),
}
