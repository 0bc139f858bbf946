//! Open ports, and their use of TLS.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use super::super::Rec;
use super::super::address::{etcd_endpoints, host, is_loopback};
use super::super::group::{self, Groups};
use super::admission::{Point, decide};
use super::hosts::{self, Host};
use super::kubelet_ports::{self, KubeletPorts};
use super::{kubelet, listening};
use crate::subject::{Cluster, ComponentKind, KUBERNETES_PORTS, Node, ScannedPort, Vantage, source};

/// The default port of an API server.
const API_SERVER: u16 = 6443;
const KUBELET: u16 = kubelet_ports::USUAL;
const ETCD: u16 = 2379;
const READ_ONLY: u16 = 10255;

/// The ports that only the cluster's own components need, in the page that the text links to.
const INTERNAL: [u16; 6] = [2379, 2380, KUBELET, READ_ONLY, 10257, 10259];

/// Other ports of Kubernetes components, which also count if a scan covers them.
const OTHER_PORTS: [u16; 4] = [ETCD_METRICS, KUBELET_HEALTH, 10249, PROXY_HEALTH];
const ETCD_METRICS: u16 = 2381;
const KUBELET_HEALTH: u16 = 10248;
/// Load balancers request it without TLS, and it does not support anything else.
const PROXY_HEALTH: u16 = 10256;

/// The value of a flag in the first API server that sets it.
fn of_api_server<T>(cluster: &Cluster, flag: &str, read: impl Fn(&str) -> Option<T>) -> Option<T> {
    let control_plane = cluster.control_plane.data()?;
    control_plane
        .of(ComponentKind::ApiServer)
        .find_map(|server| read(server.flags.as_ref().ok()?.text(flag).ok()??))
}

fn api_server_port(cluster: &Cluster) -> u16 {
    of_api_server(cluster, "secure-port", |port| port.parse().ok()).unwrap_or(API_SERVER)
}

fn node_ports(cluster: &Cluster) -> RangeInclusive<u16> {
    let range = |text: &str| {
        let (first, last) = text.split_once('-')?;
        Some(first.trim().parse().ok()?..=last.trim().parse().ok()?)
    };
    of_api_server(cluster, "service-node-port-range", range).unwrap_or(30000..=32767)
}

/// The ports scanned from a vantage; `None` with a finding if there are none.
fn scanned<'c>(cluster: &'c Cluster, rec: &mut Rec<'_>, from: Vantage) -> Option<Vec<&'c ScannedPort>> {
    let scan = rec.needs(&cluster.port_scan, source::PORT_SCAN)?;
    scan.report_unreadable(rec, source::PORT_SCAN.name);
    let rows: Vec<&ScannedPort> = scan.entries().iter().filter(|row| row.from == from).collect();
    if rows.is_empty() {
        let message = format!(
            "`{}` has nothing from {}; it is {}",
            source::PORT_SCAN.name,
            hosts::word(from),
            source::PORT_SCAN.from
        );
        rec.miss(source::PORT_SCAN.name, message);
        return None;
    }
    Some(rows)
}

/// The hosts of etcd according to the API servers' flags.
fn endpoints(cluster: &Cluster) -> BTreeSet<&str> {
    let servers = cluster.control_plane.data().into_iter().flat_map(|part| part.of(ComponentKind::ApiServer));
    let lists = servers.filter_map(|server| etcd_endpoints(server.flags.as_ref().ok()?).ok());
    lists.flatten().map(host).collect()
}

/// The ports required in a scan of a node from inside: the kubelet's, those of the control plane on its nodes, and etcd's on
/// its hosts.
fn ports_of(node: &Node, api_server: u16, kubelet: u16, endpoints: &BTreeSet<&str>) -> Vec<u16> {
    let mut ports = vec![kubelet];
    if node.is_control_plane() {
        ports.extend([api_server, 10257, 10259]);
    }
    let is_etcd = |host: &&str| hosts::is_node(host, node) || is_loopback(host) && node.is_control_plane();
    if endpoints.iter().any(is_etcd) {
        ports.push(ETCD);
    }
    ports
}

