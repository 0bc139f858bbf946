//! How results are printed.

pub(crate) mod listing;
pub(crate) mod report;
