//! Fixes for all findings about a set of flavors.
//!
//! The fixes are those of the findings. Safe fixes are applied to the flavors, which are checked again,
//! until none are left; choices, and fixes that a certificate does not require, are listed.

use std::collections::{BTreeMap, HashMap, HashSet};

use scs_standards::subject::Flavor;
use scs_standards::{
    Answer, Applicability, Context, Data, DocumentId, Edit, Finding, Fix, Severity, Strength, Verdict, Way,
};

use crate::blueprint::created;
use crate::evidence;
use crate::fixes;
use crate::offer::Offer;
use crate::properties::{PropertyKey, UntypedDisk};
use crate::rules::answers;
use crate::set::FlavorSet;
use crate::trial;
use crate::untruth::untrue;

/// Options of a repair.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RepairOptions {
    /// The disk type to assume if neither name nor table determines it.
    pub untyped_disk: UntypedDisk,
    /// Whether to also set optional properties of flavors with an SCS name.
    pub complete: bool,
    /// Whether to also fix violations of mere recommendations.
    pub recommended: bool,
}

impl RepairOptions {
    /// Sets the disk type to assume if neither name nor table determines it.
    #[must_use]
    pub const fn with_untyped_disk(self, untyped_disk: UntypedDisk) -> Self {
        Self { untyped_disk, ..self }
    }

    /// Also sets optional properties of flavors with an SCS name.
    #[must_use]
    pub const fn complete(self) -> Self {
        Self { complete: true, ..self }
    }

    /// Also fixes violations of mere recommendations.
    #[must_use]
    pub const fn recommended(self) -> Self {
        Self { recommended: true, ..self }
    }
}

/// The property changes of one flavor.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct PropertyChange {
    /// The name of the flavor.
    pub flavor: String,
    /// Its id, if known: a name may be the id of another flavor.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub id: Option<String>,
    /// The properties to set.
    pub set: BTreeMap<String, String>,
    /// The properties to remove.
    pub unset: Vec<String>,
    /// The commands for the changes.
    pub commands: Vec<String>,
}

/// A new flavor required by a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct NewFlavor {
    /// The rule that requires it.
    pub rule: std::borrow::Cow<'static, str>,
    /// The missing flavor.
    pub subject: String,
    /// The message of the finding.
    pub message: String,
    /// The command that creates it.
    pub command: String,
    /// The edits of an inventory.
    pub edits: Vec<Edit>,
}

/// All possible fixes for a set of flavors.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Repair {
    /// The property changes, in the order of the flavors.
    pub changes: Vec<PropertyChange>,
    /// The new flavors required in addition.
    pub new_flavors: Vec<NewFlavor>,
    /// The findings with a fix that a certificate does not require.
    pub optional: Vec<Finding>,
    /// The findings whose fix depends on an answer or is destructive.
    pub choices: Vec<Finding>,
    /// The findings without a fix of their own that a choice about the same flavor settles, whatever the answer is.
    pub settled: Vec<Finding>,
    /// The findings that remain after all of this.
    pub remaining: Vec<Finding>,
    /// The flavors with the changes and the new flavors.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub repaired: FlavorSet,
}

/// The maximum number of rounds: a fix rarely enables another one.
const MOST_ROUNDS: usize = 8;

