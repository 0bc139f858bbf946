//! Flags of components of the control plane.

use scs_standards::shell::quote;
use scs_standards::{Data, Edit, Fix, Object, Way};

use super::{advice, is_plain, on, restarting};
use crate::owner::Owner;
use crate::rules::control_plane::{Origin, Running};
use crate::subject::{Component, ComponentKind, Node};

/// What a flag becomes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::rules) enum Change {
    /// It has this value.
    Set(String),
    /// It is not given.
    Unset,
}

/// A flag and what it becomes.
pub(in crate::rules) type FlagChange = (&'static str, Change);

/// The repair that changes flags of a component.
pub(in crate::rules) fn change(running: &Running<'_>, changes: &[FlagChange]) -> Fix {
    let program = running.kind.program();
    let otherwise =
        || advice(&running.owner, &in_words(changes), &format!("`{program}`"), in_kubeadm(running.kind));
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
        // The files that are proposed are kubeadm's.
        _ if !files.is_empty() => None,
        (Owner::K3s, Origin::K3s(node)) => of_k3s(running.kind, node, changes),
        (Owner::Rke2, Origin::Pod(component)) => of_rke2(component, changes),
        (Owner::Talos, Origin::Pod(component)) => of_talos(running, component, changes),
        _ => None,
    };
    let Some(way) = way else { return otherwise() };
    let mut question = format!("May `{program}` restart?");
    for file in files {
        question = format!("{question} Is `{file}` there?");
    }
    if running.owner == Owner::Kubeadm {
        question.push_str(" `kubeadm upgrade` writes its manifest again from the ConfigMap `kubeadm-config`; make the change there, too.");
    }
    restarting(question, way)
}

/// Changes as a command line shows them.
pub(super) fn in_words(changes: &[FlagChange]) -> String {
    let words: Vec<String> = changes
        .iter()
        .map(|(flag, change)| match change {
            Change::Set(value) => format!("`--{flag}={value}`"),
            Change::Unset => format!("no `--{flag}`"),
        })
        .collect();
    words.join(" and ")
}

/// Where kubeadm's configuration has the flags of a component.
pub(super) const fn in_kubeadm(kind: ComponentKind) -> &'static str {
    match kind {
        ComponentKind::ApiServer => "clusterConfiguration.apiServer.extraArgs",
        ComponentKind::ControllerManager => "clusterConfiguration.controllerManager.extraArgs",
        ComponentKind::Scheduler => "clusterConfiguration.scheduler.extraArgs",
        ComponentKind::Etcd => "clusterConfiguration.etcd.local.extraArgs",
    }
}

/// The commands of `sed` that change flags in a manifest as kubeadm writes it; `None` where a flag is not one line of its own.
pub(super) fn sed(running: &Running<'_>, changes: &[FlagChange]) -> Option<Vec<String>> {
    let program = running.kind.program();
    changes
        .iter()
        .map(|(flag, change)| {
            if !running.flags.is_one_line(flag) {
                return None;
            }
            Some(match change {
                Change::Set(value) if running.flags.has(flag) => {
                    format!(r"s|^\( *- \)--{flag}\(=.*\)\?$|\1--{flag}={value}|")
                }
                // The line of the program, and not a path at the end of another flag.
                Change::Set(value) => format!(r"s|^\( *- \)\([^ =]*/\)\?{program}$|&\n\1--{flag}={value}|"),
                Change::Unset => format!(r"/^ *- --{flag}\(=.*\)\?$/d"),
            })
        })
        .collect()
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
    Some(Way::new(command, edit(component, changes)))
}

