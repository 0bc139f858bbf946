//! Probes on a real API server.

use crate::cluster::Cluster;

#[test]
fn probes_have_an_outcome_and_leave_nothing() {
    let Some(cluster) = Cluster::open() else { return };
    let list = ["pod-security", "pvc", "network-policy"].join(",");
    let told = cluster.scs(&["inventory", "--probe", &list, "--probe-timeout", "10s"]);
    let inventory = told.json(0);
    let outcomes = &inventory["pod_security_probe"];
    assert!(outcomes["labeled"]["outcome"].is_string(), "{outcomes}");
    for part in ["pvc_probe", "network_policy_probe"] {
        let part = &inventory[part];
        assert!(part["outcome"].is_string() || part["unavailable"].is_string(), "{part}");
    }
    let left = cluster.api.list("/api/v1/namespaces?labelSelector=scs.community/probe");
    assert!(left.is_empty(), "{left:?}");
    let cleanup = cluster.scs(&["cleanup", "--older-than", "1h"]);
    assert_eq!(cleanup.status, 0, "{}", cleanup.err);
}
