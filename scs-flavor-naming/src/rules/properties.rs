//! scs-0103: `scs:` properties on any flavor must be valid and true.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use scs_standards::subject::Flavor;
use scs_standards::wording::{counted, quoted};
use scs_standards::{Fix, Level, Profile, Recorder, Rule, Split, Verdict};

use super::documents::STANDARD_FLAVORS;
use crate::cpu::CpuType;
use crate::cpu_arch::CpuArch;
use crate::disk::{Disk, DiskType};
use crate::error::ParseNameError;
use crate::evidence;
use crate::fixes;
use crate::name::FlavorName;
use crate::offer::{OWN_NAME, Offer};
use crate::parser::Parser;
use crate::properties::PropertyKey;
use crate::set::FlavorSet;
use crate::standard_flavors::StandardFlavor;
use crate::standard_match::StandardMatch;
use crate::syntax::Syntax;
use crate::untruth::{Untrue, Untruth, untrue};

/// The rules for properties of all flavors.
pub(super) static RULES: &[Rule<FlavorSet>] = &[
    Rule {
        id: "scs-0103-any-name-vn",
        level: Level::Must,
        documents: STANDARD_FLAVORS,
        section: "Properties",
        summary: "every `scs:name-vN` is a valid name in some version and true for the flavor",
        test_case: None,
        question: None,
        check: name_variants,
    },
    Rule {
        id: "scs-0103-any-cpu-type",
        level: Level::Must,
        documents: STANDARD_FLAVORS,
        section: "Properties",
        summary: "`scs:cpu-type` is in the vocabulary and agrees with the names of the flavor",
        test_case: None,
        question: None,
        check: cpu_type,
    },
    Rule {
        id: "scs-0103-any-diskn-type",
        level: Level::Must,
        documents: STANDARD_FLAVORS,
        section: "Properties",
        summary: "`scs:diskN-type` is in the vocabulary, and the flavor has the disk",
        test_case: None,
        question: None,
        check: disk_types,
    },
    Rule {
        id: "scs-0103-unknown-scs-key",
        level: Level::ShouldNot,
        documents: STANDARD_FLAVORS,
        section: "Properties",
        summary: "only properties defined by the standard begin with `scs:`",
        test_case: None,
        question: None,
        check: unknown_keys,
    },
    Rule {
        id: "scs-0103-latest-name",
        level: Level::Should,
        documents: STANDARD_FLAVORS,
        section: "Properties",
        summary: "if `scs:name-vN` are used, one of them is valid in the newest version",
        test_case: None,
        question: None,
        check: latest_name,
    },
];

/// For the official suite, properties of non-standard flavors do not count (C-026).
const STANDARD_ONLY: Split = Split { text: Verdict::Fail, official: Verdict::Pass, difference: "C-026" };

/// The flavors with known properties; the others are reported as missing or unusable.
fn with_properties<'a>(set: &'a FlavorSet, rec: &mut Recorder<'_, FlavorSet>) -> Vec<&'a Offer> {
    let mut not_given = 0;
    let mut known = Vec::new();
    for offer in set.offers() {
        let flavor = offer.flavor();
        if let Some(reason) = flavor.unusable("extra_specs") {
            rec.dnf(&flavor.name, format!("the properties cannot be used: {reason}"));
        }
        match flavor.extra_specs {
            Some(_) => known.push(offer),
            None => not_given += usize::from(flavor.unusable("extra_specs").is_none()),
        }
    }
    if not_given > 0 {
        rec.miss("flavor list", format!("the properties of {not_given} flavors are missing"));
    }
    known
}

/// Untrue name variants by reason and, if a standard flavor requires it, its key; with their keys and values.
type UntrueVariants<'a> = BTreeMap<(Untrue, Option<&'a str>), Vec<(&'a str, &'a str)>>;

