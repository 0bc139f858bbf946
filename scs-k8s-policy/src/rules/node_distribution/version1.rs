//! Version 1, which providers can opt out of.

use std::collections::{BTreeMap, BTreeSet};

use scs_standards::{CLUSTER, DeclaredValue, Fact, Judgment, fact, judge};

use super::nodes::{all, control_plane, readable, workers};
use crate::rules::Rec;
use crate::subject::{Cluster, Node};
use crate::topology::{HOST, Places, TopologyLabel, label};

pub(super) const OPT_OUT: &str = "scs-0214-opt-out";

/// Whether the provider has opted out.
fn has_opted_out(rec: &mut Rec<'_>) -> bool {
    let out = matches!(fact(rec, &[OPT_OUT]), Fact::Declared(value) if value.text() == Some("opted-out"));
    if out {
        rec.note(CLUSTER, "not applicable: the provider has opted out");
    }
    out
}

pub(super) fn opt_out(_: &Cluster, rec: &mut Rec<'_>) {
    if !rec.context().declarations.has_entry_for(rec.rule().id) {
        rec.note(CLUSTER, "the provider has not opted out");
        return;
    }
    judge(rec, [CLUSTER], |_, value| match value.text() {
        Some("opted-out" | "binding") => Judgment::Satisfies,
        _ => Judgment::Unusable,
    });
}

pub(super) fn zones(cluster: &Cluster, rec: &mut Rec<'_>) {
    if has_opted_out(rec) {
        return;
    }
    let Some(nodes) = all(cluster, rec) else { return };
    let own = control_plane(cluster, nodes, rec);
    let zone_of = |node: &'_ &Node| TopologyLabel::Zone.of(node).map(str::to_owned);
    let seen: BTreeSet<String> = nodes.iter().filter_map(|node| zone_of(&node)).collect();
    let with: BTreeSet<String> = own.iter().filter_map(zone_of).collect();
    let all_told = !own.is_empty() && own.iter().all(|node| TopologyLabel::Zone.of(node).is_some());
    if all_told && with.len() < seen.len() {
        for zone in seen.difference(&with) {
            rec.fail(zone, "the zone has nodes, but no control-plane node")
                .compared("1 control-plane node or more", 0);
        }
        return;
    }
    judge(rec, [CLUSTER], |_, value| {
        let DeclaredValue::Facts(facts) = value else { return Judgment::Unusable };
        let counts: Option<BTreeMap<&String, f64>> =
            facts.iter().map(|(zone, count)| Some((zone, count.number()?))).collect();
        let Some(counts) = counts.filter(|counts| !counts.is_empty()) else { return Judgment::Unusable };
        if let Some((zone, _)) = counts.iter().find(|(_, count)| **count < 1.0) {
            return Judgment::Breaks(format!("no instance of the control plane runs in `{zone}`"));
        }
        if let Some(zone) = seen.iter().find(|zone| !counts.contains_key(zone)) {
            return Judgment::Contradicts(format!("nodes are in the zone `{zone}`, which is not declared"));
        }
        match counts.keys().find(|zone| all_told && !with.contains(**zone)) {
            Some(zone) => Judgment::Contradicts(format!("no control-plane node is in the zone `{zone}`")),
            None => Judgment::Satisfies,
        }
    });
}

/// Any label is enough, except that of a region.
pub(super) fn labels(cluster: &Cluster, rec: &mut Rec<'_>) {
    if has_opted_out(rec) {
        return;
    }
    let Some(nodes) = readable(cluster, rec) else { return };
    let shows = |key: &str| {
        let (prefix, name) = key.split_once('/').unwrap_or_default();
        key == HOST
            || key == TopologyLabel::Zone.deprecated_key()
            || prefix.starts_with("topology.") && name != "region"
    };
    let workers = workers(cluster, nodes);
    if workers.is_empty() {
        rec.note(CLUSTER, "not applicable: there are no worker nodes");
    }
    let context = *rec.context();
    let places = Places::of(cluster, context.declarations, context.date());
    for node in workers {
        if !node.labels.keys().any(|key| shows(key) && node.label(key).is_some()) {
            rec.fail(&node.name, "no label shows the failure zone of the worker node")
                .compared(format!("a label such as `{}`", TopologyLabel::Zone.key()), "none")
                .repaired_by(label(node, TopologyLabel::Zone, places.of_node(node, TopologyLabel::Zone)));
        }
    }
}