pub(super) fn external(cluster: &Cluster, rec: &mut Rec<'_>) {
    inside_by_suite(cluster, rec);
    listening::everywhere(cluster, rec, api_server_port(cluster));
    let Some(rows) = scanned(cluster, rec, Vantage::Outside) else { return };
    // The ports of each scanned host are checked below.
    if let Some(mut known) = hosts::nodes(cluster, rec, |_| Vec::new()) {
        hosts::all_scanned(rec, &rows, Vantage::Outside, &known);
        known.extend(endpoints(cluster).iter().map(|host| Host::of_name(host, Vec::new())));
        hosts::note_others(rec, &rows, &known);
    }
    let (api_server, node_ports) = (api_server_port(cluster), node_ports(cluster));
    let kubelets = KubeletPorts::of(cluster);
    let mut hosts: BTreeMap<&str, Vec<u16>> = BTreeMap::new();
    let mut open = Groups::new();
    for row in &rows {
        hosts.entry(&row.host).or_default().push(row.port);
        let is_own =
            INTERNAL.contains(&row.port) || OTHER_PORTS.contains(&row.port) || kubelets.has(row.port);
        let allowed = row.port == api_server || node_ports.contains(&row.port) && !is_own;
        if row.is_open() && !allowed {
            open.put(row.port, row.host.as_str());
        }
    }
    for (port, hosts) in open.all() {
        let subject = group::subject(&hosts, "hosts");
        if KUBERNETES_PORTS.contains(&port) || OTHER_PORTS.contains(&port) || kubelets.has(port) {
            let purpose = if kubelets.has(port) { purpose(KUBELET) } else { purpose(port) };
            rec.fail(subject, format!("port {port} is open from outside; it is {purpose}"))
                .compared("closed or filtered from outside", "open");
        } else {
            rec.warn(subject, format!("port {port} is open from outside; it is not a Kubernetes port"));
        }
    }
    let mut lacking = Groups::new();
    for (host, tried) in hosts {
        let own = Some(kubelets.of_host(host)).filter(|port| !INTERNAL.contains(port));
        let asked = INTERNAL.into_iter().chain(own);
        let left = asked.filter(|port| !tried.contains(port) && *port != api_server);
        let left: Vec<String> = left.map(|port| port.to_string()).collect();
        if !left.is_empty() {
            lacking.put(left.join(", "), host);
        }
    }
    for (ports, hosts) in lacking.all() {
        let subject = group::subject(&hosts, "hosts");
        rec.dnf(subject, format!("ports {ports} were not scanned from outside"));
    }
}

/// The official suite tests the ports from a pod in the cluster: that of the API server has to respond, the others must not.
fn inside_by_suite(cluster: &Cluster, rec: &mut Rec<'_>) {
    let Some(scan) = cluster.port_scan.data() else { return };
    for row in scan.entries().iter().filter(|row| row.from == Vantage::Inside) {
        let official = match row.port {
            API_SERVER => row.is_open(),
            READ_ONLY => true,
            port => !INTERNAL.contains(&port) || !row.is_open(),
        };
        let state = if row.is_open() { "answers" } else { "does not answer" };
        let expected = if row.port == API_SERVER { "open" } else { "closed or filtered" };
        let point = Point {
            subject: &row.host,
            message: format!("port {} {state} from inside, which the text does not restrict", row.port),
            expected: expected.to_owned(),
            actual: if row.is_open() { "open" } else { "closed or filtered" }.to_owned(),
            fix: None,
        };
        decide(rec, (true, official), "C-087", point);
    }
}

const fn purpose(port: u16) -> &'static str {
    match port {
        2379 | 2380 => "etcd's",
        KUBELET => "the kubelet's",
        READ_ONLY => "the kubelet's read-only port without TLS",
        10257 => "the controller manager's",
        10259 => "the scheduler's",
        ETCD_METRICS => "etcd's metrics port",
        KUBELET_HEALTH => "the kubelet's health port",
        10249 => "kube-proxy's metrics port",
        PROXY_HEALTH => "kube-proxy's health port",
        _ => "the usual port of an API server, which listens on a different one here",
    }
}

pub(super) fn https(cluster: &Cluster, rec: &mut Rec<'_>) {
    listening::without_tls(cluster, rec);
    from_outside(cluster, rec);
    let Some(rows) = scanned(cluster, rec, Vantage::Inside) else { return };
    let (api_server, etcd) = (api_server_port(cluster), endpoints(cluster));
    let kubelets = KubeletPorts::of(cluster);
    let ports = |node: &Node| ports_of(node, api_server, kubelets.of_node(node), &etcd);
    if let Some(mut known) = hosts::nodes(cluster, rec, ports) {
        let nodes = cluster.nodes.data().map_or(&[][..], |nodes| nodes.entries());
        let apart = etcd
            .iter()
            .filter(|host| !is_loopback(host) && !nodes.iter().any(|node| hosts::is_node(host, node)));
        known.extend(apart.map(|host| Host::of_name(host, vec![ETCD])));
        hosts::all_scanned(rec, &rows, Vantage::Inside, &known);
        hosts::note_others(rec, &rows, &known);
    }
    let endpoints = [api_server, KUBELET, 10257, 10259, 2379, 2380];
    let is_asked = |row: &&&ScannedPort| endpoints.contains(&row.port) || kubelets.has(row.port);
    without_tls(rows.iter().filter(is_asked).copied(), rec, true);
    // Ports that need not be scanned are judged if they were.
    without_tls(rows.iter().filter(|row| OTHER_PORTS.contains(&row.port)).copied(), rec, false);
    for port in [api_server].into_iter().chain(kubelets.all()) {
        if !rows.iter().any(|row| row.port == port && row.is_open()) {
            let message = format!(
                "port {port} did not respond from inside on any host, so it is unknown whether it uses TLS"
            );
            rec.dnf(source::PORT_SCAN.name, message);
        }
    }
    for port in [10257, 10259, 2379] {
        if !rows.iter().any(|row| row.port == port) {
            rec.dnf(source::PORT_SCAN.name, format!("port {port} was not scanned from inside"));
        }
    }
}

