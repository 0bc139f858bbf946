//! Network policies of administrators, which hold in all namespaces.

use scs_standards::CLUSTER;

use crate::cni::FoundPlugins;
use crate::rules::Rec;
use crate::subject::{Cluster, Served, source};

const ADMIN_GROUP: &str = "policy.networking.k8s.io";
const REPLACED: &str =
    "upstream has replaced both by ClusterNetworkPolicy (`policy.networking.k8s.io/v1alpha2`)";

pub(super) fn admin_policies(cluster: &Cluster, rec: &mut Rec<'_>) {
    let Some(listed) = rec.needs(&cluster.api_resources, source::API_RESOURCES) else { return };
    let serves = |resource| listed.serves_any(ADMIN_GROUP, resource);
    if serves("clusternetworkpolicies") == Served::Yes {
        let message = "the API server serves `clusternetworkpolicies`, which have replaced AdminNetworkPolicy and BaselineAdminNetworkPolicy upstream";
        rec.note(CLUSTER, message);
        return;
    }
    let both = [
        ("AdminNetworkPolicy", serves("adminnetworkpolicies")),
        ("BaselineAdminNetworkPolicy", serves("baselineadminnetworkpolicies")),
    ];
    if both.iter().all(|(_, served)| *served == Served::Yes) {
        rec.note(CLUSTER, REPLACED);
        return;
    }
    if both.iter().any(|(_, served)| *served == Served::Unknown) {
        let versions: Vec<&str> = listed.versions_of(ADMIN_GROUP).collect();
        let command = match versions.last() {
            Some(version) => format!("kubectl get --raw /apis/{ADMIN_GROUP}/{version}"),
            None => "kubectl get --raw /apis".to_owned(),
        };
        let message = format!(
            "it does not tell whether `{ADMIN_GROUP}` has the two policies; add what `{command}` prints"
        );
        rec.miss(source::API_RESOURCES.name, message);
        return;
    }
    let missing: Vec<&str> =
        both.iter().filter(|(_, served)| *served == Served::No).map(|(kind, _)| *kind).collect();
    let missing = missing.join(" and ");
    let found = cluster.daemon_sets.data().map(|sets| FoundPlugins::of(sets.entries())).unwrap_or_default();
    if let Some(plugin) = found.plugins.iter().find(|found| found.plugin.admin_policies) {
        let message = format!(
            "`{ADMIN_GROUP}` has no {missing}, though {} supports such policies or works on it; {REPLACED}",
            plugin.plugin.name
        );
        rec.warn(CLUSTER, message);
    } else {
        let message = format!("`{ADMIN_GROUP}` has no {missing}; {REPLACED}");
        rec.fail(CLUSTER, message).compared(
            "a network plug-in with these policies, such as OVN-Kubernetes, Antrea, Kube-OVN, Calico or Cilium",
            if found.plugins.is_empty() { "no such plug-in".to_owned() } else { found.names() },
        );
    }
}