/// The flavors that represent a standard flavor, by name.
type Represented<'a> = BTreeMap<&'a str, (StandardFlavor, StandardMatch<'a>)>;

fn represented(set: &FlavorSet, profile: Profile) -> Represented<'_> {
    let represented = set.representing(profile).into_iter();
    represented.map(|(standard, found)| (found.offer.flavor().name.as_str(), (standard, found))).collect()
}

/// Whether a standard flavor requires a different value of a property.
fn is_fixed(represented: &Represented<'_>, flavor: &Flavor, key: &str) -> bool {
    let found = represented.get(flavor.name.as_str());
    found.is_some_and(|(_, found)| found.properties.iter().any(|wrong| wrong.key == key))
}

/// The fix for a property: the value required for a standard flavor, if any; none if the flavor has to
/// be replaced.
fn fix_of(
    set: &FlavorSet,
    represented: &Represented<'_>,
    flavor: &Flavor,
    key: &str,
    profile: Profile,
    otherwise: impl FnOnce() -> Fix,
) -> Option<Fix> {
    let Some((standard, found)) = represented.get(flavor.name.as_str()) else { return Some(otherwise()) };
    if !found.figures.is_empty() {
        return None;
    }
    Some(match found.properties.iter().find(|wrong| wrong.key == key) {
        Some(wrong) => fixes::property(set, *standard, found, wrong, profile),
        None => otherwise(),
    })
}

/// The maximum number of name variants of a flavor reported individually.
const MAX_REPORTED: usize = 20;

fn name_variants(set: &FlavorSet, rec: &mut Recorder<'_, FlavorSet>) {
    let context = rec.context();
    let profile = context.profile;
    let parser = Parser::new(profile);
    let represented = represented(set, profile);
    for offer in with_properties(set, rec) {
        let flavor = offer.flavor();
        let own = offer.parsed(profile).map(|parsed| parsed.name);
        let own_untrue: HashSet<String> =
            own.iter().flat_map(|own| untrue(own, offer, profile)).map(|it| it.reason).collect();
        // One finding for several variants that are untrue in the same way.
        let mut untrue_variants: UntrueVariants<'_> = BTreeMap::new();
        let mut invalid: Vec<(&str, &str, ParseNameError)> = Vec::new();
        let mut valid: Vec<(&str, FlavorName)> = Vec::new();
        for (key, text) in offer.name_variants() {
            match parser.parse(text) {
                Err(error) => invalid.push((key, text, error)),
                Ok(parsed) => {
                    valid.push((key, parsed.name));
                    // Variants required for a standard flavor are fixed individually.
                    let fixed = is_fixed(&represented, flavor, key).then_some(key);
                    let mut reasons = untrue(&parsed.name, offer, profile);
                    // The types claimed for a different flavor are not a separate problem.
                    if reasons.iter().any(|reason| reason.kind == Untruth::Figure) {
                        reasons.retain(|reason| reason.kind == Untruth::Figure);
                    }
                    for reason in reasons {
                        untrue_variants.entry((reason, fixed)).or_default().push((key, text));
                    }
                }
            }
        }
        invalid_variants(set, rec, offer, &represented, &invalid);
        let mut more: Vec<(&str, &str)> = Vec::new();
        for (number, ((reason, _), variants)) in untrue_variants.into_iter().enumerate() {
            if number >= MAX_REPORTED
                && reason.kind == Untruth::Figure
                && !own_untrue.contains(&reason.reason)
            {
                more.extend(variants);
                continue;
            }
            let names = some_names(&variants);
            let keys: Vec<&str> = variants.iter().map(|(key, _)| *key).collect();
            let by_kind = || match reason.kind {
                Untruth::Figure | Untruth::Evidence => fixes::untrue_variants(set, offer, &keys, profile),
                Untruth::Class(said, real) => fixes::cpu_class(set, offer, (said, real), &keys, context),
                Untruth::Disk(said, real) => fixes::disk_type(set, offer, (said, real), &keys, context),
            };
            // If the flavor's own name is untrue in the same way, that one has to be fixed.
            let fix = match (own_untrue.contains(&reason.reason), &keys[..]) {
                (true, _) => None,
                (false, keys) => {
                    let key = keys.first().copied().unwrap_or_default();
                    fix_of(set, &represented, flavor, key, profile, by_kind)
                }
            };
            let verb = if variants.len() == 1 { "claims" } else { "claim" };
            rec.split(STANDARD_ONLY, &flavor.name, format!("{names} {verb} {}", reason.reason))
                .compared("names that are true for the flavor", names)
                .maybe_repaired_by(fix);
        }
        if !more.is_empty() {
            let keys: Vec<&str> =
                more.iter().map(|(key, _)| *key).collect::<BTreeSet<_>>().into_iter().collect();
            let (other, verb) =
                (counted(keys.len(), "other name variant"), verb_of(keys.len(), "does", "do"));
            let message = format!("{other} {verb} not match the size of the flavor");
            let fix = fix_of(set, &represented, flavor, "", profile, || {
                fixes::untrue_variants(set, offer, &keys, profile)
            });
            rec.split(STANDARD_ONLY, &flavor.name, message)
                .compared("names that are true for the flavor", some_names(&more))
                .maybe_repaired_by(fix);
        }
        contradictions(set, rec, offer, own, &valid);
    }
}

