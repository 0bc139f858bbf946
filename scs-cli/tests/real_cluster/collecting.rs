//! What is collected, compared with a reading of the same API by another client, for users with all, few and no rights.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::cluster::{Cluster, Told, run, within};

/// The lists of an inventory, with the resource that a refusal names.
const LISTS: [(&str, &str, &str); 8] = [
    ("nodes", "/api/v1/nodes", "nodes"),
    ("namespaces", "/api/v1/namespaces", "namespaces"),
    ("persistent_volumes", "/api/v1/persistentvolumes", "persistentvolumes"),
    ("storage_classes", "/apis/storage.k8s.io/v1/storageclasses", "storageclasses"),
    ("daemon_sets", "/apis/apps/v1/daemonsets", "daemonsets"),
    ("ingress_classes", "/apis/networking.k8s.io/v1/ingressclasses", "ingressclasses"),
    ("network_policies", "/apis/networking.k8s.io/v1/networkpolicies", "networkpolicies"),
    ("pods", "/api/v1/namespaces/kube-system/pods", "pods"),
];

const COMPONENTS: [&str; 4] = ["kube-apiserver", "kube-controller-manager", "kube-scheduler", "etcd"];

/// The objects of each part, by namespace and name.
type Reading = BTreeMap<&'static str, BTreeMap<String, Value>>;

fn key(object: &Value) -> String {
    let text = |key: &str| object["metadata"][key].as_str().unwrap_or_default();
    format!("{}/{}", text("namespace"), text("name"))
}

fn is_control_plane(pod: &Value) -> bool {
    let labels = &pod["metadata"]["labels"];
    let is_component = |label: &str| labels[label].as_str().is_some_and(|value| COMPONENTS.contains(&value));
    labels["tier"] == "control-plane" || is_component("component") || is_component("k8s-app")
}

/// Reads all lists; of pods, those of the control plane, if any has its labels.
fn reading(cluster: &Cluster) -> Reading {
    let read = |&(part, path, _): &(&'static str, &str, &str)| {
        let mut objects = cluster.api.list(path);
        if part == "pods" && objects.iter().any(is_control_plane) {
            objects.retain(is_control_plane);
        }
        (part, objects.into_iter().map(|object| (key(&object), object)).collect())
    };
    LISTS.iter().map(read).collect()
}

/// Objects without what a cluster changes all the time.
fn settled(reading: &Reading) -> Reading {
    let mut reading = reading.clone();
    for object in reading.values_mut().flat_map(BTreeMap::values_mut) {
        object["metadata"]["resourceVersion"] = Value::Null;
        object["metadata"]["managedFields"] = Value::Null;
        object["status"]["conditions"] = Value::Null;
    }
    reading
}

/// What a command prints, and the reading while the cluster does not change.
fn at_rest<T>(cluster: &Cluster, mut collect: impl FnMut() -> T) -> (T, Reading) {
    for _ in 0..5 {
        let before = reading(cluster);
        let collected = collect();
        let after = reading(cluster);
        if settled(&before) == settled(&after) {
            return (collected, after);
        }
    }
    panic!("the cluster does not come to rest");
}

/// Whether a value is a part of another: fields may be missing, values of variables and of flags may be hidden.
fn is_part(kept: &Value, whole: &Value) -> bool {
    match (kept, whole) {
        (Value::Object(kept), Value::Object(whole)) => kept.iter().all(|(key, value)| {
            let is_hidden = key == "valueFrom" && *value == json!({});
            is_hidden || whole.get(key).is_some_and(|whole| is_part(value, whole))
        }),
        (Value::Array(kept), Value::Array(whole)) => {
            kept.len() == whole.len() && kept.iter().zip(whole).all(|(kept, whole)| is_part(kept, whole))
        }
        (Value::String(kept), Value::String(_)) if kept.contains('…') => true,
        _ => kept == whole,
    }
}

fn entries(part: &Value) -> &Vec<Value> {
    part.as_array().or_else(|| part["items"].as_array()).unwrap_or_else(|| panic!("not a list: {part}"))
}

