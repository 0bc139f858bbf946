//! `scs check` on inventories of clusters, and `scs k8s`.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::common::{example, json, rule, run, run_with, unwrapped};
use crate::schema::valid;

const AT: [&str; 2] = ["--at", "2026-10-20"];

fn check(more: &[&str], file: &str) -> (i32, String, String) {
    let file = example(file);
    run(&[&["check"], &AT[..], more, &[&file]].concat())
}

/// The results and rules of an inventory in JSON.
fn checked(inventory: &Value, more: &[&str]) -> (BTreeMap<String, String>, Value) {
    let (_, out, err) =
        run_with(&[&["check", "-f", "json"], &AT[..], more, &["-"]].concat(), inventory.to_string());
    assert_eq!(err, "");
    let document = json(&out);
    valid("check", [document.clone()]);
    (serde_json::from_value(document["results"].clone()).unwrap(), document)
}

#[test]
fn what_people_read() {
    for name in ["conformant", "k3s", "managed"] {
        let file = format!("{name}-cluster.yaml");
        insta::assert_snapshot!(format!("cluster_{name}"), check(&["--include-drafts"], &file).1);
        insta::assert_snapshot!(
            format!("cluster_{name}_official"),
            check(&["--include-drafts", "--profile", "official"], &file).1
        );
    }
}

#[test]
fn exit_statuses_follow_the_verdict() {
    assert_eq!(check(&[], "conformant-cluster.yaml").0, 0);
    assert_eq!(check(&["--profile", "official"], "conformant-cluster.yaml").0, 0);
    assert_eq!(check(&["--include-drafts", "--all-rules"], "conformant-cluster.yaml").0, 0);
    assert_eq!(check(&[], "k3s-cluster.yaml").0, 1);
    assert_eq!(check(&[], "managed-cluster.yaml").0, 1);
}

#[test]
fn several_clusters_give_a_table() {
    let files = ["conformant-cluster.yaml", "k3s-cluster.yaml", "managed-cluster.yaml"].map(example);
    let arguments: Vec<&str> =
        ["check"].into_iter().chain(AT).chain(files.iter().map(String::as_str)).collect();
    let (status, out, _) = run(&arguments);
    assert_eq!(status, 1);
    let table = &out[out.rfind("Subject").unwrap()..];
    insta::assert_snapshot!("clusters_table", table);
}

#[test]
fn newer_facts_are_read_from_files() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &Value| {
        let path = folder.path().join(name);
        std::fs::write(&path, text.to_string()).unwrap();
        path.to_string_lossy().into_owned()
    };
    let release = |version: &str, at: &str| json!({"tag_name": version, "published_at": at, "draft": false, "prerelease": false});
    let releases = file(
        "releases.json",
        &json!([release("v1.36.5", "2026-10-05T10:00:00Z"), release("v1.36.4", "2026-08-11T10:00:00Z"), {"tag_name": "nightly", "published_at": null}]),
    );
    let eol = file(
        "eol.json",
        &json!([{"branch": "1.36", "end-of-life": "2027-06-28"}, {"branch": "1.37", "end-of-life": "2027-10-28"}]),
    );
    let cves = file(
        "cves.json",
        &json!([{"cveMetadata": {"cveId": "CVE-2026-1", "datePublished": "2026-10-06T00:00:00Z"}, "containers": {"cna": {
            "metrics": [{"cvssV3_1": {"baseScore": 8.0}}],
            "affected": [{"product": "Kubernetes", "versions": [{"version": "1.36.0", "lessThan": "1.36.5", "status": "affected"}]}]}}}]),
    );
    let node = json!({"kind": "Node", "metadata": {"name": "n"}, "status": {"nodeInfo": {"kubeletVersion": "v1.36.4"}}});
    let inventory = json!({"kind": "cluster", "version": {"gitVersion": "v1.36.4"}, "nodes": [node]});
    let with = |at: &str, facts: &[&str]| {
        let (_, out, err) =
            run_with(&[&["check", "-f", "json", "--at", at], facts, &["-"]].concat(), inventory.to_string());
        assert_eq!(err, "");
        json(&out)["results"]["version-policy-check"].as_str().unwrap().to_owned()
    };
    let releases = ["--k8s-releases", &releases, "--k8s-eol", &eol];
    assert_eq!(
        with("2026-09-20", &[]),
        "PASS",
        "a month has not passed since the release that the program knows"
    );
    assert_eq!(with("2026-10-19T10:00:00Z", &releases), "PASS", "two weeks have not passed");
    assert_eq!(with("2026-10-19T10:00:01Z", &releases), "DNF", "it may be critical");
    let with_cves = [&releases[..], &["--k8s-cves", &cves]].concat();
    assert_eq!(with("2026-10-19T10:00:01Z", &with_cves), "FAIL", "it is critical");
    assert_eq!(with("2026-11-05T10:00:01Z", &releases), "FAIL", "a month has passed");

    let (_, out, _) =
        run_with(&[&["check", "--at", "2026-10-19"], &releases[..], &["-"]].concat(), inventory.to_string());
    assert!(out.contains("ignored entry 3: `nightly`"), "{out}");
    let (status, _, err) = run(&["check", "--k8s-eol", releases[1], &example("conformant-cluster.yaml")]);
    assert_eq!(status, 2);
    assert!(err.contains("missing field `branch`") && err.contains("hint: expected"), "{err}");
}

