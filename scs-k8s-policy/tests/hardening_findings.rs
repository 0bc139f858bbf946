//! What rules over the control plane, scans of ports, certificates and backups say of what is left out.

#![expect(clippy::expect_used, reason = "helpers of tests fail as tests do")]

use Verdict::{Dnf, Fail, Miss, Pass};
use scs_k8s_policy::{Cluster, k8s_rules};
use scs_rule_tests::Parts;
use scs_standards::{Answer, Context, Declarations, Profile, Verdict};
use serde_json::{Value, json};

fn answer(rule: &str, parts: &Value) -> Answer {
    let parts = Parts::of(parts);
    let cluster = Cluster::read(|part| parts.given(part));
    let declarations = Declarations::default();
    let at = "2026-11-24T00:00:00Z".parse().expect("a time");
    let context = Context { at, profile: Profile::Text, declarations: &declarations };
    k8s_rules().find(|known| known.id == rule).expect("a rule").answer(&cluster, &context)
}

/// Asserts a verdict, and a finding of that subject with these words.
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
fn a_server_in_a_container_of_another_name_is_judged() {
    const RULE: &str = "scs-0217-authz-node";
    for (container, verdict) in [
        (
            json!({"name": "apiserver", "command": ["/bin/sh", "-c", "exec kube-apiserver --authorization-mode=AlwaysAllow"]}),
            Fail,
        ),
        (json!({"name": "apiserver", "args": ["kube-apiserver", "--authorization-mode=AlwaysAllow"]}), Fail),
        (json!({"name": "apiserver", "command": ["/start.sh"]}), Dnf),
    ] {
        let parts = json!({"pods": [server("cp-1", &container), good("cp-2")]});
        let answer = answer(RULE, &parts);
        assert_eq!(answer.verdict, verdict, "{:#?}", answer.findings);
        assert_eq!(answer.findings[0].subject, "kube-apiserver-cp-1");
    }
}

#[test]
fn nodes_of_the_control_plane_without_a_server_are_missed() {
    const RULE: &str = "scs-0217-authz-node";
    let node = |name: &str, role: &str| json!({"metadata": {"name": name, "labels": {format!("node-role.kubernetes.io/{role}"): ""}}});
    let nodes = json!([node("cp-1", "control-plane"), node("cp-2", "master"), node("w-1", "worker")]);
    passes(RULE, &json!({"pods": [good("cp-1"), good("cp-2")], "nodes": nodes}));
    let one = json!({"pods": [good("cp-1")], "nodes": nodes});
    finds(RULE, &one, Miss, "cp-2", "no pod of `kube-apiserver` on this node");
    // Where no pod shows a server, it is asked for in other words, which are those of managed clusters.
    finds(RULE, &json!({"pods": [], "nodes": nodes}), Miss, "pods", "declare its flags");
}
