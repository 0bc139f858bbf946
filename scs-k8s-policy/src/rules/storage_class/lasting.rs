//! The failures that the default class's volumes survive.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::PersistentVolume;
use k8s_openapi::api::storage::v1::StorageClass;
use scs_standards::{DeclaredValue, Fact, Given, Judgment, fact, is_declared, judge_topic, judge_under};

use super::defaults::{in_effect, name, replace};
use super::topics::{BACKING, PROMISE, PROMISES};
use super::volumes;
use crate::provisioner::{Backing, Provisioner};
use crate::rules::Rec;
use crate::rules::probes::{Probed, probed};
use crate::subject::{Cluster, source};

/// The evidence in the cluster for a property of its default class.
enum Shown {
    /// It has the property.
    Has(Option<String>),
    /// It does not have it, for this reason.
    Lacks(String),
    /// None, since the provisioner is unknown.
    Unknown,
    /// None, since it depends on the storage backend.
    Behind,
}

/// A property: its evidence, and its declaration if there is none.
#[derive(Clone, Copy)]
struct Property {
    shown: fn(&StorageClass, &[PersistentVolume]) -> Shown,
    judged: fn(&DeclaredValue) -> Judgment,
    /// Whether it is only declared by topic, since another version has a different question under the rule's id.
    by_topic_alone: bool,
    /// Whether a claim that was written to and read shows it.
    is_shown_by_probe: bool,
}

impl Property {
    /// Whether there is a declaration for it.
    fn is_declared(self, rec: &Rec<'_>) -> bool {
        if self.by_topic_alone { rec.context().declarations.has_entry_for(BACKING) } else { is_declared(rec) }
    }
}

const ONCE: Property =
    Property { shown: shows_once, judged: judge_modes, by_topic_alone: false, is_shown_by_probe: true };
const NOT_NODE_BOUND: Property = Property {
    shown: shows_not_node_bound,
    judged: judge_backing,
    by_topic_alone: false,
    is_shown_by_probe: false,
};
const REDUNDANT: Property = Property {
    shown: shows_redundant,
    judged: judge_survived,
    by_topic_alone: false,
    is_shown_by_probe: false,
};
const NOT_LOCAL: Property = Property {
    shown: shows_not_local,
    judged: judge_backing,
    by_topic_alone: true,
    is_shown_by_probe: false,
};

pub(super) fn once(cluster: &Cluster, rec: &mut Rec<'_>) {
    required_property(cluster, rec, ONCE);
}

pub(super) fn not_node_bound(cluster: &Cluster, rec: &mut Rec<'_>) {
    required_property(cluster, rec, NOT_NODE_BOUND);
}

pub(super) fn redundant(cluster: &Cluster, rec: &mut Rec<'_>) {
    required_property(cluster, rec, REDUNDANT);
}

pub(super) fn once_if_promised(cluster: &Cluster, rec: &mut Rec<'_>) {
    if_promised(cluster, rec, ONCE);
}

pub(super) fn not_node_bound_if_promised(cluster: &Cluster, rec: &mut Rec<'_>) {
    if_promised(cluster, rec, NOT_NODE_BOUND);
}

pub(super) fn not_local_if_promised(cluster: &Cluster, rec: &mut Rec<'_>) {
    if_promised(cluster, rec, NOT_LOCAL);
}

/// The default class, and its evidence.
fn look<'c>(
    cluster: &'c Cluster,
    rec: &mut Rec<'_>,
    property: Property,
) -> Option<(&'c StorageClass, Shown)> {
    let class = in_effect(cluster, rec)?;
    // Volumes are evidence if available; otherwise the provisioner is.
    let volumes: &[PersistentVolume] = match &cluster.persistent_volumes {
        Given::Missing => &[],
        given => {
            let volumes = rec.needs(given, source::PERSISTENT_VOLUMES)?;
            volumes.report_unreadable(rec, source::PERSISTENT_VOLUMES.name);
            volumes.entries()
        }
    };
    let shown = (property.shown)(class, volumes);
    let is_unknown = property.is_shown_by_probe && matches!(shown, Shown::Unknown);
    if is_unknown && matches!(probed(&cluster.pvc_probe, source::PVC_PROBE, rec), Probed::Works) {
        let note = "a probe wrote to the volume of a claim with ReadWriteOnce and read it again".to_owned();
        return Some((class, Shown::Has(Some(note))));
    }
    Some((class, shown))
}

