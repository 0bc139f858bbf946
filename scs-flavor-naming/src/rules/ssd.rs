//! scs-0110: two flavors with a local SSD, and the required capabilities of their disks.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use scs_standards::{CLOUD, Judgment, Level, Question, Recorder, Rule, either, judge};

use super::documents::{SSD_FLAVORS, STANDARD_FLAVORS};
use super::operation::within;
use super::standard::{not_applicable, other_architecture};
use crate::disk::DiskType;
use crate::evidence;
use crate::fixes;
use crate::offer::Offer;
use crate::set::FlavorSet;
use crate::standard_flavors::{FlavorStatus, StandardDisk, StandardFlavor};

/// The rules for local disks.
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
        summary: "an SSD provides each VM with 1000 sequential IOPS, and more than 1000 in the two standard flavors",
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
        question: Some(Question::new(
            "which local disks have power-loss protection: `all`, `some` or `none`",
            "all",
        )),
        check: power_loss_protection,
    },
    Rule {
        id: "scs-0110-erase",
        level: Level::Must,
        documents: SSD_FLAVORS,
        section: "Decision",
        summary: "data of previous users on a local disk cannot be read",
        test_case: None,
        question: Some(Question::new(
            "the action before a local disk is reused: `erase`, `new-key` or `none`",
            "erase",
        )),
        check: erase,
    },
    Rule {
        id: "scs-0110-live-migration",
        level: Level::May,
        documents: SSD_FLAVORS,
        section: "Out of Scope",
        summary: "live migration is possible: the root disk is a network disk, or there is none",
        test_case: None,
        question: None,
        check: live_migration,
    },
    Rule {
        id: "scs-0110-etcd-fit",
        level: Level::May,
        documents: SSD_FLAVORS,
        section: "Motivation",
        summary: "an SSD is suitable for etcd: hundreds of sequential IOPS, writes within milliseconds",
        test_case: None,
        question: Some(Question::new(
            "the measured facts `iops` and `write_latency_ms`",
            "{iops: 1500, write_latency_ms: 0.4}",
        )),
        check: etcd_fit,
    },
];

/// scs-0110 for the two flavors, scs-0103 for any disk of type `ssd` (C-031).
const IOPS: &[scs_standards::DocumentId] = &[SSD_FLAVORS[0], STANDARD_FLAVORS[0]];

/// The two standard flavors with an SSD.
fn standard_ssd() -> impl Iterator<Item = StandardFlavor> {
    StandardFlavor::all().filter(|standard| {
        standard.status() == FlavorStatus::Mandatory && matches!(standard.disk_type(), StandardDisk::Of(_))
    })
}

/// The flavors with a disk of one of these types.
fn offers_with<'a>(set: &'a FlavorSet, rec: &Recorder<'_, FlavorSet>, types: &[DiskType]) -> Vec<&'a Offer> {
    let profile = rec.context().profile;
    let has = |offer: &&Offer| {
        let real = offer.disk_types(profile);
        types.iter().any(|kind| real.contains(kind))
    };
    set.offers().iter().filter(has).collect()
}

/// The names of the flavors with a disk of one of these types.
fn names_with<'a>(set: &'a FlavorSet, rec: &Recorder<'_, FlavorSet>, types: &[DiskType]) -> Vec<&'a str> {
    offers_with(set, rec, types).into_iter().map(|offer| offer.flavor().name.as_str()).collect()
}

/// The names of the flavors that represent the two standard ones.
fn standard_names<'a>(set: &'a FlavorSet, rec: &Recorder<'_, FlavorSet>) -> Vec<&'a str> {
    let profile = rec.context().profile;
    standard_ssd()
        .filter_map(|standard| Some(set.matched(standard, profile)?.offer.flavor().name.as_str()))
        .collect()
}

fn ssd_flavors(set: &FlavorSet, rec: &mut Recorder<'_, FlavorSet>) {
    let profile = rec.context().profile;
    for standard in standard_ssd() {
        if set.matched(standard, profile).is_some() {
            continue;
        }
        if other_architecture(rec).is_some() {
            not_applicable(rec, standard);
        } else if set.broken().is_empty() {
            rec.fail(standard, "missing: this flavor with a local SSD")
                .compared(standard, "no such flavor")
                .repaired_by(fixes::missing(standard, profile));
        } else {
            rec.dnf(standard, "not found, but some entries of the list cannot be read");
        }
    }
}

