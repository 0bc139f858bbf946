//! Repairs of a cluster that are patches of single objects: shown, applied, and undone.
//!
//! A label or an annotation is changed with a merge patch that names the resource version which was read, so that a change by
//! somebody else is a conflict and is not overwritten.

mod apply;
mod change;
mod error;
mod object;
mod plan;

pub use apply::{ToUndo, apply, check_undo, undo};
pub use change::{Change, Entry, Fields, Resource, Target as RepairTarget, Undo};
pub use error::RepairError;
pub use plan::{is_patch, plan};
