//! Fixes for kubelet settings.

use scs_standards::{Data, Edit, Fix, Way};

use super::flags::{drop_in, talosctl};
use super::{Places, advice, is_plain, restarting};
use crate::owner::Owner;
use crate::rules::group;
use crate::subject::KubeletConfig;

/// A kubelet setting, in its configuration and as a flag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::rules) struct Setting {
    /// The path of keys.
    pub(in crate::rules) path: &'static [&'static str],
    /// The required value.
    pub(in crate::rules) value: Value,
    /// The flag that overrides it.
    pub(in crate::rules) flag: &'static str,
    /// The `sed` commands for the file that kubeadm writes, where every non-default setting has its own line.
    pub(in crate::rules) sed: &'static str,
}

/// A value of a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::rules) enum Value {
    Text(&'static str),
    Number(i64),
    No,
}

impl Value {
    fn data(self) -> Data {
        match self {
            Self::Text(text) => text.into(),
            Self::Number(number) => number.into(),
            Self::No => false.into(),
        }
    }

    pub(in crate::rules) fn word(self) -> String {
        match self {
            Self::Text(text) => text.to_owned(),
            Self::Number(number) => number.to_string(),
            Self::No => "false".to_owned(),
        }
    }
}

impl Setting {
    pub(in crate::rules) const READ_ONLY_PORT: Self = Self {
        path: &["readOnlyPort"],
        value: Value::Number(0),
        flag: "read-only-port",
        sed: "s/^readOnlyPort:.*/readOnlyPort: 0/",
    };
    pub(in crate::rules) const ANONYMOUS: Self = Self {
        path: &["authentication", "anonymous", "enabled"],
        value: Value::No,
        flag: "anonymous-auth",
        sed: "/^ *anonymous: *$/,/enabled:/s/enabled:.*/enabled: false/",
    };
    pub(in crate::rules) const WEBHOOK: Self = Self {
        path: &["authorization", "mode"],
        value: Value::Text("Webhook"),
        flag: "authorization-mode",
        sed: "/^authorization: *$/,/mode:/s/mode:.*/mode: Webhook/",
    };

    fn edit(&self, config: &KubeletConfig) -> Option<Edit> {
        let place = config.place.as_ref()?.iter().cloned();
        let path = place.chain(self.path.iter().map(|&key| key.to_owned())).collect();
        Some(Edit::Set { part: "kubelet_configs".to_owned(), object: None, path, value: self.value.data() })
    }
}

/// The fix for a setting of kubelets whose nodes have the same owner; `has_arguments` is whether one of them has arguments
/// for its kubelet.
pub(in crate::rules) fn kubelets(
    owner: &Owner,
    configs: &[&KubeletConfig],
    setting: &Setting,
    has_arguments: bool,
) -> Fix {
    let word = setting.value.word();
    let nodes: Vec<&str> =
        configs.iter().filter_map(|config| config.node.as_deref()).filter(|node| is_plain(node)).collect();
    let on = match nodes.as_slice() {
        [] => String::new(),
        [node] => format!(" # on {node}"),
        nodes => format!(" # on each of {} nodes: {}", nodes.len(), group::some(nodes)),
    };
    let pair = [format!("{}={word}", setting.flag)];
    let drop_in = |tool: &str, unit: &str| {
        format!("{} && systemctl restart {unit}{on}", drop_in(tool, setting.flag, "kubelet-arg", &pair))
    };
    let command = match owner {
        Owner::Kubeadm => Some(format!(
            "sed -i '{}' /var/lib/kubelet/config.yaml && systemctl restart kubelet{on}",
            setting.sed
        )),
        // A file has no effect if there are command-line arguments.
        Owner::K3s | Owner::Rke2 if has_arguments => None,
        // A node is a server or an agent, with different units.
        Owner::K3s => Some(drop_in("k3s", "$(systemctl is-active -q k3s && echo k3s || echo k3s-agent)")),
        Owner::Rke2 => Some(drop_in(
            "rke2",
            "$(systemctl is-active -q rke2-server && echo rke2-server || echo rke2-agent)",
        )),
        Owner::Talos if !nodes.is_empty() => {
            let patch = serde_json::json!({"machine": {"kubelet": {"extraArgs": {setting.flag: word}}}});
            Some(talosctl(&nodes.join(","), &patch))
        }
        _ => None,
    };
    let Some(command) = command else {
        let what = format!("`{}: {word}`", setting.path.join("."));
        let places = Places {
            of: "the kubelets",
            in_kubeadm: "joinConfiguration.nodeRegistration.kubeletExtraArgs",
            file: "/var/lib/kubelet/config.yaml",
            option: "kubelet-arg",
            in_talos: "machine.kubelet.extraArgs",
        };
        return advice(owner, &what, &places);
    };
    let mut question = "May the kubelets restart?".to_owned();
    if *owner == Owner::Kubeadm {
        question = format!(
            "{question} `kubeadm upgrade` regenerates this file from the ConfigMap `kubelet-config`; make the change there, too. A flag `--{}` of the kubelet takes precedence.",
            setting.flag
        );
    }
    let edits: Vec<Edit> = configs.iter().filter_map(|config| setting.edit(config)).collect();
    restarting(&question, Way::new(command, edits))
}
