//! scs-0103: whenever a `scs:` property is present on any flavor, it must be valid and true.

use std::collections::BTreeMap;

use scs_standards::{Level, Profile, Recorder, Rule, Split, Verdict};

use super::STANDARD_FLAVORS;
use super::set::{FlavorSet, Offer};
use super::truth::{Claim, claims};
use crate::commands;
use crate::cpu::CpuType;
use crate::disk::{Disk, DiskType};
use crate::name::FlavorName;
use crate::parse::Parser;
use crate::promise::Promise;
use crate::properties::PropertyKey;
use crate::syntax::Syntax;

/// The rules over the properties of every flavor.
pub(super) static RULES: &[Rule<FlavorSet>] = &[
    Rule {
        id: "scs-0103-any-name-vn",
        level: Level::Must,
        documents: STANDARD_FLAVORS,
        section: "Properties",
        summary: "every `scs:name-vN` is a valid name in some version, and true of the flavor",
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
        summary: "no property begins `scs:` that the standard does not have",
        test_case: None,
        question: None,
        check: unknown_keys,
    },
    Rule {
        id: "scs-0103-latest-name",
        level: Level::Should,
        documents: STANDARD_FLAVORS,
        section: "Properties",
        summary: "where `scs:name-vN` are used, one of them is valid in the newest version",
        test_case: None,
        question: None,
        check: latest_name,
    },
];

/// By the official suite the properties of other than standard flavors do not count (C-026).
const STANDARD_ONLY: Split = Split { text: Verdict::Fail, official: Verdict::Pass, difference: "C-026" };

/// The flavors whose properties are known; the others are said to be not given or unusable.
fn with_properties<'a>(set: &'a FlavorSet, rec: &mut Recorder<'_, FlavorSet>) -> Vec<&'a Offer> {
    let mut not_given = 0;
    let mut known = Vec::new();
    for offer in set.offers() {
        let flavor = offer.flavor();
        if let Some(reason) = flavor.unusable("extra_specs") {
            rec.dnf(&flavor.name, format!("its properties cannot be used: {reason}"));
        }
        match flavor.extra_specs {
            Some(_) => known.push(offer),
            None => not_given += usize::from(flavor.unusable("extra_specs").is_none()),
        }
    }
    if not_given > 0 {
        rec.miss("flavor list", format!("the properties of {not_given} flavors are not given"));
    }
    known
}

fn name_variants(set: &FlavorSet, rec: &mut Recorder<'_, FlavorSet>) {
    let profile = rec.context().profile;
    let parser = Parser::new(profile);
    for offer in with_properties(set, rec) {
        let flavor = offer.flavor();
        // Of several variants that are untrue in the same way, one finding.
        let mut untrue_variants: BTreeMap<String, Vec<(&str, &str)>> = BTreeMap::new();
        for (key, text) in offer.name_variants() {
            match parser.parse(text) {
                Err(error) => {
                    let entry = rec
                        .split(STANDARD_ONLY, &flavor.name, format!("`{key}` is no valid name: {error}"))
                        .compared(error.suggestion().unwrap_or("a name of scs-0100"), text);
                    match error.suggestion() {
                        Some(suggestion) => entry.fixed_by(commands::set(&flavor.name, [(key, suggestion)])),
                        None => entry.fixed_by(commands::unset(&flavor.name, [key])),
                    };
                }
                Ok(parsed) => {
                    for reason in untrue(&parsed.name, offer, profile) {
                        untrue_variants.entry(reason).or_default().push((key, text));
                    }
                }
            }
        }
        let own =
            offer.parsed(profile).map(|parsed| untrue(&parsed.name, offer, profile)).unwrap_or_default();
        for (reason, variants) in untrue_variants {
            let names: Vec<String> = variants.iter().map(|(key, text)| format!("`{key}={text}`")).collect();
            let entry = rec
                .split(
                    STANDARD_ONLY,
                    &flavor.name,
                    format!("not true of the flavor: {}: {reason}", names.join(", ")),
                )
                .compared("names that are true of the flavor", names.join(", "));
            // Where the flavor's own name is untrue in the same way, that is what has to be repaired.
            if !own.contains(&reason) {
                entry.fixed_by(commands::unset(&flavor.name, variants.iter().map(|(key, _)| *key)));
            }
        }
    }
}

/// Why a name is not true of a flavor: its figures, its class of vCPUs, its type of disk.
pub(crate) fn untrue(name: &FlavorName, offer: &Offer, profile: Profile) -> Vec<String> {
    let flavor = offer.flavor();
    let figures = claims(name, flavor, profile).into_iter().filter_map(|claim| match claim {
        Claim::Overstated { what, named, real } => Some(format!("{what} {named}, but it has {real}")),
        Claim::NotGiven(_) | Claim::Unusable(..) => None,
    });
    let class = flavor.extra_spec("scs:cpu-type").and_then(CpuType::from_key);
    let class = class
        .filter(|real| *real < name.cpu().kind)
        .map(|real| format!("vCPUs {}, but `scs:cpu-type` says {real}", name.cpu().kind));
    let named = name.disk().and_then(Disk::kind);
    let real = flavor.extra_spec("scs:disk0-type").and_then(DiskType::from_key);
    let disk = named.zip(real).filter(|(named, real)| !Promise::default().disk_may_be_named(*real, *named));
    let disk = disk.map(|(named, real)| format!("disk {named}, but `scs:disk0-type` says {real}"));
    figures.chain(class).chain(disk).collect()
}

