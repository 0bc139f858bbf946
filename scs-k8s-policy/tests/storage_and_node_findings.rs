//! Findings on storage classes and nodes, and the commands that fix them.

#![expect(clippy::expect_used, reason = "helpers of tests fail as tests do")]

use Verdict::{Dnf, Fail, Miss, Pass};
use scs_k8s_policy::{Cluster, k8s_rules, label_commands};
use scs_rule_tests::Parts;
use scs_standards::{Answer, Context, Declaration, Declarations, DeclaredValue, Profile, Verdict};
use serde_json::{Value, json};

fn cluster(parts: &Value) -> Cluster {
    let parts = Parts::of(parts);
    Cluster::read(|part| parts.given(part))
}

fn answer_on(rule: &str, parts: &Value, declared: Option<Value>, made: &str) -> Answer {
    let declaration = declared.map(|value| Declaration {
        rule: rule.to_owned(),
        value: serde_json::from_value::<DeclaredValue>(value).expect("a value"),
        subjects: Vec::new(),
        statement: None,
        document: None,
        date: made.parse().expect("a date"),
        valid_until: "2026-12-31".parse().expect("a date"),
        responsible: None,
    });
    let declarations: Declarations = declaration.into_iter().collect();
    let at = "2026-11-24T00:00:00Z".parse().expect("a time");
    let context = Context { at, profile: Profile::Text, declarations: &declarations };
    k8s_rules().find(|known| known.id == rule).expect("a rule").answer(&cluster(parts), &context)
}

fn answer(rule: &str, parts: &Value, declared: Option<Value>) -> Answer {
    answer_on(rule, parts, declared, "2026-10-01")
}

fn fixes(answer: &Answer) -> Vec<&str> {
    answer.findings.iter().filter_map(|finding| finding.fix.as_ref()?.command()).collect()
}

fn says(answer: &Answer, words: &str) -> bool {
    answer.findings.iter().any(|finding| finding.message.contains(words))
}

fn class(name: &str, made: &str, provisioner: &str) -> Value {
    json!({
        "metadata": {"name": name, "creationTimestamp": made, "annotations": {"storageclass.kubernetes.io/is-default-class": "true"}},
        "provisioner": provisioner,
    })
}

const CINDER: &str = "cinder.csi.openstack.org";
const EARLY: &str = "2026-01-01T00:00:00Z";
const LATE: &str = "2026-01-01T00:00:01Z";

#[test]
fn the_newest_default_class_applies() {
    let rule = "scs-0211-default-unique";
    let of = |classes: Value| answer(rule, &json!({"storage_classes": classes}), None);
    let unmark = |name: &str| {
        format!(
            "kubectl annotate --overwrite storageclass {name} storageclass.kubernetes.io/is-default-class=false"
        )
    };
    // Of two lasting ones, the applicable one is kept.
    let both = of(json!([class("a", EARLY, CINDER), class("b", LATE, CINDER)]));
    assert!(says(&both, "`b` applies, the newest"), "{both:?}");
    assert_eq!(fixes(&both), [unmark("a")]);
    // If only one of two is lasting, that one is kept.
    let local = of(json!([class("a", EARLY, CINDER), class("b", LATE, "rancher.io/local-path")]));
    assert_eq!(fixes(&local), [unmark("b")]);
    let tied = of(json!([class("b", LATE, CINDER), class("a", LATE, CINDER), class("c", EARLY, CINDER)]));
    assert!(says(&tied, "`a` applies, the first by name among the newest"), "{tied:?}");
    assert_eq!(fixes(&tied), [unmark("b c")]);
    let mut old = class("a", EARLY, CINDER);
    old["metadata"]["annotations"] = json!({"storageclass.beta.kubernetes.io/is-default-class": "true"});
    assert_eq!(
        fixes(&of(json!([old, class("b", LATE, CINDER)]))),
        [format!("{} storageclass.beta.kubernetes.io/is-default-class-", unmark("a"))]
    );
    // Without times, the class of new volumes is unknown.
    let untimed = json!({"storage_classes": [class("a", EARLY, CINDER), {"metadata": {"name": "b", "annotations": {"storageclass.kubernetes.io/is-default-class": "true"}}, "provisioner": CINDER}]});
    assert!(says(&answer(rule, &untimed, None), "it is unknown which"));
    assert_eq!(answer("scs-0211-rwo", &untimed, None).verdict, Dnf);
}