/// Ports that are open from outside have to use TLS there as well.
fn from_outside(cluster: &Cluster, rec: &mut Rec<'_>) {
    let api_server = api_server_port(cluster);
    let rows = cluster.port_scan.data().map_or(&[][..], |scan| scan.entries());
    let kubelets = KubeletPorts::of(cluster);
    let of_kubernetes = |port: u16| {
        port == api_server
            || kubelets.has(port)
            || INTERNAL.contains(&port) && port != READ_ONLY
            || OTHER_PORTS.contains(&port)
    };
    let rows = rows.iter().filter(|row| row.from == Vantage::Outside && of_kubernetes(row.port));
    without_tls(rows, rec, false);
}

/// Records open ports without TLS and, if required, those for which TLS was not tested.
fn without_tls<'c>(rows: impl Iterator<Item = &'c ScannedPort>, rec: &mut Rec<'_>, is_asked: bool) {
    let (mut plain, mut untried) = (Groups::new(), Groups::new());
    for row in rows.filter(|row| row.is_open()) {
        match row.tls {
            Some(false) => plain.put((row.port, row.from), row.host.as_str()),
            None if is_asked => untried.put(row.port, row.host.as_str()),
            Some(true) | None => {}
        }
    }
    for ((port, from), hosts) in plain.all() {
        let subject = group::subject(&hosts, "hosts");
        let place = if from == Vantage::Outside { " to requests from outside" } else { "" };
        if port == PROXY_HEALTH {
            let message = format!("port {port} does not use TLS{place}; kube-proxy does not support it");
            rec.warn(subject, message);
        } else {
            rec.fail(subject, format!("port {port} does not use TLS{place}")).compared("TLS", "no TLS");
        }
    }
    for (port, hosts) in untried.all() {
        let subject = group::subject(&hosts, "hosts");
        rec.dnf(subject, format!("port {port} is open, but the scan did not test for TLS"));
    }
}

pub(super) fn kubelet_https(cluster: &Cluster, rec: &mut Rec<'_>) {
    kubelet::reads_without_tls(cluster, rec);
    let inside = scanned(cluster, rec, Vantage::Inside);
    let outside = if inside.is_some() || cluster.port_scan.data().is_some() {
        scanned(cluster, rec, Vantage::Outside)
    } else {
        None
    };
    let kubelets = KubeletPorts::of(cluster);
    let nodes = match (&inside, &outside) {
        (None, None) => None,
        _ => hosts::nodes(cluster, rec, |node| vec![kubelets.of_node(node)]),
    };
    for (rows, from) in [(&inside, Vantage::Inside), (&outside, Vantage::Outside)] {
        if let (Some(rows), Some(nodes)) = (rows, &nodes) {
            hosts::all_scanned(rec, rows, from, nodes);
        }
    }
    if let Some(rows) = inside {
        without_tls(rows.iter().filter(|row| kubelets.has(row.port)).copied(), rec, true);
        for port in kubelets.all().filter(|port| !rows.iter().any(|row| row.port == *port && row.is_open())) {
            rec.dnf(source::PORT_SCAN.name, format!("no kubelet responded from inside on port {port}"));
        }
        let mut open = Groups::new();
        for row in rows.iter().filter(|row| row.port == READ_ONLY && row.is_open()) {
            open.put((), row.host.as_str());
        }
        for ((), hosts) in open.all() {
            let message = "port 10255 is open, which the kubelet serves without TLS";
            rec.fail(group::subject(&hosts, "hosts"), message).compared("closed", "open");
        }
    }
    if let Some(rows) = outside {
        for port in kubelets.all().filter(|port| !rows.iter().any(|row| row.port == *port)) {
            rec.dnf(source::PORT_SCAN.name, format!("port {port} was not scanned from outside"));
        }
        let mut open = Groups::new();
        let of_kubelets = |port: u16| port == READ_ONLY || kubelets.has(port);
        for row in rows.iter().filter(|row| of_kubelets(row.port) && row.is_open()) {
            open.put(row.port, row.host.as_str());
        }
        for (port, hosts) in open.all() {
            let message = format!("port {port} of the kubelet is open from outside");
            rec.fail(group::subject(&hosts, "hosts"), message)
                .compared("closed or filtered from outside", "open");
        }
    }
}
