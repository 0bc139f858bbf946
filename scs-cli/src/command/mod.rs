//! The commands, one module each.

pub(crate) mod calendar;
pub(crate) mod certificate;
pub(crate) mod check;
pub(crate) mod diff;
pub(crate) mod documentation;
pub(crate) mod entropy;
pub(crate) mod explain;
pub(crate) mod facts;
pub(crate) mod flavor;
pub(crate) mod image;
pub(crate) mod inventory;
pub(crate) mod k8s;
pub(crate) mod report;
pub(crate) mod standards;
