//! Renewal of certificates.

use scs_standards::{Fix, Way};

use super::of_cluster_api;
use crate::owner::Owner;

/// How the certificates of a control plane are renewed.
pub(in crate::rules) fn renew(owner: &Owner) -> Fix {
    const QUESTION: &str = "May the control plane restart, one node after the other? Its components read their certificates at the start.";
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
        Owner::Gardener => {
            Fix::advice("start a rotation of credentials of the Shoot, which Gardener offers as an operation")
        }
        Owner::Managed(name) | Owner::Distribution(name) => Fix::advice(format!(
            "renew it with the means of {name}, which owns the files of the control plane"
        )),
        Owner::Unknown => Fix::advice(
            "renew it with the tool that made the cluster, which nothing shows, and restart what reads it",
        ),
    }
}

/// How the certificate of a kubelet is renewed, which kubelets do themselves where they are told to.
pub(in crate::rules) fn renew_kubelet() -> Fix {
    Fix::advice(
        "set `rotateCertificates: true`, and for the certificate that the kubelet serves `serverTLSBootstrap: true`, in the kubelet's configuration; approve what `kubectl get csr` shows as pending",
    )
}
