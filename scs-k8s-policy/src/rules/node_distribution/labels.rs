//! The labels of version 2.

use std::collections::{BTreeMap, BTreeSet};

use super::nodes::{all, readable};
use crate::rules::Rec;
use crate::rules::group::{self, Groups};
use crate::subject::{Cluster, Node, source};
use crate::topology::{self, Place, Places, TopologyLabel};

pub(super) fn zone(cluster: &Cluster, rec: &mut Rec<'_>) {
    labeled(cluster, rec, TopologyLabel::Zone);
}

pub(super) fn region(cluster: &Cluster, rec: &mut Rec<'_>) {
    labeled(cluster, rec, TopologyLabel::Region);
}

/// Up to this number of nodes with the same fault, each has a finding and a command of its own.
const ONE_BY_ONE: usize = 20;

/// C-085: the text says annotations, but means labels.
fn labeled(cluster: &Cluster, rec: &mut Rec<'_>, label: TopologyLabel) {
    let key = label.key();
    let context = *rec.context();
    let places = Places::of(cluster, context.declarations, context.date());
    let mut groups: Groups<(String, Place<'_>), &Node> = Groups::new();
    for node in readable(cluster, rec).unwrap_or_default() {
        if label.of(node).is_some() {
            continue;
        }
        let lack = if node.labels.contains_key(key) { "an empty label" } else { "no label" };
        let shown = label.shown(node);
        let message = match shown {
            Some(shown) if shown.label == label.deprecated_key() => {
                format!("it has {lack} `{key}`, only the deprecated `{}`, which does not count", shown.label)
            }
            Some(shown) => format!("it has {lack} `{key}`; `{}` says `{}`", shown.label, shown.value),
            None => format!("it has {lack} `{key}`"),
        };
        groups.put((message, places.of_node(node, label)), node);
    }
    let expected = || format!("a label `{key}` with a value");
    let lack = |node: &Node| if node.labels.contains_key(key) { "an empty label" } else { "no label" };
    for ((message, place), nodes) in groups.all() {
        let together =
            if nodes.len() > ONE_BY_ONE { topology::labels(cluster, &nodes, label, place) } else { None };
        if let (Some(fix), Some(first)) = (together, nodes.first()) {
            let names: Vec<&str> = nodes.iter().map(|node| node.name.as_str()).collect();
            rec.fail(group::subject(&names, "nodes"), message)
                .compared(expected(), lack(first))
                .repaired_by(fix);
            continue;
        }
        for node in nodes {
            rec.fail(&node.name, message.clone())
                .compared(expected(), lack(node))
                .repaired_by(topology::label(node, label, place));
        }
    }
}

pub(super) fn one_region(cluster: &Cluster, rec: &mut Rec<'_>) {
    let Some(nodes) = all(cluster, rec) else { return };
    let mut regions: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for node in nodes {
        if let (Some(zone), Some(region)) = (TopologyLabel::Zone.of(node), TopologyLabel::Region.of(node)) {
            regions.entry(zone).or_default().insert(region);
        }
    }
    if regions.is_empty() {
        rec.dnf(source::NODES.name, "no node has both labels, `topology.kubernetes.io/zone` and `…/region`");
    }
    for (zone, regions) in regions.iter().filter(|(_, regions)| regions.len() > 1) {
        let regions: Vec<&str> = regions.iter().copied().collect();
        let message = format!(
            "nodes of the zone `{zone}` are in the regions {}; give each zone a unique name",
            regions.join(" and ")
        );
        rec.fail(zone, message).compared("1 region", regions.len());
    }
}
