//! `scs k8s rights`, `scs k8s repair`, `scs cleanup` and probes, on a small API server.

pub(crate) mod server;

use serde_json::{Value, json};
use server::{ApiServer, Fault};

use crate::common::{json as parsed, run, unwrapped};
use crate::schema::valid;

const NODE: &str = "/api/v1/nodes/n1";
const SHOP: &str = "/api/v1/namespaces/shop";
const ZONE: &str = "topology.kubernetes.io/zone";
const LEVEL: &str = "pod-security.kubernetes.io/enforce";

/// A node whose zone only an old label shows, and a namespace that enforces nothing.
fn cluster() -> ApiServer {
    let server = ApiServer::start(&[]);
    let labels = json!({"failure-domain.beta.kubernetes.io/zone": "az1", "topology.kubernetes.io/region": "r",
        "node-role.kubernetes.io/control-plane": ""});
    server.put(NODE, json!({"metadata": {"labels": labels}}));
    server.put(SHOP, json!({"metadata": {"labels": {"team": "a"}}}));
    let metadata = json!({"namespace": "kube-system", "labels": {"component": "kube-apiserver"},
        "annotations": {"kubernetes.io/config.mirror": "1"}});
    let container = json!({"name": "kube-apiserver", "command": ["kube-apiserver", "--profiling=false"]});
    let pod = json!({"metadata": metadata, "spec": {"nodeName": "n1", "containers": [container]}});
    server.put("/api/v1/pods/kube-apiserver-n1", pod);
    server
}

fn repair(server: &ApiServer, more: &[&str]) -> (i32, String, String) {
    let kubeconfig = server.kubeconfig();
    run(&[&["k8s", "repair", "--kubeconfig", &kubeconfig, "--at", "2026-10-20"], more].concat())
}

#[test]
fn rights_are_manifests() {
    let (status, out, err) = run(&["k8s", "rights", "--kubelets", "--service-account", "monitoring:scs"]);
    assert_eq!((status, err.as_str()), (0, ""));
    insta::assert_snapshot!("k8s_rights", out);
    let (_, out, _) = run(&["k8s", "rights"]);
    assert!(!out.contains("Binding") && !out.contains("nodes/proxy"), "{out}");
    let (_, out, _) = run(&["k8s", "rights", "--all-pods", "--bind-user", "it's: me\n---"]);
    let objects: Vec<Value> = serde_saphyr::from_multiple(&out).unwrap();
    let kinds: Vec<&str> = objects.iter().filter_map(|it| it["kind"].as_str()).collect();
    assert_eq!(kinds, ["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"]);
    assert_eq!(objects[1]["subjects"][0]["name"], "it's: me\n---");
    let (status, _, err) = run(&["k8s", "rights", "--service-account", "scs"]);
    assert!(status == 2 && err.contains("NAMESPACE:NAME"), "{err}");
}

#[test]
fn missing_rights_are_shown_with_the_rules_that_need_them() {
    let server = ApiServer::start(&["pods", "configmaps"]);
    let kubeconfig = server.kubeconfig();
    let (status, out, err) = run(&["k8s", "rights", "--kubeconfig", &kubeconfig]);
    assert_eq!((status, err.as_str()), (1, ""));
    insta::assert_snapshot!("k8s_rights_of_a_user", out);
    let (_, out, _) = run(&["k8s", "rights", "--kubeconfig", &kubeconfig, "-f", "json"]);
    let document = parsed(&out);
    valid("k8s-rights", [document.clone()]);
    let pods = document["rights"].as_array().unwrap().iter().find(|it| it["part"] == "pods").unwrap();
    assert_eq!(pods["allowed"], false);
    assert!(pods["rules"].as_array().unwrap().contains(&json!("scs-0215-max-requests")), "{pods}");
    assert!(server.changes().is_empty(), "{:?}", server.changes());
    // No rule needs the config map.
    let server = ApiServer::start(&["configmaps"]);
    assert_eq!(run(&["k8s", "rights", "--kubeconfig", &server.kubeconfig()]).0, 0);
    let (status, _, err) = run(&["k8s", "rights", "--kubeconfig", &kubeconfig, "-f", "yaml"]);
    assert!(status == 2 && err.contains("do not depend on a cluster"), "{err}");
}

