//! The facts about a cluster: its API's answers, and facts that no API shows.

mod admission_config;
mod api_resources;
mod certificate;
mod component;
mod daemon_set;
mod etcd_backup;
mod kubelet_config;
mod node;
mod offered_versions;
mod pod_security_probe;
mod port_scan;
mod server_version;
mod workload;

use std::collections::BTreeMap;

use jiff::Timestamp;
use k8s_openapi::api::core::v1::{Namespace, PersistentVolume};
use k8s_openapi::api::networking::v1::{IngressClass, NetworkPolicy};
use k8s_openapi::api::storage::v1::StorageClass;
use scs_standards::round_trip::RoundTrip;
use scs_standards::{Given, Listed};

pub use admission_config::{
    AdmissionConfig, EventLimit, ParsePodSecurityLevelError, PluginConfig, PodSecurityDefaults,
    PodSecurityLevel, PodSecurityMode,
};
pub use api_resources::{ApiResources, ReadApiResourcesError, Served};
pub use certificate::Certificate;
pub(crate) use component::MIRROR;
pub use component::{Component, ComponentKind, ControlPlane};
pub use daemon_set::DaemonSet;
pub use etcd_backup::EtcdBackup;
pub use kubelet_config::{KubeletConfig, ReadKubeletConfigsError};
pub use node::Node;
pub use offered_versions::OfferedVersion;
pub(crate) use offered_versions::{NotOffered, newest_of_branches};
pub use pod_security_probe::PodSecurityProbe;
pub(crate) use port_scan::KUBERNETES_PORTS;
pub use port_scan::{PortState, ReadPortScanError, ScannedPort, Vantage, read_port_scan};
pub use server_version::{ReadServerVersionError, ServerVersion};
pub(crate) use workload::APPARMOR;
pub use workload::Workload;

use crate::conformance::{ConformanceFacts, ConformanceResults};
use crate::facts::KubernetesFacts;
use crate::objects;

/// The parts of an inventory that the rules use, named after the inventory's keys.
///
/// [`Cluster::default`] has no part, and the built-in facts, as [`Cluster::read`] has.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Cluster {
    /// The version reported by the API server.
    pub version: Given<ServerVersion>,
    /// The nodes.
    pub nodes: Given<Listed<Node>>,
    /// Storage classes.
    pub storage_classes: Given<Listed<StorageClass>>,
    /// Persistent volumes.
    pub persistent_volumes: Given<Listed<PersistentVolume>>,
    /// Namespaces.
    pub namespaces: Given<Listed<Namespace>>,
    /// Ingress classes.
    pub ingress_classes: Given<Listed<IngressClass>>,
    /// Network policies.
    pub network_policies: Given<Listed<NetworkPolicy>>,
    /// The components of the control plane, from pods.
    pub control_plane: Given<ControlPlane>,
    /// The configurations of the kubelets.
    pub kubelet_configs: Given<Listed<KubeletConfig>>,
    /// The configuration that kubeadm gives to kubelets, in the config map `kubelet-config`: not what each kubelet runs.
    pub kubelet_config_map: Given<Listed<KubeletConfig>>,
    /// The configuration of the API server's admission, authentication and authorization.
    pub admission_config: Given<AdmissionConfig>,
    /// The port scan.
    pub port_scan: Given<Listed<ScannedPort>>,
    /// Certificates of the components.
    pub certificates: Given<Listed<Certificate>>,
    /// Backups of etcd.
    pub etcd_backups: Given<Listed<EtcdBackup>>,
    /// The versions that the provider offers.
    pub offered_versions: Given<Listed<OfferedVersion>>,
    /// The resources that the API server serves.
    pub api_resources: Given<ApiResources>,
    /// Daemon sets.
    pub daemon_sets: Given<Listed<DaemonSet>>,
    /// Results of the end-to-end tests.
    pub conformance_results: Given<ConformanceResults>,
    /// Whether pods that violate the Pod Security Standard baseline were refused.
    pub pod_security_probe: Given<PodSecurityProbe>,
    /// The outcome of binding a claim without a class, writing to its volume, and reading it from a second pod.
    pub pvc_probe: Given<RoundTrip>,
    /// The outcome of connecting two pods before, with and after a network policy that rejects it.
    pub network_policy_probe: Given<RoundTrip>,
    /// The facts about Kubernetes itself, which are not part of an inventory.
    pub facts: KubernetesFacts,
    /// The facts about its end-to-end tests, which are not part of an inventory.
    pub conformance_facts: ConformanceFacts,
    /// The collection time of the parts.
    pub collected_at: Option<Timestamp>,
}

