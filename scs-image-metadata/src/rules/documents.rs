//! The documents with rules about images.

use scs_standards::DocumentId;

/// Image metadata, version 1.
pub(super) const METADATA_V1: DocumentId = DocumentId::version(102, 1);
pub(super) const METADATA_V2: DocumentId = DocumentId::version(102, 2);
/// Both versions of image metadata; findings name the one in force, which comes first.
pub(super) const METADATA: &[DocumentId] = &[METADATA_V1, METADATA_V2];
/// Standard images, version 1.
pub(super) const IMAGES_V1: &[DocumentId] = &[DocumentId::version(104, 1)];
pub(super) const IMAGES_V2: &[DocumentId] = &[DocumentId::version(104, 2)];

/// The documents with rules about images.
pub const IMAGE_DOCUMENTS: [DocumentId; 4] =
    [METADATA_V1, METADATA_V2, DocumentId::version(104, 1), DocumentId::version(104, 2)];