#[test]
fn repairs_are_shown_and_nothing_is_changed() {
    let server = cluster();
    let (status, out, err) = repair(&server, &[]);
    assert_eq!((status, err.as_str()), (1, ""));
    insta::assert_snapshot!("k8s_repair", out);
    let (_, out, _) = repair(&server, &["-f", "json"]);
    let document = parsed(&out);
    valid("k8s-repair", [document.clone()]);
    assert_eq!(document["applied"], false);
    // Without a terminal, nobody agrees.
    let (status, _, err) = repair(&server, &["--apply"]);
    assert!(status == 2 && err.contains("cannot ask for confirmation"), "{err}");
    assert!(server.changes().is_empty(), "{:?}", server.changes());
}

#[test]
fn safe_repairs_are_applied_and_undone() {
    let server = cluster();
    let file = server.path("undo.json").display().to_string();
    let before = server.get(NODE)["metadata"]["labels"].clone();
    let (status, _, err) = repair(&server, &["--apply", "--yes", "--undo-file", &file]);
    assert_eq!(status, 1, "a choice is left: {err}");
    assert_eq!(server.get(NODE)["metadata"]["labels"][ZONE], "az1");
    assert_eq!(server.get(SHOP)["metadata"]["labels"][LEVEL], Value::Null);
    assert_eq!(server.changes(), [format!("PATCH {NODE}")]);
    // An undo file is not replaced.
    server.put(NODE, json!({"metadata": {"labels": before, "uid": server.get(NODE)["metadata"]["uid"]}}));
    let (status, _, err) = repair(&server, &["--apply", "--yes", "--undo-file", &file]);
    assert!(status == 2 && err.contains("exists already"), "{err}");
    let (status, _, err) = repair(&server, &["--undo", &file, "--yes"]);
    assert!(status == 0 && err.contains("nothing to undo"), "{err}");
    std::fs::remove_file(&file).unwrap();
    repair(&server, &["--apply", "--yes", "--undo-file", &file]);
    let (status, _, err) = repair(&server, &["--undo", &file, "--yes"]);
    assert!(status == 0 && err.contains("restored"), "{err}");
    assert_eq!(server.get(NODE)["metadata"]["labels"], before);
}

#[test]
fn choices_are_made_only_if_they_are_named() {
    let server = cluster();
    let file = |name: &str| server.path(name).display().to_string();
    let (status, _, err) = repair(&server, &["--choose", "scs-0217-pss-enforce/nothing", "--apply", "--yes"]);
    assert!(status == 2 && unwrapped(&err).contains("the fixes to choose from are"), "{err}");
    let chosen = ["--choose", "scs-0217-pss-enforce/shop", "--policy", "--apply", "--yes"];
    let (status, _, err) = repair(&server, &[&chosen[..], &["--undo-file", &file("a")]].concat());
    assert_eq!(status, 0, "{err}");
    assert_eq!(server.get(SHOP)["metadata"]["labels"], json!({"team": "a", LEVEL: "baseline"}));
    assert_eq!(server.changes().iter().filter(|it| it.starts_with("POST")).count(), 2);
    // Somebody else changes a value: nothing is undone.
    let mut shop = server.get(SHOP);
    shop["metadata"]["labels"][LEVEL] = json!("restricted");
    server.put(SHOP, shop);
    let count = server.changes().len();
    let (status, _, err) = repair(&server, &["--undo", &file("a"), "--yes"]);
    assert!(status == 2 && unwrapped(&err).contains("it is `restricted` instead of `baseline`"), "{err}");
    assert_eq!(server.changes().len(), count);
}

#[test]
fn probes_of_the_other_kind_are_refused() {
    let server = ApiServer::start(&[]);
    let kubeconfig = server.kubeconfig();
    for (arguments, words) in [
        (&["check", "--kubeconfig", &kubeconfig, "--probe", "vm"][..], "the probe `vm` is about clouds"),
        (&["check", "--os-cloud", "a", "--probe", "pvc"], "the probe `pvc` is about clusters"),
        (&["check", "--probe", "pvc,vm"], "query one at a time"),
        (&["check", "--probe", "pv"], "is not a probe"),
    ] {
        let (status, _, err) = run(arguments);
        assert!(status == 2 && err.contains(words), "{err}");
    }
}

