//! The existence of a default class, and its features.

use k8s_openapi::api::storage::v1::StorageClass;
use scs_standards::{
    CLUSTER, DeclaredValue, Fact, Fix, Given, Judgment, Split, Verdict, fact, is_declared, judge,
};

use super::defaults::{
    BETA_MARK, MARK, annotation, classes, defaults, in_effect, is_lasting, is_order_known, list, made, mark,
    name, unmark,
};
use super::topics::{PROMISE, PROMISES};
use crate::rules::Rec;
use crate::rules::probes::{Probed, probed};
use crate::subject::{Cluster, source};

/// The text requires this annotation. The old one does not count, although Kubernetes still accepts it.
pub(super) fn default_exists(cluster: &Cluster, rec: &mut Rec<'_>) {
    let Some(classes) = classes(cluster, rec) else { return };
    if classes.iter().any(|class| annotation(class, MARK) == Some("true")) {
        return;
    }
    let defaults = defaults(classes);
    let message = if let Some(old) = defaults.first() {
        format!(
            "no storage class is the default by `{MARK}`; `{}` has only the deprecated `{BETA_MARK}`, which Kubernetes still accepts but the text does not mention",
            name(old)
        )
    } else {
        let near = classes.iter().find_map(|class| {
            let value = annotation(class, MARK).filter(|value| *value != "false")?;
            Some(format!("; `{}` has the value `{value}`, which is not `true`", name(class)))
        });
        format!("no storage class is the default{}", near.unwrap_or_default())
    };
    let known: Vec<&StorageClass> = classes.iter().collect();
    let actual = if known.is_empty() { "no class at all".to_owned() } else { list(&known) };
    let entry = rec
        .fail(CLUSTER, message)
        .compared(format!("a class with the annotation `{MARK}: \"true\"`"), actual);
    if let [old] = defaults.as_slice() {
        // Claims already get its volumes.
        entry.repaired_by(Fix::Safe(mark(old)));
        return;
    }
    let lasting = || classes.iter().filter(|class| is_lasting(class));
    if lasting().next().is_some() {
        let ways = lasting().map(|class| mark(class).when(format!("from `{}`", name(class))));
        let question = "From which class should claims without a class get their volumes? If from none of them, create one.";
        entry.repaired_by(Fix::choose(question, ways));
    }
}

/// The result of the official script for the list, which it checks first (C-084).
fn official(classes: &[StorageClass]) -> (Verdict, Option<String>) {
    // It crashes on the first class without the annotation.
    if let Some(class) = classes.iter().find(|class| annotation(class, MARK).is_none()) {
        return (Verdict::Dnf, Some(format!("`{}` has no annotation `{MARK}`", name(class))));
    }
    let marked = classes.iter().filter(|class| annotation(class, MARK) == Some("true"));
    match marked.collect::<Vec<_>>().as_slice() {
        [] => (Verdict::Dnf, Some("no class is the default".to_owned())),
        [one] if one.provisioner != "kubernetes.io/no-provisioner" => (Verdict::Pass, None),
        [one] => (Verdict::Fail, Some(format!("`{}` has no provisioner", name(one)))),
        [..] => (Verdict::Fail, None),
    }
}

