//! What to change so that the findings over flavors disappear.
//!
//! Properties can be changed in place; figures, names and visibility cannot, so that what needs a new flavor is offered
//! as a command of its own and marked where it takes something away.

use std::collections::BTreeMap;

use scs_standards::subject::Flavor;
use scs_standards::{Answer, Context, DocumentId, Finding, Fix, Profile, Severity, Verdict, Way};

use crate::commands;
use crate::cpu::CpuType;
use crate::disk::{Disk, DiskType};
use crate::parse::Parser;
use crate::properties::{PropertyKey, UntypedDisk};
use crate::rules::{Claim, FlavorSet, Offer, check_flavors, claims, matched, newest_variant, untrue};
use crate::standard_flavors::{StandardDisk, StandardFlavor};
use crate::syntax::Syntax;

/// How far a repair may go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RepairOptions {
    /// The type of the disks of which neither name nor table tells it.
    pub untyped_disk: UntypedDisk,
    /// Whether flavors with an SCS name also get the properties that they do not need but may have.
    pub complete: bool,
}

impl RepairOptions {
    /// With the type of the disks of which neither name nor table tells it.
    #[must_use]
    pub const fn with_untyped_disk(self, untyped_disk: UntypedDisk) -> Self {
        Self { untyped_disk, ..self }
    }

    /// Also with the properties that flavors with an SCS name may have.
    #[must_use]
    pub const fn complete(self) -> Self {
        Self { complete: true, ..self }
    }
}

/// The changes of one flavor's properties.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct PropertyChange {
    /// The flavor.
    pub flavor: String,
    /// Its id, where it is known: a name may be the id of another flavor.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub id: Option<String>,
    /// What to set.
    pub set: BTreeMap<String, String>,
    /// What to remove.
    pub unset: Vec<String>,
    /// The commands that do it.
    pub commands: Vec<String>,
}

/// A new flavor that a finding asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct NewFlavor {
    /// The rule that asks for it.
    pub rule: &'static str,
    /// The flavor that it replaces or that is missing.
    pub subject: String,
    /// Why.
    pub message: String,
    /// The command.
    pub command: String,
    /// Whether the command takes a flavor away.
    pub destructive: bool,
}

/// Everything that can be done about a set of flavors.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Repair {
    /// The changes of properties, in the order of the flavors.
    pub changes: Vec<PropertyChange>,
    /// The new flavors that are needed beside.
    pub new_flavors: Vec<NewFlavor>,
    /// The findings that remain when all of that is done: for a person to decide.
    pub remaining: Vec<Finding>,
    /// The flavors with their properties changed.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub repaired: FlavorSet,
}

impl PartialEq for FlavorSet {
    fn eq(&self, other: &Self) -> bool {
        self.broken() == other.broken()
            && self.offers().iter().map(Offer::flavor).eq(other.offers().iter().map(Offer::flavor))
    }
}

impl Eq for FlavorSet {}

/// Works out the changes.
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
/// let repair = repair_flavors(&FlavorSet::new(vec![flavor], vec![]), &context, &documents, RepairOptions::default());
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
    let standards = standard_flavors_of(set, context.profile);
    let to_be_replaced = with_other_figures(set, context.profile);
    let mut changes = Vec::new();
    let mut flavors = Vec::new();
    for (index, offer) in set.offers().iter().enumerate() {
        let standard = standards.get(&index).copied();
        let mut flavor = offer.flavor().clone();
        // The properties of a flavor that has to be replaced are set when that is done.
        let stays = standard.is_some() || !to_be_replaced.contains(&index);
        if let Some(specs) = offer.flavor().extra_specs.as_ref().filter(|_| stays) {
            let repaired = repaired_properties(offer, standard, context.profile, options);
            changes.extend(change(&flavor, specs, &repaired));
            flavor.extra_specs = Some(repaired);
        }
        flavors.push(flavor);
    }
    let repaired = FlavorSet::new(flavors, set.broken().to_vec());
    let answers = check_flavors(&repaired, context, documents);
    let new_flavors = new_flavors(&answers, options);
    let remaining = remaining(answers, &new_flavors);
    Repair { changes, new_flavors, remaining, repaired }
}

/// Which flavor stands for which standard flavor with the right figures, by its number in the set.
fn standard_flavors_of(set: &FlavorSet, profile: Profile) -> BTreeMap<usize, StandardFlavor> {
    StandardFlavor::all()
        .filter_map(|standard| {
            let found = matched(set, standard, profile)?;
            let index = set.offers().iter().position(|offer| std::ptr::eq(offer, found.offer))?;
            found.figures.is_empty().then_some((index, standard))
        })
        .collect()
}

