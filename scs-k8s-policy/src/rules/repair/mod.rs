//! Fixes for component flags and kubelet settings, depending on their owner.
//!
//! Each change restarts a component, so the operator decides when. If the owner is unknown, or the change has to be made in
//! another cluster, there is advice instead of a command.

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

/// Whether a text needs no quoting in a shell, a pattern and YAML; it may come from an untrusted file.
pub(super) fn is_plain(value: &str) -> bool {
    value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b",./:_-".contains(&byte))
}

/// The node to run a command on, as a trailing comment.
fn on(node: Option<&str>) -> String {
    node.filter(|node| is_plain(node)).map(|node| format!(" # on {node}")).unwrap_or_default()
}

/// A fix that restarts something, which the operator has to confirm.
fn restarting(question: &str, way: Way) -> Fix {
    Fix::choose(format!("{question} If not now, use a maintenance window."), [way.destructive()])
}

/// The objects of a Cluster API cluster, as text.
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

/// The places of a setting for different owners.
struct Places<'p> {
    /// The component that the setting belongs to.
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

/// The advice if the owner has no command for it; `what` is the setting, such as `--max-requests-inflight=400`.
fn advice(owner: &Owner, what: &str, places: &Places<'_>) -> Fix {
    let Places { of, in_kubeadm, file, option, in_talos } = places;
    Fix::advice(match owner {
        Owner::ClusterApi(objects) if objects.is_kubeadm() || objects.kind.is_none() => format!(
            "set {what} of {of} in {}, under `spec.kubeadmConfigSpec.{in_kubeadm}`; Cluster API then replaces the machines one by one",
            of_cluster_api(objects, "KubeadmControlPlane")
        ),
        Owner::ClusterApi(objects) => format!(
            "set {what} of {of} in {}, or in the template of its Cluster; Cluster API then replaces the machines one by one",
            of_cluster_api(objects, "object")
        ),
        Owner::Gardener => format!(
            "set {what} of {of} in the Shoot, under `spec.kubernetes`, if Gardener supports it; Gardener manages everything else"
        ),
        Owner::Managed(offer) => {
            format!(
                "{offer} manages {of}: only its settings can change {what}; look there or ask the provider"
            )
        }
        Owner::Distribution(name) => {
            format!("set {what} of {of} with the tools of {name}, which manages the files of its nodes")
        }
        Owner::Kubeadm => format!(
            "set {what} of {of} in `{file}` on every node that it runs on, and in the ConfigMap `kubeadm-config` under `{}`",
            in_kubeadm.trim_start_matches("clusterConfiguration.")
        ),
        Owner::K3s | Owner::Rke2 => {
            let tool = owner.name().to_ascii_lowercase();
            format!(
                "set {what} of {of} where {tool} has `{option}`: in `/etc/rancher/{tool}/config.yaml`, or as `--{option}` on its command line, which overrides the file"
            )
        }
        Owner::Talos => format!("set {what} of {of} in the machine configuration, under `{in_talos}`"),
        Owner::Unknown => {
            format!("set {what} of {of} where it is defined; the tool that created this cluster is unknown")
        }
    })
}
