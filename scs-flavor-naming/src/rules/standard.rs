//! scs-0103: the standard flavors exist, with exactly their figures and properties.

use scs_standards::wording::counted;
use scs_standards::{CLOUD, Declared, Level, Profile, Recorder, Rule, Split, Verdict};

use super::documents::STANDARD_FLAVORS;
use crate::fixes;
use crate::offer::Offer;
use crate::remarks::DISK_SCHEDULE_GB;
use crate::set::FlavorSet;
use crate::standard_flavors::{COUNT, FlavorStatus, ListRevision, StandardDisk, StandardFlavor};
use crate::standard_match::{DISK, Figure, MEMORY, PropertyMismatch, StandardMatch, VCPUS};

/// One rule for each standard flavor.
pub(super) static FLAVOR_RULES: &[Rule<FlavorSet>] = &{
    let mut rules = [const { flavor_rule(0) }; COUNT];
    let mut index = 0;
    while index < COUNT {
        rules[index] = flavor_rule(index);
        index += 1;
    }
    rules
};

const fn flavor_rule(index: usize) -> Rule<FlavorSet> {
    let standard = StandardFlavor::at(index);
    Rule {
        id: standard.test_case_id(),
        level: standard.status().level(),
        documents: STANDARD_FLAVORS,
        section: match (standard.status(), standard.revision()) {
            (FlavorStatus::Mandatory, _) => "Mandatory",
            (FlavorStatus::Recommended, ListRevision::V1_2) => "Recommended, part 2",
            (FlavorStatus::Recommended, _) => "Recommended, part 1",
        },
        summary: "the standard flavor exists with exactly its vCPUs, memory and disk",
        test_case: Some(standard.test_case_id()),
        question: None,
        check: flavor_exists,
    }
}

/// The rules for all standard flavors.
pub(super) static RULES: &[Rule<FlavorSet>] = &[
    Rule {
        id: "scs-0103-name-v1",
        level: Level::Must,
        documents: STANDARD_FLAVORS,
        section: "Guarantees and properties",
        summary: "`scs:name-v1` of a standard flavor is its recommended name with colons after the first dash",
        test_case: None,
        question: None,
        check: |set, rec| property(set, rec, "scs:name-v1"),
    },
    Rule {
        id: "scs-0103-name-v2",
        level: Level::Must,
        documents: STANDARD_FLAVORS,
        section: "Guarantees and properties",
        summary: "`scs:name-v2` of a standard flavor is its recommended name",
        test_case: None,
        question: None,
        check: |set, rec| property(set, rec, "scs:name-v2"),
    },
    Rule {
        id: "scs-0103-cpu-type",
        level: Level::Must,
        documents: STANDARD_FLAVORS,
        section: "Guarantees and properties",
        summary: "`scs:cpu-type` of a standard flavor is its vCPU type",
        test_case: None,
        question: None,
        check: |set, rec| property(set, rec, "scs:cpu-type"),
    },
    Rule {
        id: "scs-0103-disk0-type",
        level: Level::Must,
        documents: STANDARD_FLAVORS,
        section: "Guarantees and properties",
        summary: "`scs:disk0-type` of a standard flavor is its disk type, and not set without a disk",
        test_case: None,
        question: None,
        check: |set, rec| property(set, rec, "scs:disk0-type"),
    },
    Rule {
        id: "scs-0103-public",
        level: Level::Must,
        documents: STANDARD_FLAVORS,
        section: "Standard SCS flavors",
        summary: "standard flavors are public and not disabled",
        test_case: None,
        question: None,
        check: public,
    },
    Rule {
        id: "scs-0103-schedule",
        level: Level::Should,
        documents: STANDARD_FLAVORS,
        section: "Recommended, part 2",
        summary: "further flavors use the disk schedule, powers of two, and 2, 4 or 8 GiB per vCPU",
        test_case: None,
        question: None,
        check: schedule,
    },
];

fn flavor_exists(set: &FlavorSet, rec: &mut Recorder<'_, FlavorSet>) {
    let Some(standard) = StandardFlavor::by_test_case(rec.rule().id) else {
        return;
    };
    let profile = rec.context().profile;
    let complete =
        |found: &Option<StandardMatch<'_>>| found.as_ref().is_some_and(|found| found.figures.is_empty());
    let ours = set.matched(standard, profile);
    let other = set.matched(standard, profile.other());
    let passes_otherwise = !complete(&ours) && complete(&other);
    match &ours {
        None if set.is_trial() => {}
        None if !set.broken().is_empty() => {
            rec.dnf(standard, "not found, but some entries of the list cannot be read");
        }
        None if other_architecture(rec).is_some() => not_applicable(rec, standard),
        None => {
            let entry = rec
                .fail(standard, "missing: no flavor matches it by size and type, or by name")
                .compared(in_words(standard), "no such flavor")
                .repaired_by(fixes::missing(standard, profile));
            if passes_otherwise {
                entry.other_profile(Verdict::Pass, "C-028");
            }
        }
        Some(found) => {
            for figure in &found.figures {
                wrong_figure(rec, (set, found.offer), standard, figure, passes_otherwise);
            }
            if complete(&ours) && !complete(&other) {
                let split = Split { text: Verdict::Pass, official: Verdict::Fail, difference: "C-028" };
                let message = format!(
                    "`{}` is this flavor by its size, but the official suite does not find it",
                    found.offer.flavor().name
                );
                rec.split(split, standard, message);
            }
        }
    }
}

