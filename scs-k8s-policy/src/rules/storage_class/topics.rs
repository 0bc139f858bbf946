//! The questions that several rules share.

/// The question about the place where volumes are stored.
pub(super) const BACKING: &str = "default-storage-backing";

/// The question about the guarantees of the class.
pub(super) const PROMISE: &str = "default-storage-promise";

pub(super) const PROMISES: &str =
    "the guarantee for the default class's volumes, `failure-safe` or `best-effort`";
