//! Kubelet configuration.

use std::collections::{HashMap, HashSet};

use scs_standards::Fix;

use super::super::Rec;
use super::super::group::{self, Groups};
use super::super::repair::{self, Setting};
use super::hosts;
use crate::owner::Owners;
use crate::subject::{Cluster, KubeletConfig, Node, Vantage, source};

/// The usable configurations; records a finding for nodes without one.
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
                    "there is one configuration without a node name, but {} nodes; provide a mapping from nodes to configurations",
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
                    let message = "the configuration of its kubelet is missing";
                    rec.miss(group::subject(&left, "nodes"), message);
                }
            }
        }
    }
    unusable(cluster, configs, rec);
    Some(configs.iter().filter(|config| config.unusable.is_none()).collect())
}

/// Records the unusable configurations, once for all nodes with the same reason.
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
            format!("its kubelet's configuration is unusable: {reason}"),
        );
        // The API server's message for a missing permission.
        if reason.contains("nodes/proxy") {
            entry.repaired_by(Fix::advice(
                "grant the collecting user `get` on `nodes/proxy` while collecting: it gives access to every path of a kubelet, including commands in containers; or save each kubelet's answer to `/configz` on its node",
            ));
        }
    }
}

/// Judges what kubeadm gives to kubelets, if the kubelets themselves were not asked. A violation is one for every node that joins;
/// conformance says nothing about what a node runs.
fn intended(
    cluster: &Cluster,
    rec: &mut Rec<'_>,
    setting: &Setting,
    violation: impl Fn(&KubeletConfig) -> Option<(String, String)>,
) {
    const MAP: &str = "kubelet-config";
    if !cluster.kubelet_configs.is_missing() {
        return;
    }
    let maps = cluster.kubelet_config_map.data().map_or(&[][..], |maps| maps.entries());
    let Some(config) = maps.first().filter(|config| config.unusable.is_none()) else { return };
    let key = setting.path.join(".");
    let Some((expected, actual)) = violation(config) else {
        let message = format!(
            "kubeadm's config map `{MAP}` has a conformant `{key}`; what each kubelet runs is not known"
        );
        rec.note(MAP, message);
        return;
    };
    let message = format!("kubeadm configures kubelets with `{key}: {actual}`");
    rec.fail(MAP, message).compared(expected, actual).repaired_by(Fix::advice(format!(
        "set `{key}: {}` in the key `kubelet` of the config map `{MAP}` in kube-system; then run `kubeadm upgrade node phase kubelet-config` on each node and restart its kubelet",
        setting.value.word()
    )));
}

/// A reason without the parts that differ between nodes.
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

/// Records kubelets with a wrong setting, once for all nodes with the same value.
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

/// Whether k3s or RKE2 has arguments for the kubelet on one of the nodes.
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
            let message = "the kubelet's read-only port 10255 responds";
            rec.fail(group::subject(&hosts, "hosts"), message).compared("closed", "open");
        }
        // Without kubelet configurations, a scan of every host from inside is used instead.
        let inside: Vec<_> = scan.entries().iter().filter(|row| row.from == Vantage::Inside).collect();
        if cluster.kubelet_configs.is_missing() && inside.iter().any(|row| row.port == PORT) {
            scan.report_unreadable(rec, source::PORT_SCAN.name);
            if let Some(nodes) = hosts::nodes(cluster, rec, |_| vec![PORT]) {
                hosts::all_scanned(rec, &inside, Vantage::Inside, &nodes);
            }
            return;
        }
    }
    let configs = configs(cluster, rec).unwrap_or_default();
    read_only(cluster, rec, &configs);
    intended(cluster, rec, &Setting::READ_ONLY_PORT, |config| {
        let port = config.read_only_port;
        (port != 0).then(|| ("0".to_owned(), port.to_string()))
    });
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

/// Records kubelets configured with the read-only port, unless a scan from inside covers it.
pub(super) fn reads_without_tls(cluster: &Cluster, rec: &mut Rec<'_>) {
    let configs = cluster.kubelet_configs.data().map_or(&[][..], |configs| configs.entries());
    let tried = hosts::Scanned::of(cluster, Vantage::Inside);
    let configs: Vec<&KubeletConfig> =
        configs.iter().filter(|config| !tried.has(config.name(), config.read_only_port)).collect();
    read_only(cluster, rec, &configs);
}

