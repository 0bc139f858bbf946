//! scs-0100: operation of the hosts behind the names, which no API shows.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use scs_standards::{
    CLOUD, DeclaredValue, Judgment, Level, Profile, Question, Recorder, Rule, either, is_vacuous, judge,
};

use super::documents::NAMING;
use crate::cpu::CpuType;
use crate::cpu_arch::{CpuArch, CpuVendor};
use crate::disk::DiskType;
use crate::evidence;
use crate::hypervisor::Hypervisor;
use crate::name::FlavorName;
use crate::offer::{OWN_NAME, Offer};
use crate::set::FlavorSet;

/// The rules based on declarations.
pub(super) static RULES: &[Rule<FlavorSet>] = &[
    Rule {
        id: "scs-0100-qualifier-insecure",
        level: Level::Must,
        documents: NAMING,
        section: "Insufficient microcode",
        summary: "names have `i` if mitigations and microcode are not kept current",
        test_case: None,
        question: Some(Question::new(
            "whether mitigations and microcode are kept current: `current` or `not-current`",
            "current",
        )),
        check: qualifier_insecure,
    },
    Rule {
        id: "scs-0100-qualifier-no-ecc",
        level: Level::Must,
        documents: NAMING,
        section: "No ECC",
        summary: "names have `u` if the memory of the hosts has no ECC",
        test_case: None,
        question: Some(Question::new("whether the memory of the hosts has ECC: `ecc` or `non-ecc`", "ecc")),
        check: qualifier_no_ecc,
    },
    Rule {
        id: "scs-0100-qualifier-ram-oversub",
        level: Level::Must,
        documents: NAMING,
        section: "Enabled Oversubscription",
        summary: "names have `o` if memory is oversubscribed",
        test_case: None,
        question: Some(Question::new("the RAM allocation ratio, such as 1.0", "1.0")),
        check: qualifier_ram_oversubscribed,
    },
    Rule {
        id: "scs-0100-cpu-oversubscription",
        level: Level::Should,
        documents: NAMING,
        section: "CPU Suffixes, Baseline",
        summary: "a vCPU of class V gets a fifth of a core more than 99 % of the time",
        test_case: None,
        question: Some(Question::new(
            "the oversubscription of vCPUs: the facts `ratio` (vCPUs per core, with SMT per thread) and `smt`, or `worst_case_share` (of a core)",
            "{ratio: 3, smt: true}",
        )),
        check: cpu_oversubscription,
    },
    Rule {
        id: "scs-0100-microcode-age",
        level: Level::Must,
        documents: NAMING,
        section: "CPU Suffixes, Baseline",
        summary: "microcode is applied less than a month after its release, unless names have `i`",
        test_case: None,
        question: Some(Question::new(
            "the maximum time from release to use of microcode: the facts `days` and `critical_days` (CVSS above 8)",
            "{days: 14, critical_days: 3}",
        )),
        check: microcode_age,
    },
    Rule {
        id: "scs-0100-l1tf-smt",
        level: Level::Should,
        documents: NAMING,
        section: "CPU Suffixes, Baseline",
        summary: "hosts whose CPUs are susceptible to L1TF run without SMT or with accepted core scheduling",
        test_case: None,
        question: Some(Question::new(
            "the L1TF situation: the facts `susceptible`, `smt` and `core_scheduling` (accepted by the SCS security team), each true or false",
            "{susceptible: false, smt: true, core_scheduling: false}",
        )),
        check: l1tf,
    },
    Rule {
        id: "scs-0100-ecc",
        level: Level::Should,
        documents: NAMING,
        section: "Memory, Baseline",
        summary: "the memory of the hosts has ECC",
        test_case: None,
        question: Some(Question::new("whether the memory of the hosts has ECC: `ecc` or `non-ecc`", "ecc")),
        check: |_, rec| {
            judge(rec, [CLOUD], |_, value| match either(value, "ecc", "non-ecc") {
                Some(true) => Judgment::Satisfies,
                Some(false) => Judgment::Breaks("the memory has no ECC".to_owned()),
                None => Judgment::Unusable,
            });
        },
    },
    Rule {
        id: "scs-0100-multidisk-independent",
        level: Level::Should,
        documents: NAMING,
        section: "Multi-provisioned Disk",
        summary: "the disks of a flavor with several disks are independent media",
        test_case: None,
        question: Some(Question::new(
            "whether several disks of a flavor are independent media: `independent` or `shared`",
            "independent",
        )),
        check: multidisk,
    },
    Rule {
        id: "scs-0100-network-disk-durable",
        level: Level::Should,
        documents: NAMING,
        section: "Disk sizes and types, Baseline",
        summary: "network disks survive the loss of a disk and of a node",
        test_case: None,
        question: Some(Question::new(
            "the list of losses that network disks survive, such as `[disk, node]`",
            "[disk, node]",
        )),
        check: network_disk,
    },
    Rule {
        id: "scs-0100-hypervisor-indicated",
        level: Level::Should,
        documents: NAMING,
        section: "Hypervisor",
        summary: "names include the hypervisor if it is not KVM",
        test_case: None,
        question: Some(Question::new("the hypervisor: kvm, chy, xen, vmw, hyv or bms", "kvm")),
        check: hypervisor_indicated,
    },
];

