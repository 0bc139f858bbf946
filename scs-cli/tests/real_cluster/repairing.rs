//! Repairs on a real API server: what they change, and that undoing restores it.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::cluster::{kubeconfig, kubectl, scs};

const KINDS: &str = "nodes,namespaces,storageclasses,ingressclasses,validatingadmissionpolicies,\
    validatingadmissionpolicybindings,roles,rolebindings,clusterroles,clusterrolebindings,configmaps,services,\
    deployments,daemonsets,persistentvolumes,networkpolicies,serviceaccounts";

/// All objects, without what changes by itself.
fn objects(kubeconfig: &str) -> BTreeMap<String, Value> {
    let list: Value =
        serde_json::from_str(&kubectl(kubeconfig, &["get", KINDS, "-A", "-o", "json"])).unwrap();
    let items = list["items"].as_array().unwrap().iter().cloned();
    items
        .map(|mut object| {
            let metadata = object["metadata"].as_object_mut().unwrap();
            metadata.remove("managedFields");
            metadata.remove("resourceVersion");
            object.as_object_mut().unwrap().remove("status");
            let name = [&object["kind"], &object["metadata"]["namespace"], &object["metadata"]["name"]];
            (name.map(|it| it.as_str().unwrap_or_default().to_owned()).join("/"), object)
        })
        .collect()
}

#[test]
fn repairs_change_what_they_show_and_are_undone() {
    let Some(kubeconfig) = kubeconfig() else { return };
    let folder = tempfile::tempdir().unwrap();
    let undo = folder.path().join("undo.json").display().to_string();
    let namespace = "scs-repair-test";
    kubectl(&kubeconfig, &["create", "namespace", namespace]);
    let before = objects(&kubeconfig);
    let choice = format!("scs-0217-pss-enforce/{namespace}");
    let (_, out, _) = scs(&kubeconfig, &["k8s", "repair", "-f", "json"]);
    let plan: Value = serde_json::from_str(&out).unwrap();
    let is_offered = plan["choices"].as_array().unwrap().iter().any(|it| it["id"] == choice.as_str());
    let mut arguments =
        vec!["k8s", "repair", "--policy", "--apply", "--yes", "--undo-file", &undo, "-f", "json"];
    if is_offered {
        arguments.extend(["--choose", &choice]);
    }
    let (_, out, err) = scs(&kubeconfig, &arguments);
    let after = objects(&kubeconfig);
    let (status, _, undone) = scs(&kubeconfig, &["k8s", "repair", "--undo", &undo, "--apply", "--yes"]);
    let restored = objects(&kubeconfig);
    kubectl(&kubeconfig, &["delete", "namespace", namespace]);
    assert!(out.contains("\"applied\": true"), "{err}");
    let made: Value = serde_json::from_str(&out).unwrap();
    let shown: Vec<String> = made["changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| format!("{}//{}", it["kind"].as_str().unwrap(), it["name"].as_str().unwrap()))
        .collect();
    let keys = before.keys().chain(after.keys());
    let mut changed: Vec<String> = keys.filter(|key| before.get(*key) != after.get(*key)).cloned().collect();
    changed.sort();
    changed.dedup();
    let mut expected = shown;
    expected.sort();
    assert_eq!(changed, expected);
    assert_eq!(status, 0, "{undone}");
    let left: Vec<&String> =
        before.keys().chain(restored.keys()).filter(|key| before.get(*key) != restored.get(*key)).collect();
    assert!(left.is_empty(), "{left:?}");
}
