//! `scs k8s enforce`, applied to a real API server.

use std::time::Duration;

use serde_json::{Value, json};

use crate::cluster::{Cluster, is_disposable, program, run, within};
use crate::objects::{all, changed, changed_of_others};

const LABEL: &str = "pod-security.kubernetes.io/enforce";
const NAMESPACES: &str = "/api/v1/namespaces";

/// The time in which a new policy takes effect on all API servers.
const EFFECT: Duration = Duration::from_mins(1);

/// The collection of a manifest.
fn collection(kind: &str) -> &'static str {
    match kind {
        "Namespace" => NAMESPACES,
        "ValidatingAdmissionPolicy" => "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies",
        "ValidatingAdmissionPolicyBinding" => {
            "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings"
        }
        _ => panic!("{kind}"),
    }
}

/// The printed document.
fn enforce(cluster: &Cluster) -> Value {
    let file = cluster.file("inventory.json");
    let collected = cluster.scs(&["inventory", "--all-pods", "-o", &file]);
    assert_eq!(collected.status, 0, "{}", collected.err);
    run(&["k8s", "enforce", "-f", "json", &file]).json(0)
}

/// The printed manifests as kind, name and YAML. In a cluster of others, those of this test, and the policy under a name of its own
/// for these namespaces alone.
fn manifests(cluster: &Cluster, document: &Value) -> Vec<(String, String, String)> {
    let rows = document["manifests"].as_array().unwrap().iter();
    let text = |row: &Value, key: &str| row[key].as_str().unwrap().to_owned();
    let printed = rows.map(|row| (text(row, "kind"), text(row, "name"), text(row, "manifest")));
    if is_disposable() {
        return printed.collect();
    }
    let own = |(kind, name, manifest): (String, String, String)| {
        if kind == "Namespace" {
            return name.starts_with(&cluster.prefix).then_some((kind, name, manifest));
        }
        let name = cluster.name("policy");
        let mut object: Value = serde_saphyr::from_str(&manifest).unwrap();
        object["metadata"]["name"] = json!(name);
        if kind == "ValidatingAdmissionPolicy" {
            let expression = format!("object.metadata.name.startsWith('{}')", cluster.prefix);
            let condition = json!({"name": "of-this-test", "expression": expression});
            object["spec"]["matchConditions"].as_array_mut().unwrap().push(condition);
        } else {
            object["spec"]["policyName"] = json!(name);
        }
        Some((kind, name, object.to_string()))
    };
    printed.filter_map(own).collect()
}

fn pod(is_privileged: bool) -> Value {
    json!({
        "metadata": {"name": "pod"},
        "spec": {"containers": [{
            "name": "c",
            "image": "registry.invalid/none",
            "securityContext": {"privileged": is_privileged},
        }]},
    })
}

/// Status and message of creating a pod as a dry run.
fn try_pod(cluster: &Cluster, namespace: &str, is_privileged: bool) -> (u16, String) {
    let path = format!("{NAMESPACES}/{namespace}/pods?dryRun=All");
    let answer = cluster.api.post(&path, &pod(is_privileged));
    (answer.status, answer.message().to_owned())
}

/// Status and message of creating a namespace as a dry run.
fn try_namespace(cluster: &Cluster, labels: &Value) -> (u16, String) {
    let object = json!({"metadata": {"name": cluster.name("new"), "labels": labels}});
    let answer = cluster.api.post(&format!("{NAMESPACES}?dryRun=All"), &object);
    (answer.status, answer.message().to_owned())
}

/// Status of changing labels of a namespace as a dry run.
fn try_labels(cluster: &Cluster, namespace: &str, labels: &Value) -> u16 {
    let patch = json!({"metadata": {"labels": labels}});
    cluster.api.merge(&format!("{NAMESPACES}/{namespace}?dryRun=All"), &patch).status
}

