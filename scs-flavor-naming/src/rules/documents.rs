//! The documents with rules about flavors.

use scs_standards::DocumentId;

/// The three versions of the naming standard; the newest comes first.
pub(super) const NAMING: &[DocumentId] =
    &[NAMING_V3, DocumentId::version(100, 2), DocumentId::version(100, 1)];
pub(super) const NAMING_V3: DocumentId = DocumentId::version(100, 3);
/// The standard for standard flavors and properties.
pub(super) const STANDARD_FLAVORS: &[DocumentId] = &[DocumentId::version(103, 1)];
/// The standard for SSD flavors.
pub(super) const SSD_FLAVORS: &[DocumentId] = &[DocumentId::version(110, 1)];