/// Entries dated after the check are reported and ignored.
#[test]
fn facts_dated_after_the_check_are_ignored() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &Value| {
        let path = folder.path().join(name);
        std::fs::write(&path, text.to_string()).unwrap();
        path.to_string_lossy().into_owned()
    };
    let release = |version: &str, at: &str| json!({"tag_name": version, "published_at": at});
    let future = (0..5).map(|patch| release(&format!("v1.38.{patch}"), "2030-01-01T00:00:00Z"));
    let known = [release("v1.36.4", "2026-08-20T00:00:00Z"), release("v1.36.5", "2026-09-15T00:00:00Z")];
    let releases = file("releases.json", &known.into_iter().chain(future).collect());
    let record = |id: &str, at: &str| json!({"cveMetadata": {"cveId": id, "datePublished": at}, "containers": {"cna": {}}});
    let cves = file(
        "cves.json",
        &json!([record("CVE-2025-1", "2025-01-01T00:00:00Z"), record("CVE-2030-1", "2030-01-01T00:00:00Z")]),
    );
    let inventory = json!({"kind": "cluster", "version": {"gitVersion": "v1.36.4"}});
    let options =
        ["check", "-f", "json", "--at", "2026-10-05", "--k8s-releases", &releases, "--k8s-cves", &cves, "-"];
    let (_, out, _) = run_with(&options, inventory.to_string());
    let document = json(&out);
    assert_eq!(document["results"]["version-policy-check"], "DNF", "the records are old");
    for notice in [
        format!("{releases}: entry 3 (v1.38.0) is dated 2030-01-01, after the check; ignored"),
        format!("{releases}: 2 more entries are dated after the check; ignored"),
        format!("{cves}: entry 2 (CVE-2030-1) is dated 2030-01-01, after the check; ignored"),
    ] {
        assert!(document["notices"].as_array().unwrap().contains(&json!(notice)), "{document}");
    }
    let versions = ["k8s", "versions", "--k8s-releases", &releases, "--offered", "v1.36.5", "--at"];
    let (_, out, _) = run(&[&versions[..], &["2026-12-20"]].concat());
    assert!(out.contains("note: ") && out.contains("release data up to 2026-09-15"), "{out}");
    assert!(out.contains("1.36: release data end on 2026-09-15"), "{out}");
}

