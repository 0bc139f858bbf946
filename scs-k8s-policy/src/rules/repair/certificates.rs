//! Renewal of certificates.

use scs_standards::{Fix, Way};

use super::of_cluster_api;
use crate::owner::Owner;

/// The fix that renews the certificates of a control plane.
pub(in crate::rules) fn renew(owner: &Owner) -> Fix {
    const QUESTION: &str = "May the control plane restart, one node at a time? Its components read their certificates at startup. If not now, use a maintenance window.";
    let choose = |command: &str| Fix::choose(QUESTION, [Way::new(command, []).destructive()]);
    match owner {
        Owner::Kubeadm => choose("kubeadm certs renew all"),
        Owner::K3s => choose("systemctl stop k3s && k3s certificate rotate && systemctl start k3s"),
        Owner::Rke2 => {
            choose("systemctl stop rke2-server && rke2 certificate rotate && systemctl start rke2-server")
        }
        Owner::ClusterApi(objects) => Fix::advice(format!(
            "set `spec.rolloutBefore.certificatesExpiryDays` of {}; Cluster API then replaces machines before their certificates expire",
            of_cluster_api(objects, "KubeadmControlPlane")
        )),
        Owner::Talos => Fix::advice(
            "Talos renews the certificates of its components when it restarts; reboot or upgrade the nodes one by one",
        ),
        Owner::Gardener => Fix::advice("start a credentials rotation of the Shoot, an operation in Gardener"),
        Owner::Managed(name) | Owner::Distribution(name) => Fix::advice(format!(
            "renew it with the tools of {name}, which manages the files of the control plane"
        )),
        Owner::Unknown => Fix::advice(
            "renew it with the tool that created the cluster (which is unknown), and restart the components that read it",
        ),
    }
}

/// The advice to renew a kubelet's certificate, which kubelets can do themselves if configured to.
pub(in crate::rules) fn renew_kubelet() -> Fix {
    Fix::advice(
        "set `rotateCertificates: true` and, for the kubelet's serving certificate, `serverTLSBootstrap: true` in the kubelet's configuration; approve pending requests (`kubectl get csr`)",
    )
}
