//! The official monitor's view of an evaluation: its JSON, and the cells of its tables.

mod number;
mod scope_result;
mod summary;

pub(crate) use number::number;
pub(crate) use scope_result::{ScopeResult, attention, buckets, relevant};
pub(crate) use summary::{Light, NONE, Summary, mark_of, summary};
