//! Findings that a new flavor would cause, computed before it is proposed as a fix.

use scs_standards::subject::Flavor;
use scs_standards::{Context, Edit, Finding, Severity, Strength, Verdict};

use crate::blueprint::Blueprint;
use crate::repair;
use crate::rules::{FlavorSet, SHORT_NAME, flavor_rules, short_name_of};

/// A finding that a new flavor would cause.
pub(crate) struct Added {
    pub(crate) strength: Strength,
    pub(crate) message: String,
}

/// The violations of a new flavor that the replaced one does not have; without a replaced one, all of them.
pub(crate) fn added(
    set: &FlavorSet,
    new: &Blueprint,
    old: Option<&Flavor>,
    context: &Context<'_>,
) -> Vec<Added> {
    // Fixes for a flavor on trial are not needed.
    if set.is_trial() {
        return Vec::new();
    }
    let Some(Edit::Create { object, .. }) = new.edit() else { return Vec::new() };
    let Some(new) = repair::created(&object) else { return Vec::new() };
    let after = broken(set, new, context);
    if after.is_empty() {
        return Vec::new();
    }
    let mut before = old.map(|old| broken(set, old.clone(), context)).unwrap_or_default();
    // Then another short name belongs to it.
    before.retain(|finding| finding.rule != SHORT_NAME);
    let mut is_new = |finding: &Finding| {
        let known = before.iter().position(|it| (&it.rule, it.document) == (&finding.rule, finding.document));
        known.map(|known| before.swap_remove(known)).is_none()
    };
    after
        .into_iter()
        .filter(|finding| is_new(finding))
        .map(|finding| Added { strength: finding.level.strength(), message: finding.message })
        .collect()
}

/// The violations of a flavor on its own.
fn broken(set: &FlavorSet, flavor: Flavor, context: &Context<'_>) -> Vec<Finding> {
    let name = flavor.name.clone();
    let alone = FlavorSet::from(vec![flavor]).on_trial();
    let has_short = alone.offers().iter().any(|offer| {
        let short = offer.parsed(context.profile).map(|parsed| short_name_of(&parsed.name));
        short.is_some_and(|short| set.with_name(&short.to_string()).is_some())
    });
    let answers = flavor_rules().map(|rule| rule.answer(&alone, context));
    let findings = answers.flat_map(|answer| answer.findings).filter(|finding| {
        finding.severity != Severity::Info
            && finding.result != Verdict::Miss
            && finding.subject == name
            && !(has_short && finding.rule == SHORT_NAME)
    });
    findings.collect()
}
