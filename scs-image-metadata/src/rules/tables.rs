//! The tables of each document.

use scs_standards::{DocumentId, Rule};

use super::documents::{IMAGES_V1, IMAGES_V2, METADATA_V1, METADATA_V2};
use super::{licensing, naming, origin, purpose, standard_v1, standard_v2, technical, updating};
use crate::set::ImageSet;

/// The tables of a document, in the order of its contents.
fn tables(document: DocumentId) -> Vec<&'static [Rule<ImageSet>]> {
    if document == METADATA_V1 {
        vec![
            naming::RULES_V1,
            technical::RULES,
            purpose::RULES_V1,
            naming::RULES,
            updating::RULES,
            origin::RULES,
            licensing::RULES,
        ]
    } else if document == METADATA_V2 {
        vec![
            technical::RULES,
            purpose::RULES_V2,
            naming::RULES,
            naming::RULES_V2,
            updating::RULES,
            origin::RULES,
            licensing::RULES,
        ]
    } else if IMAGES_V1.contains(&document) {
        vec![standard_v1::RULES]
    } else if IMAGES_V2.contains(&document) {
        vec![standard_v2::RULES]
    } else {
        Vec::new()
    }
}

/// The rules of a document. Rules shared by two versions of a standard have the same row in both.
///
/// ```
/// use scs_image_metadata::image_rules;
/// use scs_standards::{DocumentId, Level};
///
/// let purpose = |version| image_rules(DocumentId::version(102, version)).find(|rule| rule.id == "scs-0102-prop-os_purpose");
/// assert_eq!(purpose(1).unwrap().level, Level::Should);
/// assert_eq!(purpose(2).unwrap().level, Level::Must);
/// ```
pub fn image_rules(document: DocumentId) -> impl Iterator<Item = &'static Rule<ImageSet>> {
    tables(document).into_iter().flatten()
}
