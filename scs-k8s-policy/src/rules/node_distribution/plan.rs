//! Checks that labels match the provider's declared plan.

use std::collections::{BTreeMap, BTreeSet};

use scs_standards::shell::operand;
use scs_standards::{CLUSTER, DeclaredValue, Edit, Fact, Fix, Judgment, Object, Way, fact, judge};

use super::nodes::all;
use crate::rules::Rec;
use crate::subject::{Cluster, Node, source};
use crate::topology::{self, TopologyLabel, plan};

pub(super) fn current(cluster: &Cluster, rec: &mut Rec<'_>) {
    let Some(nodes) = all(cluster, rec) else { return };
    // Kubernetes no longer sets the old labels, so a different value is a leftover.
    for node in nodes {
        for label in TopologyLabel::ALL {
            let (new, old) = (label.of(node), node.label(label.deprecated_key()));
            if let (Some(new), Some(old)) = (new, old)
                && new != old
            {
                let (key, deprecated) = (label.key(), label.deprecated_key());
                let message = format!("`{key}` is `{new}`, but the deprecated `{deprecated}` is `{old}`");
                let command = format!("kubectl label node {} {deprecated}-", operand(&node.name));
                let edit = Edit::unset(
                    source::NODES.name,
                    Object::kubernetes(node.name.as_str()),
                    ["metadata", "labels", deprecated],
                );
                let question = format!("Does anything still use `{deprecated}`? If so, change that first.");
                let way = Way::new(command, [edit]).when("nothing does").destructive();
                rec.warn(&node.name, message).repaired_by(Fix::choose(question, [way]));
            }
        }
    }
    let planned = match fact(rec, &[rec.rule().id]) {
        Fact::Declared(value) => plan(value).unwrap_or_default(),
        Fact::Undeclared | Fact::Unusable(_) => BTreeMap::new(),
    };
    let mut stale = false;
    for node in nodes {
        for (label, place) in planned.get(node.name.as_str()).iter().flat_map(|planned| planned.places()) {
            // Missing labels are left to other rules.
            if let Some(actual) = label.of(node).filter(|actual| *actual != place) {
                stale = true;
                let message =
                    format!("the label `{}` is `{actual}`, but the plan says `{place}`", label.key());
                rec.fail(&node.name, message).compared(place, actual).repaired_by(moved(node, label, place));
            }
        }
    }
    if !stale {
        judge(rec, [CLUSTER], |_, value| judged(value, nodes));
    }
}

/// Either the label is out of date or the plan is. Volumes and workloads are bound to the existing label.
fn moved(node: &Node, label: TopologyLabel, place: &str) -> Fix {
    let way = topology::way(node, label, place).destructive();
    Fix::choose(format!("Is the node in `{place}`? Otherwise correct the plan."), [way.when("it is")])
}

/// A plan that the labels match.
fn judged(value: &DeclaredValue, nodes: &[Node]) -> Judgment {
    let Some(plan) = plan(value) else { return Judgment::Unusable };
    if let Some(node) = nodes.iter().find(|node| !plan.contains_key(node.name.as_str())) {
        return Judgment::Contradicts(format!("the plan does not have the node `{}`", node.name));
    }
    let known: BTreeSet<&str> = nodes.iter().map(|node| node.name.as_str()).collect();
    if let Some(other) = plan.keys().find(|name| !known.contains(**name)) {
        return Judgment::Contradicts(format!("the plan has `{other}`, which is not a node"));
    }
    Judgment::Satisfies
}