pub(super) fn default_unique(cluster: &Cluster, rec: &mut Rec<'_>) {
    let Some(classes) = classes(cluster, rec) else { return };
    let (official, reason) = official(classes);
    let defaults = defaults(classes);
    let text = if defaults.len() > 1 { Verdict::Fail } else { Verdict::Pass };
    let split = Split { text, official, difference: "C-084" };
    let reason = reason.unwrap_or_default();
    let [first, rest @ ..] = defaults.as_slice() else {
        rec.split(split, CLUSTER, "no storage class is the default, which version 1 does not require");
        return;
    };
    if rest.is_empty() {
        if official != Verdict::Pass {
            rec.split(
                split,
                name(first),
                format!(
                    "it is the only default class; the official script fails for another reason: {reason}"
                ),
            );
        }
        return;
    }
    // The intended default is unknown: assume the applicable one, unless only another one has lasting volumes.
    let keep = if is_lasting(first) { first } else { rest.iter().find(|it| is_lasting(it)).unwrap_or(first) };
    let others: Vec<&StorageClass> =
        defaults.iter().filter(|class| name(class) != name(keep)).copied().collect();
    let counts = if !is_order_known(&defaults) {
        "it is unknown which one applies, since `creationTimestamp` is missing".to_owned()
    } else if rest.iter().any(|class| made(class) == made(first)) {
        format!("`{}` applies, the first by name among the newest", name(first))
    } else {
        format!("`{}` applies, the newest", name(first))
    };
    let entry = rec
        .split(split, CLUSTER, format!("{} are default, and {counts}; keep one", list(&defaults)))
        .compared("1 default class", defaults.len());
    let way = unmark(&others);
    // Nothing changes for claims as long as the applicable class is kept.
    let keeps = is_order_known(&defaults) && name(keep) == name(first);
    entry.repaired_by(if keeps {
        Fix::Safe(way)
    } else {
        let question = format!("Should claims without a class get their volumes from `{}`? Otherwise keep the mark on the right class only.", name(keep));
        Fix::choose(question, [way])
    });
}

/// A trial is more conclusive than the classes: without a default class, such a claim is not bound.
pub(super) fn claim_works(cluster: &Cluster, rec: &mut Rec<'_>) {
    match probed(&cluster.pvc_probe, source::PVC_PROBE, rec) {
        Probed::Works => {
            rec.note(CLUSTER, "a probe wrote to the volume of a claim without a class and read it again");
            return;
        }
        Probed::Fails(outcome) => {
            let message = format!("a claim without a class does not work{}", outcome.detail_in_brackets());
            rec.fail(CLUSTER, message).compared("a bound claim that pods can mount", "none");
            return;
        }
        Probed::Nothing => {}
    }
    if let (Given::Unusable(reason), false) = (&cluster.pvc_probe, is_declared(rec)) {
        rec.dnf(CLUSTER, source::PVC_PROBE.unusable(reason));
        return;
    }
    judge(rec, [CLUSTER], |_, value| {
        let phase = |of| value.fact(of).and_then(DeclaredValue::text);
        match (phase("claim"), phase("pod")) {
            (Some("Bound"), Some("Running" | "Succeeded")) => Judgment::Satisfies,
            (Some(claim @ ("Pending" | "Lost")), Some(_)) => {
                Judgment::Breaks(format!("a claim without a class is `{claim}`, not bound"))
            }
            (Some("Bound"), Some(pod @ ("Pending" | "Failed" | "Unknown"))) => {
                Judgment::Breaks(format!("a pod that mounts the claim is `{pod}`, not running"))
            }
            _ => Judgment::Unusable,
        }
    });
}

pub(super) fn expansion(cluster: &Cluster, rec: &mut Rec<'_>) {
    let Some(class) = in_effect(cluster, rec) else { return };
    let message = if class.allow_volume_expansion == Some(true) {
        "its volumes can be expanded"
    } else {
        "its volumes cannot be expanded; set `allowVolumeExpansion` to true to allow it"
    };
    rec.note(name(class), message);
}

pub(super) fn promises(cluster: &Cluster, rec: &mut Rec<'_>) {
    let Some(class) = in_effect(cluster, rec) else { return };
    match fact(rec, &[PROMISE]) {
        Fact::Undeclared => {
            rec.note(
                name(class),
                format!("no performance is guaranteed; declare {PROMISES} under `{PROMISE}`"),
            );
        }
        Fact::Unusable(reason) => {
            rec.dnf(CLUSTER, format!("the declaration of `{PROMISE}` is unusable: {reason}"));
        }
        Fact::Declared(value) => match value.text() {
            Some(promise @ ("failure-safe" | "best-effort")) => {
                rec.note(name(class), format!("no performance is guaranteed; its volumes are `{promise}`"));
            }
            _ => {
                rec.dnf(CLUSTER, format!("`{PROMISE}` is declared as {value}; expected {PROMISES}"));
            }
        },
    }
}