#[test]
fn namespaces_of_probes_are_cleaned_up() {
    let server = ApiServer::start(&[]);
    let kubeconfig = server.kubeconfig();
    let path = "/api/v1/namespaces/scs-20261201t060000z-4f7k-pvc";
    let cleanup = |more: &[&str]| run(&[&["cleanup", "--kubeconfig", &kubeconfig], more].concat());
    assert_eq!(cleanup(&[]).1, "prod: nothing left to delete\n");
    server.put(path, json!({}));
    server.put("/api/v1/namespaces/scs-check", json!({}));
    let (status, out, _) = cleanup(&["--older-than", "2000000h"]);
    assert!(status == 1 && out.contains("prod: kept namespace"), "{out}");
    let (status, out, _) = cleanup(&["--older-than", "0s"]);
    assert_eq!((status, out.as_str()), (0, "prod: deleted namespace `scs-20261201t060000z-4f7k-pvc`\n"));
    assert_eq!(server.get(path), Value::Null);
}

/// A load balancer answers 504 although the change is made.
#[test]
fn a_lost_answer_does_not_hide_a_change() {
    let server = cluster();
    server.fail("PATCH", Fault::Lost);
    let file = server.path("undo.json").display().to_string();
    let made = ["--apply", "--yes", "-f", "json", "--undo-file", &file];
    let (status, out, err) = repair(&server, &made);
    assert_eq!(status, 1, "a choice is left: {err}");
    let document = parsed(&out);
    assert_eq!((&document["applied"], &document["changes"][0]["made"]), (&json!(true), &json!("yes")));
    let server = cluster();
    server.fail("PATCH", Fault::Down);
    let file = server.path("undo.json").display().to_string();
    let made = ["--apply", "--yes", "-f", "json", "--undo-file", &file];
    let (status, out, err) = repair(&server, &made);
    assert_eq!(status, 2, "{err}");
    let said = unwrapped(&err);
    assert!(
        said.contains("may have been made") && said.contains(&format!("--undo={file}"))
            || said.contains(&format!("--undo {file}")),
        "{err}"
    );
    let document = parsed(&out);
    valid("k8s-repair", [document.clone()]);
    assert_eq!((&document["applied"], &document["changes"][0]["made"]), (&json!(false), &json!("unknown")));
    assert_eq!(document["undo"], json!(file));
}

#[test]
fn objects_that_are_gone_are_skipped_by_undoing() {
    let server = cluster();
    let file = server.path("undo.json").display().to_string();
    let chosen = ["--choose", "scs-0217-pss-enforce/shop", "--apply", "--yes", "--undo-file", &file];
    assert_eq!(repair(&server, &chosen).0, 0);
    server.remove(SHOP);
    let (status, _, err) = repair(&server, &["--undo", &file, "--yes"]);
    assert_eq!(status, 0, "{err}");
    assert!(err.contains("Namespace `shop`: skipped, since it is gone"), "{err}");
    assert!(err.contains("Node `n1`: restored"), "{err}");
    assert_eq!(server.get(NODE)["metadata"]["labels"][ZONE], Value::Null);
}

#[test]
fn an_undo_file_is_a_file() {
    let server = cluster();
    let (status, out, err) = repair(&server, &["--apply", "--yes", "--undo-file", "-"]);
    assert!(status == 2 && err.contains("cannot be standard output"), "{err}");
    assert_eq!(out, "");
    assert!(server.changes().is_empty(), "{:?}", server.changes());
}

#[test]
fn leftovers_of_probes_are_named_with_the_command_that_deletes_them() {
    let server = cluster();
    let kubeconfig = server.kubeconfig();
    let arguments =
        ["inventory", "--kubeconfig", &kubeconfig, "--context", "prod", "--probe", "pod-security"];
    assert_eq!(run(&arguments).0, 0);
    server.fail("DELETE", Fault::Denied);
    let (status, out, err) = run(&arguments);
    assert_eq!(status, 1, "{err}");
    parsed(&out);
    assert!(err.contains("cannot delete the namespace"), "{err}");
    let command = format!("`scs cleanup --kubeconfig {kubeconfig} --context prod --older-than 0s`");
    assert!(err.contains(&command), "{command}: {err}");
}
