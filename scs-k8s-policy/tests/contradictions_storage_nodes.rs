//! Keys of `docs/differences.md` on storage classes and nodes: the verdict of the text, and that of the official suite.

use Verdict::{Dnf, Fail, Miss, Pass};
use scs_k8s_policy::{Cluster, k8s_rules};
use scs_rule_tests::Parts;
use scs_standards::{Answer, Level, Profile, Verdict};
use serde_json::{Value, json};

fn answer(rule: &str, part: &str, value: &Value, profile: Profile) -> Answer {
    let parts: Parts = [(part, value)].into_iter().collect();
    let cluster = Cluster::read(|name| parts.given(name));
    scs_rule_tests::answer(k8s_rules(), rule, &cluster, profile)
}

/// Asserts the verdicts of both profiles, and that each names the difference where they differ.
#[track_caller]
fn differ(key: &str, rule: &str, (part, value): (&str, &Value), text: Verdict, official: Verdict) {
    let answer = |rule: &str, profile| answer(rule, part, value, profile);
    scs_rule_tests::differ(key, rule, answer, text, official);
}

fn class(name: &str, provisioner: &str, annotations: &Value) -> Value {
    json!({"metadata": {"name": name, "annotations": annotations}, "provisioner": provisioner})
}

#[test]
fn text_and_suite_differ_on_default_classes() {
    let mark = |value: &str| json!({"storageclass.kubernetes.io/is-default-class": value});
    let cinder = "cinder.csi.openstack.org";
    let unique = |classes: Value, text, official| {
        differ("C-084", "scs-0211-default-unique", ("storage_classes", &classes), text, official);
    };
    let one = class("one", cinder, &mark("true"));
    unique(json!([one, class("two", cinder, &mark("false"))]), Pass, Pass);
    unique(json!([one, class("two", cinder, &mark("true"))]), Fail, Fail);
    unique(json!([]), Pass, Dnf);
    unique(json!([one, class("two", cinder, &json!(null))]), Pass, Dnf);
    unique(json!([one, class("two", cinder, &json!({"other": "x"}))]), Pass, Dnf);
    unique(json!([class("one", "kubernetes.io/no-provisioner", &mark("true"))]), Pass, Fail);
    // The old annotation, which the script does not support.
    let old = json!({"storageclass.beta.kubernetes.io/is-default-class": "true", "storageclass.kubernetes.io/is-default-class": "false"});
    unique(json!([one, class("two", cinder, &old)]), Fail, Pass);
    // Version 1 does not require one, version 2 does.
    let none = json!([class("one", cinder, &mark("false"))]);
    differ("C-084", "scs-0211-default-exists", ("storage_classes", &none), Fail, Fail);
    differ("C-084", "scs-0211-rwo", ("storage_classes", &none), Pass, Pass);
}

#[test]
fn labels_count_rather_than_annotations() {
    let keys = json!({"topology.kubernetes.io/zone": "az1", "topology.kubernetes.io/region": "r"});
    for (field, expected) in [("annotations", Fail), ("labels", Pass)] {
        let nodes = json!([{"metadata": {"name": "a", field: keys}}]);
        for rule in ["scs-0214-label-zone", "scs-0214-label-region"] {
            differ("C-085", rule, ("nodes", &nodes), expected, expected);
        }
    }
}

#[test]
fn text_and_suite_differ_on_control_plane_zones() {
    let node = |name: &str, role: &str, zone: &str| json!({"metadata": {"name": name, "labels": {format!("node-role.kubernetes.io/{role}"): "", "topology.kubernetes.io/zone": zone}}});
    let nodes = json!([
        node("a", "control-plane", "az1"),
        node("b", "control-plane", "az1"),
        node("c", "worker", "az2")
    ]);
    for (rule, level) in [("scs-0214-cp-zones", Level::Should), ("scs-0214-v1-zones", Level::Must)] {
        assert_eq!(k8s_rules().find(|known| known.id == rule).map(|known| known.level), Some(level));
        differ("C-086", rule, ("nodes", &nodes), Fail, Fail);
    }
}

#[test]
fn without_a_declaration_the_manual_check_is_miss() {
    let labeled = json!({"topology.kubernetes.io/zone": "az1", "topology.kubernetes.io/region": "r"});
    let node = |labels: &Value| json!({"metadata": {"name": "a", "labels": labels}});
    let (key, rule) = ("official-node-distribution", "node-distribution-check");
    differ(key, rule, ("nodes", &json!([node(&labeled), node(&labeled)])), Miss, Pass);
    differ(key, rule, ("nodes", &json!([node(&labeled)])), Miss, Fail);
    differ(key, rule, ("nodes", &json!([node(&labeled), node(&json!({}))])), Miss, Fail);
    // The script accepts an empty label.
    let empty = json!({"topology.kubernetes.io/zone": "", "topology.kubernetes.io/region": ""});
    differ(key, rule, ("nodes", &json!([node(&empty), node(&empty)])), Miss, Pass);
    differ(key, rule, ("nodes", &json!([node(&labeled), 7])), Miss, Dnf);
    differ(key, rule, ("pods", &json!([])), Miss, Miss);
}
