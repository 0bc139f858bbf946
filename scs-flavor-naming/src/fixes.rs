//! Fixes for flavors, as data and commands.
//!
//! Nova can only change the properties of a flavor: a different name, size or visibility requires a new flavor, and the old one
//! has to be deleted. Facts that only the provider knows (the actual disk, whether name or property is right) become questions.

use std::collections::{BTreeMap, HashSet};

use scs_standards::subject::Flavor;
use scs_standards::{Context, Edit, Fix, Object, Profile, Strength, Way};

use crate::blueprint::{Blueprint, FLAVORS};
use crate::commands;
use crate::cpu::CpuType;
use crate::disk::{Disk, DiskType};
use crate::name::FlavorName;
use crate::offer::Offer;
use crate::promise::Promise;
use crate::properties::{PropertyKey, UntypedDisk, is_name_variant};
use crate::ram::RamSize;
use crate::set::FlavorSet;
use crate::standard_flavors::{StandardDisk, StandardFlavor};
use crate::standard_match::{PropertyMismatch, StandardMatch};
use crate::syntax::Syntax;
use crate::untruth::untrue;
use crate::{equivalence, evidence, vocabulary};

/// The advice if a text cannot be passed as a command argument.
const INEXPRESSIBLE: &str = "a name or property contains characters that cannot be passed to a command; change it with Nova's API, by its id";

const CPU_TYPE: &str = "scs:cpu-type";
const DISK_TYPE: &str = "scs:disk0-type";

/// A flavor that commands and edits refer to.
struct Target {
    /// The operand for it on a command line.
    word: String,
    object: Object,
}

impl Target {
    fn of(set: &FlavorSet, flavor: &Flavor) -> Self {
        let Flavor { name, id, .. } = flavor;
        let id = id.as_ref().filter(|_| !set.are_definitions());
        let object = id.map_or_else(|| Object::named(name), Object::with_id);
        // The client looks for an id first.
        let is_other = set.has_id(name) && id != Some(name);
        let word = match id {
            Some(id) if is_other || !commands::is_plain(name) => id.clone(),
            _ => name.clone(),
        };
        Self { word, object }
    }

    fn set(&self, properties: &[(String, String)]) -> Option<Way> {
        let words = properties.iter().map(|(key, value)| (key.as_str(), value.as_str()));
        let edits = properties.iter().map(|(key, value)| {
            Edit::set(FLAVORS, self.object.clone(), ["extra_specs", key.as_str()], value.as_str())
        });
        Some(Way::new(commands::set(&self.word, words)?, edits))
    }

    /// Removes properties that users may use to select flavors.
    fn unset(&self, keys: &[&str]) -> Option<Way> {
        let edits = keys.iter().map(|key| Edit::unset(FLAVORS, self.object.clone(), ["extra_specs", key]));
        Some(Way::new(commands::unset(&self.word, keys.iter().copied())?, edits).destructive())
    }

    fn delete(&self) -> Option<Way> {
        let edit = Edit::delete(FLAVORS, self.object.clone());
        Some(Way::new(commands::delete(&self.word)?, [edit]).destructive())
    }
}

fn create(blueprint: &Blueprint) -> Option<Way> {
    Some(Way::new(blueprint.command()?, [blueprint.edit()?]))
}

/// Combines two ways, one after the other.
fn sequence(first: Way, second: Way) -> Way {
    Way {
        when: None,
        command: format!("{} && {}", first.command, second.command),
        destructive: first.destructive || second.destructive,
        edits: first.edits.into_iter().chain(second.edits).collect(),
    }
}

fn safely(way: Option<Way>) -> Fix {
    way.map_or_else(|| Fix::advice(INEXPRESSIBLE), Fix::Safe)
}

/// A choice between the ways that can be expressed as commands.
fn choice<const N: usize>(question: impl Into<String>, ways: [Option<Way>; N]) -> Fix {
    let ways: Vec<Way> = ways.into_iter().flatten().collect();
    if ways.is_empty() { Fix::advice(INEXPRESSIBLE) } else { Fix::choose(question, ways) }
}

/// Sets properties that nothing contradicts.
pub(crate) fn set<K: ToString, V: ToString>(
    set: &FlavorSet,
    flavor: &Flavor,
    properties: impl IntoIterator<Item = (K, V)>,
) -> Fix {
    safely(Target::of(set, flavor).set(&owned(properties)))
}