/// Sonobuoy's archive is accepted as it is.
#[test]
fn test_results_are_read_from_files() {
    let text = std::fs::read_to_string(example("conformant-cluster.yaml")).unwrap();
    let mut inventory: Value = serde_saphyr::from_str(&text).unwrap();
    let runs = inventory.as_object_mut().unwrap().remove("conformance_results").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path.to_string_lossy().into_owned()
    };
    let archive: String = runs[0]["sonobuoy_tarball"].as_str().unwrap().split_whitespace().collect();
    let archive = file("sonobuoy.tar.gz", &STANDARD.decode(archive).unwrap());
    let policies = r#"<testsuite timestamp="2026-10-10T08:00:00"><testcase name="[It] NetworkPolicy denies"/></testsuite>"#;
    let policies = file("junit_01.xml", policies.as_bytes());
    let of = |files: &[&str]| {
        let options: Vec<&str> = files.iter().flat_map(|file| ["--conformance-results", file]).collect();
        let (results, document) = checked(&inventory, &options);
        let result = |case: &str| results[case].clone();
        ([result("cncf-k8s-conformance"), result("kaas-networking-check")], document)
    };
    assert_eq!(of(&[]).0, ["MISS", "MISS"]);
    // One network policy test is not the complete set of the branch (scs-0219-w1).
    assert_eq!(of(&[&archive, &policies]).0, ["PASS", "DNF"]);
    for (name, content) in [
        ("notes.txt", &b"all went well"[..]),
        ("empty.xml", b""),
        ("e2e.log", b"I1012 12:00 e2e.go:1] Starting\n"),
    ] {
        let (status, _, err) =
            check(&["--conformance-results", &file(name, content)], "conformant-cluster.yaml");
        assert!(status == 2 && err.contains("hint: give what `sonobuoy retrieve` writes"), "{name}: {err}");
    }
    // A newer run in the inventory takes precedence over the file.
    let mut failing = inventory.clone();
    failing["conformance_results"] = json!([
        r#"<testsuite timestamp="2026-10-19T08:00:00"><testcase name="[It] a [Conformance]"><failure/></testcase></testsuite>"#
    ]);
    let options = ["--conformance-results", &archive];
    assert_eq!(checked(&failing, &options).0["cncf-k8s-conformance"], "FAIL");

    // One test out of hundreds is not a complete run.
    let one =
        r#"<testsuite timestamp="2026-10-10T08:00:00"><testcase name="[It] a [Conformance]"/></testsuite>"#;
    assert_eq!(of(&[&file("one.xml", one.as_bytes()), &policies]).0, ["FAIL", "DNF"]);

    let option = ["--conformance-results", &archive];
    let (status, _, err) = check(&option, "conformant-cloud.yaml");
    assert!(status == 2 && err.contains("is a cloud") && err.contains("hint: "), "{err}");
    let clusters = ["conformant-cluster.yaml", "k3s-cluster.yaml"].map(example);
    let (status, _, err) = run(&[&["check", &clusters[0], &clusters[1]], &option[..]].concat());
    assert!(status == 2 && err.contains("is about one cluster"), "{err}");
    let (status, _, err) =
        check(&["--conformance-results", &file("picture", &[0xff, 0])], "k3s-cluster.yaml");
    assert!(status == 2 && err.contains("neither an archive nor text"), "{err}");
}

/// Bad input is reported with its place and its effect; everything else is still checked.
#[test]
fn broken_parts_are_named_and_the_rest_is_checked() {
    let kubeconfig = "apiVersion: v1\nkind: Config\nclusters: []\n";
    let (status, _, err) = run_with(&["check", "-"], kubeconfig);
    assert_eq!(status, 2);
    assert!(err.contains("a kubeconfig") && err.contains("collect-script"), "{err}");

    let node = |name: &str, zone: Option<&str>| {
        let labels = zone.map_or_else(
            || json!({}),
            |zone| json!({"topology.kubernetes.io/zone": zone, "topology.kubernetes.io/region": "r"}),
        );
        json!({"kind": "Node", "metadata": {"name": name, "labels": labels}})
    };
    let api_server = json!({"kind": "Pod", "metadata": {"name": "kube-apiserver-a", "namespace": "kube-system", "labels": {"component": "kube-apiserver", "tier": "control-plane"},
        "annotations": {"kubernetes.io/config.mirror": "1"}},
        "spec": {"containers": [{"name": "kube-apiserver", "command": ["sh", "-c", "A=$(cat /flags); exec kube-apiserver $A"]}]}});
    let inventory = json!({
        "kind": "cluster",
        "version": {"gitVersion": "v1.33"},
        "nodes": [node("a", Some("az1")), node("b", None), 7],
        "storage_classes": [
            {"metadata": {"name": "old", "creationTimestamp": "2025-01-01T00:00:00Z", "annotations": {"storageclass.kubernetes.io/is-default-class": "true"}}, "provisioner": "cinder.csi.openstack.org"},
            {"metadata": {"name": "new", "creationTimestamp": "2026-01-01T00:00:00Z", "annotations": {"storageclass.kubernetes.io/is-default-class": "true"}}, "provisioner": "cinder.csi.openstack.org"},
            {"metadata": {"name": "plain"}, "provisioner": "kubernetes.io/no-provisioner"}],
        "pods": {"kind": "PodList", "items": [api_server]},
        "conformance_results": "<!DOCTYPE x [<!ENTITY a 'b'>]><testsuite/>",
        "namespaces": {"kind": "Status", "status": "Failure", "message": "namespaces is forbidden"},
    });
    let (results, document) = checked(&inventory, &["--include-drafts"]);
    assert_eq!(results["version-policy-check"], "DNF");
    assert_eq!(results["cncf-k8s-conformance"], "DNF");
    for (id, verdict) in [
        ("scs-0214-label-zone", "FAIL"),
        ("scs-0211-default-unique", "FAIL"),
        ("scs-0215-max-requests", "DNF"),
        ("scs-0217-pss-baseline", "DNF"),
    ] {
        assert_eq!(rule(&document, id), verdict, "{id}");
    }
    let messages: Vec<&str> =
        document["findings"].as_array().unwrap().iter().filter_map(|it| it["message"].as_str()).collect();
    for part in [
        "it is a branch; a version has a third number",
        "entry 3 cannot be read",
        "document type",
        "namespaces is forbidden",
        "`new`",
    ] {
        assert!(messages.iter().any(|message| message.contains(part)), "{part}: {messages:#?}");
    }
}