/// Computes the changes.
///
/// ```
/// use scs_flavor_naming::{FlavorSet, RepairOptions, repair_flavors};
/// use scs_standards::subject::Flavor;
/// use scs_standards::{Context, Declarations, DocumentId, Profile};
///
/// let flavor = Flavor {
///     name: "SCS-2V-8".into(),
///     vcpus: Some(2),
///     ram_mib: Some(8192),
///     disk_gb: Some(0),
///     extra_specs: Some([("scs:name-v1".to_owned(), "SCS-2V-8".to_owned())].into()),
///     ..Flavor::default()
/// };
/// let declarations = Declarations::default();
/// let at = "2026-11-23T00:00:00Z".parse()?;
/// let context = Context { at, profile: Profile::Text, declarations: &declarations };
/// let documents = [DocumentId::version(103, 1)];
/// let repair = repair_flavors(&FlavorSet::from(vec![flavor]), &context, &documents, RepairOptions::default());
/// assert_eq!(
///     repair.changes[0].commands,
///     ["openstack flavor set --property scs:cpu-type=shared-core --property scs:name-v1=SCS-2V:8 \
///       --property scs:name-v2=SCS-2V-8 SCS-2V-8"]
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn repair_flavors(
    set: &FlavorSet,
    context: &Context<'_>,
    documents: &[DocumentId],
    options: RepairOptions,
) -> Repair {
    let mut work = Work::new(set);
    let mut new_flavors = Vec::new();
    let mut is_completed = !options.complete;
    let mut found = answers(set, context, documents);
    for _ in 0..MOST_ROUNDS {
        let mut changed = false;
        for finding in broken(&found) {
            let Some(way) = active(finding, options) else { continue };
            if !work.take(&way.edits) {
                continue;
            }
            changed = true;
            if way.edits.iter().any(|edit| matches!(edit, Edit::Create { .. })) {
                new_flavors.push(NewFlavor {
                    rule: finding.rule.clone(),
                    subject: finding.subject.clone(),
                    message: finding.message.clone(),
                    command: way.command.clone(),
                    edits: way.edits.clone(),
                });
            }
        }
        if !changed && !is_completed {
            is_completed = true;
            changed = work.complete(context, options);
        }
        if !changed {
            break;
        }
        work.next_round();
        found = answers(&work.set, context, documents);
    }
    let (mut optional, mut choices, mut remaining) = (Vec::new(), Vec::new(), Vec::new());
    for finding in broken(&found) {
        let fix = finding.fix.as_ref();
        // The disk type answers its question.
        let answer = fix.and_then(|fix| answered(fix, options.untyped_disk));
        let fix = answer.map(|way| Fix::Safe(Way { when: None, ..way.clone() })).or_else(|| fix.cloned());
        let list = match fix.as_ref().map(Fix::applicability) {
            Some(Applicability::Safe) if fix.as_ref().is_some_and(|fix| !fix.is_destructive()) => {
                &mut optional
            }
            Some(Applicability::Safe | Applicability::Choose) => &mut choices,
            Some(Applicability::Advice) | None => &mut remaining,
        };
        list.push(Finding { fix, ..finding.clone() });
    }
    let settled = take_settled(&mut remaining, &choices, &work.set, context);
    let changes = changes(set, &work.set);
    Repair { changes, new_flavors, optional, choices, settled, remaining, repaired: work.set }
}

/// Removes the findings that a choice about the same flavor settles, whatever the answer is.
fn take_settled(
    remaining: &mut Vec<Finding>,
    choices: &[Finding],
    set: &FlavorSet,
    context: &Context<'_>,
) -> Vec<Finding> {
    let mut by_flavor: HashMap<&str, Vec<&[Way]>> = HashMap::new();
    for choice in choices {
        let ways = choice.fix.as_ref().map_or(&[][..], Fix::ways);
        let known = by_flavor.entry(&choice.subject).or_default();
        if !ways.is_empty() && !known.contains(&ways) {
            known.push(ways);
        }
    }
    let is_settled = |finding: &mut Finding| {
        let Some(choices) = by_flavor.get(finding.subject.as_str()) else { return false };
        let Some(offer) = set.with_name(&finding.subject) else { return false };
        trial::is_removed_by_all_of_any(choices, offer.flavor(), finding, context)
    };
    remaining.extract_if(.., is_settled).collect()
}

/// The findings that require a fix.
fn broken(answers: &[Answer]) -> impl Iterator<Item = &Finding> {
    let findings = answers.iter().flat_map(|answer| &answer.findings);
    findings.filter(|finding| finding.result == Verdict::Fail && finding.severity != Severity::Info)
}

/// The way that these options apply to a finding automatically.
fn active(finding: &Finding, options: RepairOptions) -> Option<&Way> {
    let is_wanted = match finding.level.strength() {
        Strength::Must => true,
        Strength::Should => options.recommended,
        Strength::May => false,
    };
    let fix = finding.fix.as_ref().filter(|_| is_wanted)?;
    fix.active().or_else(|| answered(fix, options.untyped_disk))
}

/// The way selected by the disk type, if nothing else is asked.
fn answered(fix: &Fix, untyped_disk: UntypedDisk) -> Option<&Way> {
    let UntypedDisk::As(kind) = untyped_disk else { return None };
    let ways = if asks_for_disk_type(fix) { fix.ways() } else { &[] };
    ways.iter().find(|way| disk_type_of(way) == Some(kind.key()) && !way.destructive)
}

/// Whether a fix only depends on the disk type, which [`RepairOptions::untyped_disk`] determines.
#[must_use]
pub fn asks_for_disk_type(fix: &Fix) -> bool {
    let ways = fix.ways();
    ways.len() > 1 && ways.iter().all(|way| disk_type_of(way).is_some())
}

/// The root disk type that a way sets.
fn disk_type_of(way: &Way) -> Option<&str> {
    way.edits.iter().find_map(|edit| match edit {
        Edit::Set { path, value, .. } if path.last().is_some_and(|key| key == "scs:disk0-type") => {
            value.text()
        }
        Edit::Create { object: Data::Map(object), .. } => match object.get("extra_specs") {
            Some(Data::Map(specs)) => specs.get("scs:disk0-type")?.text(),
            _ => None,
        },
        _ => None,
    })
}

