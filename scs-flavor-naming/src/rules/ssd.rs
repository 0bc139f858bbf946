//! scs-0110: two flavors with a local SSD, and what their disks must be capable of.

use scs_standards::{CLOUD, DeclaredValue, Judgement, Level, Question, Recorder, Rule, either, judge};

use super::set::{FlavorSet, Offer};
use super::standard::{matched, not_applicable, other_architecture};
use super::{SSD_FLAVORS, STANDARD_FLAVORS};
use crate::commands;
use crate::disk::DiskType;
use crate::properties::UntypedDisk;
use crate::standard_flavors::{FlavorStatus, StandardDisk, StandardFlavor};

/// The rules over local disks.
pub(super) static RULES: &[Rule<FlavorSet>] = &[
    Rule {
        id: "scs-0110-mandatory-ssd-flavors",
        level: Level::Must,
        documents: SSD_FLAVORS,
        section: "Decision",
        summary: "the two standard flavors with a local SSD exist",
        test_case: None,
        question: None,
        check: ssd_flavors,
    },
    Rule {
        id: "scs-0110-iops",
        level: Level::Must,
        documents: IOPS,
        section: "Decision",
        summary: "an SSD gives each VM 1000 sequential IOPS, in the two standard flavors more than 1000",
        test_case: None,
        question: Some(Question::new(
            "the measured sequential IOPS (fio, queue depth 1, synchronous writes)",
            "1500",
        )),
        check: iops,
    },
    Rule {
        id: "scs-0110-write-latency",
        level: Level::Must,
        documents: SSD_FLAVORS,
        section: "Decision",
        summary: "a write to the SSD of the two standard flavors takes less than 1 ms",
        test_case: None,
        question: Some(Question::new("the measured write latency in ms", "0.4")),
        check: write_latency,
    },
    Rule {
        id: "scs-0110-plp",
        level: Level::Must,
        documents: SSD_FLAVORS,
        section: "Decision",
        summary: "every local SSD and NVMe has power-loss protection",
        test_case: None,
        question: Some(Question::new("which local disks have it: `all`, `some` or `none`", "all")),
        check: power_loss_protection,
    },
    Rule {
        id: "scs-0110-erase",
        level: Level::Must,
        documents: SSD_FLAVORS,
        section: "Decision",
        summary: "what a previous user left on a local disk cannot be read",
        test_case: None,
        question: Some(Question::new(
            "what is done before a disk is given out: `erase`, `new-key` or `none`",
            "erase",
        )),
        check: erase,
    },
    Rule {
        id: "scs-0110-live-migration",
        level: Level::May,
        documents: SSD_FLAVORS,
        section: "Out of Scope",
        summary: "users can expect live migration: the root disk is on the network, or there is none",
        test_case: None,
        question: None,
        check: live_migration,
    },
    Rule {
        id: "scs-0110-etcd-fit",
        level: Level::May,
        documents: SSD_FLAVORS,
        section: "Motivation",
        summary: "an SSD is fit for etcd: hundreds of sequential IOPS, writes in milliseconds",
        test_case: None,
        question: Some(Question::new(
            "the facts `iops` and `write_latency_ms`",
            "{iops: 1500, write_latency_ms: 0.4}",
        )),
        check: etcd_fit,
    },
];

/// scs-0110 for the two flavors, scs-0103 for every disk of type `ssd` (C-031).
const IOPS: &[scs_standards::DocumentId] = &[SSD_FLAVORS[0], STANDARD_FLAVORS[0]];

/// The two standard flavors with an SSD.
fn standard_ssd() -> impl Iterator<Item = StandardFlavor> {
    StandardFlavor::all().filter(|standard| {
        standard.status() == FlavorStatus::Mandatory && matches!(standard.disk_type(), StandardDisk::Of(_))
    })
}

/// The type of the root disk by property, or else by name.
fn disk_type(offer: &Offer, rec: &Recorder<'_, FlavorSet>) -> Option<DiskType> {
    let declared = offer.flavor().extra_spec("scs:disk0-type").and_then(DiskType::from_key);
    declared.or_else(|| offer.parsed(rec.context().profile)?.name.disk()?.kind())
}

/// The names of the flavors whose root disk is of one of these types.
fn names_with<'a>(set: &'a FlavorSet, rec: &Recorder<'_, FlavorSet>, types: &[DiskType]) -> Vec<&'a str> {
    set.offers()
        .iter()
        .filter(|offer| disk_type(offer, rec).is_some_and(|kind| types.contains(&kind)))
        .map(|offer| offer.flavor().name.as_str())
        .collect()
}