#[test]
fn a_default_class_is_proposed_if_there_is_none() {
    let mut cinder = class("it's", EARLY, CINDER);
    cinder["metadata"]["annotations"] = json!(null);
    let none = answer("scs-0211-default-exists", &json!({"storage_classes": [cinder]}), None);
    assert_eq!(
        fixes(&none),
        [
            r"kubectl annotate --overwrite storageclass 'it'\''s' storageclass.kubernetes.io/is-default-class=true"
        ]
    );
    let unreadable = json!({"storage_classes": [class("a", EARLY, CINDER), 7]});
    assert_eq!(answer("scs-0211-default-exists", &unreadable, None).verdict, Dnf);
    let refused = json!({"storage_classes": {"kind": "Status", "message": "forbidden"}});
    assert_eq!(answer("scs-0211-default-exists", &refused, None).verdict, Dnf);
}

#[test]
fn an_unknown_provisioner_never_passes_by_itself() {
    let parts = json!({"storage_classes": [class("own", EARLY, "storage.example.org")]});
    for (rule, under) in [
        ("scs-0211-rwo", "scs-0211-rwo"),
        ("scs-0211-not-node-bound", "default-storage-backing"),
        ("scs-0211-redundant", "scs-0211-redundant"),
    ] {
        let open = answer(rule, &parts, None);
        assert_eq!(open.verdict, Dnf, "{rule}");
        assert!(says(&open, &format!("under `{under}`")), "{open:?}");
    }
    let mut with_volume = parts.clone();
    with_volume["persistent_volumes"] = json!([{"metadata": {"name": "pv"}, "spec": {"storageClassName": "own", "hostPath": {"path": "/x"}, "accessModes": ["ReadWriteOnce"]}, "status": {"phase": "Bound"}}]);
    assert_eq!(answer("scs-0211-rwo", &with_volume, None).verdict, Pass);
    // Evidence takes precedence over declarations.
    let shown = answer("scs-0211-not-node-bound", &with_volume, Some(json!("network")));
    assert_eq!(shown.verdict, Fail, "{shown:?}");
    with_volume["persistent_volumes"] = json!({"kind": "Status", "message": "forbidden"});
    assert_eq!(answer("scs-0211-not-node-bound", &with_volume, Some(json!("network"))).verdict, Dnf);
}

fn control(name: &str, host: &str) -> Value {
    json!({"metadata": {"name": name, "labels": {"node-role.kubernetes.io/control-plane": "", "topology.scs.community/host-id": host}}})
}

