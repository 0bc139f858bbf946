//! The rules of scs-0102 and scs-0104: tables that read like the standards' contents, and their checks.
//!
//! | module | topic |
//! | --- | --- |
//! | `technical` | technical properties and their values in OpenStack's lists |
//! | `purpose` | `os_purpose`, and a single generic image of each system (a different table for each version) |
//! | `naming` | names after the system, and dates in names of old images |
//! | `revealed` | fixes that reveal another finding |
//! | `proposals` | likely values of missing properties |
//! | `updating` | maintenance commitments, and freshness them |
//! | `origin` | origin and build date |
//! | `licensing` | licenses and support |
//! | `standard_v1` | standard images by list, with their sources |
//! | `standard_v2` | standard images by property and release calendar |

mod judge;
mod licensing;
mod naming;
mod origin;
mod proposals;
mod purpose;
mod revealed;
mod standard_v1;
mod standard_v2;
mod technical;
mod test_cases;
mod updating;

use scs_standards::{Answer, Context, DocumentId, Rule};

pub(crate) use judge::Repair;
pub(crate) use proposals::{Prospects, distro_by_name, identified, prospects, version_by_name};
pub use test_cases::{image_test_case, image_test_cases};

use crate::set::ImageSet;

/// Image metadata, version 1.
const METADATA_V1: DocumentId = DocumentId::version(102, 1);
const METADATA_V2: DocumentId = DocumentId::version(102, 2);
/// Both versions of image metadata; findings name the one in force, which comes first.
const METADATA: &[DocumentId] = &[METADATA_V1, METADATA_V2];
/// Standard images, version 1.
const IMAGES_V1: &[DocumentId] = &[DocumentId::version(104, 1)];
const IMAGES_V2: &[DocumentId] = &[DocumentId::version(104, 2)];

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

/// The documents with rules about images.
pub const IMAGE_DOCUMENTS: [DocumentId; 4] =
    [METADATA_V1, METADATA_V2, DocumentId::version(104, 1), DocumentId::version(104, 2)];

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

/// Runs all rules of the documents. A rule shared by two of them runs once.
///
/// ```
/// use scs_image_metadata::{ImageList, ImageSet, check_images, image_test_case};
/// use scs_standards::{Context, Declarations, DocumentId, Profile, Verdict};
///
/// let list: ImageList = r#"{"images": [{"name": "Ubuntu 24.04", "min_disk": 8, "size": 629145600}]}"#.parse()?;
/// let declarations = Declarations::default();
/// let at = "2026-11-24T00:00:00Z".parse()?;
/// let context = Context { at, profile: Profile::Text, declarations: &declarations };
/// let answers = check_images(&ImageSet::from(list), &context, &[DocumentId::version(102, 1)]);
/// let verdict = |case: &str| image_test_case(case).unwrap().verdict(&answers);
/// assert_eq!(verdict("scs-0102-prop-min_disk"), Some(Verdict::Pass));
/// assert_eq!(verdict("scs-0102-prop-min_ram"), Some(Verdict::Fail));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn check_images(set: &ImageSet, context: &Context<'_>, documents: &[DocumentId]) -> Vec<Answer> {
    let mut asked: Vec<&'static Rule<ImageSet>> = Vec::new();
    for rule in documents.iter().flat_map(|document| image_rules(*document)) {
        if !asked.iter().any(|known| std::ptr::eq(*known, rule)) {
            asked.push(rule);
        }
    }
    answers(asked, set, context)
}

/// Runs rules and returns their answers in the order of the rules.
#[must_use]
pub fn answers(rules: Vec<&'static Rule<ImageSet>>, set: &ImageSet, context: &Context<'_>) -> Vec<Answer> {
    let mut answers = crate::parallel::map_over(rules, set.images().len(), |rule| rule.answer(set, context));
    revealed::ask_about_revealed(&mut answers, set, context);
    answers
}
