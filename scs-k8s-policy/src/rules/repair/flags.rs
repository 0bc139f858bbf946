//! Fixes for flags of control-plane components.

use std::fmt::Write;

use scs_standards::shell::quote;
use scs_standards::{Edit, Fix, Object, Way};

use super::{Places, advice, is_plain, on, restarting};
use crate::flags::NodeArguments;
use crate::owner::Owner;
use crate::rules::control_plane::{Origin, Running};
use crate::subject::{Component, ComponentKind, Node};

/// The change of a flag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::rules) enum Change {
    /// Set to this value.
    Set(String),
    /// Removed.
    Unset,
}

/// A flag and its change.
pub(in crate::rules) type FlagChange = (&'static str, Change);

/// The fix that changes flags of a component.
pub(in crate::rules) fn change(running: &Running<'_>, changes: &[FlagChange]) -> Fix {
    let program = running.kind.program();
    let otherwise = || by_hand(running, &as_text(changes), changes);
    let values = changes.iter().filter_map(|(_, change)| match change {
        Change::Set(value) => Some(value.as_str()),
        Change::Unset => None,
    });
    if !values.clone().all(is_plain) {
        return otherwise();
    }
    let files: Vec<&str> = values.filter(|value| value.starts_with('/')).collect();
    let way = match (&running.owner, &running.origin) {
        (Owner::Kubeadm, Origin::Pod(component)) => of_kubeadm(running, component, changes),
        // The proposed files are kubeadm's.
        _ if !files.is_empty() => None,
        // An options file has no effect if there are command-line arguments, and the annotation does not distinguish them.
        (Owner::K3s | Owner::Rke2, _) if running.has_arguments => None,
        (Owner::K3s, Origin::K3s(node)) => of_k3s(running.kind, node, changes),
        (Owner::Rke2, Origin::Pod(component)) => of_rke2(component, changes),
        (Owner::Talos, Origin::Pod(component)) => of_talos(running, component, changes),
        _ => None,
    };
    let Some(way) = way else { return otherwise() };
    let mut question = format!("May `{program}` restart?");
    match files.as_slice() {
        [] => {}
        [file] => question = format!("{question} Does `{file}` exist?"),
        files => {
            let files: Vec<String> = files.iter().map(|file| format!("`{file}`")).collect();
            question = format!("{question} Do {} exist?", files.join(" and "));
        }
    }
    if running.owner == Owner::Kubeadm {
        question.push_str(" `kubeadm upgrade` regenerates its manifest from the ConfigMap `kubeadm-config`; make the change there, too.");
    }
    restarting(&question, way)
}

/// The advice if no command can make a change; `what` is the whole change.
pub(super) fn by_hand(running: &Running<'_>, what: &str, changes: &[FlagChange]) -> Fix {
    let program = running.kind.program();
    let why = changes.iter().find_map(|(flag, _)| multi_line_reason(running, flag)).unwrap_or_default();
    let places = Places {
        of: &format!("`{program}`"),
        in_kubeadm: in_kubeadm(running.kind),
        file: &format!("/etc/kubernetes/manifests/{program}.yaml"),
        option: option(running.kind),
        in_talos: &format!("cluster.{}.extraArgs", in_talos(running.kind)),
    };
    advice(&running.owner, &format!("{what}{why}"), &places)
}

/// The reason why no command can change a flag in a manifest, appended to the advice.
fn multi_line_reason(running: &Running<'_>, flag: &str) -> Option<String> {
    if running.owner != Owner::Kubeadm {
        return None;
    }
    let reason = match running.flags.times(flag) {
        _ if !running.flags.is_in_list() => "its command is not a plain list of flags",
        0 => return None,
        1 if running.flags.is_one_line(flag) => return None,
        1 => "its value is a separate word or comes from a variable",
        times => return Some(format!(" (`--{flag}` is given {times} times)")),
    };
    Some(format!(" ({reason})"))
}

/// Changes in command-line notation.
pub(super) fn as_text(changes: &[FlagChange]) -> String {
    let words: Vec<String> = changes
        .iter()
        .map(|(flag, change)| match change {
            Change::Set(value) => format!("`--{flag}={value}`"),
            Change::Unset => format!("no `--{flag}`"),
        })
        .collect();
    words.join(" and ")
}

/// The key for a component's flags in kubeadm's configuration.
pub(super) const fn in_kubeadm(kind: ComponentKind) -> &'static str {
    match kind {
        ComponentKind::ApiServer => "clusterConfiguration.apiServer.extraArgs",
        ComponentKind::ControllerManager => "clusterConfiguration.controllerManager.extraArgs",
        ComponentKind::Scheduler => "clusterConfiguration.scheduler.extraArgs",
        ComponentKind::Etcd => "clusterConfiguration.etcd.local.extraArgs",
    }
}