/// Reports invalid variants; if there are many, the first ones and the number of the others.
fn invalid_variants(
    set: &FlavorSet,
    rec: &mut Recorder<'_, FlavorSet>,
    offer: &Offer,
    represented: &Represented<'_>,
    invalid: &[(&str, &str, ParseNameError)],
) {
    let profile = rec.context().profile;
    let flavor = offer.flavor();
    let (reported, others) = invalid.split_at(invalid.len().min(MAX_REPORTED));
    for (key, text, error) in reported {
        let fix = fix_of(set, represented, flavor, key, profile, || {
            fixes::invalid_variant(set, offer, key, error.suggestion(), profile)
        });
        rec.split(STANDARD_ONLY, &flavor.name, format!("`{key}` is not a valid name: {error}"))
            .compared(error.suggestion().unwrap_or("a name of scs-0100"), text)
            .maybe_repaired_by(fix);
    }
    if !others.is_empty() {
        let keys: Vec<&str> = others.iter().map(|(key, ..)| *key).collect();
        let (other, verb) = (counted(others.len(), "other name variant"), verb_of(others.len(), "is", "are"));
        let message = format!("{other} {verb} not valid");
        let fix = fix_of(set, represented, flavor, "", profile, || {
            fixes::untrue_variants(set, offer, &keys, profile)
        });
        rec.split(STANDARD_ONLY, &flavor.name, message)
            .compared("names of scs-0100", keys.len())
            .maybe_repaired_by(fix);
    }
}

/// The singular or plural of a verb.
const fn verb_of(count: usize, one: &'static str, many: &'static str) -> &'static str {
    if count == 1 { one } else { many }
}

/// `` `scs:name-v1=…`, `scs:name-v2=…` ``, and the number of the others.
fn some_names(variants: &[(&str, &str)]) -> String {
    let (reported, others) = variants.split_at(variants.len().min(MAX_REPORTED));
    let names: Vec<String> = reported.iter().map(|(key, text)| format!("`{key}={text}`")).collect();
    let more =
        if others.is_empty() { String::new() } else { format!(" and {}", counted(others.len(), "other")) };
    format!("{}{more}", names.join(", "))
}

/// Names that agree on the features that a flavor has exactly one of.
struct NameGroup<'a> {
    name: FlavorName,
    whence: String,
    is_own: bool,
    variants: Vec<&'a str>,
}

impl<'a> NameGroup<'a> {
    /// The name variants that can be removed; the own name cannot.
    fn removable(&self) -> &[&'a str] {
        if self.is_own { &[] } else { &self.variants }
    }
}

/// The maximum number of contradictory groups considered.
const MAX_GROUPS: usize = 20;

