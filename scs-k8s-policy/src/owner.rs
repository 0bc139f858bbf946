//! The owner of a node or control plane: the tool that manages its files, so only changes made with it persist.
//!
//! It is recognized by version suffixes, the operating system image, labels, annotations and paths in flags. Without any of
//! these, it is [`Owner::Unknown`], without guessing.

mod marks;
mod signs;
mod tool;

use std::collections::HashMap;

use scs_standards::Given;

pub(crate) use marks::is_own_path;
pub(crate) use signs::is_sign;
pub use tool::{ClusterApi, Owner};

use tool::agreed;

use crate::subject::{Cluster, Component, ComponentKind, Node};

impl Owner {
    /// The owner of the control plane that its version, nodes and components agree on.
    ///
    /// ```
    /// use scs_k8s_policy::{Cluster, Owner};
    /// use scs_standards::Given;
    ///
    /// let cluster = Cluster::read(|part| match part {
    ///     "version" => Given::Data(r#"{"gitVersion": "v1.36.5+rke2r1"}"#),
    ///     _ => Given::Missing,
    /// });
    /// assert_eq!(Owner::of(&cluster), Owner::Rke2);
    /// assert_eq!(Owner::of(&Cluster::default()), Owner::Unknown);
    /// ```
    #[must_use]
    pub fn of(cluster: &Cluster) -> Self {
        let nodes = cluster.nodes.data().map_or(&[][..], |nodes| nodes.entries());
        let controls: Vec<&Node> = nodes.iter().filter(|node| node.is_control_plane()).collect();
        let asked: Vec<&Node> = if controls.is_empty() { nodes.iter().collect() } else { controls };
        let mut shown: Vec<Self> = asked.into_iter().map(Self::of_node).collect();
        if let Some(server) = cluster.version.data() {
            shown.push(marks::of_version(server.as_str()));
        }
        shown.extend(components(cluster).map(Self::of_component));
        agreed(shown)
    }

    /// The owner of a node, according to the node itself.
    #[must_use]
    pub fn of_node(node: &Node) -> Self {
        marks::of_node(node)
    }

    /// The owner of a component, according to its pod and the paths in its flags.
    #[must_use]
    pub fn of_component(component: &Component) -> Self {
        marks::of_component(component)
    }
}

/// The owners of the nodes of a cluster.
#[derive(Debug)]
pub(crate) struct Owners<'c> {
    control_plane: Owner,
    nodes: HashMap<&'c str, Owner>,
}

impl<'c> Owners<'c> {
    pub(crate) fn of(cluster: &'c Cluster) -> Self {
        let nodes = cluster.nodes.data().map_or(&[][..], |nodes| nodes.entries());
        let mut shown: HashMap<&str, Vec<Owner>> = HashMap::new();
        for node in nodes {
            shown.entry(&node.name).or_default().push(Owner::of_node(node));
        }
        for component in components(cluster) {
            if let Some(node) = &component.node {
                shown.entry(node).or_default().push(Owner::of_component(component));
            }
        }
        let nodes = shown.into_iter().map(|(node, shown)| (node, agreed(shown))).collect();
        Self { control_plane: Owner::of(cluster), nodes }
    }

    /// The owner of a node's kubelet. Workers run no components; they are managed by the tool that created the control
    /// plane.
    pub(crate) fn of_node(&self, name: &str) -> &Owner {
        self.nodes.get(name).filter(|owner| **owner != Owner::Unknown).unwrap_or(&self.control_plane)
    }
}