fn owned<K: ToString, V: ToString>(properties: impl IntoIterator<Item = (K, V)>) -> Vec<(String, String)> {
    properties.into_iter().map(|(key, value)| (key.to_string(), value.to_string())).collect()
}

/// Removes properties that are meaningless or untrue; users who select flavors by them will no longer find this one.
pub(crate) fn unset(set: &FlavorSet, flavor: &Flavor, keys: &[&str]) -> Fix {
    let way = Target::of(set, flavor).unset(keys).map(|way| way.when("nobody does"));
    choice("Does anyone select the flavor by this property? If so, have them stop first.", [way])
}

/// Removes properties that one of the provider's tools may read.
pub(crate) fn unset_own(set: &FlavorSet, flavor: &Flavor, keys: &[&str]) -> Fix {
    let way = Target::of(set, flavor).unset(keys).map(|way| way.when("none does"));
    choice("Does one of your tools read them? If so, change the tool first.", [way])
}

/// Fixes a misspelled vCPU type: sets the correct spelling or the type in the names, or removes it.
pub(crate) fn misspelled_class(set: &FlavorSet, flavor: &Flavor, value: &str, named: Option<CpuType>) -> Fix {
    let keys = CpuType::ALL.map(CpuType::key);
    misspelled(set, flavor, (CPU_TYPE, value), &keys, named.map(CpuType::key))
}

/// Fixes a misspelled disk type, like [`misspelled_class`].
pub(crate) fn misspelled_disk(
    set: &FlavorSet,
    flavor: &Flavor,
    (key, value): (&str, &str),
    named: Option<DiskType>,
) -> Fix {
    let keys = DiskType::ALL.map(DiskType::key);
    misspelled(set, flavor, (key, value), &keys, named.map(DiskType::key))
}