/// Reports names that cannot all be true, whatever the flavor is.
fn contradictions(
    set: &FlavorSet,
    rec: &mut Recorder<'_, FlavorSet>,
    offer: &Offer,
    own: Option<FlavorName>,
    variants: &[(&str, FlavorName)],
) {
    let flavor = offer.flavor();
    let mut groups: Vec<NameGroup<'_>> = Vec::new();
    let mut numbers = HashMap::new();
    let own = own.map(|own| (None, own));
    for (key, name) in own.into_iter().chain(variants.iter().map(|(key, name)| (Some(*key), *name))) {
        let gpu = name.gpu().map(|gpu| (gpu.access(), gpu.vendor(), gpu.generation()));
        let says = (name.hypervisor(), name.cpu_arch().map(CpuArch::vendor), gpu);
        let number = *numbers.entry(says).or_insert(groups.len());
        if number == groups.len() {
            let whence = key.map_or_else(|| format!("its name `{name}`"), |key| format!("`{key}={name}`"));
            groups.push(NameGroup { name, whence, is_own: key.is_none(), variants: Vec::new() });
        }
        if let Some(group) = groups.get_mut(number) {
            group.variants.extend(key);
        }
    }
    groups.truncate(MAX_GROUPS);
    for (number, other) in groups.iter().enumerate() {
        let mut earlier = groups.iter().take(number);
        let Some((group, reason)) =
            earlier.find_map(|group| Some((group, group.name.contradicts(&other.name)?)))
        else {
            continue;
        };
        let fix = fixes::either(
            set,
            flavor,
            [
                (other.removable(), format!("{} is true", group.whence)),
                (group.removable(), format!("{} is true", other.whence)),
            ],
        );
        let message = format!("{} and {} cannot both be true: {reason}", group.whence, other.whence);
        rec.split(STANDARD_ONLY, &flavor.name, message).compared(group.name, other.name).repaired_by(fix);
    }
}

fn cpu_type(set: &FlavorSet, rec: &mut Recorder<'_, FlavorSet>) {
    let context = rec.context();
    let profile = context.profile;
    let represented = represented(set, profile);
    for offer in with_properties(set, rec) {
        let flavor = offer.flavor();
        let Some(value) = flavor.extra_spec("scs:cpu-type") else {
            continue;
        };
        // A name with other figures is wrong in any case.
        let is_of_it = |name: &FlavorName| {
            !untrue(name, offer, profile).iter().any(|reason| reason.kind == Untruth::Figure)
        };
        let mut named = offer.all_names(profile);
        named.retain(|(whence, name)| whence == OWN_NAME || is_of_it(name));
        let strongest = named.iter().max_by_key(|(_, name)| name.cpu().kind);
        let Some(real) = CpuType::from_key(value) else {
            let fix = fix_of(set, &represented, flavor, "scs:cpu-type", profile, || {
                let named = strongest.map(|(_, name)| name.cpu().kind);
                fixes::misspelled_class(set, flavor, value, named)
            });
            rec.split(
                STANDARD_ONLY,
                &flavor.name,
                format!("`scs:cpu-type` is {value}, which is not a vCPU type"),
            )
            .compared(CpuType::ALL.map(CpuType::key).join(" or "), value)
            .maybe_repaired_by(fix);
            continue;
        };
        if let Some((whence, name)) = named.iter().find(|(_, name)| name.cpu().kind > real) {
            let promised = name.cpu().kind;
            let wanted = strongest.map_or(promised, |(_, name)| name.cpu().kind);
            let variants: Vec<&str> = offer
                .name_variants()
                .filter(|(_, text)| {
                    Parser::new(profile)
                        .accept(text.as_bytes())
                        .is_some_and(|parsed| parsed.name.cpu().kind > real && is_of_it(&parsed.name))
                })
                .map(|(key, _)| key)
                .collect();
            let fix = fix_of(set, &represented, flavor, "scs:cpu-type", profile, || {
                fixes::cpu_class(set, offer, (wanted, real), &variants, context)
            });
            let message = format!("`scs:cpu-type` is {real}, but {whence} `{name}` claims {promised}");
            rec.split(STANDARD_ONLY, &flavor.name, message).compared(wanted, real).maybe_repaired_by(fix);
        }
        match evidence::cpu_class(flavor) {
            Ok(Some(limit)) if limit.most < real => {
                let message =
                    format!("`scs:cpu-type` is {real}, but `{}` allows {} at best", limit.by, limit.most);
                rec.split(STANDARD_ONLY, &flavor.name, message).compared(limit.most, real);
            }
            Err(reason) if real > CpuType::CrowdedCore => {
                let split = Split { text: Verdict::Dnf, official: Verdict::Pass, difference: "C-026" };
                rec.split(split, &flavor.name, reason);
            }
            Ok(_) | Err(_) => {}
        }
    }
}