fn components(cluster: &Cluster) -> impl Iterator<Item = &Component> {
    let control_plane = match &cluster.control_plane {
        Given::Data(control_plane) => control_plane.components(),
        Given::Missing | Given::Unusable(_) => &[],
    };
    control_plane.iter().filter(|component| component.kind != ComponentKind::Etcd)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cluster(version: &str, nodes: &str, pods: &str) -> Cluster {
        let version = format!(r#"{{"gitVersion": "{version}"}}"#);
        Cluster::read(|part| match part {
            "version" => Given::Data(version.as_str()),
            "nodes" => Given::Data(nodes),
            "pods" => Given::Data(pods),
            _ => Given::Missing,
        })
    }

    fn node(metadata: &str, info: &str) -> String {
        format!(
            r#"[{{"metadata": {{"name": "cp-1", {metadata}}}, "status": {{"nodeInfo": {{"architecture": "", "bootID": "", "containerRuntimeVersion": "",
                "kernelVersion": "", "kubeProxyVersion": "", "machineID": "", "operatingSystem": "", "systemUUID": "", {info}}}}}}}]"#
        )
    }

    fn pod(labels: &str, flag: &str) -> String {
        format!(
            r#"[{{"metadata": {{"name": "kube-apiserver-cp-1", "namespace": "kube-system",
                "labels": {{"component": "kube-apiserver", {labels}}}, "annotations": {{"kubernetes.io/config.mirror": "1"}}}},
                "spec": {{"nodeName": "cp-1", "containers": [{{"name": "kube-apiserver", "command": ["kube-apiserver", "{flag}"]}}]}}}}]"#
        )
    }

    const PLAIN: &str = r#""osImage": "Ubuntu 24.04.3 LTS", "kubeletVersion": "v1.36.2""#;
    const TIER: &str = r#""tier": "control-plane""#;
    const PKI: &str = "--client-ca-file=/etc/kubernetes/pki/ca.crt";

    #[test]
    fn nodes_show_their_owner() {
        for (metadata, info, expected) in [
            ("\"labels\": {}", r#""osImage": "Ubuntu", "kubeletVersion": "v1.36.5+rke2r1""#, Owner::Rke2),
            ("\"labels\": {}", r#""osImage": "Ubuntu", "kubeletVersion": "v1.36.5+k3s1""#, Owner::K3s),
            ("\"labels\": {}", r#""osImage": "Talos (v1.14.0)", "kubeletVersion": "v1.36.5""#, Owner::Talos),
            (r#""annotations": {"talos.dev/owned-labels": "[]"}"#, PLAIN, Owner::Talos),
            (r#""labels": {"worker.gardener.cloud/pool": "p1"}"#, PLAIN, Owner::Gardener),
            (r#""labels": {"kubernetes.azure.com/cluster": "MC"}"#, PLAIN, Owner::Managed("AKS")),
            (r#""labels": {"eks.amazonaws.com/nodegroup": "a"}"#, PLAIN, Owner::Managed("EKS")),
            (
                "\"labels\": {}",
                r#""osImage": "x", "kubeletVersion": "v1.36.5-gke.1234000""#,
                Owner::Managed("GKE"),
            ),
            (r#""labels": {"microk8s.io/cluster": "true"}"#, PLAIN, Owner::Distribution("MicroK8s")),
            (
                r#""annotations": {"kubeadm.alpha.kubernetes.io/cri-socket": "unix:///x"}"#,
                PLAIN,
                Owner::Kubeadm,
            ),
            ("\"labels\": {}", PLAIN, Owner::Unknown),
            // The suffix of an unknown offering does not indicate kubeadm either.
            ("\"labels\": {}", r#""osImage": "Ubuntu", "kubeletVersion": "v1.36.5-prov.2""#, Owner::Unknown),
        ] {
            let version = "v1.36.5";
            assert_eq!(
                Owner::of(&cluster(version, &node(metadata, info), "[]")),
                expected,
                "{metadata} {info}"
            );
        }
    }

    #[test]
    fn managing_tools_outweigh_managed_ones() {
        let capi = r#""annotations": {"cluster.x-k8s.io/cluster-name": "prod", "cluster.x-k8s.io/cluster-namespace": "customer",
            "cluster.x-k8s.io/owner-kind": "KubeadmControlPlane", "kubeadm.alpha.kubernetes.io/cri-socket": "unix:///x"}"#;
        let owner = Owner::of(&cluster("v1.36.2", &node(capi, PLAIN), &pod(TIER, PKI)));
        let Owner::ClusterApi(objects) = &owner else { panic!("{owner:?}") };
        assert_eq!(
            (objects.cluster.as_deref(), objects.namespace.as_deref()),
            (Some("prod"), Some("customer"))
        );
        assert!(objects.is_kubeadm() && objects.name.is_none());
        assert_eq!(owner.name(), "Cluster API");
    }

    #[test]
    fn components_show_their_owner() {
        for (labels, flag, expected) in [
            (TIER, PKI, Owner::Kubeadm),
            (r#""app.kubernetes.io/managed-by": "Talos""#, PKI, Owner::Talos),
            (TIER, "--client-ca-file=/var/lib/rancher/rke2/server/tls/client-ca.crt", Owner::Rke2),
            (TIER, "--client-ca-file=/somewhere/ca.crt", Owner::Unknown),
            (r#""a": "b""#, PKI, Owner::Unknown),
        ] {
            let cluster = cluster("v1.36.5", &node("\"labels\": {}", PLAIN), &pod(labels, flag));
            assert_eq!(Owner::of(&cluster), expected, "{labels} {flag}");
            assert_eq!(*Owners::of(&cluster).of_node("cp-1"), expected, "{labels} {flag}");
        }
    }

    #[test]
    fn contradicting_indications_mean_unknown() {
        let cluster = cluster(
            "v1.36.5+k3s1",
            &node("\"labels\": {}", r#""osImage": "Ubuntu", "kubeletVersion": "v1.36.5+rke2r1""#),
            "[]",
        );
        assert_eq!(Owner::of(&cluster), Owner::Unknown);
    }
}
