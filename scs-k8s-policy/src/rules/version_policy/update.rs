//! Fixes that update a cluster to another patch of its branch, depending on the owner of its control plane.

use scs_standards::shell::{operand, option, quote};
use scs_standards::{Data, Edit, Fix, Way};

use crate::owner::{ClusterApi, Owner};
use crate::subject::Cluster;
use crate::version::K8sVersion;

/// The question before an update: components restart, and the release has to be tested beforehand (scs-0210-v2, *Decision*).
const QUESTION: &str = "Has this release been tested, and may the components restart? Otherwise test it first, and use a maintenance window.";

/// The fix that updates a cluster to a release with the tool of its owner; advice if the owner is unknown.
pub(super) fn update(cluster: &Cluster, to: &K8sVersion) -> Fix {
    let number = to.to_string();
    let number = number.trim_start_matches('v');
    match Owner::of(cluster) {
        Owner::Kubeadm => Fix::choose(QUESTION, [way(format!("kubeadm upgrade apply {to}"), to)]),
        Owner::Talos => Fix::choose(QUESTION, [way(format!("talosctl upgrade-k8s --to {number}"), to)]),
        Owner::ClusterApi(objects) => by_cluster_api(&objects, to),
        Owner::Gardener => Fix::advice(format!(
            "set `spec.kubernetes.version` of the shoot to {number}; the control plane restarts"
        )),
        owner @ (Owner::K3s | Owner::Rke2) => Fix::advice(format!(
            "update the servers and agents to a release of {} based on {to}; they restart",
            owner.name()
        )),
        owner @ (Owner::Managed(_) | Owner::Distribution(_)) => {
            Fix::advice(format!("update the cluster to {to} the way {} is updated", owner.name()))
        }
        _ => Fix::advice(format!("update the cluster to {to} with the tool that created it")),
    }
}

/// A command that restarts the components, with the version of the API server afterwards.
fn way(command: String, to: &K8sVersion) -> Way {
    let edit = Edit::Set {
        part: "version".to_owned(),
        object: None,
        path: vec!["gitVersion".to_owned()],
        value: Data::Text(to.to_string()),
    };
    Way::new(command, [edit]).destructive()
}

/// The version is a field of the `Cluster` if that has a topology, otherwise of its control plane.
fn by_cluster_api(objects: &ClusterApi, to: &K8sVersion) -> Fix {
    let namespace = objects.namespace.as_ref().map(|name| format!(" {}", option("--namespace", name)));
    let namespace = namespace.unwrap_or_default();
    let patch = |kind: &str, name: &str, patch: &str| {
        format!("kubectl patch{namespace} --type merge --patch {} {kind} {}", quote(patch), operand(name))
    };
    let of_topology = objects.cluster.as_ref().map(|name| {
        let command = patch(
            "cluster.cluster.x-k8s.io",
            name,
            &format!(r#"{{"spec":{{"topology":{{"version":"{to}"}}}}}}"#),
        );
        way(command, to).when("in the management cluster, if the `Cluster` has a topology")
    });
    let control_plane = objects.name.as_ref().filter(|_| objects.is_kubeadm()).map(|name| {
        let command = patch(
            "kubeadmcontrolplane.controlplane.cluster.x-k8s.io",
            name,
            &format!(r#"{{"spec":{{"version":"{to}"}}}}"#),
        );
        way(command, to).when("in the management cluster, if it has none")
    });
    let ways: Vec<Way> = of_topology.into_iter().chain(control_plane).collect();
    if ways.is_empty() {
        let message = "in the management cluster, set the version of the `Cluster` (`spec.topology.version`) or of its control plane (`spec.version`) to";
        return Fix::advice(format!("{message} {to}; the machines are replaced"));
    }
    Fix::choose(format!("{QUESTION} The machines are replaced one at a time."), ways)
}
