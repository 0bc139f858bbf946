//! Findings on missing data in control planes, port scans, certificates and backups.

#![expect(clippy::expect_used, reason = "helpers of tests fail as tests do")]

use Verdict::{Dnf, Fail, Miss, Pass};
use scs_k8s_policy::{Cluster, k8s_rules};
use scs_rule_tests::Parts;
use scs_standards::{Answer, Context, Declarations, Profile, Verdict};
use serde_json::{Value, json};

fn answer(rule: &str, parts: &Value) -> Answer {
    collected(None, rule, parts)
}

/// The answer for an inventory collected at a different time than the check.
fn collected(at: Option<&str>, rule: &str, parts: &Value) -> Answer {
    let parts = Parts::of(parts);
    let at = at.map(|at| at.parse().expect("a time"));
    let cluster = Cluster::read(|part| parts.given(part)).with_collected_at(at);
    let declarations = Declarations::default();
    let at = "2026-11-24T00:00:00Z".parse().expect("a time");
    let context = Context { at, profile: Profile::Text, declarations: &declarations };
    k8s_rules().find(|known| known.id == rule).expect("a rule").answer(&cluster, &context)
}

/// Asserts a verdict, and a finding on that subject with this message.
#[track_caller]
fn finds(rule: &str, parts: &Value, verdict: Verdict, subject: &str, words: &str) {
    let answer = answer(rule, parts);
    assert_eq!(answer.verdict, verdict, "{rule}: {:#?}", answer.findings);
    let mut findings = answer.findings.iter();
    let found = findings.any(|finding| finding.subject == subject && finding.message.contains(words));
    assert!(found, "{rule}: {:#?}", answer.findings);
}

#[track_caller]
fn passes(rule: &str, parts: &Value) {
    let answer = answer(rule, parts);
    assert_eq!(answer.verdict, Pass, "{rule}: {:#?}", answer.findings);
}

fn server(node: &str, container: &Value) -> Value {
    json!({
        "metadata": {"name": format!("kube-apiserver-{node}"), "namespace": "kube-system",
            "labels": {"component": "kube-apiserver"}, "annotations": {"kubernetes.io/config.mirror": "1"}},
        "spec": {"nodeName": node, "containers": [container]},
    })
}

fn good(node: &str) -> Value {
    let command = ["kube-apiserver", "--authorization-mode=Node,RBAC"];
    server(node, &json!({"name": "kube-apiserver", "command": command}))
}

#[test]
fn a_server_in_a_differently_named_container_is_judged() {
    const RULE: &str = "scs-0217-authz-node";
    for (container, verdict) in [
        (
            json!({"name": "apiserver", "command": ["/bin/sh", "-c", "exec kube-apiserver --authorization-mode=AlwaysAllow"]}),
            Fail,
        ),
        (json!({"name": "apiserver", "args": ["kube-apiserver", "--authorization-mode=AlwaysAllow"]}), Fail),
        (json!({"name": "apiserver", "command": ["/start.sh"]}), Dnf),
    ] {
        let parts = json!({"pods": [server("cp-1", &container), good("cp-2")], "nodes": []});
        let answer = answer(RULE, &parts);
        assert_eq!(answer.verdict, verdict, "{:#?}", answer.findings);
        assert_eq!(answer.findings[0].subject, "kube-apiserver-cp-1");
    }
}

#[test]
fn control_plane_nodes_without_a_server_are_reported() {
    const RULE: &str = "scs-0217-authz-node";
    let node = |name: &str, role: &str| json!({"metadata": {"name": name, "labels": {format!("node-role.kubernetes.io/{role}"): ""}}});
    let nodes = json!([node("cp-1", "control-plane"), node("cp-2", "master"), node("w-1", "worker")]);
    passes(RULE, &json!({"pods": [good("cp-1"), good("cp-2")], "nodes": nodes}));
    let one = json!({"pods": [good("cp-1")], "nodes": nodes});
    finds(RULE, &one, Miss, "cp-2", "no pod of `kube-apiserver` on this control-plane node");
    // Only the nodes show their number.
    finds(RULE, &json!({"pods": [good("cp-1")]}), Miss, "nodes", "`nodes` is missing from the inventory");
    // Without a pod of the server, the message is that for managed clusters.
    finds(RULE, &json!({"pods": [], "nodes": nodes}), Miss, "pods", "declare its flags");
}

/// Results of a good scan of hosts from a vantage.
fn rows(hosts: &[&str], from: &str) -> Vec<Value> {
    let ports = [6443, 2379, 2380, 10250, 10255, 10257, 10259];
    let open = |port: u16| port == 6443 || from == "inside" && port == 10250;
    let row = |host: &str, port: u16| {
        let state = if open(port) { "open" } else { "closed" };
        json!({"host": host, "port": port, "from": from, "state": state, "tls": open(port)})
    };
    hosts.iter().flat_map(|host| ports.map(|port| row(host, port))).collect()
}

/// A cluster of two nodes, the first with a public address, scanned from outside and inside.
fn scanned(outside: &[&str], inside: &[&str]) -> Value {
    let command = ["kube-apiserver", "--etcd-servers=https://10.0.0.31:2379,https://[2001:db8::32]:2379"];
    let rows = [rows(outside, "outside"), rows(inside, "inside")].concat();
    json!({
        "nodes": [
            {"metadata": {"name": "cp-1", "labels": {"node-role.kubernetes.io/control-plane": ""}},
                "status": {"addresses": [{"type": "InternalIP", "address": "10.0.0.1"}, {"type": "ExternalIP", "address": "203.0.113.7"}]}},
            {"metadata": {"name": "w-1"}, "status": {"addresses": [{"type": "InternalIP", "address": "2001:db8::1"}]}},
        ],
        "pods": [server("cp-1", &json!({"name": "kube-apiserver", "command": command}))],
        "port_scan": rows,
    })
}