/// The flavors that stand for a standard flavor and have other figures, by their numbers in the set.
fn with_other_figures(set: &FlavorSet, profile: Profile) -> Vec<usize> {
    StandardFlavor::all()
        .filter_map(|standard| {
            let found = matched(set, standard, profile)?;
            let index = set.offers().iter().position(|offer| std::ptr::eq(offer, found.offer))?;
            (!found.figures.is_empty()).then_some(index)
        })
        .collect()
}

type Properties = BTreeMap<String, String>;

/// The properties after the repair. Each step looks at the flavor as the steps before have left it.
fn repaired_properties(
    offer: &Offer,
    standard: Option<StandardFlavor>,
    profile: Profile,
    options: RepairOptions,
) -> Properties {
    let flavor = offer.flavor();
    let mut specs = flavor.extra_specs.clone().unwrap_or_default();
    specs.retain(|key, _| PropertyKey::of(key) != Some(PropertyKey::Unknown));
    if let Some(standard) = standard {
        standard_properties(&mut specs, offer, standard, profile, options);
    }
    // By figures first: a name that is not the flavor's says nothing about its vCPUs.
    with_step(flavor, &mut specs, |specs, offer| repair_name_variants(specs, offer, profile, false));
    with_step(flavor, &mut specs, |specs, offer| repair_disk_types(specs, offer, profile));
    if standard.is_none() {
        with_step(flavor, &mut specs, |specs, offer| repair_cpu_type(specs, offer, profile));
    }
    with_step(flavor, &mut specs, |specs, offer| repair_name_variants(specs, offer, profile, true));
    if options.complete
        && let Some(parsed) = offer.parsed(profile)
    {
        for (key, value) in parsed.name.properties(profile, options.untyped_disk) {
            specs.entry(key.to_string()).or_insert(value);
        }
    }
    with_step(flavor, &mut specs, |specs, offer| add_newest_variant(specs, offer, profile));
    specs
}

/// Runs a step on the properties, which sees the flavor with them.
fn with_step(flavor: &Flavor, specs: &mut Properties, step: impl FnOnce(&mut Properties, &Offer)) {
    let now = Flavor { extra_specs: Some(specs.clone()), ..flavor.clone() };
    let set = FlavorSet::new(vec![now], Vec::new());
    if let Some(offer) = set.offers().first() {
        step(specs, offer);
    }
}

/// What a standard flavor must have, whatever it has now.
fn standard_properties(
    specs: &mut Properties,
    offer: &Offer,
    standard: StandardFlavor,
    profile: Profile,
    options: RepairOptions,
) {
    let fixed = standard.expected_extra_specs();
    specs.extend(fixed.into_iter().map(|(key, value)| (key.to_owned(), value)));
    let key = "scs:disk0-type";
    match standard.disk_type() {
        StandardDisk::Of(_) => {}
        StandardDisk::None => {
            specs.remove(key);
        }
        StandardDisk::Any => {
            let set = specs.get(key).and_then(|value| DiskType::from_key(value));
            let named = offer.parsed(profile).and_then(|parsed| parsed.name.disk()).and_then(Disk::kind);
            let given = match options.untyped_disk {
                UntypedDisk::As(kind) => Some(kind),
                UntypedDisk::LeaveOut => None,
            };
            // C-025: the official suite takes an open type for `network`.
            let official = (profile == Profile::Official).then_some(DiskType::Network);
            if let Some(kind) = official.or(set).or(named).or(given) {
                specs.insert(key.to_owned(), kind.key().to_owned());
            }
        }
    }
}

/// Without types that do not exist, and without disks that do not exist.
fn repair_disk_types(specs: &mut Properties, offer: &Offer, profile: Profile) {
    let most = match offer.flavor().disk_gb {
        Some(0) => Some(0),
        _ => offer
            .all_names(profile)
            .iter()
            .filter_map(|(_, name)| name.disk())
            .map(|disk| disk.count().get())
            .max(),
    };
    specs.retain(|key, value| match PropertyKey::of(key) {
        Some(PropertyKey::DiskType(number)) => {
            DiskType::from_key(value).is_some() && most.is_none_or(|most| number < most)
        }
        _ => true,
    });
}