/// Plausible sequential operations per second.
const IOPS_RANGE: RangeInclusive<f64> = 0.001..=10_000_000.0;
/// Plausible write latencies in ms, up to a minute.
const LATENCIES_MS: RangeInclusive<f64> = 0.000_1..=60_000.0;

/// A limit set by the flavor itself takes precedence over declarations.
fn iops(set: &FlavorSet, rec: &mut Recorder<'_, FlavorSet>) {
    let strict: BTreeSet<&str> = standard_names(set, rec).into_iter().collect();
    let mut subjects = Vec::new();
    for offer in offers_with(set, rec, &[DiskType::Ssd]) {
        let flavor = offer.flavor();
        let name = flavor.name.as_str();
        let enough = |most: u64| if strict.contains(name) { most > 1000 } else { most >= 1000 };
        match evidence::iops(flavor) {
            Ok(Some(limit)) if !enough(limit.most) => {
                let message = format!("`{}` allows {} IOPS, but 1000 are required", limit.by, limit.most);
                rec.fail(name, message).compared(1000, limit.most);
            }
            Ok(_) => subjects.push(name),
            Err(reason) => {
                rec.dnf(name, reason);
            }
        }
    }
    judge(rec, subjects, |subject, value| {
        match (within(Some(value), IOPS_RANGE), strict.contains(&subject)) {
            (None, _) => Judgment::Unusable,
            (Some(iops), true) if iops <= 1000.0 => {
                Judgment::Breaks(format!("{iops} IOPS, but more than 1000 are required"))
            }
            (Some(iops), false) if iops < 1000.0 => {
                Judgment::Breaks(format!("{iops} IOPS, but 1000 are required"))
            }
            (Some(_), _) => Judgment::Satisfies,
        }
    });
}

fn write_latency(set: &FlavorSet, rec: &mut Recorder<'_, FlavorSet>) {
    let subjects = standard_names(set, rec);
    judge(rec, subjects, |_, value| match within(Some(value), LATENCIES_MS) {
        Some(ms) if ms < 1.0 => Judgment::Satisfies,
        Some(ms) => Judgment::Breaks(format!("a write takes {ms} ms, but must take less than 1 ms")),
        None => Judgment::Unusable,
    });
}

fn power_loss_protection(set: &FlavorSet, rec: &mut Recorder<'_, FlavorSet>) {
    let local = !names_with(set, rec, &[DiskType::Ssd, DiskType::Nvme]).is_empty();
    judge(rec, local.then_some(CLOUD), |_, value| match value.text() {
        Some("all") => Judgment::Satisfies,
        Some(some @ ("some" | "none")) => {
            Judgment::Breaks(format!("{some} of the local disks have power-loss protection"))
        }
        _ => Judgment::Unusable,
    });
}

fn erase(set: &FlavorSet, rec: &mut Recorder<'_, FlavorSet>) {
    let local = !names_with(set, rec, &[DiskType::Hdd, DiskType::Ssd, DiskType::Nvme]).is_empty();
    judge(rec, local.then_some(CLOUD), |_, value| {
        match either(value, "erase", "none").or_else(|| either(value, "new-key", "none")) {
            Some(true) => Judgment::Satisfies,
            Some(false) => Judgment::Breaks("data of previous users remain on the disks".to_owned()),
            None => Judgment::Unusable,
        }
    });
}

fn live_migration(set: &FlavorSet, rec: &mut Recorder<'_, FlavorSet>) {
    for name in names_with(set, rec, &[DiskType::Hdd, DiskType::Ssd, DiskType::Nvme]) {
        // Not a violation: for a MAY, it is a note.
        rec.fail(name, "has a local disk, so live migration is not possible");
    }
}

fn etcd_fit(set: &FlavorSet, rec: &mut Recorder<'_, FlavorSet>) {
    let subjects = names_with(set, rec, &[DiskType::Ssd, DiskType::Nvme]);
    judge(rec, subjects, |_, value| {
        let iops = within(value.fact("iops"), IOPS_RANGE);
        match (iops, within(value.fact("write_latency_ms"), LATENCIES_MS)) {
            (Some(iops), Some(ms)) if iops > 100.0 && ms < 10.0 => Judgment::Satisfies,
            (Some(iops), Some(ms)) => {
                Judgment::Breaks(format!("{iops} IOPS and {ms} ms do not meet the recommendations for etcd"))
            }
            _ => Judgment::Unusable,
        }
    });
}
