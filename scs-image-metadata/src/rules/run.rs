//! Runs rules, and then those that their fixes reveal.

use scs_standards::{Answer, Context, DocumentId, Rule};

use super::revealed;
use super::tables::image_rules;
use crate::set::ImageSet;

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
