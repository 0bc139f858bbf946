//! `scs explain`: whatever has an id in an output.

use crate::common::{json, run, run_with};
use crate::schema::valid;

fn explain(arguments: &[&str]) -> (i32, String, String) {
    run(&[&["explain"], arguments, &["--at", "2026-11-24"]].concat())
}

#[test]
fn what_people_read() {
    for (id, name) in [
        ("scs-0103-cpu-type", "rule"),
        ("scs-0121-power", "declared_rule"),
        ("scs-0003-url", "scope_rule"),
        ("scs-0100-semantics-check", "test_case"),
        ("scs-0104-v1", "document"),
        ("0100", "standard"),
        ("C-018", "difference"),
        ("kubernetes", "facts"),
        ("pvc", "probe"),
        ("SCS-open", "level"),
        ("scs-0104-v1-2", "module"),
        ("level-sbom", "level_topic"),
        ("ingress_classes", "part"),
    ] {
        let (status, out, err) = explain(&[id]);
        assert_eq!((status, err.as_str()), (0, ""), "{id}");
        insta::assert_snapshot!(format!("explain_{name}"), out);
    }
    insta::assert_snapshot!("explain_markdown", explain(&["scs-0103-cpu-type", "-f", "markdown"]).1);
}

#[test]
fn data_fit_their_schema() {
    let ids = [
        "scs-0103-cpu-type",
        "scs-0100-syntax-check",
        "scs-0104-v1",
        "0100",
        "C-018",
        "releases",
        "scs-0211-rwo",
        "pvc",
        "scs-compatible",
        "cncf-k8s-conformance",
        "architecture",
        "s3",
    ];
    let documents: Vec<_> = ids.iter().map(|id| json(&explain(&[id, "-f", "json"]).1)).collect();
    let first = &documents[0];
    assert_eq!(first["schema"], "scs/explanation/1");
    let rule = &first["topics"][0];
    assert_eq!((&rule["kind"], &rule["failing"]["result"]), (&"rule".into(), &"FAIL".into()));
    assert_eq!(rule["failing"]["findings"][0]["fix"]["applicability"], "choose");
    // Two versions each have a rule with this id.
    assert_eq!(documents[6]["topics"].as_array().unwrap().len(), 2);
    valid("explain", documents);
}

#[test]
fn an_example_is_an_inventory_that_check_reads() {
    let document = json(&explain(&["scs-0103-flavor-1v-4", "-f", "json"]).1);
    let rule = document["topics"].as_array().unwrap().iter().find(|topic| topic["kind"] == "rule").unwrap();
    for (which, result) in [("passing", "PASS"), ("failing", "FAIL")] {
        let subject = rule[which]["subject"].as_str().unwrap();
        let (_, out, err) = run_with(&["check", "-", "-f", "json", "--at", "2026-11-24"], subject);
        assert_eq!(json(&out)["results"]["scs-0103-flavor-1v-4"], result, "{which}: {err}");
    }
}

#[test]
fn every_probe_says_what_it_creates_and_what_it_needs() {
    let probes = scs_openstack::Probe::ALL.map(|probe| (probe.name(), probe.part(), probe.plan(), "cloud"));
    let clusters =
        scs_kubernetes::Probe::ALL.map(|probe| (probe.name(), probe.part(), probe.plan(), "cluster"));
    for (name, part, plan, about) in probes.into_iter().chain(clusters) {
        let document = json(&explain(&[name, "-f", "json"]).1);
        let topics = document["topics"].as_array().unwrap();
        let probe = topics.iter().find(|topic| topic["kind"] == "probe").unwrap();
        assert_eq!(
            (&probe["about"], &probe["part"], &probe["plan"]),
            (&about.into(), &part.into(), &plan.into())
        );
        for list in ["rights", "rules"] {
            assert!(!probe[list].as_array().unwrap().is_empty(), "{name}: {list}");
        }
        assert!(probe["cleanup"].as_str().unwrap().contains("`scs cleanup --"), "{name}");
    }
}

/// Whatever has an id in a report can be explained.
#[test]
fn ids_of_a_report_are_explained() {
    let unavailable =
        r#"{"kind": "cluster", "pods": {"unavailable": "denied"}, "nodes": {"unavailable": "denied"}}"#;
    let (_, out, _) = run_with(&["check", "-", "-f", "json", "--at", "2026-11-24"], unavailable);
    let report = json(&out);
    let mut ids: std::collections::BTreeSet<String> =
        report["unavailable"].as_object().unwrap().keys().cloned().collect();
    ids.extend(report["results"].as_object().unwrap().keys().cloned());
    let findings = report["findings"].as_array().unwrap();
    for key in ["rule", "document"] {
        ids.extend(findings.iter().filter_map(|finding| finding[key].as_str()).map(str::to_owned));
    }
    let questions = report["questions"].as_array().unwrap();
    ids.extend(questions.iter().filter_map(|question| question["name"].as_str()).map(str::to_owned));
    assert!(ids.len() > 30, "{ids:?}");
    for id in ids {
        let (status, _, err) = explain(&[&id]);
        assert_eq!((status, err.as_str()), (0, ""), "{id}");
    }
}

#[test]
fn an_unknown_id_gets_a_hint() {
    for (id, hint) in [
        ("scs-0102-prop-mindisk", "did you mean `scs-0102-prop-min_disk`?"),
        ("scs-0102-v9", "did you mean `scs-0102-v1`?"),
        ("kubernets", "did you mean `kubernetes`?"),
        ("pod-securty", "did you mean `pod-security`?"),
        ("level-sbm", "did you mean `level-sbom`?"),
        ("ingress_class", "did you mean `ingress_classes`?"),
        // Another number is another difference.
        ("C-999", "`scs standards list` lists documents"),
        ("nonsense", "`scs standards list` lists documents"),
        ("", "`scs standards list` lists documents"),
        ("\u{1b}[31mred", "`scs standards list` lists documents"),
    ] {
        let (status, out, err) = explain(&[id]);
        assert_eq!((status, out.as_str()), (2, ""), "{id}");
        assert!(err.contains(hint) && !err.contains('\u{1b}'), "{id}: {err}");
    }
}