fn cpu_type(set: &FlavorSet, rec: &mut Recorder<'_, FlavorSet>) {
    let profile = rec.context().profile;
    for offer in with_properties(set, rec) {
        let flavor = offer.flavor();
        let Some(value) = flavor.extra_spec("scs:cpu-type") else {
            continue;
        };
        let named = offer.all_names(profile);
        let Some(real) = CpuType::from_key(value) else {
            let entry = rec
                .split(
                    STANDARD_ONLY,
                    &flavor.name,
                    format!("`scs:cpu-type` is {value}, which is no type of vCPUs"),
                )
                .compared(CpuType::ALL.map(CpuType::key).join(" or "), value);
            match named.first() {
                Some((_, name)) => {
                    entry.fixed_by(commands::set(&flavor.name, [("scs:cpu-type", name.cpu().kind.key())]))
                }
                None => entry.fixed_by(commands::unset(&flavor.name, ["scs:cpu-type"])),
            };
            continue;
        };
        if let Some((whence, name)) = named.iter().find(|(_, name)| name.cpu().kind > real) {
            let wanted = name.cpu().kind;
            let message = format!("`scs:cpu-type` is {real}, but {whence} `{name}` promises {wanted}");
            rec.split(STANDARD_ONLY, &flavor.name, message)
                .compared(wanted, real)
                .fixed_by(commands::set(&flavor.name, [("scs:cpu-type", wanted.key())]));
        }
    }
}

fn disk_types(set: &FlavorSet, rec: &mut Recorder<'_, FlavorSet>) {
    let profile = rec.context().profile;
    for offer in with_properties(set, rec) {
        let flavor = offer.flavor();
        for (key, value) in flavor.extra_specs.iter().flatten() {
            let Some(PropertyKey::DiskType(number)) = PropertyKey::of(key) else {
                continue;
            };
            let problem = if DiskType::from_key(value).is_none() {
                Some(format!("`{key}` is {value}, which is no type of disk"))
            } else if flavor.disk_gb == Some(0) {
                Some(format!("`{key}` is set, but the flavor has no disk"))
            } else {
                let most = offer
                    .all_names(profile)
                    .iter()
                    .filter_map(|(_, name)| name.disk())
                    .map(|disk| disk.count().get())
                    .max();
                most.filter(|&most| number >= most)
                    .map(|most| format!("`{key}` is set, but the flavor has {most} disks"))
            };
            if let Some(problem) = problem {
                rec.split(STANDARD_ONLY, &flavor.name, problem)
                    .compared(DiskType::ALL.map(DiskType::key).join(" or "), value)
                    .fixed_by(commands::unset(&flavor.name, [key.as_str()]));
            }
        }
    }
}

fn unknown_keys(set: &FlavorSet, rec: &mut Recorder<'_, FlavorSet>) {
    for offer in with_properties(set, rec) {
        let flavor = offer.flavor();
        for (key, value) in flavor.extra_specs.iter().flatten() {
            if PropertyKey::of(key) == Some(PropertyKey::Unknown) {
                rec.fail(&flavor.name, format!("the standard has no property `{key}`"))
                    .compared("scs:name-vN, scs:cpu-type or scs:diskN-type", format!("{key}={value}"))
                    .fixed_by(commands::unset(&flavor.name, [key.as_str()]));
            }
        }
    }
}

fn latest_name(set: &FlavorSet, rec: &mut Recorder<'_, FlavorSet>) {
    let newest = Parser::of(Syntax::V3, rec.context().profile);
    for offer in with_properties(set, rec) {
        let flavor = offer.flavor();
        let variants: Vec<(&str, &str)> = offer.name_variants().collect();
        if variants.is_empty() || variants.iter().any(|(_, text)| newest.parse(text).is_ok()) {
            continue;
        }
        let entry = rec
            .fail(&flavor.name, "none of its name variants is valid in the newest version of the syntax")
            .compared(
                "a name of scs-0100-v3",
                variants.iter().map(|(_, text)| *text).collect::<Vec<_>>().join(", "),
            );
        if let Some((key, name)) = newest_variant(offer) {
            entry.fixed_by(commands::set(&flavor.name, [(key.as_str(), name.as_str())]));
        }
    }
}

/// A further name variant in the newest version, under the next free number: the own name or a valid variant, written
/// anew.
pub(crate) fn newest_variant(offer: &Offer) -> Option<(String, String)> {
    let name = offer.all_names(Profile::Text).into_iter().find_map(|(_, name)| {
        untrue(&name, offer, Profile::Text).is_empty().then(|| name.spelled(Syntax::V3)).flatten()
    })?;
    let taken: Vec<u32> = offer
        .name_variants()
        .filter_map(|(key, _)| match PropertyKey::of(key) {
            Some(PropertyKey::NameVariant(number)) => Some(number),
            _ => None,
        })
        .collect();
    let free = (2..=u32::MAX).find(|number| !taken.contains(number))?;
    Some((PropertyKey::NameVariant(free).to_string(), name))
}