#[track_caller]
fn assert_is_what_was_read(inventory: &Value, reading: &Reading) {
    for (part, objects) in reading {
        let collected: BTreeMap<String, &Value> =
            entries(&inventory[*part]).iter().map(|object| (key(object), object)).collect();
        let names = |keys: BTreeSet<&String>| keys.into_iter().cloned().collect::<Vec<_>>();
        assert_eq!(names(collected.keys().collect()), names(objects.keys().collect()), "{part}");
        for (name, object) in collected {
            assert!(is_part(object, &objects[&name]), "{part} {name}: {object:#}");
        }
    }
}

/// The parts that are missing, and why.
fn refused(inventory: &Value) -> BTreeMap<&str, &str> {
    let parts = inventory.as_object().unwrap().iter();
    parts.filter_map(|(part, value)| Some((part.as_str(), value["unavailable"].as_str()?))).collect()
}

/// An inventory without what depends on the user and the time.
fn evidence(mut inventory: Value) -> Value {
    for key in ["collected_at", "collected_from", "subject"] {
        inventory.as_object_mut().unwrap().remove(key);
    }
    // Conditions are not collected, but the time of a heartbeat may be in an annotation.
    inventory
}

/// The results of a report.
fn answers(report: &Value) -> Value {
    json!([report["results"], report["rules"], report["verdict"], report["findings"]])
}

#[test]
fn an_inventory_has_what_another_client_reads() {
    let Some(cluster) = Cluster::open() else { return };
    let (told, reading) = at_rest(&cluster, || cluster.scs(&["inventory"]));
    let inventory = told.json(0);
    assert!(refused(&inventory).is_empty(), "{:?}", refused(&inventory));
    assert_is_what_was_read(&inventory, &reading);
    let version = cluster.api.get("/version").expect("the version");
    assert_eq!(inventory["version"]["gitVersion"], version["gitVersion"]);
    assert!(inventory.get("kubelet_configs").is_none());
}

#[test]
fn kubelets_are_asked_through_the_api_server() {
    let Some(cluster) = Cluster::open() else { return };
    let (told, reading) = at_rest(&cluster, || cluster.scs(&["inventory", "--kubelets"]));
    let inventory = told.json(0);
    for name in reading["nodes"].keys() {
        let name = name.trim_start_matches('/');
        let answer = cluster.api.get(&format!("/api/v1/nodes/{name}/proxy/configz"));
        let collected = &inventory["kubelet_configs"][name];
        if answer.is_ok() {
            assert!(is_part(collected, &answer.body), "{name}: {collected:#}");
            assert_eq!(
                collected["kubeletconfig"]["authentication"],
                answer.body["kubeletconfig"]["authentication"]
            );
        } else {
            assert!(collected["unavailable"].is_string(), "{name}: {collected}");
        }
    }
}

/// What is left out while reading changes no result, and neither does saving.
#[test]
fn a_report_is_that_of_the_saved_inventory_and_of_whole_objects() {
    let Some(cluster) = Cluster::open() else { return };
    let (saved, whole) = (cluster.file("saved.json"), cluster.file("whole.json"));
    let check = |input: &[&str]| {
        let told = run(&[&["check", "-f", "json", "--include-drafts", "--all-rules"], input].concat());
        assert!(told.status < 2, "{}", told.err);
        serde_json::from_str::<Value>(&told.out).unwrap()
    };
    let live = ["--kubeconfig", &cluster.kubeconfig, "--save-inventory", &saved];
    let (live, reading) = at_rest(&cluster, || check(&live));
    // The program takes the time of the inventory for one that is checked later.
    let again = check(&[&saved, "--at", live["at"].as_str().unwrap()]);
    assert_eq!(answers(&again), answers(&live));
    assert_eq!(again["collected_from"], live["collected_from"]);
    let mut inventory: Value = serde_json::from_str(&std::fs::read_to_string(&saved).unwrap()).unwrap();
    for (part, objects) in reading {
        let list: Vec<Value> = objects.into_values().collect();
        inventory[part] = json!({"kind": "List", "apiVersion": "v1", "items": list});
    }
    std::fs::write(&whole, inventory.to_string()).unwrap();
    let of_whole = check(&[&whole, "--at", live["at"].as_str().unwrap()]);
    assert_eq!(answers(&of_whole), answers(&live));
}

