//! How kubelets are configured.

use std::collections::{HashMap, HashSet};

use scs_standards::Fix;

use super::super::Rec;
use super::super::group::{self, Groups};
use super::super::repair::{self, Setting};
use super::hosts;
use crate::owner::Owners;
use crate::subject::{Cluster, KubeletConfig, Node, Vantage, source};

/// The configurations that can be used; a finding for the nodes without one.
fn configs<'c>(cluster: &'c Cluster, rec: &mut Rec<'_>) -> Option<Vec<&'c KubeletConfig>> {
    const PART: &str = source::KUBELET_CONFIGS.name;
    let listed = rec.needs(&cluster.kubelet_configs, source::KUBELET_CONFIGS)?;
    let report_unreadable = listed.report_unreadable(rec, PART);
    let configs = listed.entries();
    if configs.is_empty() {
        if report_unreadable {
            rec.miss(PART, format!("`{PART}` is empty; it is {}", source::KUBELET_CONFIGS.from));
        }
        return None;
    }
    if let Some(nodes) = rec.needs(&cluster.nodes, source::NODES) {
        let names: Vec<&str> = nodes.entries().iter().map(|node| node.name.as_str()).collect();
        match configs {
            [KubeletConfig { node: None, .. }] if names.len() > 1 => {
                let message = format!(
                    "one configuration is given without its node, and there are {} nodes; give a mapping from nodes to configurations",
                    names.len()
                );
                rec.miss(PART, message);
            }
            [KubeletConfig { node: None, .. }] => {}
            _ if !report_unreadable => {}
            _ => {
                let given: HashSet<&str> =
                    configs.iter().filter_map(|config| config.node.as_deref()).collect();
                let left: Vec<&str> = names.into_iter().filter(|name| !given.contains(name)).collect();
                if !left.is_empty() {
                    let message = "the configuration of its kubelet is not given";
                    rec.miss(group::subject(&left, "nodes"), message);
                }
            }
        }
    }
    unusable(cluster, configs, rec);
    Some(configs.iter().filter(|config| config.unusable.is_none()).collect())
}

/// Records the configurations that cannot be used, once for all nodes with the same reason.
fn unusable(cluster: &Cluster, configs: &[KubeletConfig], rec: &mut Rec<'_>) {
    let nodes = cluster.nodes.data().map_or(&[][..], |nodes| nodes.entries());
    let nodes: HashMap<&str, &Node> = nodes.iter().map(|node| (node.name.as_str(), node)).collect();
    let mut reasons = Groups::new();
    for config in configs {
        let Some(reason) = &config.unusable else { continue };
        let addresses = nodes.get(config.name()).map_or(&[][..], |node| &node.addresses);
        reasons.put(without_node(reason, config.name(), addresses), config.name());
    }
    for (reason, names) in reasons.all() {
        let entry = rec.dnf(
            group::subject(&names, "nodes"),
            format!("its kubelet's configuration cannot be used: {reason}"),
        );
        // What the API server says of a right that is missing.
        if reason.contains("nodes/proxy") {
            entry.repaired_by(Fix::advice(
                "grant `get` on `nodes/proxy` to who collects, for the time of it: with it, every path of a kubelet can be reached, commands in containers among them; or take what each kubelet answers to `/configz` on its node",
            ));
        }
    }
}

/// A reason without what is different for each node.
fn without_node(reason: &str, node: &str, addresses: &[String]) -> String {
    let mut text = reason
        .replace(&format!("\"{node}\""), "NODE")
        .replace(&format!("/{node}/"), "/NODE/")
        .replace(&format!("//{node}:"), "//NODE:");
    for address in addresses.iter().filter(|address| !address.is_empty()) {
        text = text.replace(&format!("{address}:"), "NODE:");
    }
    text
}

/// Records kubelets whose setting is another one than it should be, once for all nodes where it is the same.
fn wrong<'c>(
    cluster: &Cluster,
    rec: &mut Rec<'_>,
    setting: &Setting,
    configs: impl IntoIterator<Item = (&'c KubeletConfig, (String, String))>,
    message: impl Fn(&str) -> String,
) {
    let owners = Owners::of(cluster);
    let mut groups = Groups::new();
    for (config, (expected, actual)) in configs {
        let owner = owners.of_node(config.name());
        groups.put((expected, actual, owner), config);
    }
    for ((expected, actual, owner), configs) in groups.all() {
        let names: Vec<&str> = configs.iter().map(|config| config.name()).collect();
        rec.fail(group::subject(&names, "nodes"), message(&actual))
            .compared(expected, actual)
            .repaired_by(repair::kubelets(owner, &configs, setting, has_arguments(cluster, &names)));
    }
}

/// Whether k3s or RKE2 is given arguments for the kubelet on one of the nodes.
fn has_arguments(cluster: &Cluster, names: &[&str]) -> bool {
    let nodes = cluster.nodes.data().map_or(&[][..], |nodes| nodes.entries());
    nodes.iter().any(|node| names.contains(&node.name.as_str()) && node.has_argument("kubelet-arg"))
}