impl Default for Cluster {
    /// A cluster of which nothing is given, with the built-in facts.
    ///
    /// ```
    /// use scs_k8s_policy::{Branch, Cluster, ServerVersion};
    /// use scs_k8s_policy::scs_standards::Given;
    ///
    /// let mut cluster = Cluster::default();
    /// cluster.version = Given::Data("\"v1.36.2\"".parse::<ServerVersion>()?);
    /// assert!(cluster.nodes.is_missing());
    /// assert!(cluster.facts.releases().newest_of(Branch::new(1, 36)).is_some());
    /// # Ok::<(), scs_k8s_policy::ReadServerVersionError>(())
    /// ```
    fn default() -> Self {
        Self::read(|_| Given::Missing)
    }
}

impl Cluster {
    /// Parses the parts, each of which `part` returns as JSON.
    ///
    /// ```
    /// use scs_k8s_policy::Cluster;
    /// use scs_standards::Given;
    ///
    /// let cluster = Cluster::read(|part| match part {
    ///     "version" => Given::Data(r#"{"gitVersion": "v1.36.2"}"#),
    ///     "nodes" => Given::Data(r#"{"kind": "NodeList", "items": [{"metadata": {"name": "a"}}]}"#),
    ///     _ => Given::Missing,
    /// });
    /// assert_eq!(cluster.version.data().unwrap().version().to_string(), "v1.36.2");
    /// assert_eq!(cluster.nodes.data().unwrap().entries()[0].name, "a");
    /// assert!(cluster.namespaces.is_missing());
    /// ```
    #[must_use]
    pub fn read<'a>(part: impl Fn(&str) -> Given<&'a str>) -> Self {
        Self {
            version: part("version").read(str::parse::<ServerVersion>),
            nodes: part("nodes").read(|json| objects::read(json, |node| Some(Node::of(node)))),
            storage_classes: part("storage_classes").read(|json| objects::read(json, Some)),
            persistent_volumes: part("persistent_volumes").read(|json| objects::read(json, Some)),
            namespaces: part("namespaces").read(|json| objects::read(json, Some)),
            ingress_classes: part("ingress_classes").read(|json| objects::read(json, Some)),
            network_policies: part("network_policies").read(|json| objects::read(json, Some)),
            control_plane: part("pods").read(ControlPlane::read),
            kubelet_configs: part("kubelet_configs").read(KubeletConfig::read_all),
            kubelet_config_map: part("kubelet_config_map").read(KubeletConfig::read_all),
            admission_config: part("admission_config").read(AdmissionConfig::read),
            port_scan: part("port_scan").read(read_port_scan),
            certificates: part("certificates").read(Certificate::read_all),
            etcd_backups: part("etcd_backups").read(|json| Listed::read(json, "backups")),
            offered_versions: part("offered_versions").read(OfferedVersion::read_list),
            api_resources: part("api_resources").read(ApiResources::read),
            daemon_sets: part("daemon_sets").read(|json| objects::read(json, |set| Some(DaemonSet::of(set)))),
            conformance_results: part("conformance_results").read(ConformanceResults::read),
            pod_security_probe: part("pod_security_probe").read(serde_json::from_str),
            pvc_probe: part("pvc_probe").read(serde_json::from_str),
            network_policy_probe: part("network_policy_probe").read(serde_json::from_str),
            facts: KubernetesFacts::embedded().clone(),
            conformance_facts: ConformanceFacts::embedded().clone(),
            collected_at: None,
        }
    }

    /// The workloads that the Pod Security Standard baseline would reject, by namespace, as text: `DaemonSet speaker
    /// (hostNetwork)`.
    pub(crate) fn against_baseline(&self) -> BTreeMap<&str, Vec<String>> {
        let mut found: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        let sets = self.daemon_sets.data().map_or(&[][..], |sets| sets.entries());
        for set in sets.iter().filter(|set| !set.against_baseline.is_empty()) {
            let text = format!("DaemonSet {} ({})", set.name, set.against_baseline.join(", "));
            found.entry(&set.namespace).or_default().push(text);
        }
        let pods = self.control_plane.data().map_or(&[][..], ControlPlane::against_baseline);
        for pod in pods {
            let text = format!("{} ({})", pod.name, pod.asks_for.join(", "));
            found.entry(&pod.namespace).or_default().push(text);
        }
        found
    }

    /// Sets the time at which the parts were collected.
    #[must_use]
    pub fn with_collected_at(self, collected_at: Option<Timestamp>) -> Self {
        Self { collected_at, ..self }
    }

    /// Replaces the built-in facts about Kubernetes.
    #[must_use]
    pub fn with_facts(self, facts: KubernetesFacts) -> Self {
        Self { facts, ..self }
    }

    /// Replaces the built-in facts about the end-to-end tests.
    #[must_use]
    pub fn with_conformance_facts(self, conformance_facts: ConformanceFacts) -> Self {
        Self { conformance_facts, ..self }
    }
}