/// The `sed` commands that change flags in a kubeadm manifest; `None` if a flag is not on a separate line. They are
/// idempotent.
pub(super) fn sed(running: &Running<'_>, changes: &[FlagChange]) -> Option<Vec<String>> {
    let program = running.kind.program();
    let (mut scripts, mut added) = (Vec::new(), String::new());
    for (flag, change) in changes {
        if !running.flags.is_one_line(flag) {
            return None;
        }
        match change {
            Change::Set(value) if running.flags.has(flag) => {
                scripts.push(format!(r"s|^\( *- \)--{flag}\(=.*\)\?$|\1--{flag}={value}|"));
            }
            Change::Set(value) => {
                scripts.push(format!(r"/^ *- --{flag}=/d"));
                // Writing to a string does not fail.
                let _ = write!(added, r"\n\1--{flag}={value}");
            }
            Change::Unset => scripts.push(format!(r"/^ *- --{flag}\(=.*\)\?$/d")),
        }
    }
    if !added.is_empty() {
        // After the line of the program, which is not a path at the end of another flag; all at once, since it is the end of
        // a line only once.
        scripts.push(format!(r"s|^\( *- \)\([^ =]*/\)\?{program}$|&{added}|"));
    }
    Some(scripts)
}

fn of_kubeadm(running: &Running<'_>, component: &Component, changes: &[FlagChange]) -> Option<Way> {
    if !component.is_static {
        return None;
    }
    let program = running.kind.program();
    let scripts = sed(running, changes)?;
    let scripts: Vec<String> = match scripts.as_slice() {
        [script] => vec![format!("'{script}'")],
        scripts => scripts.iter().map(|script| format!("-e '{script}'")).collect(),
    };
    let command = format!(
        "sed -i {} /etc/kubernetes/manifests/{program}.yaml{}",
        scripts.join(" "),
        on(component.node.as_deref())
    );
    Some(Way::new(command, edits(component, changes)))
}

/// The edits of a component's container command.
pub(super) fn edits(component: &Component, changes: &[FlagChange]) -> Vec<Edit> {
    let Some(container) = component.container else { return Vec::new() };
    let lists = [("command", &component.command), ("args", &component.args)];
    let edit = |(flag, change): &FlagChange| {
        let is_flag = |word: &String| {
            let name = word.trim_start_matches('-').split('=').next().unwrap_or_default();
            word.starts_with('-') && name.replace('_', "-") == *flag
        };
        let usual = if component.args.is_empty() { "command" } else { "args" };
        let key = lists.iter().find(|(_, words)| words.iter().any(is_flag)).map_or(usual, |(key, _)| *key);
        Edit::Argument {
            part: "pods".to_owned(),
            object: Object::kubernetes(&component.pod),
            path: ["spec".to_owned(), "containers".to_owned(), container.to_string(), key.to_owned()].into(),
            name: format!("--{flag}"),
            value: match change {
                Change::Set(value) => Some(value.clone()),
                Change::Unset => None,
            },
        }
    };
    changes.iter().map(edit).collect()
}

