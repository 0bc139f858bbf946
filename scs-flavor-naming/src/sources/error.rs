//! Why a text is not a list of flavors.

use scs_standards::listed::{ListKind, ReadListError};

/// The formats that can be read.
const FORMATS: &str = "the JSON of Nova (`{\"flavors\": […]}`) or of `openstack flavor list --long -f json`, or the YAML of \
                       openstack-flavor-manager (`mandatory:`)";

/// The error for a list of something else.
pub(super) const fn other_kind(found: ListKind) -> ReadListError {
    ReadListError::OtherKind { expected: ListKind::Flavors, found }
}

/// The error for a text that is not a list of flavors.
pub(super) fn shape(found: impl Into<String>) -> ReadListError {
    ReadListError::Shape { expected: ListKind::Flavors, formats: FORMATS, found: found.into() }
}
