//! Printing results.

pub(crate) mod format;
pub(crate) mod hint;
pub(crate) mod listing;
pub(crate) mod report;
pub(crate) mod script;