/// The option of k3s and RKE2 that passes flags on to a component.
pub(in crate::rules) const fn option(kind: ComponentKind) -> &'static str {
    match kind {
        ComponentKind::ApiServer => "kube-apiserver-arg",
        ComponentKind::ControllerManager => "kube-controller-manager-arg",
        ComponentKind::Scheduler => "kube-scheduler-arg",
        ComponentKind::Etcd => "etcd-arg",
    }
}

/// An options file for k3s or RKE2 with flags for a component.
pub(super) fn drop_in(tool: &str, name: &str, option: &str, flags: &[String]) -> String {
    let flags = flags.iter().fold(String::new(), |lines, flag| lines + "- " + flag + r"\n");
    format!(
        r"mkdir -p /etc/rancher/{tool}/config.yaml.d && printf '{option}+:\n{flags}' > /etc/rancher/{tool}/config.yaml.d/scs-{name}.yaml"
    )
}

/// Flags with their values; `None` if one has to be removed, which an options file cannot do.
pub(super) fn pairs(changes: &[FlagChange]) -> Option<Vec<String>> {
    changes
        .iter()
        .map(|(flag, change)| match change {
            Change::Set(value) => Some(format!("{flag}={value}")),
            Change::Unset => None,
        })
        .collect()
}

/// The edits of a k3s node's arguments, with additional flags for a component.
pub(super) fn edits_of_k3s(node: &Node, kind: ComponentKind, pairs: &[String]) -> Vec<Edit> {
    let edit = |pair: &String| {
        let (flag, value) = pair.split_once('=')?;
        Some(Edit::Argument {
            part: "nodes".to_owned(),
            object: Object::kubernetes(&node.name),
            path: ["metadata", "annotations", NodeArguments::OF_K3S].map(str::to_owned).into(),
            name: format!("--{}={flag}", option(kind)),
            value: Some(value.to_owned()),
        })
    };
    pairs.iter().filter_map(edit).collect()
}

fn of_k3s(kind: ComponentKind, node: &Node, changes: &[FlagChange]) -> Option<Way> {
    let pairs = pairs(changes)?;
    let (name, _) = changes.first()?;
    let file = drop_in("k3s", name, option(kind), &pairs);
    let command = format!("{file} && systemctl restart k3s{}", on(Some(&node.name)));
    Some(Way::new(command, edits_of_k3s(node, kind, &pairs)))
}

fn of_rke2(component: &Component, changes: &[FlagChange]) -> Option<Way> {
    let (name, _) = changes.first()?;
    let file = drop_in("rke2", name, option(component.kind), &pairs(changes)?);
    let command = format!("{file} && systemctl restart rke2-server{}", on(component.node.as_deref()));
    Some(Way::new(command, edits(component, changes)))
}

/// A machine configuration patch for the node of a component.
pub(super) fn talosctl(node: &str, patch: &serde_json::Value) -> String {
    format!("talosctl patch machineconfig --nodes {node} --patch {}", quote(&patch.to_string()))
}

/// The key of a component in Talos's machine configuration.
pub(super) const fn in_talos(kind: ComponentKind) -> &'static str {
    match kind {
        ComponentKind::ApiServer => "apiServer",
        ComponentKind::ControllerManager => "controllerManager",
        ComponentKind::Scheduler => "scheduler",
        ComponentKind::Etcd => "etcd",
    }
}

fn of_talos(running: &Running<'_>, component: &Component, changes: &[FlagChange]) -> Option<Way> {
    let node = component.node.as_deref().filter(|node| is_plain(node))?;
    let mut flags = serde_json::Map::new();
    for (flag, change) in changes {
        let Change::Set(value) = change else { return None };
        flags.insert((*flag).to_owned(), value.as_str().into());
    }
    let patch = serde_json::json!({ "cluster": { in_talos(running.kind): { "extraArgs": flags } } });
    Some(Way::new(talosctl(node, &patch), edits(component, changes)))
}