/// The names of the flavors that stand for the two standard ones.
fn standard_names<'a>(set: &'a FlavorSet, rec: &Recorder<'_, FlavorSet>) -> Vec<&'a str> {
    let profile = rec.context().profile;
    standard_ssd()
        .filter_map(|standard| Some(matched(set, standard, profile)?.offer.flavor().name.as_str()))
        .collect()
}

fn ssd_flavors(set: &FlavorSet, rec: &mut Recorder<'_, FlavorSet>) {
    let profile = rec.context().profile;
    for standard in standard_ssd() {
        if matched(set, standard, profile).is_some() {
            continue;
        }
        if other_architecture(rec).is_some() {
            not_applicable(rec, standard);
        } else if set.broken().is_empty() {
            rec.fail(standard, "this flavor with a local SSD is missing")
                .compared(standard, "no such flavor")
                .fixed_by(commands::create_standard(standard, UntypedDisk::LeaveOut));
        } else {
            rec.dnf(standard, "not found, but not every entry of the list could be read");
        }
    }
}

fn iops(set: &FlavorSet, rec: &mut Recorder<'_, FlavorSet>) {
    let strict = standard_names(set, rec);
    let subjects = names_with(set, rec, &[DiskType::Ssd]);
    judge(rec, subjects, |subject, value| match (value.number(), strict.contains(&subject)) {
        (None, _) => Judgement::Unusable,
        (Some(iops), true) if iops <= 1000.0 => {
            Judgement::Breaks(format!("{iops} IOPS, more than 1000 are needed"))
        }
        (Some(iops), false) if iops < 1000.0 => Judgement::Breaks(format!("{iops} IOPS, 1000 are needed")),
        (Some(_), _) => Judgement::Satisfies,
    });
}

fn write_latency(set: &FlavorSet, rec: &mut Recorder<'_, FlavorSet>) {
    let subjects = standard_names(set, rec);
    judge(rec, subjects, |_, value| match value.number() {
        Some(ms) if ms < 0.0 => Judgement::Unusable,
        Some(ms) if ms < 1.0 => Judgement::Satisfies,
        Some(ms) => Judgement::Breaks(format!("a write takes {ms} ms, less than 1 ms is needed")),
        None => Judgement::Unusable,
    });
}

fn power_loss_protection(set: &FlavorSet, rec: &mut Recorder<'_, FlavorSet>) {
    let local = !names_with(set, rec, &[DiskType::Ssd, DiskType::Nvme]).is_empty();
    judge(rec, local.then_some(CLOUD), |_, value| match value.text() {
        Some("all") => Judgement::Satisfies,
        Some(some @ ("some" | "none")) => Judgement::Breaks(format!("{some} of the local disks have it")),
        _ => Judgement::Unusable,
    });
}

fn erase(set: &FlavorSet, rec: &mut Recorder<'_, FlavorSet>) {
    let local = !names_with(set, rec, &[DiskType::Hdd, DiskType::Ssd, DiskType::Nvme]).is_empty();
    judge(rec, local.then_some(CLOUD), |_, value| {
        match either(value, "erase", "none").or_else(|| either(value, "new-key", "none")) {
            Some(true) => Judgement::Satisfies,
            Some(false) => Judgement::Breaks("data of previous users are left on the disks".to_owned()),
            None => Judgement::Unusable,
        }
    });
}

fn live_migration(set: &FlavorSet, rec: &mut Recorder<'_, FlavorSet>) {
    for name in names_with(set, rec, &[DiskType::Hdd, DiskType::Ssd, DiskType::Nvme]) {
        // Nothing is broken by that: of a MAY it is a note.
        rec.fail(name, "has a local disk, so users cannot expect live migration");
    }
}

fn etcd_fit(set: &FlavorSet, rec: &mut Recorder<'_, FlavorSet>) {
    let subjects = names_with(set, rec, &[DiskType::Ssd, DiskType::Nvme]);
    judge(rec, subjects, |_, value| {
        let number = |fact| value.fact(fact).and_then(DeclaredValue::number);
        match (number("iops"), number("write_latency_ms")) {
            (Some(iops), Some(ms)) if iops > 100.0 && ms < 10.0 => Judgement::Satisfies,
            (Some(iops), Some(ms)) => {
                Judgement::Breaks(format!("{iops} IOPS and {ms} ms are not what etcd is advised to have"))
            }
            _ => Judgement::Unusable,
        }
    });
}