/// Fixes an invalid value. If spelling and names agree, it is not a choice.
fn misspelled(
    set: &FlavorSet,
    flavor: &Flavor,
    (key, value): (&str, &str),
    words: &[&'static str],
    named: Option<&'static str>,
) -> Fix {
    let target = Target::of(set, flavor);
    let to = |word: &str| target.set(&owned([(key, word)]));
    let meant = vocabulary::meant(value, words);
    if meant.is_some() && meant == named {
        return safely(meant.and_then(to));
    }
    let likely: Vec<&str> = meant.into_iter().chain(named).collect();
    let offered = if likely.is_empty() { words } else { &likely[..] };
    let removed = target.unset(&[key]).map(|way| way.when("it is none of these"));
    let ways = offered.iter().map(|word| Some(to(word)?.when(format!("it is {word}")))).chain([removed]);
    let ways: Vec<Way> = ways.flatten().collect();
    if ways.is_empty() {
        Fix::advice(INEXPRESSIBLE)
    } else {
        Fix::choose(format!("Which value of `{key}` is true for the hosts?"), ways)
    }
}

/// Removes one of two contradictory groups of name variants.
pub(crate) fn either(set: &FlavorSet, flavor: &Flavor, sides: [(&[&str], String); 2]) -> Fix {
    let target = Target::of(set, flavor);
    let ways = sides.map(
        |(keys, when)| {
            if keys.is_empty() { None } else { target.unset(keys).map(|way| way.when(when)) }
        },
    );
    choice("Which of the names matches the hosts? If none of them does, set names that do.", ways)
}

/// Creates a less specific flavor in addition to a more specific one, unless it would have the same violations.
pub(crate) fn offer_short_name(
    set: &FlavorSet,
    offer: &Offer,
    short: &FlavorName,
    context: &Context<'_>,
) -> Fix {
    let flavor = offer.flavor();
    let name = short.to_string();
    if set.with_name(&name).is_some() {
        return Fix::advice(format!("make `{name}` available to all projects"));
    }
    let own = properties_after(offer, short, context.profile);
    match Blueprint::copy_of(flavor, &name).map(|new| new.public().with(own)) {
        Some(new) if !set.added(&new, None, context).is_empty() => Fix::advice(format!(
            "offer `{name}` with the size and properties of `{}`, once that one is fixed",
            flavor.name
        )),
        Some(new) => choice(
            "Should users be able to request it without these details? Otherwise leave it as it is; this is only recommended.",
            [create(&new).map(|way| way.when("they should"))],
        ),
        None => Fix::advice(format!("offer `{name}` with the size and properties of `{}`", flavor.name)),
    }
}

/// The changes that remove all name variants of a flavor.
fn without_names(flavor: &Flavor) -> impl Iterator<Item = (String, Option<String>)> {
    let keys = flavor.extra_specs.iter().flatten().map(|(key, _)| key);
    keys.filter(|key| is_name_variant(key)).map(|key| (key.clone(), None))
}

/// Replaces a flavor by one with another name.
pub(crate) fn rename(set: &FlavorSet, offer: &Offer, name: &str, context: &Context<'_>) -> Fix {
    match renamed(set, offer, name, context) {
        Renamed::Way { question, way, .. } => choice(question, [way.map(|(way, when)| way.when(when))]),
        Renamed::Advice(advice) => Fix::advice(advice),
    }
}

enum Renamed {
    Way {
        question: String,
        /// The way, with the answer for which it applies.
        way: Option<(Way, String)>,
        /// The resulting new findings, as the end of an answer.
        revealed: String,
    },
    Advice(String),
}

impl Renamed {
    /// The flavor is only deleted.
    fn deleted(question: String, target: &Target) -> Self {
        let way = target.delete().map(|way| (way, "it can".to_owned()));
        Self::Way { question, way, revealed: String::new() }
    }
}

fn renamed(set: &FlavorSet, offer: &Offer, name: &str, context: &Context<'_>) -> Renamed {
    let profile = context.profile;
    let flavor = offer.flavor();
    let target = Target::of(set, flavor);
    if let Some(existing) = set.with_name(name) {
        return superseded(set, offer, existing.flavor(), &target, profile);
    }
    let Some(parsed) = crate::Parser::new(profile).accept(name.as_bytes()) else {
        return Renamed::Advice(format!("rename it to `{name}`"));
    };
    if !untrue(&parsed.name, offer, profile).is_empty() {
        return Renamed::Advice(format!(
            "the closest name is `{name}`, but it overstates the flavor; choose one that the flavor satisfies"
        ));
    }
    if flavor.disabled == Some(true) {
        let question = "It is disabled, and a new flavor would not be. Can it be deleted? Otherwise create it under the right name and disable that one.";
        return Renamed::deleted(question.to_owned(), &target);
    }
    let Some(new) = Blueprint::copy_of(flavor, name) else {
        return Renamed::Advice(format!(
            "create `{name}` with the same size, properties and visibility, and delete `{}`",
            flavor.name
        ));
    };
    let new = new.with(properties_after(offer, &parsed.name, profile));
    let added = set.added(&new, Some(flavor), context);
    let was_valid = offer.parsed(profile).is_some();
    if was_valid && added.iter().any(|added| added.strength == Strength::Must) {
        return Renamed::Advice(format!("rename it to `{name}` and set the matching properties"));
    }
    let mut revealed = String::new();
    for added in &added {
        revealed.push_str("; new findings: ");
        revealed.push_str(&added.message);
    }
    let access = if new.is_public() {
        ""
    } else {
        " Projects with access to it need access to the new one: `openstack flavor set --project PROJECT NAME`."
    };
    let question = format!(
        "Nova cannot rename flavors: a new flavor replaces this one, and existing servers are not affected. Is the old name still in use? If so, delete the old flavor later.{access}"
    );
    let way = create(&new).zip(target.delete()).map(|(create, delete)| sequence(create, delete));
    let way = way.map(|way| (way, format!("it is not{revealed}")));
    Renamed::Way { question, way, revealed }
}

/// The fix for a flavor whose correct name belongs to another flavor: it can be deleted only if that one can take its place.
fn superseded(set: &FlavorSet, offer: &Offer, other: &Flavor, target: &Target, profile: Profile) -> Renamed {
    let flavor = offer.flavor();
    let name = &other.name;
    let differences = equivalence::differences(flavor, other);
    if differences.is_empty() {
        let access = if flavor.is_public == Some(false) {
            " Both are private: make sure that the same projects have access to both."
        } else {
            ""
        };
        let question = format!(
            "`{name}` has the same size, properties and visibility. Can this one be deleted? Existing servers are not affected. If its name is \
             still in use, delete it later.{access}"
        );
        return Renamed::deleted(question, target);
    }
    let sized = crate::Parser::new(profile)
        .accept(name.as_bytes())
        .and_then(|parsed| sized_name(&parsed.name, flavor))
        .map(|sized| sized.to_string())
        .filter(|sized| set.with_name(sized).is_none());
    let such_as = sized.map(|sized| format!(", such as `{sized}`")).unwrap_or_default();
    Renamed::Advice(format!(
        "`{name}` exists already and is a different flavor ({}); create this one under a valid name that matches it{such_as}, then \
         delete this one",
        differences.join("; ")
    ))
}

/// A name with the actual figures of a flavor.
fn sized_name(name: &FlavorName, flavor: &Flavor) -> Option<FlavorName> {
    let is_complete = flavor.vcpus.is_some() && flavor.ram_mib.is_some() && flavor.disk_gb.is_some();
    name.by_figures(flavor).filter(|_| is_complete)
}

/// The properties of a flavor under another name: those that follow from the name if the flavor has them now, unless its current ones are better,
/// and all that are required for a standard flavor.
fn properties_after(offer: &Offer, name: &FlavorName, profile: Profile) -> Vec<(String, Option<String>)> {
    let flavor = offer.flavor();
    let has = |key: &str| flavor.extra_spec(key);
    let is_named = offer.name_variants().next().is_some();
    let mut changes: Vec<(String, Option<String>)> = without_names(flavor).collect();
    for (key, value) in name.properties(profile, UntypedDisk::LeaveOut) {
        let text = key.to_string();
        let is_better = match key {
            PropertyKey::NameVariant(_) if is_named => false,
            PropertyKey::CpuType => {
                let real = has(&text).map(CpuType::from_key);
                real.is_none_or(|real| real.is_some_and(|real| real >= name.cpu.kind))
            }
            PropertyKey::DiskType(_) => {
                let named = name.disk.and_then(Disk::kind);
                let real = has(&text).map(DiskType::from_key);
                real.is_none_or(|real| {
                    real.zip(named)
                        .is_some_and(|(real, named)| Promise::default().disk_may_be_named(real, named))
                })
            }
            _ => true,
        };
        if !is_better {
            changes.push((text, Some(value)));
        }
    }
    let standard = StandardFlavor::of(name).filter(|standard| {
        let figures = (u64::from(standard.vcpus()), standard.ram_mib(), u64::from(standard.disk_gb()));
        (flavor.vcpus, flavor.ram_mib, flavor.disk_gb) == (Some(figures.0), Some(figures.1), Some(figures.2))
    });
    if let Some(standard) = standard {
        let expected = standard.expected_extra_specs();
        changes.extend(expected.into_iter().map(|(key, value)| (key.to_owned(), Some(value))));
        match standard.disk_type() {
            StandardDisk::None => changes.push((DISK_TYPE.to_owned(), None)),
            StandardDisk::Any if has(DISK_TYPE).is_none() => {
                let named = offer.parsed(profile).and_then(|parsed| parsed.name.disk()).and_then(Disk::kind);
                changes.extend(named.map(|kind| (DISK_TYPE.to_owned(), Some(kind.key().to_owned()))));
            }
            StandardDisk::Any | StandardDisk::Of(_) => {}
        }
    }
    changes
}

/// A name that the flavor satisfies: its own, with the actual figures.
pub(crate) fn kept_name(name: &FlavorName, flavor: &Flavor) -> Option<FlavorName> {
    let at_most = |named: u32, real: u64| u32::try_from(real).unwrap_or(u32::MAX).min(named);
    let mut kept = *name;
    kept.cpu.count = at_most(name.cpu.count.get(), flavor.vcpus?).try_into().ok()?;
    let halves = u32::try_from(flavor.ram_mib? / 512).ok()?;
    let real = RamSize::new(halves / 2, halves % 2 == 1)?;
    kept.ram.size = name.ram.size.min(real);
    let root = flavor.disk_gb?;
    kept.disk = match name.disk {
        Some(_) if root == 0 => None,
        Some(disk) => Some(match disk.size_gb() {
            Some(size) => Disk::parsed(disk.count(), at_most(size.get(), root).try_into().ok(), disk.kind()),
            None => disk,
        }),
        None => None,
    };
    Some(kept)
}

/// Fixes a contradiction about the vCPU class: the property or the name may be wrong.
pub(crate) fn cpu_class(
    set: &FlavorSet,
    offer: &Offer,
    (named, real): (CpuType, CpuType),
    variants: &[&str],
    context: &Context<'_>,
) -> Fix {
    let target = Target::of(set, offer.flavor());
    let set_it = target.set(&owned([(CPU_TYPE, named.key())]));
    let lower = offer.parsed(context.profile).filter(|parsed| parsed.name.cpu.kind > real).map(|parsed| {
        let mut name = parsed.name;
        name.cpu.kind = real;
        name
    });
    let other = without_contradiction(set, offer, lower, variants, context);
    let question = match &other {
        Some(_) => format!("Which is true for the hosts: are the vCPUs {named}, as in the name, or {real}?"),
        None => format!("Are the vCPUs {named}, as in the name? {}", otherwise_recreate(offer, real)),
    };
    choice(
        question,
        [
            set_it.map(|way| way.when(format!("they are {named}"))),
            other.map(|(way, revealed)| way.when(format!("they are {real}{revealed}"))),
        ],
    )
}

/// Fixes a contradiction about the disk type: the property or the name may be wrong.
pub(crate) fn disk_type(
    set: &FlavorSet,
    offer: &Offer,
    (named, real): (DiskType, DiskType),
    variants: &[&str],
    context: &Context<'_>,
) -> Fix {
    let target = Target::of(set, offer.flavor());
    let set_it = target.set(&owned([(DISK_TYPE, named.key())]));
    let own =
        offer.parsed(context.profile).filter(|parsed| parsed.name.disk().and_then(Disk::kind) == Some(named));
    let lower = own.map(|parsed| with_disk_type(&parsed.name, Some(real)));
    let other = without_contradiction(set, offer, lower, variants, context);
    let question = match &other {
        Some(_) => format!("Which is true for the hosts: is the disk {named}, as in the name, or {real}?"),
        None => format!("Is the disk {named}, as in the name? {}", otherwise_recreate(offer, real)),
    };
    choice(
        question,
        [
            set_it.map(|way| way.when(format!("it is {named}"))),
            other.map(|(way, revealed)| way.when(format!("it is {real}{revealed}"))),
        ],
    )
}

/// What to do if the property is true: Nova cannot rename the flavor.
fn otherwise_recreate(offer: &Offer, real: impl std::fmt::Display) -> String {
    let name = &offer.flavor().name;
    format!(
        "Otherwise create the flavor under a name that does not promise more than {real}, and delete `{name}`."
    )
}

/// Makes the property true: renames the flavor, or removes the contradicting name variants.
fn without_contradiction(
    set: &FlavorSet,
    offer: &Offer,
    own: Option<FlavorName>,
    variants: &[&str],
    context: &Context<'_>,
) -> Option<(Way, String)> {
    let is_standard =
        offer.parsed(context.profile).is_some_and(|parsed| StandardFlavor::of(&parsed.name).is_some());
    match own {
        // With another name, it would be missing.
        Some(_) if is_standard => None,
        Some(name) => match renamed(set, offer, &name.to_string(), context) {
            Renamed::Way { way, revealed, .. } => way.map(|(way, _)| (way, revealed)),
            Renamed::Advice(_) => None,
        },
        None if variants.is_empty() => None,
        None => Target::of(set, offer.flavor()).unset(variants).map(|way| (way, String::new())),
    }
}

/// A name with another disk type, or without one.
pub(crate) fn with_disk_type(name: &FlavorName, kind: Option<DiskType>) -> FlavorName {
    let disk = name.disk.map(|disk| Disk::parsed(disk.count(), disk.size_gb(), kind));
    FlavorName { disk, ..*name }
}

/// Fixes an invalid name variant: corrects it if the flavor satisfies the correction; otherwise removes it.
pub(crate) fn invalid_variant(
    set: &FlavorSet,
    offer: &Offer,
    key: &str,
    suggestion: Option<&str>,
    profile: Profile,
) -> Fix {
    let flavor = offer.flavor();
    let target = Target::of(set, flavor);
    let parser = crate::Parser::new(profile);
    let meant = suggestion
        .and_then(|suggestion| Some((suggestion, parser.accept(suggestion.as_bytes())?.name)))
        .filter(|(_, name)| untrue(name, offer, profile).is_empty());
    match meant {
        // The flavor's own name says the same.
        Some((suggestion, name))
            if offer.parsed(profile).is_some_and(|own| own.name.satisfies(&name).is_ok()) =>
        {
            safely(target.set(&owned([(key, suggestion)])))
        }
        Some((suggestion, _)) => choice(
            format!("Does the flavor satisfy `{suggestion}`?"),
            [
                target.set(&owned([(key, suggestion)])).map(|way| way.when("it does")),
                without_variants(set, offer, &[key], profile).map(|way| way.when("it does not")),
            ],
        ),
        None => removed_variants(without_variants(set, offer, &[key], profile)),
    }
}

/// Fixes name variants that are untrue for a flavor.
pub(crate) fn untrue_variants(set: &FlavorSet, offer: &Offer, keys: &[&str], profile: Profile) -> Fix {
    removed_variants(without_variants(set, offer, keys, profile))
}

fn removed_variants(way: Option<Way>) -> Fix {
    choice(
        "Does anyone find the flavor by such a name? If so, have them stop first.",
        [way.map(|way| way.when("nobody does"))],
    )
}

/// Removes variants, and adds a name of the newest version if only older ones are left.
fn without_variants(set: &FlavorSet, offer: &Offer, keys: &[&str], profile: Profile) -> Option<Way> {
    let target = Target::of(set, offer.flavor());
    let newest = crate::Parser::of(Syntax::V3, profile);
    let gone: HashSet<&str> = keys.iter().copied().collect();
    let mut left = offer.name_variants().filter(|(key, _)| !gone.contains(key)).peekable();
    if left.peek().is_none() || left.any(|(_, text)| newest.accept(text.as_bytes()).is_some()) {
        return target.unset(keys);
    }
    let (first, others) = keys.split_first()?;
    let name = offer.parsed(profile).map(|parsed| parsed.name);
    let name = name.filter(|name| untrue(name, offer, profile).is_empty()).or_else(|| {
        let texts = offer.name_variants().filter(|(key, _)| !gone.contains(key));
        let mut names =
            texts.filter_map(|(_, text)| Some(crate::Parser::new(profile).accept(text.as_bytes())?.name));
        names.find(|name| untrue(name, offer, profile).is_empty())
    });
    let Some(name) = name.and_then(|name| name.spelled(Syntax::V3)) else { return target.unset(keys) };
    let set_first = target.set(&owned([(*first, name)]))?;
    if others.is_empty() {
        Some(set_first.destructive())
    } else {
        Some(sequence(target.unset(others)?, set_first))
    }
}

/// Fixes a missing standard flavor.
pub(crate) fn missing(standard: StandardFlavor, profile: Profile) -> Fix {
    let new = |kind| create(&Blueprint::standard(standard, kind));
    match standard.disk_type() {
        StandardDisk::None => safely(new(None)),
        StandardDisk::Of(kind) => choice(
            format!(
                "Do the hosts have {} disks with power-loss protection? Otherwise get such hosts first.",
                kind.words()
            ),
            [new(None).map(|way| way.when("they do"))],
        ),
        // C-025: the official suite takes an open type as `network`.
        StandardDisk::Any if profile == Profile::Official => safely(new(Some(DiskType::Network))),
        StandardDisk::Any => choice("What is the type of its disk?", by_type(|kind| new(Some(kind)))),
    }
}

/// One way per disk type, with the answer for which it applies.
fn by_type(way: impl Fn(DiskType) -> Option<Way>) -> [Option<Way>; 4] {
    DiskType::ALL.map(|kind| Some(way(kind)?.when(format!("it is {}", kind.key()))))
}

/// Replaces a standard flavor with wrong figures or restricted visibility.
pub(crate) fn replaced(set: &FlavorSet, flavor: &Flavor, standard: StandardFlavor, profile: Profile) -> Fix {
    let target = Target::of(set, flavor);
    let question = "Nova cannot change this: the flavor has to be deleted and recreated. Can it be unavailable in between? Otherwise use a maintenance window.";
    let again = |kind| {
        let new = create(&Blueprint::replacement_for(flavor, standard, kind));
        target.delete().zip(new).map(|(delete, create)| sequence(delete, create))
    };
    let known = flavor.extra_spec(DISK_TYPE).and_then(DiskType::from_key);
    match (standard.disk_type(), known) {
        (StandardDisk::Any, None) if profile == Profile::Text => {
            choice(format!("{question} What is the type of its disk?"), by_type(|kind| again(Some(kind))))
        }
        (StandardDisk::Any, known) => {
            choice(question, [again(known.or(Some(DiskType::Network))).map(|way| way.when("it can"))])
        }
        _ => choice(question, [again(None).map(|way| way.when("it can"))]),
    }
}

/// Fixes a wrong property of a standard flavor.
pub(crate) fn property(
    set: &FlavorSet,
    standard: StandardFlavor,
    found: &StandardMatch<'_>,
    wrong: &PropertyMismatch,
    profile: Profile,
) -> Fix {
    let flavor = found.offer.flavor();
    let target = Target::of(set, flavor);
    let is_disk = |wrong: &PropertyMismatch| wrong.key == DISK_TYPE;
    let actual = |key: &str| flavor.extra_spec(key);
    let others: Vec<(String, String)> = found
        .properties
        .iter()
        .filter(|wrong| !is_disk(wrong) || matches!(standard.disk_type(), StandardDisk::Of(_)))
        .filter_map(|wrong| match &wrong.expected[..] {
            [one] => Some((wrong.key.to_owned(), one.clone())),
            _ => None,
        })
        .collect();
    let names: Vec<(String, String)> = others.iter().filter(|(key, _)| key != DISK_TYPE).cloned().collect();
    if is_disk(wrong) && !matches!(standard.disk_type(), StandardDisk::Of(_)) {
        return match (&wrong.expected[..], standard.disk_type()) {
            ([], _) => unset(set, flavor, &[DISK_TYPE]),
            ([one], _) => safely(target.set(&owned([(DISK_TYPE, one.as_str())]))),
            (_, _) => {
                let ways = by_type(|kind| target.set(&owned([(DISK_TYPE, kind.key())])));
                choice("What is the type of its disk?", ways)
            }
        };
    }
    // With another name, the standard flavor would be missing, so there is only one way.
    let wanted = standard.cpu_type();
    let set_all = || target.set(&others);
    let classes = CpuType::ALL.map(CpuType::key);
    let said = match actual(CPU_TYPE) {
        // Users rely on the declared properties.
        Some(value) if vocabulary::meant(value, &classes) != Some(wanted.key()) => {
            Some(format!("`{CPU_TYPE}` is {value}"))
        }
        Some(_) => None,
        None => evidence::minimum_cpu_class(flavor)
            .filter(|least| least.least > wanted)
            .map(|least| format!("`{}` guarantees at least {}", least.by, least.least)),
    };
    if let Some(said) = said {
        let question = format!(
            "{standard} requires {wanted} vCPUs, but {said}. Are the vCPUs {wanted}? Otherwise recreate this flavor under another name, and create {standard} with {wanted} vCPUs."
        );
        return choice(question, [set_all().map(|way| way.when("they are"))]);
    }
    if let StandardDisk::Of(kind) = standard.disk_type()
        && actual(DISK_TYPE) != Some(kind.key())
    {
        let question = format!(
            "Is its disk a {} with power-loss protection? Otherwise recreate this flavor under another name, and create {standard} with such a disk.",
            kind.words()
        );
        return choice(question, [set_all().map(|way| way.when("it is"))]);
    }
    match contradicted(found.offer, &names, profile) {
        Some(variant) => choice(
            format!(
                "{variant} is not true for {standard}. Is the flavor {standard}? Otherwise recreate it under another name."
            ),
            [target.set(&names).map(|way| way.when("it is"))],
        ),
        None => safely(target.set(&names)),
    }
}

/// A name variant that is true now but would not be after property changes.
pub(crate) fn contradicted(offer: &Offer, changes: &[(String, String)], profile: Profile) -> Option<String> {
    let flavor = offer.flavor();
    let mut specs = flavor.extra_specs.clone().unwrap_or_default();
    specs.extend(changes.iter().cloned());
    let after = Offer::new(Flavor { extra_specs: Some(specs), ..flavor.clone() });
    let parser = crate::Parser::new(profile);
    let broken = after.name_variants().find(|(_, text)| {
        parser.accept(text.as_bytes()).is_some_and(|variant| {
            untrue(&variant.name, offer, profile).is_empty()
                && !untrue(&variant.name, &after, profile).is_empty()
        })
    });
    broken.map(|(key, text)| format!("`{key}={text}`"))
}

/// The commands that change properties, one for removed and one for set properties.
pub(crate) fn commands(
    set: &FlavorSet,
    flavor: &Flavor,
    properties: &BTreeMap<String, String>,
    keys: &[String],
) -> Vec<String> {
    let target = Target::of(set, flavor);
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    let removed = if keys.is_empty() { None } else { target.unset(&keys) };
    let added = if properties.is_empty() { None } else { target.set(&owned(properties)) };
    removed.into_iter().chain(added).map(|way| way.command).collect()
}