/// Judges a declaration for each flavor with a name selected by `applies`: its own, or a variant in its properties
/// (scs-0103-v1, *Properties*: they must be true for any flavor).
fn judge_names(
    set: &FlavorSet,
    rec: &mut Recorder<'_, FlavorSet>,
    applies: impl Fn(&FlavorName) -> bool,
    judgment: impl Fn(&FlavorName, &DeclaredValue) -> Judgment,
) {
    judge_picked(set, rec, |names| names.retain(|(_, name)| applies(name)), judgment);
}

/// Like [`judge_names`], but `pick` selects among all names of a flavor at once.
fn judge_picked(
    set: &FlavorSet,
    rec: &mut Recorder<'_, FlavorSet>,
    pick: impl Fn(&mut Vec<(String, FlavorName)>),
    judgment: impl Fn(&FlavorName, &DeclaredValue) -> Judgment,
) {
    let profile = rec.context().profile;
    let mut by_subject: BTreeMap<&str, Vec<(String, FlavorName)>> = BTreeMap::new();
    let mut subjects = Vec::new();
    for offer in set.offers() {
        let mut names = offer.all_names(profile);
        pick(&mut names);
        if !names.is_empty() {
            let subject = offer.flavor().name.as_str();
            subjects.push(subject);
            by_subject.entry(subject).or_default().extend(names);
        }
    }
    judge(rec, subjects, |subject, value| {
        let names = by_subject.get(subject).into_iter().flatten();
        let judged = names.map(|(whence, name)| match judgment(name, value) {
            Judgment::Breaks(reason) if whence != OWN_NAME => {
                Judgment::Breaks(format!("{whence} `{name}`: {reason}"))
            }
            judged => judged,
        });
        judged.max_by_key(weight).unwrap_or(Judgment::Unusable)
    });
}

/// The weight of a judgment; the heaviest one counts.
pub(super) const fn weight(judgment: &Judgment) -> u8 {
    match judgment {
        Judgment::Satisfies => 0,
        Judgment::Warns(_) => 1,
        Judgment::Contradicts(_) => 2,
        Judgment::Unusable => 3,
        Judgment::Breaks(_) => 4,
    }
}

/// A declared number, if it is in a plausible range.
pub(super) fn within(value: Option<&DeclaredValue>, range: RangeInclusive<f64>) -> Option<f64> {
    value?.number().filter(|number| range.contains(number))
}

/// Plausible ratios of virtual to real CPUs or memory.
const RATIOS: RangeInclusive<f64> = 0.01..=1000.0;
/// A share of a core.
const SHARES: RangeInclusive<f64> = 0.0..=1.0;
/// Days from a release to its use, up to a hundred years.
const DAYS: RangeInclusive<f64> = 0.0..=36_525.0;

fn qualifier_insecure(set: &FlavorSet, rec: &mut Recorder<'_, FlavorSet>) {
    judge_names(
        set,
        rec,
        |name| !name.cpu().insecure,
        |_, value| match either(value, "current", "not-current") {
            Some(true) => Judgment::Satisfies,
            Some(false) => {
                Judgment::Breaks("mitigations are not kept current, but the name has no `i`".to_owned())
            }
            None => Judgment::Unusable,
        },
    );
}

