//! Repairs on a real API server: what they change, and that undoing restores it.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::cluster::{Cluster, is_disposable};
use crate::objects::{all, changed};

/// The changes and choices without applying anything.
fn plan(cluster: &Cluster, arguments: &[&str]) -> Value {
    let told = cluster.scs(&[&["k8s", "repair", "-f", "json"], arguments].concat());
    assert!(told.status < 2, "{}", told.err);
    serde_json::from_str(&told.out).unwrap()
}

fn ids(plan: &Value) -> Vec<String> {
    plan["choices"].as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap().to_owned()).collect()
}

/// Kind and name of each change.
fn targets(plan: &Value) -> BTreeSet<String> {
    let changes = plan["changes"].as_array().unwrap().iter();
    changes.map(|it| format!("{} {}", it["kind"].as_str().unwrap(), it["name"].as_str().unwrap())).collect()
}

/// Kind and name of an object.
fn target(object: &Value, key: &str) -> String {
    let list = key.split(' ').next().unwrap();
    let kind = match list.rsplit('/').next().unwrap() {
        "nodes" => "Node",
        "namespaces" => "Namespace",
        "storageclasses" => "StorageClass",
        "ingressclasses" => "IngressClass",
        "validatingadmissionpolicies" => "ValidatingAdmissionPolicy",
        "validatingadmissionpolicybindings" => "ValidatingAdmissionPolicyBinding",
        other => other,
    };
    format!("{kind} {}", object["metadata"]["name"].as_str().unwrap())
}

/// Applies fixes, compares everything, and undoes them. `check` runs while they are in effect.
fn apply_and_undo(cluster: &Cluster, arguments: &[&str], check: impl FnOnce(&BTreeSet<String>)) {
    let undo = cluster.file("undo.json");
    let before = all(&cluster.api);
    let shown = targets(&plan(cluster, arguments));
    let apply = ["k8s", "repair", "--apply", "--yes", "--undo-file", &undo, "-f", "json"];
    let told = cluster.scs(&[&apply, arguments].concat());
    let after = all(&cluster.api);
    check(&shown);
    let undone = cluster.scs(&["k8s", "repair", "--undo", &undo, "--apply", "--yes"]);
    let restored = all(&cluster.api);
    assert!(told.out.contains("\"applied\": true"), "{}", told.err);
    let changes: BTreeSet<String> = changed(&before, &after)
        .into_iter()
        .map(|key| target(after.get(key).or_else(|| before.get(key)).unwrap(), key))
        .collect();
    assert_eq!(changes, shown);
    assert_eq!(undone.status, 0, "{}", undone.err);
    let left = changed(&before, &restored);
    assert!(left.is_empty(), "{left:?}");
    // There is nothing to undo a second time.
    let again = cluster.scs(&["k8s", "repair", "--undo", &undo, "--apply", "--yes"]);
    assert_eq!(changed(&restored, &all(&cluster.api)), Vec::<&str>::new(), "{}", again.err);
}

#[test]
fn repairs_change_what_they_show_and_are_undone() {
    let Some(cluster) = Cluster::open() else { return };
    let namespace = cluster.namespace("repair", &json!({}));
    let first = plan(&cluster, &[]);
    if !targets(&first).is_empty() && !is_disposable() {
        eprintln!(
            "skipped: it would repair objects of others, and SCS_TEST_CLUSTER_IS_DISPOSABLE is not set"
        );
        return;
    }
    let Some(choice) = ids(&first).into_iter().find(|id| id.ends_with(&format!("/{namespace}"))) else {
        // The API server may have an admission configuration, which no API shows.
        eprintln!("skipped: the level of namespaces without a label is not known here");
        return;
    };
    apply_and_undo(&cluster, &["--choose", &choice], |shown| {
        assert!(shown.contains(&format!("Namespace {namespace}")), "{shown:?}");
        let object = cluster.api.get(&format!("/api/v1/namespaces/{namespace}")).expect("the namespace");
        assert_eq!(object["metadata"]["labels"]["pod-security.kubernetes.io/enforce"], "baseline");
        assert!(!ids(&plan(&cluster, &[])).contains(&choice));
    });
}

/// All that can be repaired, with the first answer to each question, and the policy.
#[test]
fn all_repairs_end_all_findings_and_are_undone() {
    let Some(cluster) = Cluster::open_disposable() else { return };
    cluster.namespace("all", &json!({}));
    let choices = ids(&plan(&cluster, &["--policy"]));
    let mut chosen: Vec<&str> = Vec::new();
    for id in &choices {
        if id.rsplit_once('#').is_none_or(|(_, number)| number == "1") {
            chosen.extend(["--choose", id]);
        }
    }
    let arguments = [&["--policy"], &chosen[..]].concat();
    apply_and_undo(&cluster, &arguments, |shown| {
        assert!(shown.contains("ValidatingAdmissionPolicy scs-0217-pod-security"), "{shown:?}");
        let next = plan(&cluster, &["--policy"]);
        assert!(targets(&next).is_empty(), "{:?}", targets(&next));
        let open: Vec<String> = ids(&next).into_iter().filter(|id| choices.contains(id)).collect();
        assert!(open.is_empty(), "{open:?}");
        eprintln!("repaired: {shown:?}");
    });
}
