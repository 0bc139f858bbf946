//! How kubelets are configured.

use std::collections::BTreeSet;

use scs_standards::Given;
use scs_standards::shell::quote;

use super::super::Rec;
use super::super::control_plane::on;
use super::hosts;
use crate::subject::{Cluster, KubeletConfig, Vantage, source};

/// The configurations; a finding for every node without one.
fn configs<'c>(cluster: &'c Cluster, rec: &mut Rec<'_>) -> Option<&'c [KubeletConfig]> {
    const PART: &str = source::KUBELET_CONFIGS.name;
    let listed = rec.needs(&cluster.kubelet_configs, source::KUBELET_CONFIGS)?;
    let all_read = listed.all_read(rec, PART);
    let configs = listed.entries();
    if configs.is_empty() {
        if all_read {
            rec.miss(PART, format!("`{PART}` is empty; it is {}", source::KUBELET_CONFIGS.from));
        }
        return None;
    }
    if let Given::Data(nodes) = &cluster.nodes {
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
            _ if !all_read => {}
            _ => {
                let given: BTreeSet<&str> =
                    configs.iter().filter_map(|config| config.node.as_deref()).collect();
                let left: Vec<&str> = names.into_iter().filter(|name| !given.contains(name)).collect();
                if let [first, ..] = left[..] {
                    let message = match left.len() {
                        1 => "its kubelet's configuration is not given".to_owned(),
                        count => format!(
                            "the kubelets' configurations of this node and {} more are not given",
                            count - 1
                        ),
                    };
                    rec.miss(first, message);
                }
            }
        }
    }
    Some(configs)
}

/// The command that sets a value of a kubelet's configuration file, as kubeadm names it.
fn set(config: &KubeletConfig, path: &str, value: &str) -> String {
    let on = on(config.node.as_deref());
    let expression = quote(&format!("{path} = {value}"));
    format!("yq -i {expression} /var/lib/kubelet/config.yaml && systemctl restart kubelet{on}")
}

pub(super) fn read_only_port(cluster: &Cluster, rec: &mut Rec<'_>) {
    const PORT: u16 = 10255;
    if let Some(scan) = cluster.port_scan.data() {
        for row in scan.entries().iter().filter(|row| row.port == PORT && row.is_open()) {
            rec.fail(&row.host, "the kubelet's read-only port 10255 answers").compared("closed", "open");
        }
        // Where the kubelets' configuration is not given, a scan of every host from inside answers for it.
        let inside: Vec<_> = scan.entries().iter().filter(|row| row.from == Vantage::Inside).collect();
        if cluster.kubelet_configs.is_not_given() && inside.iter().any(|row| row.port == PORT) {
            scan.all_read(rec, source::PORT_SCAN.name);
            if let Some(nodes) = hosts::nodes(cluster, rec, |_| vec![PORT]) {
                hosts::all_tried(rec, &inside, Vantage::Inside, &nodes);
            }
            return;
        }
    }
    for config in configs(cluster, rec).into_iter().flatten() {
        if config.read_only_port != 0 {
            let port = config.read_only_port;
            rec.fail(
                config.name(),
                format!("the kubelet's read-only port is open: `readOnlyPort` is {port}"),
            )
            .compared("readOnlyPort: 0", format!("readOnlyPort: {port}"))
            .fixed_by(set(config, ".readOnlyPort", "0"));
        }
    }
}

pub(super) fn anonymous(cluster: &Cluster, rec: &mut Rec<'_>) {
    for config in configs(cluster, rec).into_iter().flatten() {
        match config.anonymous {
            Some(false) => {}
            Some(true) => {
                rec.fail(config.name(), "the kubelet takes anonymous requests")
                    .compared("authentication.anonymous.enabled: false", "true")
                    .fixed_by(set(config, ".authentication.anonymous.enabled", "false"));
            }
            None => {
                let message = "its configuration does not say `authentication.anonymous.enabled`; give what `/configz` answers";
                rec.dnf(config.name(), message);
            }
        }
    }
}

pub(super) fn webhook(cluster: &Cluster, rec: &mut Rec<'_>) {
    for config in configs(cluster, rec).into_iter().flatten() {
        match config.authorization_mode.as_deref() {
            Some("Webhook") => {}
            Some(other) => {
                rec.fail(
                    config.name(),
                    format!("the kubelet authorizes by `{other}`, and does not ask the API server"),
                )
                .compared("authorization.mode: Webhook", other)
                .fixed_by(set(config, ".authorization.mode", "\"Webhook\""));
            }
            None => {
                let message =
                    "its configuration does not say `authorization.mode`; give what `/configz` answers";
                rec.dnf(config.name(), message);
            }
        }
    }
}

/// It may be so, and need not.
pub(super) fn authentication(cluster: &Cluster, rec: &mut Rec<'_>) {
    let Some(configs) = cluster.kubelet_configs.data() else { return };
    let neither: Vec<&KubeletConfig> = configs
        .entries()
        .iter()
        .filter(|config| config.client_ca_file.is_none() && config.webhook_authentication != Some(true))
        .collect();
    if let [first, rest @ ..] = neither.as_slice() {
        let more =
            if rest.is_empty() { String::new() } else { format!(", and so on {} more nodes", rest.len()) };
        rec.note(
            first.name(),
            format!("the kubelet takes neither client certificates nor bearer tokens{more}"),
        );
    }
}
