//! The rights that an inventory and probes need, as a table, as manifests, and as the API server grants them.

mod manifest;
mod probes;
mod review;

use std::fmt;

pub use manifest::{Account, ParseServiceAccountError, manifests};
pub use review::{Granted, review};

use crate::collect::Extent;
use crate::probe::Probe;

/// The namespace of the control plane.
pub(crate) const KUBE_SYSTEM: &str = "kube-system";

/// What a right is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Target {
    /// Objects of a resource.
    Resource {
        /// The API group; empty for the core group.
        group: &'static str,
        /// The resource in the plural.
        resource: &'static str,
        /// The subresource.
        subresource: Option<&'static str>,
        /// The namespace; `None` for all of them and for objects without a namespace.
        namespace: Option<&'static str>,
        /// The only object.
        name: Option<&'static str>,
    },
    /// A path outside of any resource, which every authenticated user may read by default.
    Path(&'static str),
}

/// A right that a part of the inventory needs.
///
/// ```
/// use scs_kubernetes::{Extent, rights};
///
/// let rights = rights(Extent::default());
/// let pods = rights.iter().find(|right| right.part == "pods").unwrap();
/// assert_eq!(pods.to_string(), "list pods in kube-system");
/// assert!(rights.iter().all(|right| right.part != "kubelet_configs"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Right {
    /// The key of the part.
    pub part: &'static str,
    /// The verb.
    pub verb: &'static str,
    /// What it is about.
    pub target: Target,
    /// The probe that needs it; `None` if the inventory does.
    pub probe: Option<Probe>,
    /// Whether the part can be read without it; then less can be said about the cause of a failure.
    pub optional: bool,
}

impl Right {
    const fn list(part: &'static str, group: &'static str, resource: &'static str) -> Self {
        let target = Target::Resource { group, resource, subresource: None, namespace: None, name: None };
        Self { part, verb: "list", target, probe: None, optional: false }
    }

    const fn path(part: &'static str, path: &'static str) -> Self {
        Self { part, verb: "get", target: Target::Path(path), probe: None, optional: false }
    }
}

impl fmt::Display for Right {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verb = self.verb;
        match self.target {
            Target::Path(path) => write!(f, "{verb} {path}"),
            Target::Resource { group, resource, subresource, namespace, name } => {
                write!(f, "{verb} {resource}")?;
                subresource.into_iter().try_for_each(|subresource| write!(f, "/{subresource}"))?;
                if !group.is_empty() {
                    write!(f, ".{group}")?;
                }
                name.into_iter().try_for_each(|name| write!(f, " {name}"))?;
                namespace.into_iter().try_for_each(|namespace| write!(f, " in {namespace}"))
            }
        }
    }
}

/// The rights that collecting an inventory needs, by part.
#[must_use]
pub fn rights(extent: Extent) -> Vec<Right> {
    let pods = Right::list("pods", "", "pods");
    let in_kube_system = |right: Right, only: Option<&'static str>| match right.target {
        Target::Resource { group, resource, subresource, .. } => Right {
            target: Target::Resource {
                group,
                resource,
                subresource,
                namespace: Some(KUBE_SYSTEM),
                name: only,
            },
            ..right
        },
        Target::Path(_) => right,
    };
    let config_map = Right { verb: "get", ..Right::list("kubelet_config_map", "", "configmaps") };
    let mut rights = vec![
        Right::path("version", "/version"),
        Right::path("api_resources", "/apis"),
        Right::list("nodes", "", "nodes"),
        Right::list("storage_classes", "storage.k8s.io", "storageclasses"),
        Right::list("persistent_volumes", "", "persistentvolumes"),
        Right::list("namespaces", "", "namespaces"),
        Right::list("daemon_sets", "apps", "daemonsets"),
        Right::list("ingress_classes", "networking.k8s.io", "ingressclasses"),
        Right::list("network_policies", "networking.k8s.io", "networkpolicies"),
        if extent.all_pods { pods } else { in_kube_system(pods, None) },
        in_kube_system(config_map, Some("kubelet-config")),
    ];
    if extent.kubelets {
        let proxy = Target::Resource {
            group: "",
            resource: "nodes",
            subresource: Some("proxy"),
            namespace: None,
            name: None,
        };
        rights.push(Right { verb: "get", target: proxy, ..Right::list("kubelet_configs", "", "nodes") });
    }
    rights
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rights_read_as_kubectl_names_them() {
        let extent = Extent { kubelets: true, all_pods: true, ..Extent::default() };
        let written: Vec<String> = rights(extent).iter().map(Right::to_string).collect();
        assert_eq!(
            written[2..],
            [
                "list nodes",
                "list storageclasses.storage.k8s.io",
                "list persistentvolumes",
                "list namespaces",
                "list daemonsets.apps",
                "list ingressclasses.networking.k8s.io",
                "list networkpolicies.networking.k8s.io",
                "list pods",
                "get configmaps kubelet-config in kube-system",
                "get nodes/proxy",
            ]
        );
    }
}