/// Version 1 requires it of every default class.
fn required_property(cluster: &Cluster, rec: &mut Rec<'_>, property: Property) {
    if let Some((class, shown)) = look(cluster, rec, property) {
        answer(cluster, rec, class, shown, property);
    }
}

/// Version 2 requires it if volumes have to survive failures, which only the provider can declare.
fn if_promised(cluster: &Cluster, rec: &mut Rec<'_>, property: Property) {
    let Some((class, shown)) = look(cluster, rec, property) else { return };
    match fact(rec, &[PROMISE]) {
        Fact::Declared(value) if value.text() == Some("best-effort") => {
            rec.note(name(class), format!("not applicable: `{PROMISE}` is declared as best-effort"));
            return;
        }
        Fact::Declared(value) if value.text() != Some("failure-safe") => {
            let message = format!("`{PROMISE}` is declared as {value}; expected {PROMISES}");
            rec.dnf(name(class), message);
            return;
        }
        Fact::Unusable(reason) => {
            let message = format!("the declaration of `{PROMISE}` is unusable: {reason}");
            rec.dnf(name(class), message);
            return;
        }
        Fact::Declared(_) => {}
        Fact::Undeclared => {
            if let Shown::Lacks(reason) = shown {
                let message = format!(
                    "{reason}, which is allowed if volumes need not survive failures; declare {PROMISES} under `{PROMISE}`"
                );
                rec.miss(name(class), message);
                return;
            }
        }
    }
    answer(cluster, rec, class, shown, property);
}

fn answer(cluster: &Cluster, rec: &mut Rec<'_>, class: &StorageClass, shown: Shown, property: Property) {
    match shown {
        Shown::Has(note) => {
            if let Some(note) = note {
                rec.note(name(class), note);
            }
            contradicted(rec, class, property);
        }
        Shown::Lacks(reason) => {
            let finding = rec
                .fail(name(class), reason)
                .compared("network storage, such as `cinder.csi.openstack.org`", &class.provisioner);
            if let Some(fix) = replace(class, cluster) {
                finding.repaired_by(fix);
            }
        }
        // No question was asked yet, so no answer is missing.
        Shown::Unknown if !property.is_declared(rec) => {
            let question = rec.rule().question;
            let values = question.map_or("a value", |question| question.values);
            let under = question.and_then(|question| question.topic).unwrap_or(rec.rule().id);
            let message =
                format!("unknown provisioner `{}`; declare {values} under `{under}`", class.provisioner);
            rec.dnf(name(class), message);
        }
        Shown::Unknown | Shown::Behind if property.by_topic_alone => {
            judge_under(rec, BACKING, property.judged);
        }
        Shown::Unknown | Shown::Behind => judge_topic(rec, property.judged),
    }
}

/// Records a declaration that contradicts the cluster, so the result is unknown.
fn contradicted(rec: &mut Rec<'_>, class: &StorageClass, property: Property) {
    let rule = rec.rule();
    let topic = rule.question.and_then(|question| question.topic);
    let names = topic.into_iter().chain((!property.by_topic_alone).then_some(rule.id));
    for declared in names.collect::<Vec<_>>() {
        let Fact::Declared(value) = fact(rec, &[declared]) else { continue };
        let message = match (property.judged)(value) {
            Judgment::Breaks(reason) => {
                format!(
                    "{reason} according to the declaration of `{declared}`, but `{}` shows otherwise",
                    class.provisioner
                )
            }
            Judgment::Unusable => {
                format!("the declaration of `{declared}` is {value}, which is unusable")
            }
            _ => continue,
        };
        rec.dnf(name(class), message);
    }
}

fn copies(class: &StorageClass, known: &Provisioner) -> Option<u32> {
    let none = BTreeMap::new();
    known.copies(class.parameters.as_ref().unwrap_or(&none))
}