const SCANS: [&str; 5] = [
    "scs-0217-etcd-access",
    "scs-0217-ports-external",
    "scs-0217-https",
    "scs-0217-kubelet-https",
    "scs-0217-kubelet-readonly",
];

#[test]
fn a_scan_of_every_host_passes() {
    let all = ["203.0.113.7", "2001:DB8:0::1", "10.0.0.31", "2001:db8::32"];
    for rule in SCANS {
        passes(rule, &scanned(&all, &["cp-1", "w-1", "10.0.0.31", "2001:db8::32"]));
    }
}

#[test]
fn a_scan_of_one_host_does_not_cover_others() {
    let one = scanned(&["w-1"], &["w-1"]);
    finds("scs-0217-etcd-access", &one, Miss, "10.0.0.31", "this host, as well as 1 more, was not scanned");
    for rule in &SCANS[1..] {
        finds(rule, &one, Miss, "cp-1", "was not scanned from");
    }
    let other = scanned(&["printer.example"], &["printer.example"]);
    for rule in &SCANS[1..] {
        finds(rule, &other, Miss, "cp-1", "this host, as well as ");
    }
    finds("scs-0217-ports-external", &other, Miss, "printer.example", "is not a node of the cluster");
    // The hosts are unknown.
    let mut unknown = one;
    unknown.as_object_mut().expect("parts").remove("nodes");
    for rule in &SCANS[1..] {
        assert_eq!(answer(rule, &unknown).verdict, Miss, "{rule}");
    }
}

#[test]
fn every_port_of_every_host_must_be_scanned() {
    let hosts = ["cp-1", "w-1", "10.0.0.31", "2001:db8::32"];
    for (rule, port, host, words) in [
        ("scs-0217-https", 10257, "cp-1", "ports not tried from inside: 10257"),
        ("scs-0217-https", 2379, "2001:db8::32", "ports not tried from inside: 2379"),
        ("scs-0217-kubelet-https", 10250, "w-1", "ports not tried from outside: 10250"),
        ("scs-0217-kubelet-readonly", 10255, "w-1", "ports not tried from inside: 10255"),
        ("scs-0217-etcd-access", 2380, "10.0.0.31", "ports not tried from outside: 2380"),
    ] {
        let mut parts = scanned(&hosts, &hosts);
        let rows = parts["port_scan"].as_array_mut().expect("rows");
        rows.retain(|row| row["host"] != host || row["port"] != port);
        finds(rule, &parts, Dnf, host, words);
    }
}

#[test]
fn a_truncated_list_is_incomplete() {
    let node = json!({"metadata": {"name": "a", "labels": {"topology.kubernetes.io/zone": "z"}}});
    let list =
        |metadata: Value| json!({"nodes": {"kind": "NodeList", "metadata": metadata, "items": [node]}});
    let rule = "scs-0214-label-zone";
    passes(rule, &list(json!({"resourceVersion": "7"})));
    let part = list(json!({"continue": "abc", "remainingItemCount": 4500}));
    finds(rule, &part, Dnf, "nodes", "it continues with 4500 more");
}

#[test]
fn certificates_that_are_not_valid_yet_fail() {
    let of = |start: &str, ca: bool| {
        let of = |name: &str, ca: bool| json!({"name": name, "node": "n", "ca": ca, "not_before": start, "not_after": "2035-02-01T00:00:00Z"});
        let all = ["kubelet", "apiserver", "controller-manager.conf", "scheduler.conf", "etcd-server"];
        let certificates: Vec<Value> = all.iter().map(|name| of(name, false)).chain([of("a", ca)]).collect();
        json!({"certificates": certificates, "nodes": [{"metadata": {"name": "n"}}], "pods": []})
    };
    for (rule, ca) in [("scs-0215-cert-rotation", false), ("scs-0215-ca-renewal", true)] {
        passes(rule, &of("2026-11-24T00:00:00Z", ca));
        let later = "2026-11-24T00:00:01Z";
        finds(rule, &of(later, ca), Fail, "a", "it is not valid before 2026-11-24T00:00:01Z");
    }
}

#[test]
fn the_time_since_the_newest_backup_is_a_gap_too() {
    const RULE: &str = "scs-0215-etcd-backup-scheme";
    let two = json!({"etcd_backups": ["2026-11-23T20:30:00Z", "2026-11-23T20:20:00Z"]});
    finds(RULE, &two, Fail, "etcd", "between 2026-11-23T20:30:00Z and 2026-11-24T00:00:00Z");
    // An inventory is judged as of its collection time.
    assert_eq!(collected(Some("2026-11-23T20:40:00Z"), RULE, &two).verdict, Pass);
    assert_eq!(collected(Some("2026-11-23T21:40:00Z"), RULE, &two).verdict, Fail);
    // After a day, one per day is enough.
    let minutes = (12..24)
        .map(|ten| ten * 10)
        .map(|minutes| format!("2026-11-23T{}:{:02}:00Z", 20 + minutes / 60, minutes % 60));
    let hours = (1..22).map(|hour| format!("2026-11-23T{hour:02}:00:00Z"));
    let days = ["2026-11-23T00:00:00Z", "2026-11-22T00:00:00Z", "2026-11-21T00:00:00Z"].map(str::to_owned);
    let kept: Vec<String> = minutes.chain(hours).chain(days).collect();
    passes(RULE, &json!({"etcd_backups": kept}));
    let gap: Vec<&String> = kept.iter().filter(|at| !at.contains("-22T")).collect();
    assert_eq!(answer(RULE, &json!({"etcd_backups": gap})).verdict, Fail);
}
