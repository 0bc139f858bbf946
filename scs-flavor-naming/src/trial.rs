//! Findings that a new flavor would cause, computed before it is proposed as a fix.

use scs_standards::subject::Flavor;
use scs_standards::{Context, Data, Edit, Finding, Severity, Verdict, Way};

use crate::blueprint::{Blueprint, created};
use crate::rules::{SHORT_NAME, flavor_rules, short_name_of};
use crate::set::{Added, FlavorSet};

/// The violations of a new flavor that the replaced one does not have; without a replaced one, all of them.
pub(crate) fn added(
    set: &FlavorSet,
    new: &Blueprint,
    old: Option<&Flavor>,
    context: &Context<'_>,
) -> Vec<Added> {
    let Some(Edit::Create { object, .. }) = new.edit() else { return Vec::new() };
    let Some(new) = created(&object) else { return Vec::new() };
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

/// Whether one of several choices about a flavor removes a finding, whatever the answer is.
pub(crate) fn is_removed_by_all_of_any(
    choices: &[&[Way]],
    flavor: &Flavor,
    finding: &Finding,
    context: &Context<'_>,
) -> bool {
    let Some(rule) =
        flavor_rules().find(|rule| rule.id == finding.rule && rule.documents.contains(&finding.document))
    else {
        return false;
    };
    let has_it = |flavor: Flavor| {
        let name = flavor.name.clone();
        let alone = FlavorSet::on_trial(flavor);
        let mut found = rule.answer(&alone, context).findings.into_iter();
        found.any(|it| it.severity != Severity::Info && it.result == Verdict::Fail && it.subject == name)
    };
    has_it(flavor.clone())
        && choices.iter().any(|ways| ways.iter().all(|way| !after(way, flavor).into_iter().any(has_it)))
}

/// A flavor after the edits of one of its fixes, with the flavors that they create.
fn after(way: &Way, flavor: &Flavor) -> Vec<Flavor> {
    let (mut own, mut all) = (Some(flavor.clone()), Vec::new());
    for edit in &way.edits {
        let specs = own.as_mut().map(|own| own.extra_specs.get_or_insert_default());
        match (edit, specs) {
            (Edit::Set { path, value: Data::Text(value), .. }, Some(specs)) => {
                specs.extend(path.last().map(|key| (key.clone(), value.clone())));
            }
            (Edit::Unset { path, .. }, Some(specs)) => {
                path.last().and_then(|key| specs.remove(key));
            }
            (Edit::Delete { .. }, _) => own = None,
            (Edit::Create { object, .. }, _) => all.extend(created(object)),
            _ => {}
        }
    }
    all.extend(own);
    all
}

/// The violations of a flavor on its own.
fn broken(set: &FlavorSet, flavor: Flavor, context: &Context<'_>) -> Vec<Finding> {
    let name = flavor.name.clone();
    let alone = FlavorSet::on_trial(flavor);
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