fn disk_types(set: &FlavorSet, rec: &mut Recorder<'_, FlavorSet>) {
    let profile = rec.context().profile;
    let represented = represented(set, profile);
    for offer in with_properties(set, rec) {
        let flavor = offer.flavor();
        let types =
            flavor.extra_specs.iter().flatten().filter_map(|(key, value)| match PropertyKey::of(key) {
                Some(PropertyKey::DiskType(number)) => Some((key, value, number)),
                _ => None,
            });
        let mut types = types.peekable();
        if types.peek().is_none() {
            continue;
        }
        let most = disks(offer, profile);
        let mut problems: Vec<(&str, &str, String, bool)> = Vec::new();
        for (key, value, number) in types {
            let problem = match most {
                _ if DiskType::from_key(value).is_none() => {
                    format!("`{key}` is {value}, which is not a disk type")
                }
                Disks::AtMost(0) => format!("`{key}` is set, but the flavor has no disk"),
                Disks::AtMost(most) if number >= most => {
                    format!("`{key}` is set, but the flavor has {}", counted(most, "disk"))
                }
                Disks::AtMost(_) => continue,
                Disks::NotGiven => {
                    rec.miss(&flavor.name, format!("`{key}` is set, but the disk size is missing"));
                    continue;
                }
                Disks::Unusable(reason) => {
                    rec.dnf(
                        &flavor.name,
                        format!("cannot tell whether there is a disk for `{key}`: {reason}"),
                    );
                    continue;
                }
            };
            let is_there = !matches!(most, Disks::AtMost(most) if number >= most);
            problems.push((key.as_str(), value.as_str(), problem, is_there));
        }
        let types = DiskType::ALL.map(DiskType::key).join(" or ");
        let (reported, others) = problems.split_at(problems.len().min(MAX_REPORTED));
        for (key, value, problem, is_there) in reported {
            let fix = fix_of(set, &represented, flavor, key, profile, || match DiskType::from_key(value) {
                None if *is_there => {
                    let named =
                        offer.parsed(profile).and_then(|parsed| parsed.name.disk()).and_then(Disk::kind);
                    fixes::misspelled_disk(set, flavor, (key, value), named)
                }
                _ => fixes::unset(set, flavor, &[key]),
            });
            rec.split(STANDARD_ONLY, &flavor.name, problem.as_str())
                .compared(&types, value)
                .maybe_repaired_by(fix);
        }
        if !others.is_empty() {
            let keys: Vec<&str> = others.iter().map(|(key, ..)| *key).collect();
            let (other, verb) =
                (counted(others.len(), "other disk type"), verb_of(others.len(), "is", "are"));
            let message = format!("{other} {verb} wrong");
            rec.split(STANDARD_ONLY, &flavor.name, message)
                .compared(&types, keys.len())
                .repaired_by(fixes::unset(set, flavor, &keys));
        }
    }
}

/// The number of disks that a server of a flavor gets.
#[derive(Clone, Copy)]
enum Disks<'a> {
    /// At most this many, by flavor and names.
    AtMost(u32),
    NotGiven,
    Unusable(&'a str),
}

