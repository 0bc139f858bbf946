//! Rights and probes on a real API server.

use serde_json::Value;

use crate::cluster::{kubeconfig, kubectl, scs};

/// An account with the printed rights collects everything that an administrator does.
#[test]
fn the_printed_rights_are_enough() {
    let Some(kubeconfig) = kubeconfig() else { return };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("rights.yaml").display().to_string();
    let account = "scs-rights-test:scs";
    kubectl(&kubeconfig, &["create", "namespace", "scs-rights-test"]);
    let manifests = assert_cmd::Command::cargo_bin("scs")
        .unwrap()
        .args(["k8s", "rights", "--service-account", account, "-o", &file])
        .output()
        .unwrap();
    assert!(manifests.status.success());
    // The roles of other users of this cluster are left alone.
    let text = std::fs::read_to_string(&file).unwrap().replace("name: scs-check", "name: scs-rights-test");
    std::fs::write(&file, text).unwrap();
    kubectl(&kubeconfig, &["apply", "-f", &file]);
    let token = kubectl(&kubeconfig, &["-n", "scs-rights-test", "create", "token", "scs"]);
    let (status, inventory, err) = scs(&kubeconfig, &["inventory", "--token", token.trim()]);
    let asked = scs(&kubeconfig, &["k8s", "rights", "--token", token.trim(), "-f", "json"]);
    kubectl(&kubeconfig, &["delete", "-f", &file]);
    kubectl(&kubeconfig, &["delete", "namespace", "scs-rights-test"]);
    assert_eq!(status, 0, "{err}");
    let inventory: Value = serde_json::from_str(&inventory).unwrap();
    let is_missing = |(_, part): &(&String, &Value)| part.get("unavailable").is_some();
    let missing: Vec<_> = inventory.as_object().unwrap().iter().filter(is_missing).collect();
    assert!(missing.is_empty(), "{missing:?}");
    assert_eq!(asked.0, 0, "{}", asked.1);
    let rights: Value = serde_json::from_str(&asked.1).unwrap();
    assert!(rights["rights"].as_array().unwrap().iter().all(|right| right["allowed"] == true), "{rights}");
}

#[test]
fn probes_have_an_outcome_and_leave_nothing() {
    let Some(kubeconfig) = kubeconfig() else { return };
    let probes = ["pod-security", "pvc", "network-policy"];
    let list = probes.join(",");
    let (status, out, err) = scs(&kubeconfig, &["inventory", "--probe", &list, "--probe-timeout", "10s"]);
    assert_eq!(status, 0, "{err}");
    let inventory: Value = serde_json::from_str(&out).unwrap();
    let outcomes = &inventory["pod_security_probe"];
    assert!(outcomes["labeled"]["outcome"].is_string(), "{outcomes}");
    for part in ["pvc_probe", "network_policy_probe"] {
        let part = &inventory[part];
        assert!(part["outcome"].is_string() || part["unavailable"].is_string(), "{part}");
    }
    let left = kubectl(&kubeconfig, &["get", "namespaces", "-l", "scs.community/probe", "-o", "name"]);
    assert_eq!(left, "");
    assert_eq!(scs(&kubeconfig, &["cleanup", "--older-than", "0s"]).0, 0);
}
