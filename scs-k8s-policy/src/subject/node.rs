//! A node, reduced to the relevant fields: a cluster may have thousands, each listing all its images.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1;

use crate::flags::NODE_ARGUMENTS;
use crate::owner::is_sign;

/// A node of a cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Node {
    /// Its name.
    pub name: String,
    /// Its labels.
    pub labels: BTreeMap<String, String>,
    /// Its annotations with the distribution's arguments, such as `k3s.io/node-args`.
    pub arguments: BTreeMap<String, String>,
    /// Its annotations that show its owner, such as `cluster.x-k8s.io/cluster-name`.
    pub signs: BTreeMap<String, String>,
    /// The image of its operating system, such as `Ubuntu 24.04.3 LTS`.
    pub os_image: Option<String>,
    /// The version of its kubelet, such as v1.36.2.
    pub kubelet_version: Option<String>,
    /// Whether it has an address of type `InternalIP`.
    pub has_internal_ip: bool,
    /// Its addresses and names.
    pub addresses: Vec<String>,
}

/// The prefix of role labels.
const ROLE: &str = "node-role.kubernetes.io/";

impl Node {
    pub(super) fn of(node: v1::Node) -> Self {
        let status = node.status.unwrap_or_default();
        let (arguments, others): (BTreeMap<_, _>, BTreeMap<_, _>) = node
            .metadata
            .annotations
            .unwrap_or_default()
            .into_iter()
            .partition(|(key, _)| key.ends_with(NODE_ARGUMENTS));
        let (kubelet_version, os_image) =
            status.node_info.map(|info| (info.kubelet_version, info.os_image)).unzip();
        let addresses = status.addresses.unwrap_or_default();
        Self {
            name: node.metadata.name.unwrap_or_default(),
            labels: node.metadata.labels.unwrap_or_default(),
            arguments,
            signs: others.into_iter().filter(|(key, _)| is_sign(key)).collect(),
            kubelet_version,
            os_image,
            has_internal_ip: addresses.iter().any(|it| it.type_ == "InternalIP"),
            addresses: addresses.into_iter().map(|it| it.address).collect(),
        }
    }

    /// A label that is set and not empty.
    #[must_use]
    pub fn label(&self, key: &str) -> Option<&str> {
        self.labels.get(key).map(String::as_str).filter(|value| !value.trim().is_empty())
    }

    /// Whether k3s or RKE2 has an argument on it, in an options file or on the command line.
    #[must_use]
    pub fn has_argument(&self, name: &str) -> bool {
        let given = |arguments: &String| {
            let words: Vec<String> = serde_json::from_str(arguments).unwrap_or_default();
            words.iter().any(|word| {
                let word = word.trim_start_matches('-');
                word.split_once('=').map_or(word, |(given, _)| given) == name
            })
        };
        self.arguments.values().any(given)
    }

    /// Whether it has a control-plane label; `master` is the earlier name.
    #[must_use]
    pub fn is_control_plane(&self) -> bool {
        ["control-plane", "controlplane", "master"]
            .iter()
            .any(|role| self.labels.contains_key(&format!("{ROLE}{role}")))
    }
}