/// Records kubelet configurations without a field that `/configz` always has.
fn silent(rec: &mut Rec<'_>, configs: &[&KubeletConfig], key: &str) {
    let names: Vec<&str> = configs.iter().map(|config| config.name()).collect();
    if !names.is_empty() {
        let message = format!("its configuration has no `{key}`; provide the answer of `/configz`");
        rec.dnf(group::subject(&names, "nodes"), message);
    }
}

pub(super) fn anonymous(cluster: &Cluster, rec: &mut Rec<'_>) {
    intended(cluster, rec, &Setting::ANONYMOUS, |config| {
        (config.anonymous == Some(true)).then(|| ("false".to_owned(), "true".to_owned()))
    });
    let Some(configs) = configs(cluster, rec) else { return };
    let (known, silent_ones): (Vec<_>, Vec<_>) =
        configs.into_iter().partition(|config| config.anonymous.is_some());
    silent(rec, &silent_ones, "authentication.anonymous.enabled");
    let open = known.into_iter().filter(|config| config.anonymous == Some(true));
    let open = open
        .map(|config| (config, ("authentication.anonymous.enabled: false".to_owned(), "true".to_owned())));
    wrong(cluster, rec, &Setting::ANONYMOUS, open, |_| "the kubelet accepts anonymous requests".to_owned());
}

pub(super) fn webhook(cluster: &Cluster, rec: &mut Rec<'_>) {
    intended(cluster, rec, &Setting::WEBHOOK, |config| {
        let mode = config.authorization_mode.as_deref().filter(|mode| *mode != "Webhook")?;
        Some(("Webhook".to_owned(), mode.to_owned()))
    });
    let Some(configs) = configs(cluster, rec) else { return };
    let (known, silent_ones): (Vec<_>, Vec<_>) =
        configs.into_iter().partition(|config| config.authorization_mode.is_some());
    silent(rec, &silent_ones, "authorization.mode");
    let others = known.into_iter().filter_map(|config| {
        let mode = config.authorization_mode.as_deref().filter(|mode| *mode != "Webhook")?;
        Some((config, ("authorization.mode: Webhook".to_owned(), mode.to_owned())))
    });
    wrong(cluster, rec, &Setting::WEBHOOK, others, |mode| {
        format!("the kubelet authorizes with `{mode}`, without asking the API server")
    });
}

/// This is allowed but not required.
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
        let message = "the kubelet accepts neither client certificates nor bearer tokens";
        rec.note(group::subject(&names, "nodes"), message);
    }
}

#[cfg(test)]
mod tests {
    use scs_standards::{Context, Declarations, Verdict};

    use super::*;
    use crate::check_cluster;

    fn verdict(map: &str, kubelets: Option<&str>) -> (Verdict, Vec<String>) {
        let cluster = Cluster::read(|part| match (part, kubelets) {
            ("kubelet_config_map", _) => scs_standards::Given::Data(map),
            ("kubelet_configs", Some(kubelets)) => scs_standards::Given::Data(kubelets),
            _ => scs_standards::Given::Missing,
        });
        let none = Declarations::default();
        let context = Context {
            at: "2026-12-01T00:00:00Z".parse().unwrap(),
            profile: scs_standards::Profile::Text,
            declarations: &none,
        };
        let answers = check_cluster(&cluster, &context, &["scs-0217-v1".parse().unwrap()]);
        let answer = answers.iter().find(|answer| answer.rule == "scs-0217-kubelet-anonymous").unwrap();
        (answer.verdict, answer.findings.iter().map(|finding| finding.message.clone()).collect())
    }

    #[test]
    fn the_config_map_of_kubeadm_can_only_fail() {
        let map = |anonymous: bool| {
            format!(
                r#"{{"kubeletconfig": {{"authentication": {{"anonymous": {{"enabled": {anonymous}}}}}, "authorization": {{"mode": "Webhook"}}}}}}"#
            )
        };
        let (result, messages) = verdict(&map(true), None);
        assert_eq!(result, Verdict::Fail, "{messages:?}");
        let (result, messages) = verdict(&map(false), None);
        assert_eq!(result, Verdict::Miss, "{messages:?}");
        assert!(messages.iter().any(|it| it.contains("what each kubelet runs is not known")), "{messages:?}");
        // Kubelets that were asked decide themselves.
        let (result, messages) = verdict(&map(true), Some(&format!(r#"{{"a": {}}}"#, map(false))));
        assert_ne!(result, Verdict::Fail, "{messages:?}");
    }
}