#[test]
fn versions() {
    let versions = |more: &[&str]| run(&[&["k8s", "versions"], more].concat());
    insta::assert_snapshot!("k8s_versions", versions(&["--at", "2026-10-01"]).1);
    insta::assert_snapshot!(
        "k8s_versions_offered",
        versions(&["--at", "2026-11-24", "--offered", "v1.36.5,v1.35.8,v1.34.12,v1.37.1"]).1
    );
    let (status, out, _) =
        versions(&["--at", "2026-10-01", "--offered", "v1.37.1,v1.36.5,v1.35.9,v1.34.12", "-f", "json"]);
    assert_eq!(status, 0);
    valid("k8s-versions", json(&out).as_array().unwrap().iter().cloned());
    let folder = tempfile::tempdir().unwrap();
    let releases = folder.path().join("releases.json");
    let list = ["v1.36.5", "v1.37.1", "v1.38.0"]
        .map(|tag| json!({"tag_name": tag, "published_at": "2026-12-10T00:00:00Z"}));
    std::fs::write(&releases, json!(list).to_string()).unwrap();
    let offered = ["--at", "2026-12-20", "--offered", "v1.38.0,v1.37.1,v1.36.5,v1.35.9", "--k8s-releases"];
    let (status, out, _) = versions(&[&offered[..], &[&releases.to_string_lossy()]].concat());
    assert_eq!(status, 1, "the end of a branch is not known");
    assert!(
        out.contains("1.38: the end of life of 1.38 is unknown\n")
            && unwrapped(&out).contains("`--k8s-eol FILE`"),
        "{out}"
    );
    let (status, out, _) = versions(&["--at", "2026-10-20", "--inventory", &example("k3s-cluster.yaml")]);
    assert_eq!(status, 1);
    assert!(out.contains("entry 3 cannot be read: `v1.33`"), "{out}");
    let (status, _, err) = versions(&["--inventory", &example("conformant-cloud.yaml")]);
    assert_eq!(status, 2);
    assert!(err.contains("is about a cloud"), "{err}");
    let (status, _, err) = versions(&["--offered", "1.36"]);
    assert_eq!(status, 2);
    assert!(err.contains("it is a branch"), "{err}");
}

#[test]
fn enforce() {
    let (status, out, _) = run(&["k8s", "enforce", &example("k3s-cluster.yaml")]);
    assert_eq!(status, 0);
    insta::assert_snapshot!("k8s_enforce", out);
    let (_, out, _) = run(&["k8s", "enforce", "-f", "json", &example("k3s-cluster.yaml")]);
    valid("k8s-enforce", [json(&out)]);
    let (status, out, _) = run_with(&["k8s", "enforce", "-"], "kind: cluster\n");
    assert_eq!(status, 1);
    assert!(out.contains("the inventory has no `namespaces`"), "{out}");
    let (status, _, err) = run(&["k8s", "enforce", &example("typical-cloud.yaml")]);
    assert_eq!((status, err.contains("is about a cloud")), (2, true), "{err}");
    // System namespaces are skipped, as in the rules.
    let inventory = json!({
        "kind": "cluster",
        "namespaces": [{"metadata": {"name": "rook-ceph"}}, {"metadata": {"name": "team"}}],
        "declarations": [{"topic": "system-namespaces", "value": ["rook-ceph"], "date": "2026-10-01", "valid_until": "2026-12-31"}],
    });
    let (status, out, _) = run_with(&["k8s", "enforce", "--at", "2026-10-20", "-"], inventory.to_string());
    assert!(status == 0 && !out.contains("name: rook-ceph") && out.contains("in ['rook-ceph']"), "{out}");
    let (status, _, err) = run_with(&["k8s", "enforce", "--at", "2027-10-20", "-"], inventory.to_string());
    assert!(status == 2 && err.contains("valid only from 2026-10-01 to 2026-12-31"), "{err}");
}