#[test]
fn machines_of_the_control_plane_are_judged() {
    let hosts = |hosts: &[&str], declared: Option<Value>| {
        let nodes: Vec<Value> =
            hosts.iter().enumerate().map(|(number, host)| control(&format!("c{number}"), host)).collect();
        let nodes = if nodes.is_empty() { json!([{"metadata": {"name": "w"}}]) } else { json!(nodes) };
        // If nodes show no control plane, pods show that no API server runs here.
        let parts = json!({"nodes": nodes, "pods": [{"metadata": {"name": "coredns-a", "namespace": "kube-system"}, "spec": {"containers": []}}]});
        // The declaration for the official test case applies to both.
        let official = answer("node-distribution-check", &parts, declared).verdict;
        (answer("scs-0214-cp-hosts", &parts, None), official)
    };
    let verdict = |names: &[&str]| hosts(names, None).0.verdict;
    assert_eq!(verdict(&["a", "b", "c"]), Pass);
    assert_eq!(verdict(&["a", "a", "a"]), Fail);
    assert_eq!(verdict(&["a"]), Fail);
    // An empty label does not count as a known machine.
    assert_eq!(verdict(&["a", "b", ""]), Pass);
    assert_eq!(verdict(&["a", "a", ""]), Miss);
    assert_eq!(verdict(&[""]), Fail);
    // An invisible control plane.
    assert_eq!(verdict(&[]), Miss);
    assert!(says(&hosts(&[], None).0, "only the provider can answer"));
    let (two, _) = hosts(&["a", "a", "b"], None);
    assert_eq!(two.verdict, Pass);
    assert!(says(&two, "majority"), "{two:?}");
    for (names, declared, expected) in [
        (&["a", "b"][..], json!({"c0": "host-x", "c1": "host-y"}), Pass),
        (&["a", "b"], json!({"c0": "host-x", "c1": "host-x"}), Fail),
        (&["", ""], json!({"c0": "host-x", "c1": "host-y"}), Pass),
        (&["a", "a"], json!({"c0": "host-x", "c1": "host-y"}), Dnf),
        (&["a", "b", "c"], json!({"c0": "host-x", "c1": "host-x", "c2": "host-y"}), Dnf),
        (&["a", "b"], json!({"c0": "host-x", "other": "host-y"}), Dnf),
        (&["a", "b"], json!({"c0": "host-x", "c1": "host-y", "c2": "z"}), Dnf),
        (&["a", "b"], json!(3), Dnf),
        (&["a", "a"], json!(2), Dnf),
        (&[], json!(2), Pass),
        (&[], json!(1), Fail),
        (&[], json!(1.5), Dnf),
        (&[], json!(true), Dnf),
        (&[], json!({}), Dnf),
        (&[], json!({"one": "host-x", "two": "host-y"}), Pass),
    ] {
        assert_eq!(hosts(names, Some(declared.clone())).1, expected, "{names:?}: {declared}");
    }
    // A manual check is repeated every quarter.
    let parts = json!({"nodes": [control("c0", "")]});
    assert_eq!(answer_on("node-distribution-check", &parts, Some(json!(2)), "2026-08-01").verdict, Dnf);
}

#[test]
fn labels_are_set_by_commands() {
    let nodes = json!({"nodes": [
        {"metadata": {"name": "whole", "labels": {"topology.kubernetes.io/zone": "az1", "topology.kubernetes.io/region": "r"}}},
        {"metadata": {"name": "old", "labels": {"failure-domain.beta.kubernetes.io/zone": "az1", "topology.kubernetes.io/region": "r"}}},
        {"metadata": {"name": "bare"}},
        {"metadata": {"name": "empty", "labels": {"topology.kubernetes.io/zone": " ", "topology.kubernetes.io/region": "r"}}},
        7,
    ]});
    let zone = answer("scs-0214-label-zone", &nodes, None);
    assert_eq!(zone.verdict, Fail);
    assert!(says(&zone, "the deprecated `failure-domain.beta.kubernetes.io/zone`"), "{zone:?}");
    assert!(says(&zone, "entry 5 cannot be read"), "{zone:?}");
    assert_eq!(
        fixes(&zone),
        ["kubectl label node old topology.kubernetes.io/zone=az1"],
        "a command with a placeholder is offered"
    );
    let (none, today) = (scs_standards::Declarations::default(), "2026-10-20".parse().unwrap());
    assert_eq!(
        label_commands(&cluster(&nodes), &none, today),
        [
            "kubectl label node old topology.kubernetes.io/zone=az1",
            "# kubectl label node bare topology.kubernetes.io/zone=ZONE topology.kubernetes.io/region=REGION",
            "# kubectl label --overwrite node empty topology.kubernetes.io/zone=ZONE",
        ]
    );
    assert!(label_commands(&Cluster::default(), &none, today).is_empty());
}

