//! Tables of indications for owners.

use super::signs::{CLUSTER_API, KEYS, KUBEADM};
use super::tool::{ClusterApi, Owner, agreed};
use crate::flags::NodeArguments;
use crate::subject::{Component, Node};

/// Parts of versions built by distributions and offerings.
const SUFFIXES: &[(&str, Owner)] = &[
    ("+k3s", Owner::K3s),
    ("+rke2", Owner::Rke2),
    ("+k0s", Owner::Distribution("k0s")),
    ("-eks-", Owner::Managed("EKS")),
    ("-gke.", Owner::Managed("GKE")),
    ("+iks", Owner::Managed("IBM Cloud Kubernetes Service")),
    ("-aliyun.", Owner::Managed("ACK")),
    ("-tke.", Owner::Managed("TKE")),
];

/// Paths in component flags that only one owner uses.
const PATHS: &[(&str, Owner)] = &[
    ("/var/lib/rancher/rke2/", Owner::Rke2),
    ("/etc/rancher/rke2/", Owner::Rke2),
    ("/var/lib/rancher/k3s/", Owner::K3s),
    ("/system/secrets/kubernetes/", Owner::Talos),
    ("/system/config/kubernetes/", Owner::Talos),
];

/// Whether a value of a flag is a path that shows the owner.
pub(crate) fn is_own_path(value: &str) -> bool {
    PATHS.iter().any(|(path, _)| value.starts_with(path))
}

pub(super) fn of_version(version: &str) -> Owner {
    let version = version.to_ascii_lowercase();
    SUFFIXES
        .iter()
        .find(|(suffix, _)| version.contains(suffix))
        .map_or(Owner::Unknown, |(_, owner)| owner.clone())
}

pub(super) fn of_node(node: &Node) -> Owner {
    let keys = || node.labels.keys().chain(node.signs.keys());
    let mut shown: Vec<Owner> = KEYS
        .iter()
        .filter(|(prefix, _)| keys().any(|key| key.starts_with(prefix)))
        .map(|(_, owner)| owner.clone())
        .collect();
    shown.extend(node.arguments.keys().filter_map(|key| match key.as_str() {
        NodeArguments::OF_K3S => Some(Owner::K3s),
        "rke2.io/node-args" => Some(Owner::Rke2),
        _ => None,
    }));
    if let Some(objects) = cluster_api(node) {
        shown.push(Owner::ClusterApi(objects));
    }
    shown.extend(node.kubelet_version.as_deref().map(of_version));
    if node.os_image.as_deref().is_some_and(|image| image.starts_with("Talos")) {
        shown.push(Owner::Talos);
    }
    if node.signs.contains_key(KUBEADM) {
        shown.push(Owner::Kubeadm);
    }
    agreed(shown)
}

fn cluster_api(node: &Node) -> Option<ClusterApi> {
    let sign = |name: &str| node.signs.get(&format!("{CLUSTER_API}{name}")).cloned();
    let objects = ClusterApi {
        cluster: sign("cluster-name"),
        namespace: sign("cluster-namespace"),
        kind: sign("owner-kind"),
        name: sign("owner-name"),
    };
    (objects.cluster.is_some() || sign("machine").is_some()).then_some(objects)
}

pub(super) fn of_component(component: &Component) -> Owner {
    if component.labels.get("app.kubernetes.io/managed-by").is_some_and(|tool| tool == "Talos") {
        return Owner::Talos;
    }
    let values = || component.flags.iter().flat_map(crate::flags::Flags::values);
    if let Some((_, owner)) = PATHS.iter().find(|(path, _)| values().any(|value| value.starts_with(path))) {
        return owner.clone();
    }
    // A static pod with kubeadm's labels and files.
    let is_kubeadm = component.is_static
        && component.labels.get("tier").is_some_and(|tier| tier == "control-plane")
        && values().any(is_kubeadm_file);
    if is_kubeadm { Owner::Kubeadm } else { Owner::Unknown }
}

fn is_kubeadm_file(value: &str) -> bool {
    value.starts_with("/etc/kubernetes/pki/")
        || ["/etc/kubernetes/controller-manager.conf", "/etc/kubernetes/scheduler.conf"].contains(&value)
}
