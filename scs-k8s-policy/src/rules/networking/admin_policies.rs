//! Administrators' network policies, which apply to all namespaces.

use scs_standards::CLUSTER;

use super::super::declared_plugin::declared_plugin;
use crate::cni::{Embedded, Enforcement, FoundPlugins};
use crate::rules::Rec;
use crate::subject::{ApiResources, Cluster, Served, source};

const ADMIN_GROUP: &str = "policy.networking.k8s.io";
const REPLACED: &str =
    "upstream has replaced both with ClusterNetworkPolicy (`policy.networking.k8s.io/v1alpha2`)";
const ASKED: &str =
    "a network plug-in with these policies, such as OVN-Kubernetes, Antrea, Kube-OVN, Calico or Cilium";

/// The support of the network plug-in.
enum Plugin {
    /// It supports these policies, or plans to.
    Supports(String),
    /// It does not.
    SupportsNot(String),
    /// It would, but its policies are disabled.
    SwitchedOff(String),
    /// It does under this condition.
    Depends(String, &'static str),
    /// The plug-in is unknown.
    Unknown,
}

/// The text requires a plug-in. The API server serves the resources as soon as their definitions are applied, which has no
/// effect by itself.
pub(super) fn admin_policies(cluster: &Cluster, rec: &mut Rec<'_>) {
    let Some(listed) = rec.needs(&cluster.api_resources, source::API_RESOURCES) else { return };
    match plugin(cluster, rec) {
        Plugin::Supports(name) => supported(listed, rec, &name),
        Plugin::SupportsNot(name) => {
            let served = is_served(listed) == Served::Yes;
            let alone = if served { "; serving only their resources has no effect" } else { "" };
            let message = format!("{name} is not known to support AdminNetworkPolicy or to plan to{alone}");
            rec.fail(CLUSTER, message).compared(ASKED, name);
        }
        Plugin::SwitchedOff(name) => {
            rec.fail(CLUSTER, format!("network policies of {name} are disabled")).compared(ASKED, name);
        }
        Plugin::Depends(name, on) => {
            let message = format!("{name} supports AdminNetworkPolicy only if {on}");
            rec.dnf(CLUSTER, message);
        }
        Plugin::Unknown => {
            let Some(sets) = rec.needs(&cluster.daemon_sets, source::DAEMON_SETS) else { return };
            if !sets.report_unreadable(rec, source::DAEMON_SETS.name) {
                return;
            }
            if is_served(listed) == Served::No {
                let message = format!("`{ADMIN_GROUP}` has no such policies; {REPLACED}");
                rec.fail(CLUSTER, message).compared(ASKED, "no such plug-in");
            } else {
                rec.dnf(
                    CLUSTER,
                    "no daemon set belongs to a known network plug-in, so its support for AdminNetworkPolicy is unknown; declare the plug-in under `scs-0219-api`",
                );
            }
        }
    }
}

/// The network plug-in: from the cluster's daemon sets, embedded in k3s, or declared by the provider.
fn plugin(cluster: &Cluster, rec: &Rec<'_>) -> Plugin {
    let sets = cluster.daemon_sets.data();
    let found = FoundPlugins::of_cluster(cluster);
    let supports = || found.plugins.iter().filter(|found| found.plugin.admin_policies);
    if let Some(found) = supports().find(|found| found.enforcement == Enforcement::Yes) {
        return Plugin::Supports(found.plugin.name.to_owned());
    }
    if let Some(found) = supports().next() {
        let name = found.plugin.name.to_owned();
        return match found.enforcement {
            Enforcement::Depends(on) => Plugin::Depends(name, on),
            _ => Plugin::SwitchedOff(name),
        };
    }
    // An unreadable daemon set may be the one that supports them.
    if sets.is_some_and(|sets| !sets.broken().is_empty()) {
        return Plugin::Unknown;
    }
    if !found.plugins.is_empty() {
        return Plugin::SupportsNot(found.names());
    }
    if let Some(plugin) = declared_plugin(rec) {
        let name = plugin.name.to_owned();
        return if plugin.admin_policies { Plugin::Supports(name) } else { Plugin::SupportsNot(name) };
    }
    match cluster.nodes.data().and_then(|nodes| Embedded::of(nodes.entries())) {
        Some(Embedded::Enforcing | Embedded::SwitchedOff) if sets.is_some() => {
            Plugin::SupportsNot("Flannel of k3s".to_owned())
        }
        _ => Plugin::Unknown,
    }
}

/// Whether the API server serves these policies, or their replacements.
fn is_served(listed: &ApiResources) -> Served {
    let serves = |resource| listed.serves_any(ADMIN_GROUP, resource);
    let both = [serves("adminnetworkpolicies"), serves("baselineadminnetworkpolicies")];
    match (serves("clusternetworkpolicies"), both) {
        (Served::Yes, _) | (_, [Served::Yes, Served::Yes]) => Served::Yes,
        (Served::No, [Served::No, _] | [_, Served::No]) => Served::No,
        _ => Served::Unknown,
    }
}

/// Even if a plug-in supports them, the resources may be missing.
fn supported(listed: &ApiResources, rec: &mut Rec<'_>, name: &str) {
    match is_served(listed) {
        Served::Yes => {
            rec.note(CLUSTER, format!("{name} supports these policies or plans to; {REPLACED}"));
        }
        Served::No => {
            let message = format!(
                "`{ADMIN_GROUP}` lacks these policies, although {name} supports them or plans to; {REPLACED}"
            );
            rec.warn(CLUSTER, message);
        }
        Served::Unknown => {
            let versions: Vec<&str> = listed.versions_of(ADMIN_GROUP).collect();
            let command = match versions.last() {
                Some(version) => format!("kubectl get --raw /apis/{ADMIN_GROUP}/{version}"),
                None => "kubectl get --raw /apis".to_owned(),
            };
            let message = format!(
                "it does not show whether `{ADMIN_GROUP}` has the two policies; add the output of `{command}`"
            );
            rec.miss(source::API_RESOURCES.name, message);
        }
    }
}
