//! The components that rules judge by their flags: as pods show them, as k3s annotates its nodes, or as the provider declares
//! them.

use std::borrow::Cow;

use scs_standards::{CLUSTER, Declared, DeclaredValue, Given};

use super::Rec;
use crate::flags::{Flags, NodeArguments, ReadFlagsError};
use crate::subject::{Cluster, Component, ComponentKind, ControlPlane, Node, source};

/// The topic of a declaration of the API server's flags, for control planes that nobody else can see.
pub(super) const API_SERVER_FLAGS: &str = "kube-apiserver-flags";
/// The same of etcd.
pub(super) const ETCD_FLAGS: &str = "etcd-flags";
/// What is declared of the API server.
pub(super) const API_SERVER_VALUES: &str =
    "the list of all flags that the API server runs with, where no pod shows them";
/// An example of it.
pub(super) const API_SERVER_EXAMPLE: &str =
    "['--authorization-mode=Node,RBAC', '--enable-admission-plugins=NodeRestriction']";
/// What is declared of etcd.
pub(super) const ETCD_VALUES: &str = "the list of all flags that etcd runs with, where no pod shows them";
/// An example of it.
pub(super) const ETCD_EXAMPLE: &str = "['--client-cert-auth=true', '--auto-compaction-mode=periodic']";

/// A component that runs, with flags that are known.
pub(super) struct Running<'c> {
    /// What findings call it.
    pub(super) subject: String,
    pub(super) flags: Cow<'c, Flags>,
    kind: ComponentKind,
    origin: Origin<'c>,
}

enum Origin<'c> {
    Pod(&'c Component),
    K3s(&'c Node),
    Declared,
}

/// The annotation with the arguments of k3s. rke2 has pods.
const K3S: &str = "k3s.io/node-args";
/// The label of nodes on which k3s runs its own etcd.
const K3S_ETCD: &str = "node-role.kubernetes.io/etcd";

/// The components of a kind whose flags are known; what is not is recorded. `None`, and a finding, where there is none.
pub(super) fn running<'c>(
    cluster: &'c Cluster,
    rec: &mut Rec<'_>,
    kind: ComponentKind,
) -> Option<Vec<Running<'c>>> {
    let mut seen = false;
    let mut found = Vec::new();
    match &cluster.control_plane {
        Given::Not => {}
        part => {
            let control_plane = rec.needs(part, source::PODS)?;
            control_plane.listed().all_read(rec, source::PODS.name);
            for component in control_plane.of(kind) {
                seen = true;
                match &component.flags {
                    Ok(flags) => found.push(Running {
                        subject: component.pod.clone(),
                        flags: Cow::Borrowed(flags),
                        kind,
                        origin: Origin::Pod(component),
                    }),
                    Err(error) => {
                        rec.dnf(&component.pod, unknown(kind, error));
                    }
                }
            }
            if seen && kind == ComponentKind::ApiServer {
                nodes_without(cluster, rec, control_plane);
            }
        }
    }
    if !seen {
        seen = of_nodes(cluster, rec, kind, &mut found);
    }
    if !seen {
        seen = declared(rec, kind, &mut found);
    }
    if !seen {
        miss(cluster, rec, kind);
    }
    (!found.is_empty()).then_some(found)
}

/// Records the nodes of the control plane on which no pod of an API server is, where others have one: a list of pods of one
/// node says nothing of the other nodes. Managed clusters and k3s have none at all, and are asked in other ways.
fn nodes_without(cluster: &Cluster, rec: &mut Rec<'_>, control_plane: &ControlPlane) {
    let servers: Vec<&Component> = control_plane.of(ComponentKind::ApiServer).collect();
    let has_server = |node: &Node| {
        servers.iter().any(|server| match &server.node {
            Some(name) => *name == node.name,
            None => server.pod.strip_suffix(&node.name).is_some_and(|rest| rest.ends_with('-')),
        })
    };
    let nodes = cluster.nodes.data().map_or(&[][..], |nodes| nodes.entries());
    let left: Vec<&Node> = nodes.iter().filter(|node| node.is_control_plane() && !has_server(node)).collect();
    if let [first, more @ ..] = left.as_slice() {
        let program = ComponentKind::ApiServer.program();
        let of = match more.len() {
            0 => "this node".to_owned(),
            count => format!("this node and {count} more"),
        };
        let message = format!(
            "no pod of `{program}` on {of} of the control plane is given; `pods` is {}",
            source::PODS.from
        );
        rec.miss(&first.name, message);
    }
}

fn unknown(kind: ComponentKind, error: &ReadFlagsError) -> String {
    format!("the flags of this `{kind}` cannot be known: {error}")
}

/// The components that k3s runs in its own process.
fn of_nodes<'c>(
    cluster: &'c Cluster,
    rec: &mut Rec<'_>,
    kind: ComponentKind,
    found: &mut Vec<Running<'c>>,
) -> bool {
    let mut seen = false;
    for node in cluster.nodes.data().map_or(&[][..], |nodes| nodes.entries()) {
        let Some(annotation) = node.arguments.get(K3S) else { continue };
        let arguments = match NodeArguments::read(annotation) {
            Ok(arguments) => arguments,
            Err(error) => {
                seen = true;
                rec.dnf(&node.name, unknown(kind, &error));
                continue;
            }
        };
        let flags = match kind {
            ComponentKind::ApiServer if arguments.is_server() => arguments.api_server(),
            ComponentKind::Etcd if arguments.is_server() && node.labels.contains_key(K3S_ETCD) => {
                arguments.etcd()
            }
            _ => continue,
        };
        seen = true;
        found.push(Running {
            subject: node.name.clone(),
            flags: Cow::Owned(flags),
            kind,
            origin: Origin::K3s(node),
        });
    }
    seen
}

