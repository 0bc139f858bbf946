//! The keys of `docs/differences.md` on hardening: the verdict of the text, and that of the official suite.

use Verdict::{Fail, Pass};
use scs_k8s_policy::{Cluster, k8s_rules};
use scs_rule_tests::Parts;
use scs_standards::{Context, Declarations, Profile, Verdict};
use serde_json::{Value, json};

/// Asserts the verdicts of both profiles, and that each names the difference where they differ.
#[track_caller]
fn differ(key: &str, rule: &str, parts: &Value, text: Verdict, official: Verdict) {
    let parts = Parts::of(parts);
    let cluster = Cluster::read(|part| parts.given(part));
    let answer = |rule: &str, profile| scs_rule_tests::answer(k8s_rules(), rule, &cluster, profile);
    scs_rule_tests::differ(key, rule, answer, text, official);
}

fn server(flags: &[&str]) -> Value {
    let command: Vec<&str> = ["kube-apiserver"].into_iter().chain(flags.iter().copied()).collect();
    json!({"nodes": [], "pods": [{
        "metadata": {"name": "kube-apiserver-a", "namespace": "kube-system", "labels": {"component": "kube-apiserver"}},
        "spec": {"containers": [{"name": "kube-apiserver", "command": command}]}
    }]})
}

#[test]
fn text_and_suite_differ_on_plug_ins_and_flag_notation() {
    let restricts = "scs-0217-node-restriction";
    differ("C-087", restricts, &server(&["--enable-admission-plugins=NodeRestriction,X"]), Pass, Pass);
    differ("C-087", restricts, &server(&["--enable-admission-plugins=X,NodeRestriction"]), Pass, Fail);
    differ("C-087", restricts, &server(&["--enable-admission-plugins", "NodeRestriction"]), Pass, Fail);
    let both = ["--enable-admission-plugins=NodeRestriction", "--disable-admission-plugins=NodeRestriction"];
    differ("C-087", restricts, &server(&both), Fail, Pass);
    differ("C-087", restricts, &server(&[]), Fail, Fail);
    let plugin = "scs-0217-podsecurity-plugin";
    differ("C-087", plugin, &server(&[]), Pass, Fail);
    differ("C-087", plugin, &server(&["--enable-admission-plugins=X,PodSecurity"]), Pass, Pass);
    differ("C-087", "scs-0217-authz-node", &server(&["--authorization-mode", "Node,RBAC"]), Pass, Fail);
    differ("C-087", "scs-0217-authz-node", &server(&["--authorization-mode=RBAC"]), Fail, Fail);
}

#[test]
fn text_and_suite_differ_on_labels_and_annotations() {
    let namespace = |labels: Value, annotations: Value| {
        let mut cluster = server(&[]);
        cluster["namespaces"] =
            json!([{"metadata": {"name": "team", "labels": labels, "annotations": annotations}}]);
        cluster
    };
    let (enforce, rule) = ("pod-security.kubernetes.io/enforce", "scs-0217-pss-baseline");
    differ("C-087", rule, &namespace(json!({}), json!({})), Fail, Pass);
    differ("C-087", rule, &namespace(json!({}), json!({enforce: "restricted"})), Fail, Pass);
    differ(
        "C-087",
        rule,
        &namespace(json!({enforce: "baseline"}), json!({enforce: "privileged"})),
        Pass,
        Fail,
    );
    differ("C-087", rule, &namespace(json!({enforce: "baseline"}), json!({})), Pass, Pass);
}

#[test]
fn ports_are_scanned_from_inside() {
    let scan = |port: u16, state: &str| {
        let mut rows = vec![json!({"host": "a", "port": port, "from": "inside", "state": state})];
        for port in [2379, 2380, 10250, 10255, 10257, 10259] {
            rows.push(json!({"host": "b", "port": port, "from": "outside", "state": "filtered"}));
        }
        json!({"port_scan": rows, "nodes": [{"metadata": {"name": "b"}}]})
    };
    let rule = "scs-0217-ports-external";
    differ("C-087", rule, &scan(10250, "open"), Pass, Fail);
    differ("C-087", rule, &scan(6443, "closed"), Pass, Fail);
    differ("C-087", rule, &scan(6443, "open"), Pass, Pass);
}

#[test]
fn text_and_suite_differ_on_ways_to_authenticate() {
    let rule = "scs-0217-authn-count";
    let accounts = ["--service-account-issuer=https://a", "--service-account-key-file=/k"];
    let with = |flag| server(&[accounts[0], accounts[1], flag]);
    differ("C-088", rule, &with("--client-ca-file=/ca"), Pass, Fail);
    differ("C-088", rule, &with("--oidc-issuer-url=https://b"), Pass, Pass);
    differ("C-088", rule, &with("--profiling=false"), Fail, Fail);
}

/// Untrusted values of flags and nodes are not put into commands.
#[test]
fn repairs_are_safe_to_run() {
    let flags = ["--enable-admission-plugins=X';reboot;'", "--client-ca-file=/etc/kubernetes/pki/ca.crt"];
    let mut cluster = server(&flags);
    cluster["pods"][0]["metadata"]["annotations"] = json!({"kubernetes.io/config.mirror": "a"});
    cluster["pods"][0]["metadata"]["labels"]["tier"] = json!("control-plane");
    cluster["pods"][0]["spec"]["nodeName"] = json!("a\nreboot");
    let parts = Parts::of(&cluster);
    let cluster = Cluster::read(|part| parts.given(part));
    let declarations = Declarations::default();
    let at = "2026-11-24T00:00:00Z".parse().expect("a time");
    let context = Context { at, profile: Profile::Text, declarations: &declarations };
    let findings: Vec<_> = k8s_rules().flat_map(|rule| rule.answer(&cluster, &context).findings).collect();
    let commands: Vec<_> = findings
        .into_iter()
        .filter_map(|finding| finding.fix)
        .filter_map(|fix| fix.command().map(str::to_owned))
        .collect();
    assert!(!commands.is_empty());
    assert!(commands.iter().all(|command| !command.contains("reboot")), "{commands:#?}");
}