fn shows_once(class: &StorageClass, given: &[PersistentVolume]) -> Shown {
    let bound = volumes::of_class(given, name(class)).find(|volume| volumes::is_bound_once(volume));
    match (Provisioner::of(&class.provisioner), bound) {
        (Some(known), None) if !known.read_write_once => {
            Shown::Lacks(format!("`{}` does not support ReadWriteOnce", class.provisioner))
        }
        (Some(_), _) => Shown::Has(None),
        (None, Some(volume)) => {
            Shown::Has(Some(format!("its volume `{}` is bound with ReadWriteOnce", volumes::name(volume))))
        }
        (None, None) => Shown::Unknown,
    }
}

fn shows_not_node_bound(class: &StorageClass, given: &[PersistentVolume]) -> Shown {
    let mut tied = volumes::of_class(given, name(class))
        .filter_map(|volume| Some((volumes::name(volume), volumes::tie(volume)?)));
    match (tied.next(), tied.count()) {
        (Some((volume, tie)), 0) => Shown::Lacks(format!("its volume `{volume}` is {tie}")),
        (Some((volume, tie)), 1) => {
            Shown::Lacks(format!("its volume `{volume}` is {tie}, and 1 more volume is tied to a node"))
        }
        (Some((volume, tie)), more) => Shown::Lacks(format!(
            "its volume `{volume}` is {tie}, and {more} more volumes are tied to a node"
        )),
        (None, _) => shows_not_local(class, given),
    }
}

/// Node disks count as cross-host storage if there are copies on several hosts.
fn shows_not_local(class: &StorageClass, _: &[PersistentVolume]) -> Shown {
    let provisioner = &class.provisioner;
    let Some(known) = Provisioner::of(provisioner) else { return Shown::Unknown };
    match (known.backing, copies(class, known)) {
        (Backing::Network, _) => Shown::Has(None),
        (Backing::Nodes, Some(copies @ 2..)) => {
            Shown::Has(Some(format!("volumes are on node disks, in {copies} copies")))
        }
        (Backing::Nodes, Some(_)) => {
            Shown::Lacks(format!("`{provisioner}` keeps one copy, on a node's disk"))
        }
        (Backing::Nodes, None) => Shown::Behind,
        (Backing::Node, _) => Shown::Lacks(format!("`{provisioner}` keeps volumes on one node")),
        (Backing::Ephemeral, _) => {
            Shown::Lacks(format!("`{provisioner}` keeps volumes only as long as their pod"))
        }
    }
}

fn shows_redundant(class: &StorageClass, _: &[PersistentVolume]) -> Shown {
    let Some(known) = Provisioner::of(&class.provisioner) else { return Shown::Unknown };
    match copies(class, known) {
        Some(2..) => Shown::Has(None),
        Some(_) => Shown::Lacks(format!("`{}` keeps one copy of the data", class.provisioner)),
        None => Shown::Behind,
    }
}

fn judge_modes(value: &DeclaredValue) -> Judgment {
    const KNOWN: [&str; 4] = ["ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"];
    match value.list() {
        Some(modes) if modes.iter().any(|mode| !KNOWN.contains(&mode.as_str())) => Judgment::Unusable,
        Some(modes) if modes.iter().any(|mode| mode == "ReadWriteOnce") => Judgment::Satisfies,
        Some(_) => Judgment::Breaks("ReadWriteOnce is not among the access modes".to_owned()),
        None => Judgment::Unusable,
    }
}

fn judge_backing(value: &DeclaredValue) -> Judgment {
    match value.text().and_then(Backing::of) {
        Some(Backing::Network | Backing::Nodes) => Judgment::Satisfies,
        Some(Backing::Node) => Judgment::Breaks("volumes are kept on one node".to_owned()),
        Some(Backing::Ephemeral) => Judgment::Breaks("volumes are kept only as long as their pod".to_owned()),
        None => Judgment::Unusable,
    }
}

fn judge_survived(value: &DeclaredValue) -> Judgment {
    let count = |of| value.fact(of).and_then(DeclaredValue::number).filter(|count| *count >= 0.0);
    let (Some(disks), Some(hosts)) = (count("disks"), count("hosts")) else { return Judgment::Unusable };
    match (disks >= 1.0, hosts >= 1.0) {
        (true, true) => Judgment::Satisfies,
        (false, _) => Judgment::Breaks("the loss of one disk loses data".to_owned()),
        (true, false) => Judgment::Breaks("the loss of one host loses data".to_owned()),
    }
}