/// The root disk, the ephemeral disk, and further disks claimed by a name.
fn disks(offer: &Offer, profile: Profile) -> Disks<'_> {
    let flavor = offer.flavor();
    let named = offer.all_names(profile).into_iter().filter_map(|(_, name)| name.disk());
    let named = named.map(|disk| disk.count().get()).max();
    match (flavor.disk_gb, flavor.unusable("disk_gb")) {
        (_, Some(reason)) => Disks::Unusable(reason),
        (Some(0), None) => Disks::AtMost(0),
        (Some(_), None) => {
            let ephemeral =
                flavor.ephemeral_gb.is_some_and(|gb| gb > 0) || flavor.unusable("ephemeral_gb").is_some();
            Disks::AtMost(named.unwrap_or(1).max(1 + u32::from(ephemeral)))
        }
        (None, None) => named.map_or(Disks::NotGiven, Disks::AtMost),
    }
}

/// Reports all keys of a flavor in one finding, since they usually have a common source.
fn unknown_keys(set: &FlavorSet, rec: &mut Recorder<'_, FlavorSet>) {
    for offer in with_properties(set, rec) {
        let flavor = offer.flavor();
        let specs = flavor.extra_specs.iter().flatten();
        let unknown: Vec<(&str, &str)> = specs
            .filter(|(key, _)| PropertyKey::of(key) == Some(PropertyKey::Unknown))
            .map(|(key, value)| (key.as_str(), value.as_str()))
            .collect();
        if unknown.is_empty() {
            continue;
        }
        let keys: Vec<&str> = unknown.iter().map(|(key, _)| *key).collect();
        let (reported, others) = keys.split_at(keys.len().min(MAX_REPORTED));
        let (noun, reported) = (if keys.len() == 1 { "property" } else { "properties" }, quoted(reported));
        let more = if others.is_empty() {
            String::new()
        } else {
            format!(" and {}", counted(others.len(), "other"))
        };
        rec.fail(&flavor.name, format!("the standard does not define the {noun} {reported}{more}"))
            .compared("scs:name-vN, scs:cpu-type or scs:diskN-type", some_pairs(&unknown))
            .repaired_by(fixes::unset_own(set, flavor, &keys));
    }
}

fn some_pairs(pairs: &[(&str, &str)]) -> String {
    let reported: Vec<String> =
        pairs.iter().take(MAX_REPORTED).map(|(key, value)| format!("{key}={value}")).collect();
    reported.join(", ")
}

fn latest_name(set: &FlavorSet, rec: &mut Recorder<'_, FlavorSet>) {
    let profile = rec.context().profile;
    let newest = Parser::of(Syntax::V3, profile);
    let represented = represented(set, profile);
    for offer in with_properties(set, rec) {
        let flavor = offer.flavor();
        let variants: Vec<(&str, &str)> = offer.name_variants().collect();
        if variants.is_empty() || variants.iter().any(|(_, text)| newest.accept(text.as_bytes()).is_some()) {
            continue;
        }
        let fix = newest_variant(offer).and_then(|(key, name)| {
            fix_of(set, &represented, flavor, "", profile, || fixes::set(set, flavor, [(key, name)]))
        });
        rec.fail(&flavor.name, "none of the name variants is valid in the newest version of the syntax")
            .compared("a name of scs-0100-v3", some_pairs(&variants))
            .maybe_repaired_by(fix);
    }
}

/// An additional name variant in the newest version, under the next free number: the own name or a valid variant,
/// converted.
fn newest_variant(offer: &Offer) -> Option<(String, String)> {
    let name = offer.all_names(Profile::Text).into_iter().find_map(|(_, name)| {
        untrue(&name, offer, Profile::Text).is_empty().then(|| name.spelled(Syntax::V3)).flatten()
    })?;
    let taken: HashSet<u32> = offer
        .name_variants()
        .filter_map(|(key, _)| match PropertyKey::of(key) {
            Some(PropertyKey::NameVariant(number)) => Some(number),
            _ => None,
        })
        .collect();
    // 1 and 2 are reserved on standard flavors.
    let free = (3..=u32::MAX).find(|number| !taken.contains(number))?;
    Some((PropertyKey::NameVariant(free).to_string(), name))
}
