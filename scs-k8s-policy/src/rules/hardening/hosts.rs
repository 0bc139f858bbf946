//! Checks that a port scan covers all hosts of a cluster: ports that were not scanned are not known to be closed.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use scs_standards::wording::counted;

use super::super::Rec;
use super::super::address::written;
use crate::subject::{Cluster, Node, ScannedPort, Vantage, source};

/// A host with its names and addresses in a scan, and the required ports.
pub(super) struct Host<'c> {
    /// The name in findings.
    name: &'c str,
    known_as: Vec<String>,
    ports: Vec<u16>,
}

impl<'c> Host<'c> {
    pub(super) fn of_node(node: &'c Node, ports: Vec<u16>) -> Self {
        let names = [node.name.as_str()].into_iter().chain(node.addresses.iter().map(String::as_str));
        Self { name: &node.name, known_as: names.map(written).collect(), ports }
    }

    /// A host with a single known name or address.
    pub(super) fn of_name(name: &'c str, ports: Vec<u16>) -> Self {
        Self { name, known_as: vec![written(name)], ports }
    }
}

/// Whether a host is a node, by its name or one of its addresses.
pub(super) fn is_node(host: &str, node: &Node) -> bool {
    Host::of_node(node, Vec::new()).known_as.contains(&written(host))
}

/// The ports scanned from a vantage, by the hosts' names and addresses.
pub(super) struct Scanned<'c> {
    ports: HashSet<(String, u16)>,
    nodes: HashMap<&'c str, Vec<String>>,
}

impl<'c> Scanned<'c> {
    pub(super) fn of(cluster: &'c Cluster, from: Vantage) -> Self {
        let rows = cluster.port_scan.data().map_or(&[][..], |scan| scan.entries());
        let rows = rows.iter().filter(|row| row.from == from);
        let nodes = cluster.nodes.data().map_or(&[][..], |nodes| nodes.entries());
        let nodes = nodes.iter().map(|node| (node.name.as_str(), Host::of_node(node, Vec::new()).known_as));
        Self { ports: rows.map(|row| (written(&row.host), row.port)).collect(), nodes: nodes.collect() }
    }

    /// Whether a port of a node was scanned, at any of its addresses.
    pub(super) fn has(&self, node: &str, port: u16) -> bool {
        let tried = |host: &String| self.ports.contains(&(host.clone(), port));
        self.nodes.get(node).map_or_else(|| tried(&written(node)), |hosts| hosts.iter().any(tried))
    }
}

pub(super) const fn word(from: Vantage) -> &'static str {
    match from {
        Vantage::Outside => "outside",
        Vantage::Inside => "inside",
    }
}

/// The nodes, with the required ports; `None` with a finding if the hosts are unknown.
pub(super) fn nodes<'c>(
    cluster: &'c Cluster,
    rec: &mut Rec<'_>,
    ports: impl Fn(&Node) -> Vec<u16>,
) -> Option<Vec<Host<'c>>> {
    let nodes = rec.needs(&cluster.nodes, source::NODES)?;
    if nodes.report_unreadable(rec, source::NODES.name) && nodes.entries().is_empty() {
        let message = format!(
            "there are no nodes, so it is unknown which hosts to scan; `nodes` is {}",
            source::NODES.from
        );
        rec.miss(source::NODES.name, message);
        return None;
    }
    Some(nodes.entries().iter().map(|node| Host::of_node(node, ports(node))).collect())
}

/// Records hosts and ports that were not scanned from a vantage. A node counts as scanned at any of its addresses: from
/// outside, that is its public one.
pub(super) fn all_scanned(rec: &mut Rec<'_>, rows: &[&ScannedPort], from: Vantage, hosts: &[Host<'_>]) {
    let mut tried: BTreeMap<String, BTreeSet<u16>> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.from == from) {
        tried.entry(written(&row.host)).or_default().insert(row.port);
    }
    let of = |host: &Host<'_>| -> Vec<&BTreeSet<u16>> {
        host.known_as.iter().filter_map(|name| tried.get(name)).collect()
    };
    let word = word(from);
    let left: Vec<&Host<'_>> = hosts.iter().filter(|host| of(host).is_empty()).collect();
    if let [first, more @ ..] = left.as_slice() {
        let and = and_more(more.len());
        rec.miss(
            first.name,
            format!("this host{and} was not scanned from {word}; scan every host of the cluster"),
        );
    }
    let lacking = |host: &Host<'_>| -> Vec<u16> {
        let tried = of(host);
        if tried.is_empty() {
            return Vec::new();
        }
        host.ports.iter().copied().filter(|port| !tried.iter().any(|ports| ports.contains(port))).collect()
    };
    let partly: Vec<(&Host<'_>, Vec<u16>)> =
        hosts.iter().map(|host| (host, lacking(host))).filter(|(_, ports)| !ports.is_empty()).collect();
    if let [(first, ports), more @ ..] = partly.as_slice() {
        let ports: Vec<String> = ports.iter().map(u16::to_string).collect();
        let and = match more.len() {
            0 => String::new(),
            count => format!(", and ports of {}", counted(count, "more host")),
        };
        rec.dnf(first.name, format!("ports not tried from {word}: {}{and}", ports.join(", ")));
    }
}

/// Notes scanned hosts outside the cluster, such as a load balancer in front of it.
pub(super) fn note_others(rec: &mut Rec<'_>, rows: &[&ScannedPort], hosts: &[Host<'_>]) {
    let known: BTreeSet<&str> = hosts.iter().flat_map(|host| &host.known_as).map(String::as_str).collect();
    let scanned: BTreeSet<&str> = rows.iter().map(|row| row.host.as_str()).collect();
    let others: Vec<&str> =
        scanned.into_iter().filter(|host| !known.contains(written(host).as_str())).collect();
    if let [first, more @ ..] = others.as_slice() {
        rec.note(
            *first,
            format!("this host{} was scanned but is not a node of the cluster", and_more(more.len())),
        );
    }
}

fn and_more(count: usize) -> String {
    if count == 0 { String::new() } else { format!(", as well as {count} more,") }
}