/// The printed roles are enough, with kubelets and without, by token and by impersonation.
#[test]
fn the_printed_rights_show_what_an_administrator_sees() {
    let Some(cluster) = Cluster::open() else { return };
    let namespace = cluster.namespace("rights", &json!({}));
    for (name, option) in [("least", None), ("proxy", Some("--kubelets"))] {
        let account = format!("{namespace}:{name}");
        let mut rights = vec!["k8s", "rights", "-f", "json", "--service-account", &account];
        let mut inventory = vec!["inventory"];
        rights.extend(option);
        inventory.extend(option);
        let token = cluster.service_account(&namespace, name);
        cluster.grant(run(&rights).json(0)["manifests"].as_array().unwrap(), name);
        let user = format!("system:serviceaccount:{namespace}:{name}");
        let by_token = [&inventory[..], &["--token", &token]].concat();
        let by_impersonation = [&inventory[..], &["--as", &user]].concat();
        let all = || [&inventory, &by_token, &by_impersonation].map(|arguments| cluster.scs(arguments));
        let ([admin, token_told, impersonated], _) = at_rest(&cluster, all);
        let admin = admin.json(0);
        for told in [token_told, impersonated] {
            let collected = told.json(0);
            assert_eq!(collected["collected_from"]["user"], user.as_str());
            assert_ne!(collected["collected_from"]["user"], admin["collected_from"]["user"]);
            assert_eq!(evidence(collected), evidence(admin.clone()), "{name}");
        }
        // The right to ask kubelets is only in its own role.
        let kubelets = cluster.scs(&["inventory", "--kubelets", "--token", &token]).json(0);
        let is_refused = refused(&kubelets).contains_key("kubelet_configs");
        assert_eq!(is_refused, option.is_none() && !entries(&kubelets["nodes"]).is_empty(), "{name}");
    }
}

/// Each part without a right has the server's reason, and the other parts are as complete as ever.
#[test]
fn a_missing_right_is_named_at_its_part() {
    let Some(cluster) = Cluster::open() else { return };
    let namespace = cluster.namespace("parts", &json!({}));
    let rights = run(&["k8s", "rights", "-f", "json", "--service-account", &format!("{namespace}:each")]);
    let manifests = rights.json(0)["manifests"].as_array().unwrap().clone();
    for (part, _, resource) in LISTS {
        let account = format!("without-{resource}");
        let token = cluster.service_account(&namespace, &account);
        let mut manifests = manifests.clone();
        for manifest in &mut manifests {
            if let Some(rules) = manifest["rules"].as_array_mut() {
                rules.retain(|rule| rule["resources"] != json!([resource]));
                if rules.is_empty() {
                    *manifest = json!({"kind": "ServiceAccount"});
                }
            } else if let Some(subjects) = manifest["subjects"].as_array_mut() {
                subjects[0]["name"] = json!(account);
            }
        }
        cluster.grant(&manifests, &account);
        let inventory = cluster.scs(&["inventory", "--token", &token]).json(0);
        let refused = refused(&inventory);
        assert_eq!(refused.keys().copied().collect::<Vec<_>>(), [part]);
        let reason = refused[part];
        assert!(reason.contains("forbidden") && reason.contains(&format!("\"{resource}\"")), "{reason}");
        assert!(reason.contains(&format!("system:serviceaccount:{namespace}:{account}")), "{reason}");
        let file = cluster.file("part.json");
        std::fs::write(&file, inventory.to_string()).unwrap();
        let report = run(&["check", "-f", "json", "--all-rules", &file]);
        let report: Value = serde_json::from_str(&report.out).unwrap();
        assert!(report["unavailable"].get(part).is_some(), "{}", report["unavailable"]);
    }
}

fn assert_is_refused(told: &Told, reason: &str) {
    assert_eq!((told.status, told.out.as_str()), (2, ""), "{}", told.err);
    let flat = told.err.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat.contains(reason), "{reason}: {}", told.err);
}

/// Nothing that can be read is an error, not an inventory full of gaps.
#[test]
fn users_without_rights_get_an_error() {
    let Some(cluster) = Cluster::open() else { return };
    let namespace = cluster.namespace("nothing", &json!({}));
    let token = cluster.service_account(&namespace, "nothing");
    let user = format!("system:serviceaccount:{namespace}:nothing");
    let file = cluster.file("nothing.json");
    for arguments in [["--token", &token], ["--as", &user]] {
        let told = cluster.scs(&[&["inventory", "-o", &file], &arguments[..]].concat());
        assert_is_refused(&told, "forbidden");
        assert!(told.err.contains("scs k8s rights") && !told.err.contains(&token), "{}", told.err);
        let told = cluster.scs(&[&["check", "--save-inventory", &file], &arguments[..]].concat());
        assert_is_refused(&told, "forbidden");
    }
    assert!(!std::path::Path::new(&file).exists());
}

