//! The addresses that components listen on, according to their flags: a flag shows an open port even without a scan.

use std::net::IpAddr;

use super::super::Rec;
use super::super::address::{self, is_loopback};
use super::super::control_plane::{Origin, running_quietly};
use super::super::group::{self, Groups};
use super::hosts::Scanned;
use crate::flags::Flags;
use crate::subject::{Cluster, Component, ComponentKind, Vantage};

/// A port that a flag opens.
struct Listening {
    /// The pod, or the node.
    subject: String,
    /// The names of the host, if known.
    host: Option<String>,
    /// The flag with its value.
    flag: String,
    address: Address,
    port: Option<u16>,
    has_tls: bool,
}

/// The addresses that a port listens on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Address {
    /// Only the host itself.
    Loopback,
    /// All addresses of the host.
    Every,
    /// One of its addresses.
    One,
}

fn address(text: &str) -> Address {
    let host = text.trim_start_matches('[').trim_end_matches(']');
    match host.parse::<IpAddr>() {
        _ if host.is_empty() => Address::Every,
        Ok(ip) if ip.is_unspecified() => Address::Every,
        _ if is_loopback(host) => Address::Loopback,
        _ => Address::One,
    }
}

/// The flags of etcd with the URLs that it listens on.
const URLS: [&str; 4] =
    ["listen-client-urls", "listen-client-http-urls", "listen-peer-urls", "listen-metrics-urls"];

fn port_of(url: &str) -> Option<u16> {
    url.rsplit_once(':').and_then(|(_, port)| port.split('/').next()?.parse().ok())
}

/// The ports opened by a component's flags, besides required ones: the API server's port, etcd's for clients and members.
fn opened(kind: ComponentKind, flags: &Flags) -> Vec<(String, Address, Option<u16>, bool)> {
    let text = |flag: &str| flags.text(flag).ok().flatten();
    let mut found = Vec::new();
    match kind {
        ComponentKind::Etcd => {
            for flag in URLS {
                for url in flags.list(flag).ok().flatten().unwrap_or_default() {
                    if url.starts_with("unix") {
                        continue;
                    }
                    let shown = format!("--{flag}={url}");
                    found.push((
                        shown,
                        address(address::host(url)),
                        port_of(url),
                        url.starts_with("https://"),
                    ));
                }
            }
        }
        ComponentKind::ApiServer => {
            // Both were removed in Kubernetes 1.24; older servers are not safer for it.
            let port = text("insecure-port").and_then(|port| port.parse::<u16>().ok());
            if let Some(port) = port.filter(|port| *port != 0) {
                let at = address(text("insecure-bind-address").unwrap_or("127.0.0.1"));
                found.push((format!("--insecure-port={port}"), at, Some(port), false));
            }
        }
        ComponentKind::ControllerManager | ComponentKind::Scheduler => {
            let usual = if kind == ComponentKind::Scheduler { 10259 } else { 10257 };
            if let Some(bind) = text("bind-address") {
                let port = text("secure-port").map_or(Some(usual), |port| port.parse().ok());
                if port != Some(0) {
                    found.push((format!("--bind-address={bind}"), address(bind), port, true));
                }
            }
            let port = text("port").and_then(|port| port.parse::<u16>().ok());
            if let Some(port) = port.filter(|port| *port != 0) {
                let at = address(text("address").unwrap_or("0.0.0.0"));
                found.push((format!("--port={port}"), at, Some(port), false));
            }
        }
    }
    found
}

fn all(cluster: &Cluster, rec: &Rec<'_>) -> Vec<Listening> {
    let context = *rec.context();
    let mut found = Vec::new();
    for kind in ComponentKind::ALL {
        for running in running_quietly(cluster, &context, kind) {
            let host = match running.origin {
                Origin::Pod(Component { node, .. }) => node.clone(),
                Origin::K3s(node) => Some(node.name.clone()),
                Origin::Declared => None,
            };
            for (flag, address, port, has_tls) in opened(kind, &running.flags) {
                let (subject, host) = (running.subject.clone(), host.clone());
                found.push(Listening { subject, host, flag, address, port, has_tls });
            }
        }
    }
    found
}

/// Whether a scan covers a port of the component's host, which is more reliable than a flag.
fn is_scanned(tried: &Scanned<'_>, listening: &Listening) -> bool {
    matches!((&listening.host, listening.port), (Some(host), Some(port)) if tried.has(host, port))
}

/// Records components that listen without TLS at a reachable address.
pub(super) fn without_tls(cluster: &Cluster, rec: &mut Rec<'_>) {
    let mut groups = Groups::new();
    let plain = all(cluster, rec).into_iter().filter(|it| !it.has_tls && it.address != Address::Loopback);
    let tried = Scanned::of(cluster, Vantage::Inside);
    for listening in plain.filter(|it| !is_scanned(&tried, it)) {
        groups.put(listening.flag, listening.subject);
    }
    for (flag, subjects) in groups.all() {
        let subjects: Vec<&str> = subjects.iter().map(String::as_str).collect();
        rec.fail(
            group::subject(&subjects, "components"),
            format!("it listens without TLS at a reachable address: `{flag}`"),
        )
        .compared("https, or an address of the host itself such as 127.0.0.1", flag);
    }
    let mut open = Groups::new();
    for config in cluster.kubelet_configs.data().map_or(&[][..], |configs| configs.entries()) {
        let Some(bind) = &config.healthz_bind_address else { continue };
        if config.healthz_port != Some(0) && address(bind) != Address::Loopback {
            open.put(bind.as_str(), config.name());
        }
    }
    for (bind, nodes) in open.all() {
        rec.fail(
            group::subject(&nodes, "nodes"),
            format!("the kubelet serves its health without TLS at a reachable address: `healthzBindAddress: {bind}`"),
        )
        .compared("healthzBindAddress: 127.0.0.1", bind);
    }
}

/// Records Kubernetes ports that flags open on all addresses of a host, unless a scan shows that they are closed from
/// outside.
pub(super) fn everywhere(cluster: &Cluster, rec: &mut Rec<'_>, api_server: u16) {
    let mut groups = Groups::new();
    let tried = Scanned::of(cluster, Vantage::Outside);
    for listening in all(cluster, rec) {
        // Members and clients on other hosts need these ports.
        let is_needed = matches!(listening.port, Some(2379 | 2380)) || listening.port == Some(api_server);
        if listening.address != Address::Every || is_needed || is_scanned(&tried, &listening) {
            continue;
        }
        groups.put((listening.flag, listening.port), listening.subject);
    }
    for ((flag, port), subjects) in groups.all() {
        let subjects: Vec<&str> = subjects.iter().map(String::as_str).collect();
        let port = port.map_or_else(|| "a port".to_owned(), |port| format!("port {port}"));
        rec.fail(
            group::subject(&subjects, "components"),
            format!("`{flag}` opens {port} on every address of the host, and no scan shows that it is closed from outside"),
        )
        .compared("an address of the host itself such as 127.0.0.1", flag);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_local_or_reachable() {
        for (text, expected) in [
            ("127.0.0.1", Address::Loopback),
            ("[::1]", Address::Loopback),
            ("localhost", Address::Loopback),
            ("0.0.0.0", Address::Every),
            ("::", Address::Every),
            ("", Address::Every),
            ("10.8.0.11", Address::One),
        ] {
            assert_eq!(address(text), expected, "{text}");
        }
        assert_eq!(port_of("http://0.0.0.0:2381"), Some(2381));
        assert_eq!(port_of("http://[::]:2381/metrics"), Some(2381));
        assert_eq!(port_of("http://host"), None);
    }
}
