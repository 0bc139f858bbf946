//! How flags of components and settings of kubelets are changed, which depends on who owns them.
//!
//! Each of these changes restarts what it is about, so that the operator decides when. Where nothing shows the owner, or where
//! the change has to be made in another cluster, there is advice and no command.

mod admission_file;
mod certificates;
mod flags;
mod kubelet;

use std::fmt::Write;

use scs_standards::{Fix, Way};

pub(super) use admission_file::{AdmissionPlugins, admission};
pub(super) use certificates::{renew, renew_kubelet};
pub(super) use flags::{Change, change, option};
pub(super) use kubelet::{Setting, kubelets};

use crate::owner::{ClusterApi, Owner};

/// Whether a text means the same in a shell, in a pattern and in YAML; it may be that of a file which somebody else wrote.
pub(super) fn is_plain(value: &str) -> bool {
    value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b",./:_-".contains(&byte))
}

/// Where a command is to be run, as a comment behind it.
fn on(node: Option<&str>) -> String {
    node.filter(|node| is_plain(node)).map(|node| format!(" # on {node}")).unwrap_or_default()
}

/// A change that restarts something, which the operator decides on.
fn restarting(question: String, way: Way) -> Fix {
    Fix::choose(question, [way.destructive()])
}

/// The objects of a Cluster API cluster, as a sentence names them.
fn of_cluster_api(objects: &ClusterApi, default_kind: &str) -> String {
    let mut text = format!("the {}", objects.kind.as_deref().unwrap_or(default_kind));
    if let Some(name) = &objects.name {
        let _ = write!(text, " `{name}`");
    }
    if let Some(cluster) = &objects.cluster {
        let _ = write!(text, " of the Cluster `{cluster}`");
    }
    if let Some(namespace) = &objects.namespace {
        let _ = write!(text, " in the namespace `{namespace}`");
    }
    text.push_str(" of the management cluster");
    text
}

/// Where owners keep a setting.
struct Places<'p> {
    /// Whose setting it is.
    of: &'p str,
    /// The key in kubeadm's configuration.
    in_kubeadm: &'p str,
    /// The file that kubeadm writes.
    file: &'p str,
    /// The option of k3s and RKE2.
    option: &'p str,
    /// The key in the machine configuration of Talos.
    in_talos: &'p str,
}

/// What is said where the owner takes no commands here; `what` is the setting, such as `--max-requests-inflight=400`.
fn advice(owner: &Owner, what: &str, places: &Places<'_>) -> Fix {
    let Places { of, in_kubeadm, file, option, in_talos } = places;
    Fix::advice(match owner {
        Owner::ClusterApi(objects) if objects.is_kubeadm() || objects.kind.is_none() => format!(
            "set {what} of {of} in {}, under `spec.kubeadmConfigSpec.{in_kubeadm}`; Cluster API then replaces the machines one by one",
            of_cluster_api(objects, "KubeadmControlPlane")
        ),
        Owner::ClusterApi(objects) => format!(
            "set {what} of {of} in {}, or in the template that its Cluster makes it from; Cluster API then replaces the machines one by one",
            of_cluster_api(objects, "object")
        ),
        Owner::Gardener => format!(
            "set {what} of {of} in the Shoot, under `spec.kubernetes`, as far as Gardener offers it; it writes everything else itself"
        ),
        Owner::Managed(offer) => {
            format!(
                "{offer} manages {of}: only its settings can change {what}, so look there or ask the provider"
            )
        }
        Owner::Distribution(name) => {
            format!("set {what} of {of} with the tools of {name}, which writes the files of its nodes itself")
        }
        Owner::Kubeadm => format!(
            "set {what} of {of} in `{file}` on every node that it runs on, and in the ConfigMap `kubeadm-config` under `{}`",
            in_kubeadm.trim_start_matches("clusterConfiguration.")
        ),
        Owner::K3s | Owner::Rke2 => {
            let tool = owner.name().to_ascii_lowercase();
            format!(
                "set {what} of {of} where {tool} is given `{option}`: in `/etc/rancher/{tool}/config.yaml`, or as `--{option}` on its command line, before which files have no effect"
            )
        }
        Owner::Talos => format!("set {what} of {of} in the machine configuration, under `{in_talos}`"),
        Owner::Unknown => {
            format!("set {what} of {of} where it is defined; nothing shows which tool made this cluster")
        }
    })
}
