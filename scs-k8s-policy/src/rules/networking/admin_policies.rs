//! Network policies of administrators, which hold in all namespaces.

use scs_standards::CLUSTER;

use super::declared_plugin;
use crate::cni::{Embedded, Enforcement, FoundPlugins};
use crate::rules::Rec;
use crate::subject::{ApiResources, Cluster, Served, source};

const ADMIN_GROUP: &str = "policy.networking.k8s.io";
const REPLACED: &str =
    "upstream has replaced both by ClusterNetworkPolicy (`policy.networking.k8s.io/v1alpha2`)";
const ASKED: &str =
    "a network plug-in with these policies, such as OVN-Kubernetes, Antrea, Kube-OVN, Calico or Cilium";

/// What is known of the network plug-in.
enum Plugin {
    /// It supports such policies, or works on it.
    Supports(String),
    /// It does not.
    SupportsNot(String),
    /// It would, and its policies are switched off.
    SwitchedOff(String),
    /// It does where this holds.
    Depends(String, &'static str),
    /// Which it is is not known.
    Unknown,
}

/// The text asks for a plug-in. What the API server serves is there as soon as somebody has applied it, and does nothing by itself.
pub(super) fn admin_policies(cluster: &Cluster, rec: &mut Rec<'_>) {
    let Some(listed) = rec.needs(&cluster.api_resources, source::API_RESOURCES) else { return };
    match plugin(cluster, rec) {
        Plugin::Supports(name) => supported(listed, rec, &name),
        Plugin::SupportsNot(name) => {
            let served = is_served(listed) == Served::Yes;
            let alone = if served { "; that their resources are served does nothing" } else { "" };
            let message =
                format!("{name} is not known to support AdminNetworkPolicy or to work on it{alone}");
            rec.fail(CLUSTER, message).compared(ASKED, name);
        }
        Plugin::SwitchedOff(name) => {
            rec.fail(CLUSTER, format!("network policies of {name} are switched off")).compared(ASKED, name);
        }
        Plugin::Depends(name, on) => {
            let message = format!("whether {name} supports AdminNetworkPolicy here depends: {on}");
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
                    "no daemon set is that of a network plug-in that is known, so whether it supports AdminNetworkPolicy is not known; declare the plug-in under `scs-0219-api`",
                );
            }
        }
    }
}

/// The network plug-in: what runs in the cluster, what k3s has within itself, or what the provider declares.
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
    // One that cannot be read may be the one that supports them.
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

/// Whether the API server serves these policies, or those that have replaced them.
fn is_served(listed: &ApiResources) -> Served {
    let serves = |resource| listed.serves_any(ADMIN_GROUP, resource);
    let both = [serves("adminnetworkpolicies"), serves("baselineadminnetworkpolicies")];
    match (serves("clusternetworkpolicies"), both) {
        (Served::Yes, _) | (_, [Served::Yes, Served::Yes]) => Served::Yes,
        (Served::No, [Served::No, _] | [_, Served::No]) => Served::No,
        _ => Served::Unknown,
    }
}

/// Of a plug-in that supports them, the resources may still be missing.
fn supported(listed: &ApiResources, rec: &mut Rec<'_>, name: &str) {
    match is_served(listed) {
        Served::Yes => {
            rec.note(CLUSTER, format!("{name} supports such policies or works on it; {REPLACED}"));
        }
        Served::No => {
            let message = format!(
                "`{ADMIN_GROUP}` lacks such policies, though {name} supports them or works on it; {REPLACED}"
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
                "it does not tell whether `{ADMIN_GROUP}` has the two policies; add what `{command}` prints"
            );
            rec.miss(source::API_RESOURCES.name, message);
        }
    }
}