/// The server architectures known to OpenStack other than x86-64; any other word is ignored.
const OTHER_ARCHITECTURES: [&str; 9] =
    ["aarch64", "arm64", "armv7l", "loongarch64", "ppc64", "ppc64le", "riscv64", "s390x", "sparc64"];

/// The declared architecture of the cloud, if it is not x86-64, for which the flavors must exist.
pub(super) fn other_architecture(rec: &Recorder<'_, FlavorSet>) -> Option<String> {
    let context = rec.context();
    match context.declarations.about("architecture", CLOUD, context.date()) {
        Declared::InForce(declaration) => {
            let architecture = declaration.value.text()?;
            OTHER_ARCHITECTURES.contains(&architecture).then(|| architecture.to_owned())
        }
        Declared::NotInForce(_) | Declared::Unusable(_) | Declared::Contradictory(..) | Declared::Nothing => {
            None
        }
    }
}

/// C-033: no field of a flavor states its architecture, so the rule does not apply to a cloud declared to have another one.
pub(super) fn not_applicable(rec: &mut Recorder<'_, FlavorSet>, standard: StandardFlavor) {
    let architecture = other_architecture(rec).unwrap_or_default();
    let split = Split { text: Verdict::Pass, official: Verdict::Fail, difference: "C-033" };
    rec.split(split, standard, format!("does not apply to a cloud declared as {architecture}"));
}

fn wrong_figure(
    rec: &mut Recorder<'_, FlavorSet>,
    (set, offer): (&FlavorSet, &Offer),
    standard: StandardFlavor,
    (what, expected, actual): &(&'static str, u64, Figure),
    passes_otherwise: bool,
) {
    let flavor = offer.flavor();
    let name = &flavor.name;
    match actual {
        Figure::NotGiven => {
            rec.miss(name, format!("{what} is missing"));
        }
        Figure::Unusable(reason) => {
            rec.dnf(name, format!("{what} is unusable: {reason}"));
        }
        Figure::Is(actual) => {
            let ephemeral = flavor.ephemeral_gb.filter(|gb| *gb > 0 && *what == DISK);
            let beside = ephemeral.map_or(String::new(), |gb| format!(" and {gb} GB of ephemeral disk"));
            let (expected_words, actual_words) = match *what {
                VCPUS => {
                    (counted(usize::try_from(*expected).unwrap_or(usize::MAX), "vCPU"), actual.to_string())
                }
                MEMORY => (format!("{expected} MiB of memory"), format!("{actual} MiB")),
                _ => (format!("{expected} GB of root disk"), format!("{actual} GB")),
            };
            let message = format!(
                "{standard} must have exactly {expected_words}, but this flavor has {actual_words}{beside}"
            );
            let fix = fixes::replaced(set, flavor, standard, rec.context().profile);
            let entry = rec.fail(name, message).compared(expected, actual).repaired_by(fix);
            if passes_otherwise {
                entry.other_profile(Verdict::Pass, "C-028");
            }
        }
    }
}

/// A description such as `4 vCPUs (shared-core), 16384 MiB, 100 GB (ssd)`.
fn in_words(standard: StandardFlavor) -> String {
    let disk = match standard.disk_type() {
        StandardDisk::None => "no disk".to_owned(),
        StandardDisk::Any => format!("{} GB of any type", standard.disk_gb()),
        StandardDisk::Of(kind) => format!("{} GB ({kind})", standard.disk_gb()),
    };
    format!("{} vCPUs ({}), {} MiB, {disk}", standard.vcpus(), standard.cpu_type(), standard.ram_mib())
}

/// Compares one property of all standard flavors found.
fn property(set: &FlavorSet, rec: &mut Recorder<'_, FlavorSet>, key: &'static str) {
    let profile = rec.context().profile;
    for standard in StandardFlavor::all() {
        let Some(ours) = set.matched(standard, profile) else {
            continue;
        };
        let test_case = Some(standard.test_case_id());
        let flavor = ours.offer.flavor();
        let name = &flavor.name;
        if let Some(reason) = flavor.unusable("extra_specs") {
            rec.dnf(name, format!("the properties cannot be used: {reason}")).for_test_case(test_case);
            continue;
        }
        if flavor.extra_specs.is_none() {
            rec.miss(name, "the properties are missing").for_test_case(test_case);
            continue;
        }
        let of_key =
            |found: &StandardMatch<'_>| found.properties.iter().find(|wrong| wrong.key == key).cloned();
        let other = set.matched(standard, profile.other());
        let same = other.as_ref().is_some_and(|other| std::ptr::eq(other.offer, ours.offer));
        let theirs = other.as_ref().filter(|_| same).and_then(of_key);
        match (of_key(&ours), theirs) {
            (Some(wrong), theirs) => {
                let entry = rec
                    .fail(name, property_message(standard, &wrong))
                    .compared(expected_in_words(&wrong), wrong.actual.as_deref().unwrap_or("not set"))
                    .for_test_case(test_case);
                // A flavor with wrong figures has to be replaced, including its properties.
                let entry = if ours.figures.is_empty() {
                    entry.repaired_by(fixes::property(set, standard, &ours, &wrong, profile))
                } else {
                    entry
                };
                if same && theirs.is_none() {
                    entry.other_profile(Verdict::Pass, property_difference(key, standard));
                }
            }
            (None, Some(wrong)) => {
                let pass = |of| if profile == of { Verdict::Pass } else { Verdict::Fail };
                let split = Split {
                    text: pass(Profile::Text),
                    official: pass(Profile::Official),
                    difference: property_difference(key, standard),
                };
                let message = format!("by the other profile: {}", property_message(standard, &wrong));
                rec.split(split, name, message).for_test_case(test_case);
            }
            (None, None) => {}
        }
    }
}

fn property_difference(key: &str, standard: StandardFlavor) -> &'static str {
    match (key, standard.disk_type()) {
        ("scs:disk0-type", StandardDisk::None) => "C-029",
        ("scs:disk0-type", _) => "C-025",
        _ => "C-028",
    }
}