fn qualifier_no_ecc(set: &FlavorSet, rec: &mut Recorder<'_, FlavorSet>) {
    judge_names(
        set,
        rec,
        |name| !name.ram().no_ecc,
        |_, value| match either(value, "ecc", "non-ecc") {
            Some(true) => Judgment::Satisfies,
            Some(false) => Judgment::Breaks("the memory has no ECC, but the name has no `u`".to_owned()),
            None => Judgment::Unusable,
        },
    );
}

fn qualifier_ram_oversubscribed(set: &FlavorSet, rec: &mut Recorder<'_, FlavorSet>) {
    judge_names(
        set,
        rec,
        |name| !name.ram().oversubscribed,
        |_, value| match within(Some(value), RATIOS) {
            Some(ratio) if ratio <= 1.0 => Judgment::Satisfies,
            Some(ratio) => {
                Judgment::Breaks(format!("memory is oversubscribed {ratio} times, but the name has no `o`"))
            }
            None => Judgment::Unusable,
        },
    );
}

/// Whether a name or property of the flavor guarantees a fifth of a core per vCPU.
fn promises_a_fifth(offer: &Offer, profile: Profile) -> bool {
    let shared = CpuType::SharedCore;
    offer.flavor().extra_spec("scs:cpu-type") == Some(shared.key())
        || offer.all_names(profile).iter().any(|(_, name)| name.cpu().kind == shared)
}

/// By the text: at most five vCPUs per core, or three per thread with SMT, or another way to the same guarantee. A limit set by
/// the flavor itself takes precedence over declarations.
fn cpu_oversubscription(set: &FlavorSet, rec: &mut Recorder<'_, FlavorSet>) {
    let profile = rec.context().profile;
    let mut subjects = Vec::new();
    for offer in set.offers().iter().filter(|offer| promises_a_fifth(offer, profile)) {
        let flavor = offer.flavor();
        match evidence::cpu_class(flavor) {
            Ok(Some(limit)) if limit.most < CpuType::SharedCore => {
                let message =
                    format!("`{}` is less than the fifth of a core that V guarantees: use L", limit.by);
                rec.fail(&flavor.name, message);
            }
            Ok(_) => subjects.push(flavor.name.as_str()),
            Err(reason) => {
                rec.dnf(&flavor.name, reason);
            }
        }
    }
    judge(rec, subjects, |_, value| {
        let ratio = value.fact("ratio").map(|ratio| within(Some(ratio), RATIOS));
        let share = value.fact("worst_case_share").map(|share| within(Some(share), SHARES));
        match (ratio, share) {
            (Some(None), _) | (_, Some(None)) | (None, None) => Judgment::Unusable,
            (_, Some(Some(share))) if share >= 0.2 => Judgment::Satisfies,
            (_, Some(Some(share))) => Judgment::Breaks(format!(
                "a vCPU gets only {share} of a core in the worst case, but V guarantees 0.2: use L"
            )),
            (Some(Some(ratio)), None) => {
                let Some(smt) = value.fact("smt").and_then(DeclaredValue::flag) else {
                    return Judgment::Unusable;
                };
                let (most, of) = if smt { (3.0, "thread") } else { (5.0, "core") };
                if ratio <= most {
                    Judgment::Satisfies
                } else {
                    Judgment::Breaks(format!("{ratio} vCPUs per {of}, but V allows {most}: use L"))
                }
            }
        }
    });
}

/// The number of days that is at least a month in any month, and the number for the shortest month.
const MONTH: f64 = 30.0;
const SHORTEST_MONTH: f64 = 28.0;

fn microcode_age(set: &FlavorSet, rec: &mut Recorder<'_, FlavorSet>) {
    judge_names(
        set,
        rec,
        |name| !name.cpu().insecure,
        |_, value| {
            let days = |fact| within(value.fact(fact), DAYS);
            let (Some(days), Some(critical)) = (days("days"), days("critical_days")) else {
                return Judgment::Unusable;
            };
            let longest = days.max(critical);
            if longest >= MONTH {
                Judgment::Breaks(format!(
                    "microcode is applied after {longest} days, a month or more, but the name has no `i`"
                ))
            } else if longest >= SHORTEST_MONTH {
                Judgment::Warns(format!("after a release in February, {longest} days are a month or more"))
            } else if critical >= 7.0 {
                Judgment::Warns(format!(
                    "critical microcode is applied after {critical} days, a week or more"
                ))
            } else {
                Judgment::Satisfies
            }
        },
    );
}