/// Where each part comes from; shown when it is missing.
pub(crate) mod source {
    use scs_standards::Source;

    const fn source(name: &'static str, from: &'static str) -> Source {
        Source { name, from }
    }

    pub(crate) const VERSION: Source = source("version", "the output of `kubectl get --raw /version`");
    pub(crate) const NODES: Source = source("nodes", "the output of `kubectl get nodes -o json`");
    pub(crate) const STORAGE_CLASSES: Source =
        source("storage_classes", "the output of `kubectl get storageclasses -o json`");
    pub(crate) const PERSISTENT_VOLUMES: Source =
        source("persistent_volumes", "the output of `kubectl get persistentvolumes -o json`");
    pub(crate) const NAMESPACES: Source =
        source("namespaces", "the output of `kubectl get namespaces -o json`");
    pub(crate) const INGRESS_CLASSES: Source =
        source("ingress_classes", "the output of `kubectl get ingressclasses -o json`");
    pub(crate) const NETWORK_POLICIES: Source =
        source("network_policies", "the output of `kubectl get networkpolicies -A -o json`");
    pub(crate) const PODS: Source =
        source("pods", "the output of `kubectl get pods -A -o json`; `-n kube-system` is enough");
    pub(crate) const KUBELET_CONFIGS: Source = source(
        "kubelet_configs",
        "the output of `kubectl get --raw /api/v1/nodes/NODE/proxy/configz` for each node",
    );
    pub(crate) const ADMISSION_CONFIG: Source =
        source("admission_config", "the file set with `--admission-control-config-file` of the API server");
    pub(crate) const PORT_SCAN: Source = source(
        "port_scan",
        "a list of `{host, port, from: outside|inside, state: open|closed|filtered, tls}`, or the output of `nmap -sT -sV -oX -` under `outside` and `inside`",
    );
    pub(crate) const CERTIFICATES: Source = source(
        "certificates",
        "a list of `{name, node, subject, issuer, not_before, not_after, ca, path}` of the files below /etc/kubernetes/pki and /var/lib/kubelet/pki, and of those in /etc/kubernetes/*.conf, on every node",
    );
    pub(crate) const ETCD_BACKUPS: Source =
        source("etcd_backups", "a list of the times of the kept etcd backups");
    pub(crate) const OFFERED_VERSIONS: Source = source(
        "offered_versions",
        "the list of all offered versions, such as `[v1.36.4, {version: v1.35.9, tested: reports/v1.35.9.html}]`, or a `CloudProfile` of Gardener",
    );
    pub(crate) const API_RESOURCES: Source = source(
        "api_resources",
        "a list of the outputs of `kubectl get --raw /apis/networking.k8s.io/v1` and `kubectl get --raw /apis`",
    );
    pub(crate) const DAEMON_SETS: Source =
        source("daemon_sets", "the output of `kubectl get daemonsets -A -o json`");
    pub(crate) const PVC_PROBE: Source = source(
        "pvc_probe",
        "the outcome of binding a claim without a class, writing to its volume and reading it from a second pod, `{outcome: ok, at: …}`",
    );
    pub(crate) const NETWORK_POLICY_PROBE: Source = source(
        "network_policy_probe",
        "the outcome of connecting two pods before, with and after a network policy that rejects it, `{outcome: ok, at: …}`",
    );
    pub(crate) const POD_SECURITY_PROBE: Source = source(
        "pod_security_probe",
        "whether pods that violate baseline are refused in a namespace without a label and in one that enforces baseline, `{unlabeled: {outcome: ok}, labeled: {outcome: ok}}`",
    );
    pub(crate) const CONFORMANCE_RESULTS: Source = source(
        "conformance_results",
        "the JUnit XML of the end-to-end tests, or the archive of `sonobuoy retrieve` as base64 under `sonobuoy_tarball`",
    );
}
