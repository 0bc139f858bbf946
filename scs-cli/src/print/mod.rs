//! Printing results.

pub(crate) mod listing;
pub(crate) mod report;
