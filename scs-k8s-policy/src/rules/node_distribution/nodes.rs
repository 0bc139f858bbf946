//! The nodes that the rules consider, by role.

use scs_standards::{CLUSTER, Given};

use super::super::Rec;
use crate::subject::{Cluster, Component, ComponentKind, Node, source};

/// The readable nodes; records unreadable ones. Every cluster has nodes, so an empty list proves nothing.
pub(super) fn readable<'c>(cluster: &'c Cluster, rec: &mut Rec<'_>) -> Option<&'c [Node]> {
    let nodes = rec.needs(&cluster.nodes, source::NODES)?;
    nodes.report_unreadable(rec, source::NODES.name);
    if nodes.entries().is_empty() && nodes.broken().is_empty() {
        rec.dnf(source::NODES.name, "the list has no nodes; collect it with permission to list nodes");
    }
    Some(nodes.entries()).filter(|nodes| !nodes.is_empty())
}

/// All nodes, if all of them are readable.
pub(super) fn all<'c>(cluster: &'c Cluster, rec: &mut Rec<'_>) -> Option<&'c [Node]> {
    readable(cluster, rec).filter(|_| cluster.nodes.data().is_some_and(|nodes| nodes.broken().is_empty()))
}

/// Whether a node is a control-plane node: it has a label, or runs an API server.
pub(super) fn is_control_plane(cluster: &Cluster, node: &Node) -> bool {
    node.is_control_plane() || servers(cluster).any(|server| server.runs_on(node))
}

/// The pods of API servers.
fn servers(cluster: &Cluster) -> impl Iterator<Item = &Component> {
    cluster
        .control_plane
        .data()
        .into_iter()
        .flat_map(|control_plane| control_plane.of(ComponentKind::ApiServer))
}

/// The control-plane nodes; records a note if there is none, such as when the provider runs the control plane elsewhere.
pub(super) fn control_plane<'c>(cluster: &Cluster, nodes: &'c [Node], rec: &mut Rec<'_>) -> Vec<&'c Node> {
    let own: Vec<&Node> = nodes.iter().filter(|node| is_control_plane(cluster, node)).collect();
    for server in servers(cluster).filter(|server| !nodes.iter().any(|node| server.runs_on(node))) {
        if let Some(node) = &server.node {
            let message = format!("`{}` runs on `{node}`, which is not in the list", server.pod);
            rec.dnf(source::NODES.name, message);
        }
    }
    if own.is_empty() {
        match &cluster.control_plane {
            // Without labels, the pods of API servers show it.
            Given::Data(control_plane) => {
                if control_plane.listed().report_unreadable(rec, source::PODS.name) {
                    rec.note(
                        CLUSTER,
                        "no node is recognizable as a control-plane node, so only the provider can answer",
                    );
                }
            }
            Given::Unusable(reason) => {
                rec.dnf(source::PODS.name, source::PODS.unusable(reason)).hinting(source::PODS.hint());
            }
            Given::Missing => {
                let message = format!(
                    "no node has a control-plane label, and no pods show where the control plane runs; `{}` is {}",
                    source::PODS.name,
                    source::PODS.from
                );
                rec.miss(source::PODS.name, message);
            }
        }
    }
    own
}

/// The worker nodes; all nodes if no roles are known.
pub(super) fn workers<'c>(cluster: &Cluster, nodes: &'c [Node]) -> Vec<&'c Node> {
    let works = |node: &Node| node.labels.contains_key("node-role.kubernetes.io/worker");
    nodes.iter().filter(|node| !is_control_plane(cluster, node) || works(node)).collect()
}

/// The first names, as text.
pub(super) fn names(nodes: &[&Node]) -> String {
    match nodes {
        [one] => format!("`{}`", one.name),
        [one, two] => format!("`{}` and `{}`", one.name, two.name),
        [one, rest @ ..] => format!("`{}` and {} more", one.name, rest.len()),
        [] => String::new(),
    }
}
