//! The tables together, and runs of their rules.

use scs_standards::{Answer, Context, DocumentId, Rule, answer_all};

use super::{naming, operation, properties, ssd, standard, truth};
use crate::definitions;
use crate::set::FlavorSet;

/// All rules for flavors, in the order of the standards.
///
/// ```
/// use scs_flavor_naming::flavor_rules;
///
/// assert!(flavor_rules().any(|rule| rule.id == "scs-0100-syntax-check"));
/// assert!(flavor_rules().any(|rule| rule.id == "scs-0103-flavor-1v-4"));
/// ```
pub fn flavor_rules() -> impl Iterator<Item = &'static Rule<FlavorSet>> {
    let tables: [&'static [Rule<FlavorSet>]; 7] = [
        naming::RULES,
        truth::RULES,
        operation::RULES,
        standard::FLAVOR_RULES,
        standard::RULES,
        properties::RULES,
        ssd::RULES,
    ];
    tables.into_iter().flatten()
}

/// Finds a rule by its id.
#[must_use]
pub fn flavor_rule(id: &str) -> Option<&'static Rule<FlavorSet>> {
    flavor_rules().find(|rule| rule.id == id)
}

/// Runs all rules stated by one of `documents`.
///
/// ```
/// use scs_flavor_naming::{FlavorSet, check_flavors, flavor_test_case};
/// use scs_standards::{Context, Declarations, DocumentId, Profile, Verdict};
///
/// let set = FlavorSet::from_names(["SCS-2V-8", "SCS-2iT-4"]);
/// let declarations = Declarations::default();
/// let at = "2026-11-23T00:00:00Z".parse()?;
/// let context = Context { at, profile: Profile::Text, declarations: &declarations };
/// let answers = check_flavors(&set, &context, &[DocumentId::version(100, 3)]);
/// let syntax = flavor_test_case("scs-0100-syntax-check").unwrap();
/// assert_eq!(syntax.verdict(&answers), Some(Verdict::Fail));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn check_flavors(set: &FlavorSet, context: &Context<'_>, documents: &[DocumentId]) -> Vec<Answer> {
    answers(set, context, documents).into_iter().map(|answer| adapt_fixes(set, answer)).collect()
}

/// Adapts the fixes of an answer to the source: for definitions, they are changes to the file.
#[must_use]
pub fn adapt_fixes(set: &FlavorSet, mut answer: Answer) -> Answer {
    if set.are_definitions() {
        for fix in answer.findings.iter_mut().filter_map(|finding| finding.fix.as_mut()) {
            *fix = definitions::in_words(fix);
        }
    }
    answer
}

/// Like [`check_flavors`], but with the fixes for a cloud.
pub(crate) fn answers(set: &FlavorSet, context: &Context<'_>, documents: &[DocumentId]) -> Vec<Answer> {
    answer_all(flavor_rules(), set, context, documents)
}