#[test]
fn labels_follow_the_plan() {
    let rule = "scs-0214-labels-current";
    let node = |name: &str, zone: &str| json!({"metadata": {"name": name, "labels": {"topology.kubernetes.io/zone": zone, "topology.kubernetes.io/region": "r", "failure-domain.beta.kubernetes.io/zone": "az1"}}});
    let parts = json!({"nodes": [node("a", "az1"), node("b", "az2")]});
    let moved = answer(rule, &parts, Some(json!({"a": "az1", "b": {"zone": "az3", "region": "s"}})));
    assert_eq!(moved.verdict, Fail);
    assert_eq!(
        fixes(&moved),
        [
            "kubectl label node b failure-domain.beta.kubernetes.io/zone-",
            "kubectl label --overwrite node b topology.kubernetes.io/zone=az3",
            "kubectl label --overwrite node b topology.kubernetes.io/region=s",
        ]
    );
    for (declared, expected) in [
        (json!({"a": "az1", "b": "az2"}), Pass),
        (json!({"a": "az1", "b": "az2", "c": "az3"}), Dnf),
        (json!({"a": "az1"}), Dnf),
        (json!({"a": "az1", "b": 2}), Dnf),
        (json!({"a": "az1", "b": {"region": "r"}}), Dnf),
        (json!([]), Dnf),
        // An outdated label fails, even if the plan is incomplete.
        (json!({"a": "az2"}), Fail),
    ] {
        assert_eq!(answer(rule, &parts, Some(declared.clone())).verdict, expected, "{declared}");
    }
}

#[test]
fn many_nodes_with_one_cause_are_one_finding() {
    let nodes = |count: usize, more: &str| {
        let node = |number: usize| {
            format!(
                r#"{{"metadata": {{"name": "w{number:04}", "labels": {{"topology.cinder.csi.openstack.org/zone": "az1", "topology.kubernetes.io/region": "r"}}}}}}"#
            )
        };
        let list: Vec<String> = (0..count).map(node).collect();
        format!("[{}{more}]", list.join(","))
    };
    let zone = |nodes: &str| -> Vec<scs_standards::Finding> {
        let cluster = Cluster::read(|part| match part {
            "nodes" => scs_standards::Given::Data(nodes),
            _ => scs_standards::Given::Missing,
        });
        let none = scs_standards::Declarations::default();
        let context = scs_standards::Context {
            at: "2026-12-01T00:00:00Z".parse().unwrap(),
            profile: scs_standards::Profile::Text,
            declarations: &none,
        };
        let answers = scs_k8s_policy::check_cluster(&cluster, &context, &["scs-0214-v2".parse().unwrap()]);
        answers.into_iter().find(|answer| answer.rule == "scs-0214-label-zone").unwrap().findings
    };
    assert_eq!(zone(&nodes(20, "")).len(), 20);
    let many = zone(&nodes(2_000, ""));
    assert_eq!(many.len(), 1);
    assert_eq!(many[0].subject, "2,000 nodes: w0000, w0001, w0002 and 1,997 more");
    let way = many[0].fix.as_ref().and_then(scs_standards::Fix::active).unwrap();
    assert_eq!(
        way.command,
        "kubectl label node --selector 'topology.cinder.csi.openstack.org/zone=az1,!topology.kubernetes.io/zone' topology.kubernetes.io/zone=az1"
    );
    assert_eq!(way.edits.len(), 2_000);
    // Another node that the selector finds, but whose zone is not known, gets no label.
    let odd = r#", {"metadata": {"name": "x", "labels": {"failure-domain.beta.kubernetes.io/zone": "az2", "topology.cinder.csi.openstack.org/zone": "az1"}}}"#;
    let single = zone(&nodes(30, odd));
    assert_eq!(single.len(), 31);
    let commands: Vec<&str> = single
        .iter()
        .filter_map(|finding| finding.fix.as_ref().and_then(scs_standards::Fix::active))
        .map(|way| way.command.as_str())
        .collect();
    assert!(commands.iter().all(|command| !command.contains("--selector")), "{commands:?}");
}