/// Users that the API server does not know.
#[test]
fn unknown_users_get_an_error() {
    let Some(cluster) = Cluster::open() else { return };
    assert_is_refused(
        &cluster.scs(&["inventory", "--token", "not-a-token"]),
        "the given token may have expired",
    );
    assert_is_refused(&cluster.scs(&["inventory", "--as", "system:anonymous"]), "anonymous");
    // A token that no longer has a claim: its account is deleted.
    let namespace = cluster.namespace("gone", &json!({}));
    let token = cluster.service_account(&namespace, "gone");
    cluster.api.delete(&format!("/api/v1/namespaces/{namespace}/serviceaccounts/gone"));
    within(std::time::Duration::from_mins(1), "refusal", || {
        cluster.scs(&["inventory", "--token", &token]).err.contains("Unauthorized")
    });
    // No credentials at all.
    let file = cluster.as_user("anonymous", &json!({}));
    let told = run(&["inventory", "--kubeconfig", &file]);
    assert_eq!((told.status, told.out.as_str()), (2, ""), "{}", told.err);
    assert!(told.err.contains("credentials"), "{}", told.err);
}

/// A plug-in signs in, fails with its own words, or may not run.
#[cfg(unix)]
#[test]
fn credential_plugins_sign_in() {
    use std::os::unix::fs::PermissionsExt;

    let Some(cluster) = Cluster::open() else { return };
    let namespace = cluster.namespace("plugin", &json!({}));
    let token = cluster.service_account(&namespace, "least");
    let rights = ["k8s", "rights", "-f", "json", "--service-account", &format!("{namespace}:least")];
    cluster.grant(run(&rights).json(0)["manifests"].as_array().unwrap(), "plugin");
    let credential = |token: &str| {
        let version = "client.authentication.k8s.io/v1";
        json!({"apiVersion": version, "kind": "ExecCredential", "status": {"token": token}}).to_string()
    };
    let with_plugin = |name: &str, script: &str| {
        let program = cluster.file(&format!("{name}.sh"));
        std::fs::write(&program, format!("#!/bin/sh\n{script}\n")).unwrap();
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o700)).unwrap();
        let exec = json!({"exec": {
            "apiVersion": "client.authentication.k8s.io/v1", "command": program, "interactiveMode": "Never"
        }});
        cluster.as_user(name, &exec)
    };
    let good = with_plugin("good", &format!("echo '{}'", credential(&token)));
    let told = run(&["inventory", "--kubeconfig", &good]);
    let user = format!("system:serviceaccount:{namespace}:least");
    assert_eq!(told.json(0)["collected_from"]["user"], user.as_str());
    assert!(!told.out.contains(&token) && !told.err.contains(&token));
    assert_is_refused(&run(&["inventory", "--no-plugins", "--kubeconfig", &good]), "--no-plugins");
    let failing = with_plugin("failing", "echo 'session expired' >&2; exit 3");
    assert_is_refused(&run(&["inventory", "--kubeconfig", &failing]), "session expired");
    let refused = with_plugin("refused", &format!("echo '{}'", credential("not-a-token")));
    assert_is_refused(&run(&["inventory", "--kubeconfig", &refused]), "Unauthorized");
}

/// A server whose certificate is of another authority is not trusted.
#[test]
fn servers_of_other_authorities_are_not_trusted() {
    let Some(cluster) = Cluster::open() else { return };
    if !cluster.kubeconfig()["clusters"][0]["cluster"]["server"].as_str().unwrap().starts_with("https:") {
        eprintln!("skipped: the server has no certificate");
        return;
    }
    let other = cluster.file("other.crt");
    let certificate = rcgen::generate_simple_self_signed(["other".to_owned()]).unwrap();
    std::fs::write(&other, certificate.cert.pem()).unwrap();
    let told = cluster.scs(&["inventory", "--certificate-authority", &other]);
    assert_is_refused(&told, "certificate");
    let told = cluster.scs(&["inventory", "--tls-server-name", "other.invalid"]);
    assert_is_refused(&told, "other.invalid");
}
