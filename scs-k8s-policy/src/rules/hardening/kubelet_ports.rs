//! The ports of kubelets, according to their configurations.

use std::collections::{BTreeMap, BTreeSet};

use super::hosts;
use crate::subject::{Cluster, Node};

/// The default port of a kubelet.
pub(super) const USUAL: u16 = 10250;

/// The ports of the kubelets of a cluster.
pub(super) struct KubeletPorts<'c> {
    by_node: BTreeMap<&'c str, u16>,
    nodes: &'c [Node],
    all: BTreeSet<u16>,
}

impl<'c> KubeletPorts<'c> {
    pub(super) fn of(cluster: &'c Cluster) -> Self {
        let nodes = cluster.nodes.data().map_or(&[][..], |nodes| nodes.entries());
        let configs = cluster.kubelet_configs.data().map_or(&[][..], |configs| configs.entries());
        let by_node: BTreeMap<&str, u16> =
            configs.iter().filter_map(|config| Some((config.node.as_deref()?, config.port?))).collect();
        let mut ports = Self { by_node, nodes, all: BTreeSet::new() };
        ports.all = nodes.iter().map(|node| ports.of_node(node)).collect();
        if ports.all.is_empty() {
            ports.all.insert(USUAL);
        }
        ports
    }

    /// The port of a node's kubelet.
    pub(super) fn of_node(&self, node: &Node) -> u16 {
        self.by_node.get(node.name.as_str()).copied().unwrap_or(USUAL)
    }

    /// The kubelet port of a host, by any of its names or addresses.
    pub(super) fn of_host(&self, host: &str) -> u16 {
        self.nodes.iter().find(|node| hosts::is_node(host, node)).map_or(USUAL, |node| self.of_node(node))
    }

    /// The ports that kubelets listen on.
    pub(super) fn all(&self) -> impl Iterator<Item = u16> {
        self.all.iter().copied()
    }

    /// Whether kubelets listen on a port.
    pub(super) fn has(&self, port: u16) -> bool {
        self.all.contains(&port)
    }
}
