//! Live clusters: selection and collecting.

mod choice;
mod collecting;

pub(crate) use choice::{ClusterAccess, ClusterExtent, one_context};
pub(crate) use collecting::{Wanted, document, interrupted, inventories, uncollected, unopened};
