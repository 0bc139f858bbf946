//! What the rules would say of a flavor before it is offered as a repair.

use std::collections::BTreeMap;

use scs_standards::subject::Flavor;
use scs_standards::{Context, DocumentId, Edit, Severity};

use crate::blueprint::Blueprint;
use crate::repair;
use crate::rules::{FlavorSet, SHORT_NAME, flavor_rules, short_name_of};

/// Whether a new flavor would break no rule that the one in whose place it comes does not break; without one, no rule at all.
pub(crate) fn adds_nothing(
    set: &FlavorSet,
    new: &Blueprint,
    old: Option<&Flavor>,
    context: &Context<'_>,
) -> bool {
    // The repairs of a flavor on trial are not asked for.
    if set.is_trial() {
        return true;
    }
    let Some(Edit::Create { object, .. }) = new.edit() else { return false };
    let Some(new) = repair::created(&object) else { return false };
    let before = old.map(|old| broken(set, old.clone(), context)).unwrap_or_default();
    broken(set, new, context).iter().all(|(rule, count)| before.get(rule).is_some_and(|known| count <= known))
}

/// How often a flavor breaks each rule by itself.
fn broken(
    set: &FlavorSet,
    flavor: Flavor,
    context: &Context<'_>,
) -> BTreeMap<(&'static str, DocumentId), usize> {
    let name = flavor.name.clone();
    let alone = FlavorSet::new(vec![flavor], Vec::new()).as_trial();
    let has_short = alone.offers().iter().any(|offer| {
        let short = offer.parsed(context.profile).map(|parsed| short_name_of(&parsed.name));
        short.is_some_and(|short| set.of_name(&short.to_string()).is_some())
    });
    let answers = flavor_rules().map(|rule| rule.answer(&alone, context));
    let findings = answers.flat_map(|answer| answer.findings).filter(|finding| {
        finding.severity != Severity::Info
            && finding.subject == name
            && !(has_short && finding.rule == SHORT_NAME)
    });
    let mut counts = BTreeMap::new();
    for finding in findings {
        *counts.entry((finding.rule, finding.document)).or_default() += 1;
    }
    counts
}
