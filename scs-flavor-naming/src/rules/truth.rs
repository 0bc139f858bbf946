//! scs-0100: a flavor provides at least what its name states.

use std::collections::BTreeMap;

use scs_standards::{Judgment, Level, Profile, Question, Recorder, Rule, Split, Verdict, judge};

use super::documents::NAMING;
use crate::claims::{Claim, amount, claims, official_tenths_of_gib};
use crate::cpu::CpuType;
use crate::disk::{Disk, DiskType};
use crate::evidence::{self, ExtensionEvidence};
use crate::fixes;
use crate::hypervisor::Hypervisor;
use crate::name::FlavorName;
use crate::offer::Offer;
use crate::promise::Promise;
use crate::set::FlavorSet;
use crate::standard_flavors::StandardFlavor;

const SEMANTICS: Option<&str> = Some("scs-0100-semantics-check");

/// The rules that compare names with flavors.
pub(super) static RULES: &[Rule<FlavorSet>] = &[
    Rule {
        id: "scs-0100-semantics-check",
        level: Level::Must,
        documents: NAMING,
        section: "Naming policy compliance",
        summary: "a flavor has at least the vCPUs, memory and disk stated in its name",
        test_case: SEMANTICS,
        question: None,
        check: semantics_check,
    },
    Rule {
        id: "scs-0100-understate-cpu-class",
        level: Level::Must,
        documents: NAMING,
        section: "Naming policy compliance",
        summary: "the named vCPU class is not better than the real one, in the order C > T > V > L",
        test_case: SEMANTICS,
        question: None,
        check: cpu_class,
    },
    Rule {
        id: "scs-0100-understate-disk-type",
        level: Level::Must,
        documents: NAMING,
        section: "Naming policy compliance",
        summary: "the named disk type is not better than the real one, in the order p > s > h",
        test_case: SEMANTICS,
        question: None,
        check: disk_type,
    },
    Rule {
        id: "scs-0100-extensions-true",
        level: Level::Must,
        documents: NAMING,
        section: "Extensions",
        summary: "no extra spec contradicts the hypervisor, CPU or GPU in a name",
        test_case: None,
        question: None,
        check: extensions,
    },
    Rule {
        id: "scs-0100-multidisk-count",
        level: Level::Must,
        documents: NAMING,
        section: "Multi-provisioned Disk",
        summary: "a server gets as many disks as the name states, each of the stated size",
        test_case: None,
        question: Some(Question::new("the number of disks of the named size that a server gets", "3")),
        check: multidisk_count,
    },
];

fn semantics_check(set: &FlavorSet, rec: &mut Recorder<'_, FlavorSet>) {
    let profile = rec.context().profile;
    for (offer, parsed) in set.named(profile) {
        let (flavor, name) = (offer.flavor(), &parsed.name);
        if name.disk().is_some_and(|disk| disk.size_gb().is_none()) {
            let split = Split { text: Verdict::Pass, official: Verdict::Dnf, difference: "C-017" };
            rec.split(
                split,
                &flavor.name,
                "the official suite cannot compare a name that leaves the disk size open",
            );
            if profile == Profile::Official {
                continue;
            }
        }
        let other = claims(name, flavor, profile.other());
        let ours = claims(name, flavor, profile);
        for claim in &ours {
            record(rec, (set, offer), name, claim);
        }
        for claim in other.iter().filter(|claim| !ours.contains(claim)) {
            if let Claim::Overstated { what, named, real } = claim {
                let split = Split { text: Verdict::Fail, official: Verdict::Pass, difference: "C-019" };
                rec.split(split, &flavor.name, overstated(what, named, real)).compared(named, real);
            }
        }
    }
}

fn overstated(what: &str, named: &str, real: &str) -> String {
    format!("the name claims {}, but the flavor has {real}", amount(what, named))
}

fn record(
    rec: &mut Recorder<'_, FlavorSet>,
    (set, offer): (&FlavorSet, &Offer),
    parsed: &FlavorName,
    claim: &Claim,
) {
    let flavor = offer.flavor();
    let name = &flavor.name;
    match claim {
        Claim::Overstated { what, named, real } => {
            let message = overstated(what, named, real);
            let within_tolerance = *what == "memory"
                && rec.context().profile == Profile::Text
                && flavor.ram_mib.is_some_and(|ram| {
                    official_tenths_of_gib(ram).saturating_mul(512)
                        >= parsed.ram().size.mib().saturating_mul(5)
                });
            let context = rec.context();
            // A standard flavor needs its figures, not another name.
            let kept =
                if StandardFlavor::of(parsed).is_some() { None } else { fixes::kept_name(parsed, flavor) };
            let entry = rec.fail(name, message).compared(named, real);
            let entry = match kept {
                Some(kept) => entry.repaired_by(fixes::rename(set, offer, &kept.to_string(), context)),
                None => entry,
            };
            if within_tolerance {
                entry.other_profile(Verdict::Pass, "C-019");
            }
        }
        Claim::NotGiven(what) => {
            rec.miss(name, format!("{what} is missing, so the name cannot be checked"));
        }
        Claim::Unusable(what, reason) => {
            rec.dnf(name, format!("{what} cannot be used: {reason}"));
        }
    }
}

/// For the official suite, only figures count (C-018).
const FIGURES_ONLY: Split = Split { text: Verdict::Fail, official: Verdict::Pass, difference: "C-018" };