/// The words of a component's container after changes.
pub(super) fn edit(component: &Component, changes: &[FlagChange]) -> Option<Edit> {
    let container = component.container?;
    let mut lists = [("command", component.command.clone()), ("args", component.args.clone())];
    for (flag, change) in changes {
        let is_flag = |word: &String| {
            let name = word.trim_start_matches('-').split('=').next().unwrap_or_default();
            word.starts_with('-') && name.replace('_', "-") == *flag
        };
        let at = lists.iter().position(|(_, words)| words.iter().any(is_flag));
        match (at, change) {
            (Some(at), change) => {
                let words = &mut lists[at].1;
                let place = words.iter().position(is_flag)?;
                match change {
                    Change::Set(value) => words[place] = format!("--{flag}={value}"),
                    Change::Unset => {
                        words.remove(place);
                    }
                }
            }
            (None, Change::Set(value)) => {
                let at = usize::from(!component.args.is_empty());
                lists[at].1.push(format!("--{flag}={value}"));
            }
            (None, Change::Unset) => {}
        }
    }
    let [(command, words), (args, arguments)] = lists;
    let (key, words) = if words == component.command { (args, arguments) } else { (command, words) };
    let words = Data::List(words.into_iter().map(Data::from).collect());
    let path = ["spec".to_owned(), "containers".to_owned(), container.to_string(), key.to_owned()];
    Some(Edit::set("pods", Object::kubernetes(&component.pod), path, words))
}

/// The option of k3s and RKE2 that gives flags on to a component.
pub(super) const fn option(kind: ComponentKind) -> &'static str {
    match kind {
        ComponentKind::ApiServer => "kube-apiserver-arg",
        ComponentKind::ControllerManager => "kube-controller-manager-arg",
        ComponentKind::Scheduler => "kube-scheduler-arg",
        ComponentKind::Etcd => "etcd-arg",
    }
}

/// A file of options for k3s or RKE2, with what it gives on to a component.
pub(super) fn drop_in(tool: &str, name: &str, option: &str, flags: &[String]) -> String {
    let flags = flags.iter().fold(String::new(), |lines, flag| lines + "- " + flag + r"\n");
    format!(
        r"mkdir -p /etc/rancher/{tool}/config.yaml.d && printf '{option}+:\n{flags}' > /etc/rancher/{tool}/config.yaml.d/scs-{name}.yaml"
    )
}

/// Flags with their values; `None` where one is to be removed, which a file of options cannot do.
fn pairs(changes: &[FlagChange]) -> Option<Vec<String>> {
    changes
        .iter()
        .map(|(flag, change)| match change {
            Change::Set(value) => Some(format!("{flag}={value}")),
            Change::Unset => None,
        })
        .collect()
}

/// The arguments of a node of k3s with more that are given on to a component.
pub(super) fn edit_of_k3s(node: &Node, kind: ComponentKind, pairs: &[String]) -> Option<Edit> {
    const ANNOTATION: &str = "k3s.io/node-args";
    let mut words: Vec<String> = serde_json::from_str(node.arguments.get(ANNOTATION)?).ok()?;
    words.extend(pairs.iter().flat_map(|pair| [format!("--{}", option(kind)), pair.clone()]));
    let words = serde_json::to_string(&words).ok()?;
    let path = ["metadata", "annotations", ANNOTATION];
    Some(Edit::set("nodes", Object::kubernetes(&node.name), path, words))
}

fn of_k3s(kind: ComponentKind, node: &Node, changes: &[FlagChange]) -> Option<Way> {
    let pairs = pairs(changes)?;
    let (name, _) = changes.first()?;
    let file = drop_in("k3s", name, option(kind), &pairs);
    let command = format!("{file} && systemctl restart k3s{}", on(Some(&node.name)));
    Some(Way::new(command, edit_of_k3s(node, kind, &pairs)))
}

fn of_rke2(component: &Component, changes: &[FlagChange]) -> Option<Way> {
    let (name, _) = changes.first()?;
    let file = drop_in("rke2", name, option(component.kind), &pairs(changes)?);
    let command = format!("{file} && systemctl restart rke2-server{}", on(component.node.as_deref()));
    Some(Way::new(command, edit(component, changes)))
}

/// A patch of the machine configuration, for the node of a component.
pub(super) fn talosctl(node: &str, patch: &serde_json::Value) -> String {
    format!("talosctl patch machineconfig --nodes {node} --patch {}", quote(&patch.to_string()))
}

/// The key of a component in the machine configuration of Talos.
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
    Some(Way::new(talosctl(node, &patch), edit(component, changes)))
}
