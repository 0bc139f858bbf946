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
    let server = ApiServer::start(&["nodes", "pods", "configmaps"]);
    let kubeconfig = server.kubeconfig();
    let (status, out, err) = run(&["k8s", "rights", "--kubeconfig", &kubeconfig]);
    assert_eq!((status, err.as_str()), (1, ""));
    insta::assert_snapshot!("k8s_rights_of_a_user", out);
    let (_, out, _) = run(&["k8s", "rights", "--kubeconfig", &kubeconfig, "-f", "json"]);
    let document = parsed(&out);
    valid("k8s-rights", [document.clone()]);
    let pods = document["rights"].as_array().unwrap().iter().find(|it| it["part"] == "pods").unwrap();
    assert_eq!(pods["allowed"], false);
    assert!(pods["draft_rules"].as_array().unwrap().contains(&json!("scs-0215-max-requests")), "{pods}");
    assert!(server.changes().is_empty(), "{:?}", server.changes());
    // Only drafts need the pods, and no rule the config map.
    let server = ApiServer::start(&["pods", "configmaps"]);
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
    let (status, out, err) = repair(&server, &["--undo", &file, "--apply", "--yes"]);
    assert!(status == 0 && out.contains("Nothing to undo"), "{out}{err}");
    std::fs::remove_file(&file).unwrap();
    repair(&server, &["--apply", "--yes", "--undo-file", &file]);
    let (status, _, err) = repair(&server, &["--undo", &file, "--apply", "--yes"]);
    assert!(status == 0 && err.contains("restored"), "{err}");
    assert_eq!(server.get(NODE)["metadata"]["labels"], before);
}

#[test]
fn undoing_is_shown_like_a_repair_and_needs_apply() {
    let server = cluster();
    let file = server.path("undo.json").display().to_string();
    repair(&server, &["--apply", "--yes", "--undo-file", &file]);
    let count = server.changes().len();
    let (status, out, err) = repair(&server, &["--undo", &file]);
    assert_eq!((status, err.as_str()), (1, ""));
    assert!(out.contains(&format!("  - label {ZONE}=az1")), "{out}");
    let (_, out, _) = repair(&server, &["--undo", &file, "-f", "json"]);
    let document = parsed(&out);
    valid("k8s-repair", [document.clone()]);
    let entry = &document["changes"][0]["entries"][0];
    assert_eq!((&entry["before"], &entry["after"]), (&json!("az1"), &Value::Null));
    assert_eq!((&document["applied"], &document["changes"][0]["made"]), (&json!(false), &json!("no")));
    // Nobody agrees without a terminal, and `--yes` alone decides nothing.
    let (status, _, err) = repair(&server, &["--undo", &file, "--apply"]);
    assert!(status == 2 && err.contains("cannot ask for confirmation"), "{err}");
    let (status, _, err) = repair(&server, &["--undo", &file, "--yes"]);
    assert!(status == 2 && err.contains("--apply"), "{err}");
    assert_eq!(server.changes().len(), count);
    let (status, out, _) = repair(&server, &["--undo", &file, "--apply", "--yes", "-f", "json"]);
    assert_eq!((status, &parsed(&out)["applied"]), (0, &json!(true)));
    assert_eq!(server.get(NODE)["metadata"]["labels"][ZONE], Value::Null);
}

#[test]
fn rights_of_probes_are_a_role_of_their_own() {
    let (status, out, err) = run(&["k8s", "rights", "--probe", "pvc,network-policy", "--bind-user", "jane"]);
    assert_eq!((status, err.as_str()), (0, ""));
    let objects: Vec<Value> = serde_saphyr::from_multiple(&out).unwrap();
    let named = |name: &str| objects.iter().filter(|it| it["metadata"]["name"] == name).count();
    assert_eq!((named("scs-check"), named("scs-check-probes")), (4, 2));
    let without = run(&["k8s", "rights", "--bind-user", "jane"]).1;
    assert!(!without.contains("create") && !without.contains("probes"), "{without}");
    let (status, _, err) = run(&["k8s", "rights", "--probe", "vm"]);
    assert!(status == 2 && err.contains("pvc, pod-security and network-policy"), "{err}");
}

