//! Probes of clusters: an outcome decides, a missing right does not, and nothing passes that a probe has not shown.

#![expect(clippy::expect_used, reason = "helpers of tests fail as tests do")]

use Verdict::{Dnf, Fail, Miss, Pass};
use scs_k8s_policy::{Cluster, k8s_rules};
use scs_rule_tests::Parts;
use scs_standards::{Answer, Context, Declarations, Profile, Verdict};
use serde_json::{Value, json};

const AT: &str = "2026-11-24T00:00:00Z";

fn answer(rule: &str, document: &str, parts: &Value) -> Answer {
    let parts = Parts::of(parts);
    let cluster = Cluster::read(|part| parts.given(part));
    let declarations = Declarations::default();
    let at = AT.parse().expect("a time");
    let context = Context { at, profile: Profile::Text, declarations: &declarations };
    let is_meant = |known: &&scs_standards::Rule<Cluster>| {
        known.id == rule && known.documents.iter().any(|it| it.to_string() == document)
    };
    k8s_rules().find(is_meant).expect("a rule").answer(&cluster, &context)
}

#[track_caller]
fn verdicts(rule: &str, document: &str, part: &str, cases: &[(Value, Verdict)], others: &Value) {
    for (value, verdict) in cases {
        let mut parts = others.clone();
        if !value.is_null() {
            parts[part] = value.clone();
        }
        let answer = answer(rule, document, &parts);
        assert_eq!(answer.verdict, *verdict, "{rule} with {value}: {:#?}", answer.findings);
    }
}

fn outcome(outcome: &str) -> Value {
    json!({"outcome": outcome, "detail": "as it is", "at": "2026-11-23T00:00:00Z"})
}

#[test]
fn a_trial_decides_whether_claims_work() {
    let later = json!({"outcome": "ok", "at": "2026-11-25T00:00:00Z"});
    let cases = [
        (Value::Null, Miss),
        (outcome("ok"), Pass),
        (outcome("failed"), Fail),
        (outcome("refused"), Miss),
        (json!({"unavailable": "denied"}), Dnf),
        (later, Miss),
    ];
    verdicts("scs-0211-pvc-works", "scs-0211-v1", "pvc_probe", &cases, &json!({}));
}

/// A volume that was written and read proves nothing about failures of nodes and disks.
#[test]
fn a_trial_of_a_claim_shows_its_access_mode_only() {
    let class = json!([{"metadata": {"name": "own", "annotations": {"storageclass.kubernetes.io/is-default-class": "true"}},
        "provisioner": "storage.example.org"}]);
    let others = json!({"storage_classes": class});
    let cases = [(Value::Null, Dnf), (outcome("ok"), Pass), (outcome("failed"), Dnf)];
    verdicts("scs-0211-rwo", "scs-0211-v1", "pvc_probe", &cases, &others);
    for rule in ["scs-0211-not-node-bound", "scs-0211-redundant"] {
        verdicts(rule, "scs-0211-v1", "pvc_probe", &[(outcome("ok"), Dnf)], &others);
    }
}

/// A trial is more conclusive than the name of a plug-in.
#[test]
fn a_trial_decides_whether_network_policies_are_enforced() {
    let served = json!([{"kind": "APIResourceList", "groupVersion": "networking.k8s.io/v1", "resources": [{"name": "networkpolicies"}]}]);
    let with = |name: &str, image: &str| {
        let set = json!({"metadata": {"name": name, "namespace": "kube-system"},
            "spec": {"selector": {}, "template": {"spec": {"containers": [{"name": "a", "image": image}]}}},
            "status": {"desiredNumberScheduled": 1, "numberReady": 1}});
        json!({"api_resources": served, "daemon_sets": [set]})
    };
    let flannel = with("kube-flannel-ds", "docker.io/flannel/flannel:v0.27.0");
    let cases = [(Value::Null, Fail), (outcome("ok"), Pass), (json!({"unavailable": "denied"}), Fail)];
    verdicts("scs-0219-api", "scs-0219-v1", "network_policy_probe", &cases, &flannel);
    let calico = with("calico-node", "docker.io/calico/node:v3.30.0");
    let cases = [(Value::Null, Pass), (outcome("failed"), Fail), (outcome("absent"), Pass)];
    verdicts("scs-0219-api", "scs-0219-v1", "network_policy_probe", &cases, &calico);
}

fn namespaces(label: Option<&str>) -> Value {
    let mut shop = json!({"metadata": {"name": "shop"}});
    if let Some(level) = label {
        shop["metadata"]["labels"] = json!({"pod-security.kubernetes.io/enforce": level});
    }
    json!([{"metadata": {"name": "kube-system"}}, shop])
}

fn admission() -> Value {
    json!({"kind": "AdmissionConfiguration", "plugins": []})
}

/// Labels have no effect where the plug-in is disabled, even if its flags are not visible.
#[test]
fn labels_without_effect_fail() {
    let probe = |unlabeled: &str, labeled: &str| json!({"unlabeled": outcome(unlabeled), "labeled": outcome(labeled)});
    let labeled = json!({"namespaces": namespaces(Some("baseline")), "admission_config": admission()});
    let cases = [
        (Value::Null, Pass),
        (probe("failed", "ok"), Pass),
        (probe("ok", "ok"), Pass),
        (probe("failed", "failed"), Fail),
        (probe("refused", "ok"), Pass),
        (json!({"unavailable": "denied"}), Pass),
    ];
    let mut seen = labeled.clone();
    seen["nodes"] =
        json!([{"metadata": {"name": "a", "labels": {"node-role.kubernetes.io/control-plane": ""}}}]);
    seen["pods"] = json!([{"metadata": {"name": "kube-apiserver-a", "namespace": "kube-system",
            "labels": {"component": "kube-apiserver"}, "annotations": {"kubernetes.io/config.mirror": "1"}},
        "spec": {"nodeName": "a", "containers": [{"name": "kube-apiserver", "command": ["kube-apiserver", "--profiling=false"]}]}}]);
    for rule in ["scs-0217-pss-baseline", "scs-0217-pss-enforce"] {
        verdicts(rule, "scs-0217-v1", "pod_security_probe", &cases, &seen);
        let unseen = [(probe("ok", "ok"), Miss), (probe("failed", "failed"), Fail)];
        verdicts(rule, "scs-0217-v1", "pod_security_probe", &unseen, &labeled);
    }
}

/// A probe in a new namespace shows what is not enforced without a label, but not that another namespace is not exempt.
#[test]
fn a_new_namespace_shows_nothing_about_exemptions() {
    let probe = |unlabeled: &str| json!({"unlabeled": outcome(unlabeled), "labeled": outcome("ok")});
    let unlabeled = json!({"namespaces": namespaces(None)});
    let cases = [(Value::Null, Miss), (probe("ok"), Miss), (probe("failed"), Fail), (probe("refused"), Miss)];
    verdicts("scs-0217-pss-enforce", "scs-0217-v1", "pod_security_probe", &cases, &unlabeled);
    // It may still warn or audit.
    let cases = [(probe("failed"), Miss)];
    verdicts("scs-0217-pss-baseline", "scs-0217-v1", "pod_security_probe", &cases, &unlabeled);
    let labeled = json!({"namespaces": namespaces(Some("baseline"))});
    verdicts("scs-0217-pss-enforce", "scs-0217-v1", "pod_security_probe", &[(probe("ok"), Miss)], &labeled);
}
