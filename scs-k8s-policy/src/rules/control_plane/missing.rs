//! Components that run but are not shown: the pods of one node do not show those of others.

use std::collections::BTreeSet;

use super::k3s;
use super::running::Origin;
use super::seen::Seen;
use crate::rules::address::{etcd_endpoints, host, is_loopback};
use crate::rules::{Rec, group};
use crate::subject::{Cluster, ComponentKind, Node, source};

/// Records components of a kind that run but are not shown. Managed clusters show none at all, and use declarations instead.
pub(super) fn record(cluster: &Cluster, rec: &mut Rec<'_>, kind: ComponentKind, seen: &[Seen<'_>]) {
    let nodes = cluster.nodes.data().map_or(&[][..], |nodes| nodes.entries());
    match seen.first().map(|first| &first.origin) {
        None | Some(Origin::Declared) => {}
        Some(Origin::K3s(_)) => {
            let runs = |node: &&Node| match kind {
                ComponentKind::Etcd => node.labels.contains_key(k3s::ETCD),
                _ => node.is_control_plane(),
            };
            let left = nodes.iter().filter(runs).filter(|node| !k3s::shows_arguments(node));
            let left: Vec<&str> = left.map(|node| node.name.as_str()).collect();
            if !left.is_empty() {
                let message = format!(
                    "the flags of `{kind}` are unknown: the annotation `k3s.io/node-args` is missing"
                );
                rec.miss(group::subject(&left, "nodes"), message);
            }
        }
        Some(Origin::Pod(_)) if kind == ComponentKind::Etcd => members(cluster, rec, seen),
        // The nodes show their number.
        Some(Origin::Pod(_)) => {
            if let Some(listed) = rec.needs(&cluster.nodes, source::NODES) {
                listed.report_unreadable(rec, source::NODES.name);
                pods(nodes, rec, kind, seen);
            }
        }
    }
}

/// Whether a pod of a component runs on a node.
fn is_on(seen: &Seen<'_>, node: &Node) -> bool {
    let Origin::Pod(component) = seen.origin else { return false };
    match &component.node {
        Some(name) => *name == node.name,
        None => component.pod.strip_suffix(&node.name).is_some_and(|rest| rest.ends_with('-')),
    }
}

fn pods(nodes: &[Node], rec: &mut Rec<'_>, kind: ComponentKind, seen: &[Seen<'_>]) {
    let left =
        nodes.iter().filter(|node| node.is_control_plane() && !seen.iter().any(|seen| is_on(seen, node)));
    let left: Vec<&str> = left.map(|node| node.name.as_str()).collect();
    if !left.is_empty() {
        let message = format!(
            "no pod of `{kind}` on this control-plane node is in the inventory; `pods` is {}",
            source::PODS.from
        );
        rec.miss(group::subject(&left, "nodes"), message);
    }
}

/// Records etcd members that API servers use but no pod shows.
fn members(cluster: &Cluster, rec: &mut Rec<'_>, seen: &[Seen<'_>]) {
    let servers = cluster.control_plane.data().into_iter().flat_map(|part| part.of(ComponentKind::ApiServer));
    let (mut named, mut local) = (BTreeSet::new(), 0);
    for flags in servers.filter_map(|server| server.flags.as_ref().ok()) {
        let endpoints = etcd_endpoints(flags).unwrap_or_default();
        let (own, others): (Vec<_>, Vec<_>) = endpoints.into_iter().partition(|url| is_loopback(host(url)));
        local += usize::from(!own.is_empty());
        named.extend(others.into_iter().map(str::to_owned));
    }
    let expected = named.len().max(local);
    if expected > seen.len() {
        let message = format!(
            "API servers use {expected} etcd members, but pods show {}; `pods` is {}",
            seen.len(),
            source::PODS.from
        );
        rec.miss(source::PODS.name, message);
    }
}