/// The strongest class that a name of the flavor promises; without a name, a value that is no class goes.
fn repair_cpu_type(specs: &mut Properties, offer: &Offer, profile: Profile) {
    let key = "scs:cpu-type";
    let Some(value) = specs.get(key) else {
        return;
    };
    let promised = offer.all_names(profile).into_iter().map(|(_, name)| name.cpu().kind).max();
    match (CpuType::from_key(value), promised) {
        (Some(real), Some(promised)) if real < promised => {
            specs.insert(key.to_owned(), promised.key().to_owned());
        }
        (None, Some(promised)) => {
            specs.insert(key.to_owned(), promised.key().to_owned());
        }
        (None, None) => {
            specs.remove(key);
        }
        (Some(_), _) => {}
    }
}

/// Invalid variants are repaired where that gives a true name, all others that are invalid or untrue go; whether class
/// and disk type count for that is asked.
fn repair_name_variants(specs: &mut Properties, offer: &Offer, profile: Profile, with_types: bool) {
    let parser = Parser::new(profile);
    let is_true = |text: &str| {
        parser.parse(text).is_ok_and(|parsed| {
            if with_types {
                untrue(&parsed.name, offer, profile).is_empty()
            } else {
                claims(&parsed.name, offer.flavor(), profile)
                    .iter()
                    .all(|claim| !matches!(claim, Claim::Overstated { .. }))
            }
        })
    };
    for (key, text) in offer.name_variants() {
        if is_true(text) {
            continue;
        }
        let suggestion = parser.parse(text).err().and_then(|error| error.suggestion().map(str::to_owned));
        match suggestion.filter(|suggestion| is_true(suggestion)) {
            Some(suggestion) => specs.insert(key.to_owned(), suggestion),
            None => specs.remove(key),
        };
    }
}

/// A name in the newest version, where there are name variants and none is.
fn add_newest_variant(specs: &mut Properties, offer: &Offer, profile: Profile) {
    let newest = Parser::of(Syntax::V3, profile);
    let mut variants = offer.name_variants().peekable();
    if variants.peek().is_some() && !variants.any(|(_, text)| newest.parse(text).is_ok()) {
        specs.extend(newest_variant(offer));
    }
}

fn change(flavor: &Flavor, before: &Properties, after: &Properties) -> Option<PropertyChange> {
    let set: Properties = after
        .iter()
        .filter(|(key, value)| before.get(*key) != Some(value))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    let unset: Vec<String> = before.keys().filter(|key| !after.contains_key(*key)).cloned().collect();
    if set.is_empty() && unset.is_empty() {
        return None;
    }
    let mut commands = Vec::new();
    let name = &flavor.name;
    if !unset.is_empty() {
        commands.push(commands::unset(name, unset.iter().map(String::as_str)));
    }
    if !set.is_empty() {
        commands.push(commands::set(name, set.iter().map(|(key, value)| (key.as_str(), value.as_str()))));
    }
    Some(PropertyChange { flavor: name.clone(), id: flavor.id.clone(), set, unset, commands })
}

/// The commands that make new flavors, each once.
fn new_flavors(answers: &[Answer], options: RepairOptions) -> Vec<NewFlavor> {
    let mut new: Vec<NewFlavor> = Vec::new();
    for finding in answers.iter().flat_map(|answer| &answer.findings) {
        let Some(way) = finding.fix.as_ref().and_then(makes_a_flavor) else { continue };
        // A finding knows no more of a standard flavor's disk than the table; here the type may be known.
        let command = match StandardFlavor::of_test_case(finding.rule) {
            Some(standard) if way.destructive => {
                commands::replace(&finding.subject, standard, options.untyped_disk)
            }
            Some(standard) => commands::create_standard(standard, options.untyped_disk),
            None => way.command.clone(),
        };
        if new.iter().all(|known| known.command != command) {
            new.push(NewFlavor {
                rule: finding.rule,
                subject: finding.subject.clone(),
                message: finding.message.clone(),
                command,
                destructive: way.destructive,
            });
        }
    }
    new
}

fn makes_a_flavor(fix: &Fix) -> Option<&Way> {
    fix.ways().iter().find(|way| way.command.contains("openstack flavor create"))
}

/// The broken requirements that no command removes, of flavors that no command replaces.
fn remaining(answers: Vec<Answer>, new_flavors: &[NewFlavor]) -> Vec<Finding> {
    let replaced = |subject: &str| new_flavors.iter().any(|new| new.destructive && new.subject == subject);
    let findings = answers.into_iter().flat_map(|answer| answer.findings);
    findings
        .filter(|finding| finding.result == Verdict::Fail && finding.severity != Severity::Info)
        .filter(|finding| finding.fix.as_ref().and_then(makes_a_flavor).is_none())
        .filter(|finding| !replaced(&finding.subject))
        .collect()
}
