//! scs-0100: how the hosts behind the names are run, which no API shows.

use scs_standards::{CLOUD, DeclaredValue, Judgement, Level, Question, Recorder, Rule, either, judge};

use super::NAMING;
use super::set::FlavorSet;
use crate::cpu::CpuType;
use crate::cpu_arch::{CpuArch, CpuVendor};
use crate::disk::{Disk, DiskType};
use crate::hypervisor::Hypervisor;
use crate::name::FlavorName;

/// The rules that rest on declarations.
pub(super) static RULES: &[Rule<FlavorSet>] = &[
    Rule {
        id: "scs-0100-qualifier-insecure",
        level: Level::Must,
        documents: NAMING,
        section: "Insufficient microcode",
        summary: "names have `i` where mitigations and microcode are not kept current",
        test_case: None,
        question: Some(Question::new("`current` or `not-current`", "current")),
        check: qualifier_insecure,
    },
    Rule {
        id: "scs-0100-qualifier-no-ecc",
        level: Level::Must,
        documents: NAMING,
        section: "No ECC",
        summary: "names have `u` where the memory of the hosts has no ECC",
        test_case: None,
        question: Some(Question::new("`ecc` or `non-ecc`", "ecc")),
        check: qualifier_no_ecc,
    },
    Rule {
        id: "scs-0100-qualifier-ram-oversub",
        level: Level::Must,
        documents: NAMING,
        section: "Enabled Oversubscription",
        summary: "names have `o` where memory is oversubscribed",
        test_case: None,
        question: Some(Question::new("the RAM allocation ratio, such as 1.0", "1.0")),
        check: qualifier_ram_oversubscribed,
    },
    Rule {
        id: "scs-0100-cpu-oversubscription",
        level: Level::Should,
        documents: NAMING,
        section: "CPU Suffixes, Baseline",
        summary: "a vCPU of class V has a fifth of a core in more than 99 % of the time",
        test_case: None,
        question: Some(Question::new(
            "the facts `ratio` (vCPUs per core, with SMT per thread) and `smt`, or `worst_case_share` (of a core)",
            "{ratio: 3, smt: true}",
        )),
        check: cpu_oversubscription,
    },
    Rule {
        id: "scs-0100-microcode-age",
        level: Level::Must,
        documents: NAMING,
        section: "CPU Suffixes, Baseline",
        summary: "microcode is applied in less than a month after its release, unless names have `i`",
        test_case: None,
        question: Some(Question::new(
            "the facts `days` and `critical_days` (CVSS above 8) from release to use, at most",
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
            "the facts `susceptible`, `smt` and `core_scheduling` (accepted by the SCS security team), each true or false",
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
        question: Some(Question::new("`ecc` or `non-ecc`", "ecc")),
        check: |_, rec| {
            judge(rec, [CLOUD], |_, value| match either(value, "ecc", "non-ecc") {
                Some(true) => Judgement::Satisfies,
                Some(false) => Judgement::Breaks("the memory has no ECC".to_owned()),
                None => Judgement::Unusable,
            });
        },
    },
    Rule {
        id: "scs-0100-multidisk-independent",
        level: Level::Should,
        documents: NAMING,
        section: "Multi-provisioned Disk",
        summary: "the disks of a flavor with several are independent media",
        test_case: None,
        question: Some(Question::new("`independent` or `shared`", "independent")),
        check: multidisk,
    },
    Rule {
        id: "scs-0100-network-disk-durable",
        level: Level::Should,
        documents: NAMING,
        section: "Disk sizes and types, Baseline",
        summary: "network disks survive the loss of a disk and of a node",
        test_case: None,
        question: Some(Question::new("the list of losses that are survived, `[disk, node]`", "[disk, node]")),
        check: network_disk,
    },
    Rule {
        id: "scs-0100-hypervisor-indicated",
        level: Level::Should,
        documents: NAMING,
        section: "Hypervisor",
        summary: "names tell the hypervisor where it is not KVM",
        test_case: None,
        question: Some(Question::new("one of kvm, chy, xen, vmw, hyv, bms", "kvm")),
        check: hypervisor_indicated,
    },
];

/// Judges a declaration about each flavor with an SCS name that `applies` picks.
fn judge_names(
    set: &FlavorSet,
    rec: &mut Recorder<'_, FlavorSet>,
    applies: impl Fn(&FlavorName) -> bool,
    judgement: impl Fn(&FlavorName, &DeclaredValue) -> Judgement,
) {
    let profile = rec.context().profile;
    let named: Vec<(&str, FlavorName)> = set
        .named(profile)
        .map(|(offer, parsed)| (offer.flavor().name.as_str(), parsed.name))
        .filter(|(_, name)| applies(name))
        .collect();
    judge(rec, named.iter().map(|(text, _)| *text), |subject, value| {
        match named.iter().find(|(text, _)| *text == subject) {
            Some((_, name)) => judgement(name, value),
            None => Judgement::Unusable,
        }
    });
}

fn qualifier_insecure(set: &FlavorSet, rec: &mut Recorder<'_, FlavorSet>) {
    judge_names(
        set,
        rec,
        |name| !name.cpu().insecure,
        |_, value| match either(value, "current", "not-current") {
            Some(true) => Judgement::Satisfies,
            Some(false) => {
                Judgement::Breaks("mitigations are not kept current and the name has no `i`".to_owned())
            }
            None => Judgement::Unusable,
        },
    );
}

fn qualifier_no_ecc(set: &FlavorSet, rec: &mut Recorder<'_, FlavorSet>) {
    judge_names(
        set,
        rec,
        |name| !name.ram().no_ecc,
        |_, value| match either(value, "ecc", "non-ecc") {
            Some(true) => Judgement::Satisfies,
            Some(false) => Judgement::Breaks("the memory has no ECC and the name has no `u`".to_owned()),
            None => Judgement::Unusable,
        },
    );
}

fn qualifier_ram_oversubscribed(set: &FlavorSet, rec: &mut Recorder<'_, FlavorSet>) {
    judge_names(
        set,
        rec,
        |name| !name.ram().oversubscribed,
        |_, value| match value.number() {
            Some(ratio) if ratio <= 0.0 => Judgement::Unusable,
            Some(ratio) if ratio <= 1.0 => Judgement::Satisfies,
            Some(ratio) => {
                Judgement::Breaks(format!("memory is oversubscribed {ratio} times and the name has no `o`"))
            }
            None => Judgement::Unusable,
        },
    );
}

/// The text: five times a core, or three times a thread with SMT, or another way to the same guarantee.
fn cpu_oversubscription(set: &FlavorSet, rec: &mut Recorder<'_, FlavorSet>) {
    let applies = |name: &FlavorName| name.cpu().kind == CpuType::SharedCore;
    judge_names(set, rec, applies, |_, value| {
        let number = |fact| value.fact(fact).and_then(DeclaredValue::number);
        if let Some(share) = number("worst_case_share") {
            return if share >= 0.2 {
                Judgement::Satisfies
            } else {
                Judgement::Breaks(format!(
                    "a vCPU gets {share} of a core at worst, 0.2 is promised by V: use L"
                ))
            };
        }
        let (Some(ratio), Some(smt)) = (number("ratio"), value.fact("smt").and_then(DeclaredValue::flag))
        else {
            return Judgement::Unusable;
        };
        let (most, of) = if smt { (3.0, "thread") } else { (5.0, "core") };
        if ratio <= most {
            Judgement::Satisfies
        } else {
            Judgement::Breaks(format!("{ratio} vCPUs per {of}, where V allows {most}: use L"))
        }
    });
}

fn microcode_age(set: &FlavorSet, rec: &mut Recorder<'_, FlavorSet>) {
    judge_names(
        set,
        rec,
        |name| !name.cpu().insecure,
        |_, value| {
            let days = |fact| value.fact(fact).and_then(DeclaredValue::number);
            match (days("days"), days("critical_days")) {
                (Some(days), _) if days >= 31.0 => Judgement::Breaks(format!(
                    "microcode takes {days} days, a month or more, and the name has no `i`"
                )),
                (Some(_), Some(critical)) if critical >= 7.0 => {
                    Judgement::Warns(format!("critical microcode takes {critical} days, a week or more"))
                }
                (Some(_), Some(_)) => Judgement::Satisfies,
                _ => Judgement::Unusable,
            }
        },
    );
}

/// Whether the named CPU is susceptible to L1TF: Intel before Cascade Lake; `None` where the name does not tell.
fn susceptible(arch: Option<CpuArch>) -> Option<bool> {
    let arch = arch?;
    match (arch.vendor(), arch.generation()) {
        (CpuVendor::Intel, Some(generation)) => Some(generation.number() < 2),
        (CpuVendor::Intel, None) => None,
        _ => Some(false),
    }
}

fn l1tf(set: &FlavorSet, rec: &mut Recorder<'_, FlavorSet>) {
    let applies = |name: &FlavorName| !name.cpu().insecure && susceptible(name.cpu_arch()) != Some(false);
    judge_names(set, rec, applies, |name, value| {
        let flag = |fact| value.fact(fact).and_then(DeclaredValue::flag);
        let susceptible = susceptible(name.cpu_arch()).or_else(|| flag("susceptible"));
        match (susceptible, flag("smt"), flag("core_scheduling")) {
            (Some(false), _, _) | (Some(true), Some(false), _) | (Some(true), Some(true), Some(true)) => {
                Judgement::Satisfies
            }
            (Some(true), Some(true), Some(false)) => Judgement::Breaks(
                "SMT is on where the CPUs are susceptible to L1TF, without core scheduling and without `i`"
                    .to_owned(),
            ),
            _ => Judgement::Unusable,
        }
    });
}

fn multidisk(set: &FlavorSet, rec: &mut Recorder<'_, FlavorSet>) {
    let applies = |name: &FlavorName| name.disk().is_some_and(|disk| disk.count().get() > 1);
    judge_names(set, rec, applies, |_, value| match either(value, "independent", "shared") {
        Some(true) => Judgement::Satisfies,
        Some(false) => Judgement::Breaks("the disks share a medium".to_owned()),
        None => Judgement::Unusable,
    });
}

fn network_disk(set: &FlavorSet, rec: &mut Recorder<'_, FlavorSet>) {
    let profile = rec.context().profile;
    let is_network = |offer: &super::Offer| {
        let named = offer.parsed(profile).and_then(|parsed| parsed.name.disk()).and_then(Disk::kind);
        named == Some(DiskType::Network)
            || offer.flavor().extra_spec("scs:disk0-type") == Some(DiskType::Network.key())
    };
    let subjects = set.offers().iter().any(is_network).then_some(CLOUD);
    judge(rec, subjects, |_, value| {
        let Some(survived) = value.list() else {
            return Judgement::Unusable;
        };
        match ["disk", "node"].iter().find(|loss| !survived.iter().any(|survived| survived == *loss)) {
            Some(loss) => Judgement::Breaks(format!("network disks do not survive the loss of a {loss}")),
            None => Judgement::Satisfies,
        }
    });
}

fn hypervisor_indicated(set: &FlavorSet, rec: &mut Recorder<'_, FlavorSet>) {
    let token = |value: &DeclaredValue| Hypervisor::from_token(value.text()?.as_bytes().try_into().ok()?);
    judge_names(
        set,
        rec,
        |_| true,
        |name, value| match (token(value), name.hypervisor()) {
            (None, _) => Judgement::Unusable,
            (Some(real), Some(named)) if real != named => {
                Judgement::Breaks(format!("it runs on {}, but the name says {}", real.words(), named.words()))
            }
            (Some(real), None) if real != Hypervisor::Kvm => Judgement::Breaks(format!(
                "it runs on {}, which the name should tell: `_{real}`",
                real.words()
            )),
            _ => Judgement::Satisfies,
        },
    );
}