/// Whether the named CPU is susceptible to L1TF: Intel before Cascade Lake; `None` if the name does not say.
fn susceptible(arch: Option<CpuArch>) -> Option<bool> {
    let arch = arch?;
    match (arch.vendor(), arch.generation()) {
        (CpuVendor::Intel, Some(generation)) => Some(generation.number() < 2),
        (CpuVendor::Intel, None) => None,
        _ => Some(false),
    }
}

fn l1tf(set: &FlavorSet, rec: &mut Recorder<'_, FlavorSet>) {
    // A short name does not say which CPU it is, so the other names count.
    let pick = |names: &mut Vec<(String, FlavorName)>| {
        let known = |name: &FlavorName| susceptible(name.cpu_arch());
        let is_stated = names.iter().any(|(_, name)| known(name).is_some());
        names.retain(|(_, name)| {
            !name.cpu().insecure && known(name) != Some(false) && (!is_stated || known(name).is_some())
        });
    };
    judge_picked(set, rec, pick, |name, value| {
        let flag = |fact| value.fact(fact).and_then(DeclaredValue::flag);
        let susceptible = susceptible(name.cpu_arch()).or_else(|| flag("susceptible"));
        match (susceptible, flag("smt"), flag("core_scheduling")) {
            (Some(false), _, _) | (Some(true), Some(false), _) | (Some(true), Some(true), Some(true)) => {
                Judgment::Satisfies
            }
            (Some(true), Some(true), Some(false)) => Judgment::Breaks(
                "SMT is enabled on CPUs susceptible to L1TF, without core scheduling and without `i` in the name"
                    .to_owned(),
            ),
            _ => Judgment::Unusable,
        }
    });
}

fn multidisk(set: &FlavorSet, rec: &mut Recorder<'_, FlavorSet>) {
    let applies = |name: &FlavorName| name.disk().is_some_and(|disk| disk.count().get() > 1);
    judge_names(set, rec, applies, |_, value| match either(value, "independent", "shared") {
        Some(true) => Judgment::Satisfies,
        Some(false) => Judgment::Breaks("the disks share a medium".to_owned()),
        None => Judgment::Unusable,
    });
}

fn network_disk(set: &FlavorSet, rec: &mut Recorder<'_, FlavorSet>) {
    let profile = rec.context().profile;
    let has_network_disk = |offer: &Offer| offer.disk_types(profile).contains(&DiskType::Network);
    let subjects = set.offers().iter().any(has_network_disk).then_some(CLOUD);
    judge(rec, subjects, |_, value| {
        let Some(survived) = value.list() else {
            return Judgment::Unusable;
        };
        // `none` means that no loss is survived.
        if survived.len() > 1 && survived.iter().any(|loss| loss == "none") {
            return Judgment::Unusable;
        }
        if survived.iter().any(|loss| loss != "none" && is_vacuous(loss)) {
            return Judgment::Unusable;
        }
        match ["disk", "node"].iter().find(|loss| !survived.iter().any(|survived| survived == *loss)) {
            Some(loss) => Judgment::Breaks(format!("network disks do not survive the loss of a {loss}")),
            None => Judgment::Satisfies,
        }
    });
}

fn hypervisor_indicated(set: &FlavorSet, rec: &mut Recorder<'_, FlavorSet>) {
    let token = |value: &DeclaredValue| Hypervisor::from_token(value.text()?.as_bytes().try_into().ok()?);
    // It is enough if one of the names states it.
    let pick = |names: &mut Vec<(String, FlavorName)>| {
        if names.iter().any(|(_, name)| name.hypervisor().is_some()) {
            names.retain(|(_, name)| name.hypervisor().is_some());
        } else {
            names.retain(|(whence, _)| whence == OWN_NAME);
        }
    };
    judge_picked(set, rec, pick, |name, value| match (token(value), name.hypervisor()) {
        (None, _) => Judgment::Unusable,
        (Some(real), Some(named)) if real != named => Judgment::Breaks(format!(
            "the hypervisor is {}, but the name states {}",
            real.words(),
            named.words()
        )),
        (Some(real), None) if real != Hypervisor::Kvm => Judgment::Breaks(format!(
            "the hypervisor is {}, which the name should include: `_{real}`",
            real.words()
        )),
        _ => Judgment::Satisfies,
    });
}
