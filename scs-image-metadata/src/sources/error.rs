//! Why a text is not a list of images.

use scs_standards::listed::{ListKind, ReadListError};

/// The formats that can be read.
const FORMATS: &str = "the JSON of Glance (`{\"images\": […]}`) or of `openstack image show -f json`, or the YAML of \
                       openstack-image-manager (`images:`)";

/// The error for a list of something else.
pub(super) const fn other_kind(found: ListKind) -> ReadListError {
    ReadListError::OtherKind { expected: ListKind::Images, found }
}

/// The error for a text that is not a list of images.
pub(super) fn shape(found: impl Into<String>) -> ReadListError {
    ReadListError::Shape { expected: ListKind::Images, formats: FORMATS, found: found.into() }
}