#[test]
fn an_account_is_told_which_probes_it_can_run() {
    let server = ApiServer::start(&["networkpolicies", "events"]);
    let kubeconfig = server.kubeconfig();
    let rights = |more: &[&str]| {
        let all = ["k8s", "rights", "--kubeconfig", &kubeconfig, "--at", "2026-10-20"];
        run(&[&all[..], &["--probe", "pvc,pod-security,network-policy"], more].concat())
    };
    let (status, out, err) = rights(&[]);
    assert_eq!((status, err.as_str()), (1, ""));
    insta::assert_snapshot!("k8s_rights_of_probes", out);
    let document = parsed(&rights(&["-f", "json"]).1);
    valid("k8s-rights", [document.clone()]);
    let can_run = |index: usize| document["probes"][index]["can_run"].clone();
    assert_eq!([can_run(0), can_run(1), can_run(2)], [json!(true), json!(true), json!(false)]);
    assert!(server.changes().is_empty(), "{:?}", server.changes());
    // Events are optional.
    let server = ApiServer::start(&["events"]);
    let probe = ["k8s", "rights", "--kubeconfig", &server.kubeconfig(), "--probe", "network-policy"];
    assert_eq!(run(&probe).0, 0);
}

#[test]
fn rules_of_drafts_are_counted_apart() {
    let count = |arguments: &[&str]| -> Vec<(usize, usize)> {
        let (_, out, err) =
            run(&[&["k8s", "rights", "-f", "json", "--at", "2026-10-20"], arguments].concat());
        assert_eq!(err, "");
        let document = parsed(&out);
        valid("k8s-rights", [document.clone()]);
        let rows = document["rights"].as_array().unwrap().clone();
        let len = |row: &Value, key: &str| row[key].as_array().unwrap().len();
        rows.iter().map(|row| (len(row, "rules"), len(row, "draft_rules"))).collect()
    };
    let sum = |rows: &[(usize, usize)]| rows.iter().fold((0, 0), |all, row| (all.0 + row.0, all.1 + row.1));
    let (text, official) = (count(&[]), count(&["--profile", "official"]));
    assert!(sum(&text).0 > sum(&official).0, "{text:?} {official:?}");
    assert!(sum(&official).0 > 0 && sum(&text).1 > 0, "{text:?} {official:?}");
    assert_eq!(sum(&text).1, sum(&official).1);
    let (status, _, err) = run(&["k8s", "rights", "--scope-version", "v9"]);
    assert!(status == 2 && err.contains("v9"), "{err}");
}

#[test]
fn only_one_context_is_accepted_where_one_is_used() {
    let server = ApiServer::start(&[]);
    let kubeconfig = server.kubeconfig();
    let contexts = ["--kubeconfig", &kubeconfig, "--context", "prod", "--context", "prod"];
    for command in [&["k8s", "rights"][..], &["k8s", "repair"], &["inventory"]] {
        let (status, _, err) = run(&[command, &contexts].concat());
        assert!(status == 2 && err.contains("several contexts are given"), "{command:?}: {err}");
        let (_, help, _) = run(&[command, &["--help"]].concat());
        assert!(help.contains("Query the cluster of this context [default: the current context]"), "{help}");
    }
    let (_, help, _) = run(&["inventory", "--help"]);
    assert!(!help.contains("can be repeated [default: `OS_CLOUD`"), "{help}");
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
    let (status, _, err) = repair(&server, &["--undo", &file("a"), "--apply", "--yes"]);
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
    let (status, _, err) = repair(&server, &["--undo", &file, "--apply", "--yes"]);
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