/// The component as the provider declares it.
fn declared(rec: &mut Rec<'_>, kind: ComponentKind, found: &mut Vec<Running<'_>>) -> bool {
    let Some(topic) = topic(kind) else { return false };
    let context = *rec.context();
    match context.declarations.about(topic, CLUSTER, context.date()) {
        Declared::Nothing => false,
        Declared::NotInForce(declaration) => {
            let (from, to) = (declaration.date, declaration.valid_until);
            rec.dnf(CLUSTER, format!("{declaration}, which holds from {from} to {to} only"));
            true
        }
        Declared::Contradictory(one, other) => {
            let message = format!("{} and {} are both declared on {} under `{topic}`", one.value, other.value, one.date);
            rec.dnf(CLUSTER, message);
            true
        }
        Declared::Unusable(reason) => {
            rec.dnf(CLUSTER, format!("the declaration of `{topic}` cannot be used: {reason}"));
            true
        }
        Declared::InForce(declaration) => {
            let words = match &declaration.value {
                DeclaredValue::List(words) => words.as_slice(),
                _ => &[],
            };
            match Flags::read(kind.program(), words) {
                Ok(flags) => {
                    rec.note(CLUSTER, format!("the flags of `{kind}` are declared"));
                    let flags = Cow::Owned(flags);
                    found.push(Running { subject: kind.to_string(), flags, kind, origin: Origin::Declared });
                }
                Err(error) => {
                    rec.dnf(CLUSTER, format!("the declaration of `{topic}` is no list of flags: {error}"));
                }
            }
            true
        }
    }
}

const fn topic(kind: ComponentKind) -> Option<&'static str> {
    match kind {
        ComponentKind::ApiServer => Some(API_SERVER_FLAGS),
        ComponentKind::Etcd => Some(ETCD_FLAGS),
        ComponentKind::ControllerManager | ComponentKind::Scheduler => None,
    }
}

fn miss(cluster: &Cluster, rec: &mut Rec<'_>, kind: ComponentKind) {
    let or = topic(kind)
        .map(|topic| {
            format!("; where no pod shows them, declare its flags as a list under the topic `{topic}`")
        })
        .unwrap_or_default();
    match &cluster.control_plane {
        Given::Data(control_plane) => {
            let pods = control_plane.pods();
            rec.miss(
                source::PODS.name,
                format!("none of the {pods} pods runs `{kind}` in `kube-system`{or}"),
            );
        }
        _ => {
            rec.miss(source::PODS.name, format!("{}{or}", source::PODS.not_given()));
        }
    }
}

/// Whether a value means the same in a shell, in a pattern and in YAML; it may be that of a file which somebody else wrote.
fn is_plain(value: &str) -> bool {
    value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b",./:_-".contains(&byte))
}

/// Where a command is to be run, as a comment behind it.
pub(super) fn on(node: Option<&str>) -> String {
    node.filter(|node| is_plain(node)).map(|node| format!(" # on {node}")).unwrap_or_default()
}

impl Running<'_> {
    /// A value of its flags; a finding where it is not known.
    pub(super) fn known<T>(&self, rec: &mut Rec<'_>, value: Result<T, ReadFlagsError>) -> Option<T> {
        match value {
            Ok(value) => Some(value),
            Err(error) => {
                rec.dnf(&self.subject, error.to_string());
                None
            }
        }
    }

    /// The words of the container's command, as the official suite looks at them.
    pub(super) fn command(&self) -> Option<&[String]> {
        match self.origin {
            Origin::Pod(component) => Some(&component.command),
            Origin::K3s(_) | Origin::Declared => None,
        }
    }

    /// The command that gives a flag a value where the component is started.
    pub(super) fn set(&self, flag: &str, value: &str) -> Option<String> {
        if !is_plain(value) {
            return None;
        }
        let program = self.kind.program();
        match self.origin {
            Origin::Pod(component) if component.is_static && self.flags.is_one_line(flag) => {
                let pattern = if self.flags.has(flag) {
                    format!(r"s|^\( *- \)--{flag}\(=.*\)\?$|\1--{flag}={value}|")
                } else {
                    format!(r"s|^\( *- \)\([^ ]*/\)\?{program}$|&\n\1--{flag}={value}|")
                };
                let on = on(component.node.as_deref());
                Some(format!("sed -i '{pattern}' /etc/kubernetes/manifests/{program}.yaml{on}"))
            }
            Origin::K3s(node) => {
                let argument =
                    if self.kind == ComponentKind::Etcd { "etcd-arg" } else { "kube-apiserver-arg" };
                let file = format!("/etc/rancher/k3s/config.yaml.d/{flag}.yaml");
                let on = on(Some(&node.name));
                Some(format!(
                    "printf '{argument}+:\\n- {flag}={value}\\n' > {file} && systemctl restart k3s{on}"
                ))
            }
            Origin::Pod(_) | Origin::Declared => None,
        }
    }

    /// Records that a flag should have a value.
    pub(super) fn fail(&self, rec: &mut Rec<'_>, flag: &str, value: &str, message: impl Into<String>) {
        let actual = match self.flags.text(flag) {
            Ok(None) => "not set".to_owned(),
            Ok(Some("")) => format!("--{flag}"),
            Ok(Some(value)) => format!("--{flag}={value}"),
            Err(error) => error.to_string(),
        };
        let fix = self.set(flag, value);
        let entry = rec.fail(&self.subject, message).compared(format!("--{flag}={value}"), actual);
        if let Some(fix) = fix {
            entry.fixed_by(fix);
        }
    }
}
