//! The physical machines of the control plane.

use std::collections::{BTreeMap, BTreeSet};

use scs_standards::{CLUSTER, DeclaredValue, Judgment, Split, Verdict, is_vacuous, judge, judge_topic};

use super::nodes::{all, control_plane, is_control_plane, names};
use super::retired;
use crate::rules::Rec;
use crate::subject::{Cluster, Node};
use crate::topology::HOST;

pub(super) const VALUES: &str = "the physical machine of each control-plane node, or the number of machines";
pub(super) const EXAMPLE: &str = "{control-0: rack1-host4, control-1: rack2-host1, control-2: rack3-host7}";

/// The manual check. The suite has retired its script; without a declaration, the suite's profile still applies the script.
pub(super) fn confirmed(cluster: &Cluster, rec: &mut Rec<'_>) {
    let rule = rec.rule();
    let nodes = cluster.nodes.data();
    if let Some(nodes) = nodes.filter(|_| !rec.context().declarations.has_entry_for(rule.id)) {
        let (official, says) = retired::verdict(nodes);
        let split = Split { text: Verdict::Miss, official, difference: "official-node-distribution" };
        let message = format!("declare {VALUES}; the suite's retired script {says}");
        rec.split(split, CLUSTER, message).undeclared();
        return;
    }
    let nodes = nodes.map(scs_standards::Listed::entries).unwrap_or_default();
    let own: Vec<&Node> = nodes.iter().filter(|node| is_control_plane(cluster, node)).collect();
    judge(rec, [CLUSTER], |_, value| judged(value, &own));
}

pub(super) fn several(cluster: &Cluster, rec: &mut Rec<'_>) {
    let Some(nodes) = all(cluster, rec) else { return };
    let own = control_plane(cluster, nodes, rec);
    let mut on: BTreeMap<&str, Vec<&Node>> = BTreeMap::new();
    for node in &own {
        if let Some(host) = node.label(HOST) {
            on.entry(host).or_default().push(node);
        }
    }
    if on.len() > 1 {
        // More than one machine is enough for the text, but not to keep a quorum.
        for (host, together) in on.iter().filter(|(_, together)| together.len() * 2 > own.len()) {
            let message = format!(
                "{} are on one machine; if it fails, the control plane loses its majority",
                names(together)
            );
            rec.warn(host, message);
        }
        return;
    }
    if let [only] = own.as_slice() {
        rec.fail(&only.name, "the control plane has a single node, so it runs on one machine")
            .compared("2 machines or more", 1);
        return;
    }
    if let Some((host, together)) = on.first_key_value()
        && together.len() == own.len()
    {
        let message = format!(
            "all control-plane nodes, {}, are on the machine `{host}`; spread them with anti-affinity",
            names(together)
        );
        rec.fail(CLUSTER, message).compared("2 machines or more", 1);
        return;
    }
    judge_topic(rec, |value| judged(value, &own));
}

/// Compares the declaration with the visible nodes.
fn judged(value: &DeclaredValue, own: &[&Node]) -> Judgment {
    if let Some(number) = value.number() {
        if number < 0.0 || number.fract() != 0.0 {
            return Judgment::Unusable;
        }
        if number < 2.0 {
            return Judgment::Breaks(format!("the control plane runs on {number} physical machine"));
        }
        #[expect(clippy::cast_precision_loss, reason = "no cluster has that number of nodes")]
        let seen = own.len() as f64;
        if seen > 0.0 && number > seen {
            let shown = format!("{seen} control-plane nodes cannot run on {number} machines");
            return Judgment::Contradicts(shown);
        }
        let labels: BTreeSet<&str> = own.iter().filter_map(|node| node.label(HOST)).collect();
        if labels.len() == 1 && own.iter().all(|node| node.label(HOST).is_some()) {
            return Judgment::Contradicts(format!("the labels `{HOST}` of all nodes are the same"));
        }
        return Judgment::Satisfies;
    }
    let DeclaredValue::Facts(facts) = value else { return Judgment::Unusable };
    let mut hosts: BTreeMap<&str, String> = BTreeMap::new();
    for (node, host) in facts {
        match host {
            DeclaredValue::Text(host) if !is_vacuous(host) => hosts.insert(node, host.trim().to_owned()),
            DeclaredValue::Number(number) => hosts.insert(node, number.to_string()),
            _ => return Judgment::Unusable,
        };
    }
    let machines: BTreeSet<&String> = hosts.values().collect();
    match machines.len() {
        0 => Judgment::Unusable,
        1 => Judgment::Breaks("the control plane runs on one physical machine".to_owned()),
        _ => contradiction(&hosts, own).map_or(Judgment::Satisfies, Judgment::Contradicts),
    }
}

/// Contradictions between the nodes and the declaration.
fn contradiction(hosts: &BTreeMap<&str, String>, own: &[&Node]) -> Option<String> {
    if own.is_empty() {
        return None;
    }
    if let Some(node) = own.iter().find(|node| !hosts.contains_key(node.name.as_str())) {
        return Some(format!("no declaration for the control-plane node `{}`", node.name));
    }
    if let Some(other) = hosts.keys().find(|name| own.iter().all(|node| node.name != **name)) {
        return Some(format!("`{other}` is declared but is not a control-plane node"));
    }
    // Machine names may differ from the labels, but not which nodes share a machine.
    let mut by_label: BTreeMap<&str, (&str, &str)> = BTreeMap::new();
    let mut by_host: BTreeMap<&str, (&str, &str)> = BTreeMap::new();
    for node in own {
        let (Some(label), Some(host)) = (node.label(HOST), hosts.get(node.name.as_str())) else { continue };
        let (of_label, first) = by_label.entry(label).or_insert((host, &node.name));
        if *of_label != host {
            return Some(format!("`{first}` and `{}` have the same `{HOST}`", node.name));
        }
        let (of_host, first) = by_host.entry(host).or_insert((label, &node.name));
        if *of_host != label {
            return Some(format!("`{first}` and `{}` differ in `{HOST}`", node.name));
        }
    }
    None
}