#[test]
fn enforcement_rejects_mistakes_and_changes_nothing_else() {
    let Some(cluster) = Cluster::open() else { return };
    let bare = cluster.namespace("bare", &json!({}));
    let lawful = cluster.namespace("lawful", &json!({LABEL: "baseline"}));
    let on_purpose = cluster.namespace("on-purpose", &json!({LABEL: "privileged"}));
    let before = all(&cluster.api);
    let document = enforce(&cluster);
    let held = document["held_back"].as_array().unwrap();
    assert!(held.iter().any(|row| row["name"] == on_purpose.as_str()), "{held:?}");
    assert_eq!(try_namespace(&cluster, &json!({})).0, 201);
    let manifests = manifests(&cluster, &document);
    let named: Vec<&str> = manifests.iter().map(|(_, name, _)| name.as_str()).collect();
    assert!(named.contains(&bare.as_str()) && !named.contains(&lawful.as_str()), "{named:?}");
    // Namespaces come first, so the policy, which forbids to take the labels away, is undone before.
    for (kind, name, manifest) in &manifests {
        let path = format!("{}/{name}", collection(kind));
        if kind == "Namespace" {
            cluster.give_up_later(name);
        } else {
            assert!(!cluster.api.get(&path).is_ok(), "{path} exists");
            cluster.delete_later(&path);
        }
        cluster.api.apply(&path, manifest).expect(&path);
    }
    within(EFFECT, "effect of the policy", || try_namespace(&cluster, &json!({})).0 != 201);

    // Planted mistakes are rejected.
    for labels in [
        json!({}),
        json!({LABEL: "privileged"}),
        json!({"pod-security.kubernetes.io/warn": "restricted"}),
        json!({LABEL: "Baseline"}),
    ] {
        let (status, message) = try_namespace(&cluster, &labels);
        assert!(matches!(status, 403 | 422) && message.contains(LABEL), "{labels}: {status} {message}");
    }
    if is_disposable() {
        // A name that is generated does not have the prefix yet when the condition of this test is evaluated.
        let generated = json!({"metadata": {"generateName": format!("{}-", cluster.prefix)}});
        let answer = cluster.api.post(&format!("{NAMESPACES}?dryRun=All"), &generated);
        assert!(matches!(answer.status, 403 | 422), "{}", answer.message());
    }
    for labels in [json!({LABEL: "privileged"}), json!({LABEL: null})] {
        assert!(matches!(try_labels(&cluster, &lawful, &labels), 403 | 422), "{labels}");
    }
    let (status, message) = try_pod(&cluster, &bare, true);
    if document["without_plug_in"].as_array().unwrap().is_empty() {
        assert!(status == 403 && message.contains("violates PodSecurity"), "{status} {message}");
    } else {
        eprintln!("not tried: PodSecurity is disabled, so labels have no effect");
    }

    // Everything else is accepted.
    for level in ["baseline", "restricted"] {
        let (status, message) = try_namespace(&cluster, &json!({LABEL: level}));
        assert_eq!(status, 201, "{level}: {message}");
    }
    for (namespace, labels) in [
        (&lawful, json!({"team": "shop"})),
        (&lawful, json!({LABEL: "restricted"})),
        (&on_purpose, json!({"team": "shop"})),
        (&"kube-system".to_owned(), json!({"scs.community/tried": "yes"})),
    ] {
        assert_eq!(try_labels(&cluster, namespace, &labels), 200, "{namespace}: {labels}");
    }
    for namespace in [&bare, &lawful] {
        let (status, message) = try_pod(&cluster, namespace, false);
        assert_eq!(status, 201, "{namespace}: {message}");
    }

    // Only these are changed.
    let after = all(&cluster.api);
    let changes = changed(&before, &after);
    let is_made = |key: &str| manifests.iter().any(|(kind, name, _)| is_of(key, kind, name));
    let others: Vec<_> = changes.iter().filter(|key| !is_made(key)).collect();
    assert!(others.is_empty(), "{others:?}");
    assert_eq!(changes.len(), manifests.len(), "{changes:?}");
    for (key, object) in before.iter().filter(|(key, _)| changes.contains(&key.as_str())) {
        let mut expected = object.clone();
        expected["metadata"]["labels"][LABEL] = json!("baseline");
        expected["metadata"]["labels"][format!("{LABEL}-version")] = json!("latest");
        assert_eq!(after[key], expected, "{key}");
    }

    // It is done: nothing is printed for these namespaces again, and applying it again changes nothing.
    let again = enforce(&cluster);
    let again = again["manifests"].as_array().unwrap();
    let labels: Vec<_> =
        again.iter().filter(|row| row["kind"] == "Namespace").map(|row| &row["name"]).collect();
    assert!(labels.iter().all(|name| !named.contains(&name.as_str().unwrap())), "{labels:?}");
    for (kind, name, manifest) in &manifests {
        let path = format!("{}/{name}", collection(kind));
        let known = cluster.api.get(&path).expect(&path);
        let applied = cluster.api.apply(&path, manifest).expect(&path);
        assert_eq!(applied["metadata"]["resourceVersion"], known["metadata"]["resourceVersion"], "{path}");
        assert!(known["status"]["typeChecking"]["expressionWarnings"].is_null(), "{}", known["status"]);
    }

    // Removed again.
    cluster.clean();
    let restored = all(&cluster.api);
    let left: Vec<&str> = changed_of_others(&before, &restored, &cluster.prefix);
    assert!(left.is_empty(), "{left:?}");
    within(EFFECT, "end of the policy", || try_namespace(&cluster, &json!({})).0 == 201);
}

fn is_of(key: &str, kind: &str, name: &str) -> bool {
    key == format!("{} /{name}", collection(kind))
}

/// The text is one that kubectl takes.
#[test]
fn kubectl_takes_the_printed_manifests() {
    let Some(cluster) = Cluster::open() else { return };
    let Some(kubectl) = program("kubectl") else {
        eprintln!("skipped: there is no kubectl");
        return;
    };
    cluster.namespace("text", &json!({}));
    let (inventory, manifests) = (cluster.file("inventory.json"), cluster.file("enforce.yaml"));
    assert_eq!(cluster.scs(&["inventory", "--all-pods", "-o", &inventory]).status, 0);
    assert_eq!(run(&["k8s", "enforce", &inventory, "-o", &manifests]).status, 0);
    for how in ["--server-side=false", "--server-side"] {
        let output = std::process::Command::new(&kubectl)
            .args(["--kubeconfig", &cluster.kubeconfig, "apply", "--dry-run=server", how, "-f", &manifests])
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{how}: {}", String::from_utf8_lossy(&output.stderr));
        assert!(text.contains(&cluster.name("text")) && text.contains("scs-0217-pod-security"), "{text}");
    }
}
