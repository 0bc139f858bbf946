//! The labels and annotations that indicate owners. Nodes keep only these annotations.

use super::tool::Owner;

/// Prefixes of node labels and annotations of offerings and distributions.
pub(super) const KEYS: &[(&str, Owner)] = &[
    ("worker.gardener.cloud/", Owner::Gardener),
    ("node.gardener.cloud/", Owner::Gardener),
    ("networking.gardener.cloud/", Owner::Gardener),
    ("node.machine.sapcloud.io/", Owner::Gardener),
    ("kubernetes.azure.com/", Owner::Managed("AKS")),
    ("eks.amazonaws.com/", Owner::Managed("EKS")),
    ("alpha.eksctl.io/", Owner::Managed("EKS")),
    ("cloud.google.com/gke-", Owner::Managed("GKE")),
    ("doks.digitalocean.com/", Owner::Managed("DOKS")),
    ("lke.linode.com/", Owner::Managed("LKE")),
    ("ibm-cloud.kubernetes.io/", Owner::Managed("IBM Cloud Kubernetes Service")),
    ("oke.oraclecloud.com/", Owner::Managed("OKE")),
    ("nodepool.k8s.ovh/", Owner::Managed("OVHcloud Managed Kubernetes")),
    ("k8s.scaleway.com/", Owner::Managed("Kapsule")),
    ("enterprise.cloud.ionos.com/", Owner::Managed("IONOS Managed Kubernetes")),
    ("magnum.openstack.org/", Owner::Managed("Magnum")),
    ("talos.dev/", Owner::Talos),
    ("k3s.io/", Owner::K3s),
    ("rke2.io/", Owner::Rke2),
    ("microk8s.io/", Owner::Distribution("MicroK8s")),
    ("node.openshift.io/", Owner::Distribution("OpenShift")),
    ("machineconfiguration.openshift.io/", Owner::Distribution("OpenShift")),
    ("node.k0sproject.io/", Owner::Distribution("k0s")),
    ("kops.k8s.io/", Owner::Distribution("kOps")),
    ("rke.cattle.io/external-ip", Owner::Distribution("RKE")),
];

/// The node annotation of kubeadm.
pub(super) const KUBEADM: &str = "kubeadm.alpha.kubernetes.io/cri-socket";

/// The prefix of the annotations of Cluster API.
pub(super) const CLUSTER_API: &str = "cluster.x-k8s.io/";

/// Whether an annotation indicates an owner and is kept with a node.
pub(crate) fn is_sign(annotation: &str) -> bool {
    annotation == KUBEADM
        || annotation.starts_with(CLUSTER_API)
        || KEYS.iter().any(|(prefix, _)| annotation.starts_with(prefix))
}