/// Regardless of the content of the inventory, `kubectl` only gets the objects of this program.
#[test]
fn enforce_writes_its_own_objects_only() {
    let evil = "n1\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: pwned}\n---\n#";
    for ending in ["", "\r", "\u{85}", "\u{2028}", "\u{1b}[2J"] {
        let text = evil.replace('\n', if ending.is_empty() { "\n" } else { ending });
        let level = json!({"pod-security.kubernetes.io/enforce": "privileged"});
        let inventory = json!({
            "kind": "cluster",
            "nodes": [{"metadata": {"name": text, "labels": {"failure-domain.beta.kubernetes.io/zone": text}}}],
            "namespaces": [{"metadata": {"name": text, "labels": level}}, {"metadata": {"name": format!("{text}2")}}, 7],
            "pods": [{"metadata": {"name": text, "namespace": format!("{text}2")}, "spec": {"hostPID": true, "containers": []}}],
            "admission_config": {"kind": "AdmissionConfiguration", "plugins": [{"name": "PodSecurity",
                "configuration": {"exemptions": {"namespaces": [text]}}}]},
        });
        for inventory in [inventory, json!({"kind": "cluster", "namespaces": {"unavailable": text}})] {
            let (_, out, _) = run_with(&["k8s", "enforce", "-"], inventory.to_string());
            let documents: Vec<serde_json::Value> = serde_saphyr::from_multiple(&out).unwrap();
            let kinds: Vec<&str> = documents.iter().filter_map(|it| it["kind"].as_str()).collect();
            assert_eq!(kinds, ["ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"], "{out}");
            let raw =
                |character: char| character.is_control() && character != '\n' || character == '\u{2028}';
            assert!(
                !out.lines().filter(|line| line.starts_with('#')).any(|line| line.contains(raw)),
                "{out}"
            );
        }
    }
}

/// Names are unchanged, including trailing spaces.
#[test]
fn enforce_keeps_names() {
    for name in ["a ", "no", "1e3", "- a", "a\u{85}b\u{2028}c", "0x1", "~"] {
        let inventory = json!({"kind": "cluster", "namespaces": [{"metadata": {"name": name}}]});
        let (_, out, _) = run_with(&["k8s", "enforce", "-"], inventory.to_string());
        let documents: Vec<serde_json::Value> = serde_saphyr::from_multiple(&out).unwrap();
        assert_eq!(documents[0]["metadata"]["name"], name, "{out}");
    }
}

#[test]
fn manifests_that_would_break_workloads_are_commented_out() {
    let inventory = json!({
        "kind": "cluster",
        "namespaces": [{"metadata": {"name": "monitoring", "labels": {"pod-security.kubernetes.io/enforce": "privileged"}}},
            {"metadata": {"name": "shop"}}],
        "daemon_sets": [{"metadata": {"name": "node-exporter", "namespace": "monitoring"},
            "spec": {"selector": {}, "template": {"spec": {"hostNetwork": true, "containers": [{"name": "a"}]}}}}],
        "pods": [{"metadata": {"name": "kube-apiserver-a", "namespace": "kube-system", "labels": {"component": "kube-apiserver"}},
            "spec": {"containers": [{"name": "kube-apiserver", "command": ["kube-apiserver", "--disable-admission-plugins=PodSecurity"]}]}}],
    });
    let (status, out, _) = run_with(&["k8s", "enforce", "-"], inventory.to_string());
    assert_eq!(status, 0);
    for line in ["#   DaemonSet node-exporter (hostNetwork)", "#   name: monitoring", "  name: shop"] {
        assert!(out.lines().any(|known| known == line), "{line}: {out}");
    }
    assert!(!out.lines().any(|line| line == "  name: monitoring"), "{out}");
    assert!(out.contains("PodSecurity is disabled on kube-apiserver-a"), "{out}");
}

#[test]
fn the_script_is_one_for_sh() {
    let (status, out, _) = run(&["k8s", "collect-script"]);
    assert_eq!(status, 0);
    assert!(out.starts_with("#!/bin/sh\n"));
}

#[test]
fn help() {
    for (name, arguments) in [
        ("k8s", &["k8s", "--help"][..]),
        ("k8s_versions", &["k8s", "versions", "--help"]),
        ("k8s_enforce", &["k8s", "enforce", "--help"]),
        ("k8s_rights", &["k8s", "rights", "--help"]),
        ("k8s_repair", &["k8s", "repair", "--help"]),
        ("k8s_collect_script", &["k8s", "collect-script", "--help"]),
    ] {
        insta::assert_snapshot!(format!("help_{name}"), run(arguments).1);
    }
}