pub(super) fn read_only_port(cluster: &Cluster, rec: &mut Rec<'_>) {
    const PORT: u16 = 10255;
    if let Some(scan) = cluster.port_scan.data() {
        let mut open = Groups::new();
        for row in scan.entries().iter().filter(|row| row.port == PORT && row.is_open()) {
            open.put((), row.host.as_str());
        }
        for ((), hosts) in open.all() {
            let message = "the kubelet's read-only port 10255 answers";
            rec.fail(group::subject(&hosts, "hosts"), message).compared("closed", "open");
        }
        // Where the kubelets' configuration is not given, a scan of every host from inside answers for it.
        let inside: Vec<_> = scan.entries().iter().filter(|row| row.from == Vantage::Inside).collect();
        if cluster.kubelet_configs.is_missing() && inside.iter().any(|row| row.port == PORT) {
            scan.report_unreadable(rec, source::PORT_SCAN.name);
            if let Some(nodes) = hosts::nodes(cluster, rec, |_| vec![PORT]) {
                hosts::all_tried(rec, &inside, Vantage::Inside, &nodes);
            }
            return;
        }
    }
    let configs = configs(cluster, rec).unwrap_or_default();
    read_only(cluster, rec, &configs);
}

fn read_only(cluster: &Cluster, rec: &mut Rec<'_>, configs: &[&KubeletConfig]) {
    let open = configs.iter().copied().filter(|config| config.read_only_port != 0);
    let open = open.map(|config| {
        (config, ("readOnlyPort: 0".to_owned(), format!("readOnlyPort: {}", config.read_only_port)))
    });
    wrong(cluster, rec, &Setting::READ_ONLY_PORT, open, |actual| {
        format!("the kubelet's read-only port, which has no TLS, is open: `{actual}`")
    });
}

/// Records kubelets that are configured to be read without TLS, unless a scan from inside has tried their port.
pub(super) fn reads_without_tls(cluster: &Cluster, rec: &mut Rec<'_>) {
    let configs = cluster.kubelet_configs.data().map_or(&[][..], |configs| configs.entries());
    let tried = hosts::Tried::of(cluster, Vantage::Inside);
    let configs: Vec<&KubeletConfig> =
        configs.iter().filter(|config| !tried.has(config.name(), config.read_only_port)).collect();
    read_only(cluster, rec, &configs);
}

/// Records kubelets whose configuration leaves something out that `/configz` never leaves out.
fn silent(rec: &mut Rec<'_>, configs: &[&KubeletConfig], key: &str) {
    let names: Vec<&str> = configs.iter().map(|config| config.name()).collect();
    if !names.is_empty() {
        let message = format!("its configuration does not say `{key}`; give what `/configz` answers");
        rec.dnf(group::subject(&names, "nodes"), message);
    }
}

pub(super) fn anonymous(cluster: &Cluster, rec: &mut Rec<'_>) {
    let Some(configs) = configs(cluster, rec) else { return };
    let (known, silent_ones): (Vec<_>, Vec<_>) =
        configs.into_iter().partition(|config| config.anonymous.is_some());
    silent(rec, &silent_ones, "authentication.anonymous.enabled");
    let open = known.into_iter().filter(|config| config.anonymous == Some(true));
    let open = open
        .map(|config| (config, ("authentication.anonymous.enabled: false".to_owned(), "true".to_owned())));
    wrong(cluster, rec, &Setting::ANONYMOUS, open, |_| "the kubelet takes anonymous requests".to_owned());
}

pub(super) fn webhook(cluster: &Cluster, rec: &mut Rec<'_>) {
    let Some(configs) = configs(cluster, rec) else { return };
    let (known, silent_ones): (Vec<_>, Vec<_>) =
        configs.into_iter().partition(|config| config.authorization_mode.is_some());
    silent(rec, &silent_ones, "authorization.mode");
    let others = known.into_iter().filter_map(|config| {
        let mode = config.authorization_mode.as_deref().filter(|mode| *mode != "Webhook")?;
        Some((config, ("authorization.mode: Webhook".to_owned(), mode.to_owned())))
    });
    wrong(cluster, rec, &Setting::WEBHOOK, others, |mode| {
        format!("the kubelet authorizes by `{mode}`, and does not ask the API server")
    });
}

/// It may be so, and need not.
pub(super) fn authentication(cluster: &Cluster, rec: &mut Rec<'_>) {
    let Some(configs) = cluster.kubelet_configs.data() else { return };
    let neither: Vec<&KubeletConfig> = configs
        .entries()
        .iter()
        .filter(|config| config.unusable.is_none())
        .filter(|config| config.client_ca_file.is_none() && config.webhook_authentication != Some(true))
        .collect();
    if !neither.is_empty() {
        let names: Vec<&str> = neither.iter().map(|config| config.name()).collect();
        let message = "the kubelet takes neither client certificates nor bearer tokens";
        rec.note(group::subject(&names, "nodes"), message);
    }
}