fn expected_in_words(wrong: &PropertyMismatch) -> String {
    if wrong.expected.is_empty() { "not set".to_owned() } else { wrong.expected.join(" or ") }
}

fn property_message(standard: StandardFlavor, wrong: &PropertyMismatch) -> String {
    let key = wrong.key;
    match (&wrong.expected[..], &wrong.actual) {
        ([], _) => format!("{standard} has no disk, so `{key}` must not be set"),
        (expected, None) => format!("`{key}` is not set; {standard} must have {}", expected.join(" or ")),
        (expected, Some(actual)) => {
            format!("`{key}` is {actual}; {standard} must have {}", expected.join(" or "))
        }
    }
}

fn public(set: &FlavorSet, rec: &mut Recorder<'_, FlavorSet>) {
    let profile = rec.context().profile;
    let mut not_given = 0;
    for standard in StandardFlavor::all() {
        let Some(found) = set.matched(standard, profile) else {
            continue;
        };
        let flavor = found.offer.flavor();
        let name = &flavor.name;
        if let Some(reason) = flavor.unusable("is_public").or_else(|| flavor.unusable("disabled")) {
            rec.dnf(name, format!("cannot tell whether it is public and enabled: {reason}"));
            continue;
        }
        match flavor.is_public {
            None => not_given += 1,
            Some(false) => {
                rec.fail(name, "a standard flavor must be visible to all projects")
                    .compared("public", "private")
                    .repaired_by(fixes::replaced(set, flavor, standard, profile));
            }
            Some(true) if flavor.disabled == Some(true) => {
                rec.fail(name, "a standard flavor must be usable, but this one is disabled")
                    .compared("enabled", "disabled")
                    .repaired_by(fixes::replaced(set, flavor, standard, profile));
            }
            Some(true) => {}
        }
    }
    if not_given > 0 {
        rec.miss("flavor list", format!("visibility is missing for {not_given} of the standard flavors"));
    }
}

fn schedule(set: &FlavorSet, rec: &mut Recorder<'_, FlavorSet>) {
    let profile = rec.context().profile;
    for (offer, parsed) in set.named(profile) {
        let flavor = offer.flavor();
        let standard = StandardFlavor::of(&parsed.name).is_some();
        let (Some(vcpus), Some(ram), false) = (flavor.vcpus, flavor.ram_mib, standard) else {
            continue;
        };
        let mut advice = Vec::new();
        if !vcpus.is_power_of_two() {
            advice.push(format!("{vcpus} vCPUs are not a power of two"));
        }
        if ![2, 4, 8].iter().any(|gib| vcpus.checked_mul(gib * 1024) == Some(ram)) {
            advice.push(format!("{ram} MiB for {vcpus} vCPUs are not 2, 4 or 8 GiB per vCPU"));
        }
        let scheduled =
            |disk_gb: u64| DISK_SCHEDULE_GB.iter().any(|&scheduled| u64::from(scheduled) == disk_gb);
        if let Some(disk_gb) = flavor.disk_gb.filter(|&disk_gb| disk_gb > 0 && !scheduled(disk_gb)) {
            advice.push(format!("{disk_gb} GB are not in the schedule 5, 10, 20, 50, 100, 200, 500, 1000"));
        }
        if !advice.is_empty() {
            rec.fail(&flavor.name, format!("outside the recommended sizes: {}", advice.join("; ")));
        }
    }
}