fn cpu_class(set: &FlavorSet, rec: &mut Recorder<'_, FlavorSet>) {
    let context = rec.context();
    let profile = context.profile;
    for (offer, parsed) in set.named(profile) {
        let named = parsed.name.cpu().kind;
        let flavor = offer.flavor();
        // An invalid value is reported by scs-0103-any-cpu-type.
        let real = flavor.extra_spec("scs:cpu-type").and_then(CpuType::from_key);
        if let Some(real) = real.filter(|real| *real < named) {
            let message = format!("the name claims {named}, but `scs:cpu-type` is {real}");
            rec.split(FIGURES_ONLY, &flavor.name, message)
                .compared(named, real)
                .repaired_by(fixes::cpu_class(set, offer, (named, real), &[], context));
        }
        match evidence::cpu_class(flavor) {
            Ok(Some(limit)) if limit.most < named => {
                let message =
                    format!("the name claims {named}, but `{}` allows {} at best", limit.by, limit.most);
                rec.split(FIGURES_ONLY, &flavor.name, message).compared(named, limit.most);
            }
            Err(reason) if named > CpuType::CrowdedCore => {
                let split = Split { text: Verdict::Dnf, official: Verdict::Pass, difference: "C-018" };
                rec.split(split, &flavor.name, reason);
            }
            Ok(_) | Err(_) => {}
        }
    }
}

fn disk_type(set: &FlavorSet, rec: &mut Recorder<'_, FlavorSet>) {
    let context = rec.context();
    let profile = context.profile;
    for (offer, parsed) in set.named(profile) {
        let Some(named) = parsed.name.disk().and_then(Disk::kind) else {
            continue;
        };
        let Some(real) = offer.flavor().extra_spec("scs:disk0-type").and_then(DiskType::from_key) else {
            continue;
        };
        let name = &offer.flavor().name;
        if !Promise::default().disk_may_be_named(real, named) {
            let message = format!("the name claims a disk of type {named}, but `scs:disk0-type` is {real}");
            rec.split(FIGURES_ONLY, name, message).compared(named, real).repaired_by(fixes::disk_type(
                set,
                offer,
                (named, real),
                &[],
                context,
            ));
        } else if !Promise::default().network_is_weaker(false).disk_may_be_named(real, named) {
            // C-016: the text's example allows it, although only a network disk survives the loss of a node.
            rec.warn(name, format!("a {real} disk named as network does not survive the loss of a node"));
        }
    }
}

fn extensions(set: &FlavorSet, rec: &mut Recorder<'_, FlavorSet>) {
    let profile = rec.context().profile;
    for offer in set.offers() {
        let flavor = offer.flavor();
        let names = offer.all_names(profile);
        let tells = |name: &FlavorName| {
            name.hypervisor().is_some()
                || name.hardware_virtualization()
                || name.cpu_arch().is_some()
                || name.gpu().is_some()
        };
        if names.iter().any(|(_, name)| tells(name)) {
            if let Some(reason) = flavor.unusable("extra_specs") {
                rec.dnf(&flavor.name, format!("the extra specs cannot be used: {reason}"));
            } else if flavor.extra_specs.is_none() {
                rec.miss(&flavor.name, "the extra specs are missing; they may contradict the extensions");
            }
        }
        let shown = ExtensionEvidence::of(flavor);
        for (whence, name) in names {
            for against in shown.against(&name) {
                rec.fail(&flavor.name, format!("by {whence} `{name}`, {against}"));
            }
            let known = flavor.extra_specs.is_some();
            if known && shown.lacks_gpu(name.gpu(), name.hypervisor()) {
                let message = format!(
                    "{whence} `{name}` includes a GPU, but no extra spec requests it (`pci_passthrough:alias`, `resources:VGPU`)"
                );
                rec.miss(&flavor.name, message);
            }
        }
    }
}

/// Nova gives a server a root disk and the flavor's ephemeral disk, which the user may split. Further disks,
/// especially on bare metal, have to be declared.
fn multidisk_count(set: &FlavorSet, rec: &mut Recorder<'_, FlavorSet>) {
    let profile = rec.context().profile;
    let mut open: BTreeMap<&str, u64> = BTreeMap::new();
    for offer in set.offers() {
        let flavor = offer.flavor();
        let names = offer.all_names(profile);
        let Some(disk) = names.iter().filter_map(|(_, name)| name.disk()).max_by_key(|disk| disk.count())
        else {
            continue;
        };
        let count = u64::from(disk.count().get());
        if count < 2 {
            continue;
        }
        // A short name leaves the number out.
        let is_machine = names.iter().any(|(_, name)| name.hypervisor() == Some(Hypervisor::BareMetal));
        let size = disk.size_gb().map_or(1, |size| u64::from(size.get()));
        let needed = size.saturating_mul(count - 1);
        match (flavor.ephemeral_gb, flavor.unusable("ephemeral_gb")) {
            (_, Some(reason)) => {
                rec.dnf(&flavor.name, format!("the ephemeral disk cannot be used: {reason}"));
            }
            (Some(ephemeral), None) if ephemeral >= needed => {}
            (Some(ephemeral), None) if !is_machine => {
                let message = format!(
                    "the name claims {count} disks of {size} GB, but there are only {ephemeral} GB besides the root disk"
                );
                rec.fail(&flavor.name, message).compared(format!("{needed} GB"), format!("{ephemeral} GB"));
            }
            _ => {
                open.insert(&flavor.name, count);
            }
        }
    }
    judge(rec, open.keys().copied(), |subject, value| {
        let named = open.get(subject).copied().unwrap_or_default();
        match value.number() {
            Some(disks) if disks < 1.0 || disks.fract() != 0.0 => Judgment::Unusable,
            #[expect(clippy::cast_precision_loss, reason = "a number of disks")]
            Some(disks) if disks >= named as f64 => Judgment::Satisfies,
            Some(disks) => {
                Judgment::Breaks(format!("a server gets {disks} disks, but the name claims {named}"))
            }
            None => Judgment::Unusable,
        }
    });
}