/// The flavors while they are being fixed.
struct Work {
    set: FlavorSet,
    flavors: Vec<Flavor>,
    /// The indices of the flavors, by the field and value that edits use to select them.
    numbers: HashMap<(String, String), usize>,
    /// The flavors and properties changed in this round.
    taken: HashSet<(usize, String)>,
    /// The names of new flavors.
    new: HashSet<String>,
}

impl Work {
    fn new(set: &FlavorSet) -> Self {
        let flavors: Vec<Flavor> = set.offers().iter().map(|offer| offer.flavor().clone()).collect();
        let mut numbers = HashMap::with_capacity(2 * flavors.len());
        for (number, flavor) in flavors.iter().enumerate() {
            let ids = flavor.id.iter().map(|id| ("id".to_owned(), id.clone()));
            for key in ids.chain([("name".to_owned(), flavor.name.clone())]) {
                numbers.entry(key).or_insert(number);
            }
        }
        Self { set: set.clone(), flavors, numbers, taken: HashSet::new(), new: HashSet::new() }
    }

    /// Applies the edits of one way, all or none; returns whether they were applied.
    fn take(&mut self, edits: &[Edit]) -> bool {
        let mut places = Vec::with_capacity(edits.len());
        for edit in edits {
            match edit {
                Edit::Set { object: Some(object), path, .. }
                | Edit::Unset { object: Some(object), path, .. } => {
                    let ([field], [_, key]) = (&object.field[..], &path[..]) else { return false };
                    let found = self.numbers.get(&(field.clone(), object.value.clone()));
                    let Some(&number) = found else { return false };
                    if self.taken.contains(&(number, key.clone())) {
                        return false;
                    }
                    places.push(Some((number, key.clone())));
                }
                Edit::Create { object, .. } => {
                    let Some(flavor) = created(object) else { return false };
                    if !self.new.insert(flavor.name.clone()) {
                        return false;
                    }
                    self.flavors.push(flavor);
                    places.push(None);
                }
                Edit::Set { .. } | Edit::Unset { .. } | Edit::Argument { .. } | Edit::Delete { .. } => {
                    return false;
                }
            }
        }
        for (edit, place) in edits.iter().zip(places) {
            let Some((number, key)) = place else { continue };
            let Some(flavor) = self.flavors.get_mut(number) else { continue };
            let specs = flavor.extra_specs.get_or_insert_default();
            match edit {
                Edit::Set { value: Data::Text(value), .. } => specs.insert(key.clone(), value.clone()),
                _ => specs.remove(&key),
            };
            self.taken.insert((number, key));
        }
        !edits.is_empty()
    }

    fn next_round(&mut self) {
        self.taken.clear();
        let set = FlavorSet::from(self.flavors.clone()).with_broken(self.set.broken().to_vec());
        self.set = if self.set.are_definitions() { set.as_definitions() } else { set };
    }

    /// Adds the properties that follow from true names; returns whether there were any.
    fn complete(&mut self, context: &Context<'_>, options: RepairOptions) -> bool {
        let mut changed = false;
        for (offer, flavor) in self.set.offers().iter().zip(&mut self.flavors) {
            let Some(parsed) = offer.parsed(context.profile) else { continue };
            let Some(specs) = &mut flavor.extra_specs else { continue };
            if !untrue(&parsed.name, offer, context.profile).is_empty() {
                continue;
            }
            let before = specs.len();
            let may_be_better =
                evidence::minimum_cpu_class(offer.flavor()).is_some_and(|it| it.least > parsed.name.cpu.kind);
            for (key, value) in parsed.name.properties(context.profile, options.untyped_disk) {
                if may_be_better && key == PropertyKey::CpuType {
                    continue;
                }
                specs.entry(key.to_string()).or_insert(value);
            }
            changed |= specs.len() > before;
        }
        changed
    }
}

/// The property changes of the existing flavors.
fn changes(before: &FlavorSet, after: &FlavorSet) -> Vec<PropertyChange> {
    let pairs = before.offers().iter().map(Offer::flavor).zip(after.offers().iter().map(Offer::flavor));
    pairs.filter_map(|(old, new)| change(before, old, new)).collect()
}

fn change(all: &FlavorSet, old: &Flavor, new: &Flavor) -> Option<PropertyChange> {
    let none = BTreeMap::new();
    let (before, after) =
        (old.extra_specs.as_ref().unwrap_or(&none), new.extra_specs.as_ref().unwrap_or(&none));
    let set: BTreeMap<String, String> = after
        .iter()
        .filter(|(key, value)| before.get(*key) != Some(value))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    let unset: Vec<String> = before.keys().filter(|key| !after.contains_key(*key)).cloned().collect();
    if set.is_empty() && unset.is_empty() {
        return None;
    }
    let commands = fixes::commands(all, old, &set, &unset);
    Some(PropertyChange { flavor: old.name.clone(), id: old.id.clone(), set, unset, commands })
}
