//! The components in k3s's own process, by the arguments that it writes into a node annotation.

use std::borrow::Cow;

use super::running::Origin;
use super::seen::{Seen, unknown};
use crate::flags::NodeArguments;
use crate::subject::{Cluster, ComponentKind, Node};

/// The label of nodes with k3s's embedded etcd.
pub(super) const ETCD: &str = "node-role.kubernetes.io/etcd";

/// Whether a node has the annotation with k3s's arguments.
pub(super) fn shows_arguments(node: &Node) -> bool {
    node.arguments.contains_key(NodeArguments::OF_K3S)
}

/// The components of a kind on the nodes.
pub(super) fn of_nodes(cluster: &Cluster, kind: ComponentKind) -> Vec<Seen<'_>> {
    let nodes = cluster.nodes.data().map_or(&[][..], |nodes| nodes.entries());
    nodes.iter().filter_map(|node| of_node(node, kind)).collect()
}

fn of_node(node: &Node, kind: ComponentKind) -> Option<Seen<'_>> {
    let seen = |flags| Some(Seen { subject: node.name.clone(), flags, origin: Origin::K3s(node) });
    let arguments = match NodeArguments::of_k3s(node)? {
        Ok(arguments) => arguments,
        Err(error) => return seen(Err(unknown(kind, &error))),
    };
    let flags = match kind {
        ComponentKind::ApiServer if arguments.is_server() => arguments.api_server(),
        ComponentKind::Etcd if arguments.is_server() && node.labels.contains_key(ETCD) => arguments.etcd(),
        _ => return None,
    };
    seen(Ok(Cow::Owned(flags)))
}
