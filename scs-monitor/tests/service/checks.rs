//! Documents of `scs check -f json` as reports.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::support::{KAAS, KAAS_CASES, Monitor, report};

/// A document in the format `scs/check/2` with a result for each test case.
pub(crate) fn check(subject: &str, checked_at: &str, results: &[(&str, &str)]) -> Value {
    let results: serde_json::Map<String, Value> =
        results.iter().map(|(case, result)| ((*case).to_owned(), json!(result))).collect();
    json!({
        "schema": "scs/check/2", "subject": subject, "profile": "text", "checked_at": checked_at,
        "scope": {"uuid": KAAS, "name": "SCS-compatible KaaS", "url": "https://example.com/scope.yaml"},
        "results": results, "rules": [], "findings": [],
    })
}

const PASSED: [(&str, &str); 3] = [(KAAS_CASES[0], "PASS"), (KAAS_CASES[1], "PASS"), (KAAS_CASES[2], "PASS")];

#[tokio::test]
async fn a_result_is_as_old_as_its_evidence() {
    let monitor = Monitor::start().await;
    let mut document = check("cloud-a", "2026-11-24T08:00:00Z", &PASSED);
    document["evidence_at"] = json!({"version-policy-check": "2026-11-17T09:30:00Z"});
    let answer = monitor.report_as("cloud-a", &document).await;
    assert_eq!((answer.status, answer.text.as_str()), (StatusCode::OK, "null"));
    let standing = &monitor.get("/status").await.json()["cloud-a"][KAAS];
    assert_eq!(standing["result"], json!(1));
    assert_eq!(standing["results"]["version-policy-check"]["checked_at"], json!("2026-11-17T09:30:00"));
    assert_eq!(standing["results"]["cncf-k8s-conformance"]["checked_at"], json!("2026-11-24T08:00:00"));
    // Newer evidence in an older report counts.
    let other = report(1, "cloud-a", KAAS, "2026-11-20 08:00:00", &[("version-policy-check", -1)]);
    assert_eq!(monitor.report_as("cloud-a", &other).await.status, StatusCode::OK);
    let standing = &monitor.get("/status").await.json()["cloud-a"][KAAS];
    assert_eq!(standing["results"]["version-policy-check"]["result"], json!(-1));
    // The same document is the same report.
    assert_eq!(monitor.report_as("cloud-a", &document).await.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn a_list_of_documents_gives_a_report_each() {
    let monitor = Monitor::start().await;
    let first = check("cloud-a", "2026-11-23T08:00:00Z", &PASSED);
    let second = check("cloud-a", "2026-11-24T08:00:00Z", &PASSED);
    let answer = monitor.report_as("cloud-a", &json!([first, second])).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(monitor.get_as("cloud-a", "/reports").await.json(), json!([first, second]));
    let mut other = check("cloud-a", "2026-11-24T09:00:00Z", &PASSED);
    other["schema"] = json!("scs/check/9");
    let answer = monitor.report_as("cloud-a", &other).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.json()["detail"], json!("`schema` is `scs/check/9`, expected `scs/check/2`"));
}

#[tokio::test]
async fn a_violated_rule_decides_by_the_text_only() {
    let monitor = Monitor::start().await;
    let mut document = check("cloud-a", "2026-11-24T08:00:00Z", &PASSED);
    let rule = |result: &str| json!([{"rule": "scs-0210-made-up", "document": "scs-0210-v2", "result": result, "decides": true}]);
    document["rules"] = rule("FAIL");
    assert_eq!(monitor.report_as("cloud-a", &document).await.status, StatusCode::OK);
    assert_eq!(monitor.get("/status").await.json()["cloud-a"][KAAS]["result"], json!(1));
    let badge = async || monitor.get("/badge/cloud-a/scs-compatible-kaas.json").await.json();
    assert_eq!(badge().await["message"], json!("failing · 2026-11-24"));
    let history = monitor.get("/history/cloud-a/scs-compatible-kaas").await.json();
    assert_eq!(
        history["days"][0],
        json!({"day": "2026-11-24", "text": "FAIL", "official": "PASS", "version": null})
    );
    document["checked_at"] = json!("2026-11-24T09:00:00Z");
    document["rules"] = rule("PASS");
    assert_eq!(monitor.report_as("cloud-a", &document).await.status, StatusCode::OK);
    assert_eq!(badge().await["message"], json!("compliant · passing · v1 · 2026-11-24"));
}

#[tokio::test]
async fn findings_and_changes_tell_what_to_fix() {
    let monitor = Monitor::start().await;
    let mut first = check("cloud-a", "2026-11-23T08:00:00Z", &PASSED);
    first["creator"] = json!("scs 0.1.0");
    let mut second =
        check("cloud-a", "2026-11-24T08:00:00Z", &[PASSED[0], (KAAS_CASES[1], "FAIL"), PASSED[2]]);
    second["creator"] = json!("scs 0.2.0");
    second["findings"] = json!([{
        "rule": "scs-0210-patch", "test_case": "version-policy-check", "level": "MUST", "document": "scs-0210-v2",
        "section": "Decision", "result": "FAIL", "subject": "cluster", "message": "v1.35.9 was due by 2026-10-15",
        "decides": true, "fix": {"command": "kubeadm upgrade", "advice": null, "destructive": false},
    }]);
    assert_eq!(monitor.report_as("cloud-a", &json!([first, second])).await.status, StatusCode::OK);
    let uuids: Vec<String> = [&first, &second]
        .map(|document| {
            scs_certificates::report::CheckDocument::read(document).unwrap().reports()[0].run.clone()
        })
        .into();
    let path = format!("/reports/{}/findings", uuids[1]);
    let findings = monitor.get_as("cloud-a", &path).await.json();
    assert_eq!(findings[0]["repair"], json!({"command": "kubeadm upgrade", "destructive": false}));
    assert_eq!(monitor.get(&path).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(monitor.get_as("cloud-b", &path).await.status, StatusCode::UNAUTHORIZED);
    let path = format!("/reports/{}/changes/{}", uuids[0], uuids[1]);
    let public = monitor.get(&path).await.json();
    assert_eq!(public["changed"], json!({"version-policy-check": {"before": "PASS", "after": "FAIL"}}));
    assert_eq!((&public["unchanged"], &public["new_findings"]), (&json!(2), &Value::Null));
    assert_eq!(public["software"], json!({"before": "scs 0.1.0", "after": "scs 0.2.0", "differ": true}));
    let full = monitor.get_as("reader", &path).await.json();
    assert_eq!(full["new_findings"][0]["message"], json!("v1.35.9 was due by 2026-10-15"));
    assert_eq!(monitor.get_as("cloud-b", &path).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(monitor.get(&format!("/reports/{}/changes/x", uuids[0])).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn changes_are_those_of_one_subject_and_scope() {
    let monitor = Monitor::start().await;
    let policy = [("version-policy-check", 1)];
    monitor.report_as("cloud-a", &report(1, "cloud-a", KAAS, "2026-11-23 08:00:00", &policy)).await;
    monitor.report_as("cloud-b", &report(2, "cloud-b", KAAS, "2026-11-23 08:00:00", &policy)).await;
    let uuid = |number: u32| format!("00000000-0000-4000-8000-{number:012}");
    let answer = monitor.get(&format!("/reports/{}/changes/{}", uuid(1), uuid(2))).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn only_accounts_that_may_read_a_report_see_its_findings() {
    let monitor = Monitor::start().await;
    let mut document = check("cloud-a", "2026-11-24T08:00:00Z", &PASSED);
    document["results"]["version-policy-check"] = json!("FAIL");
    document["findings"] = json!([{
        "rule": "scs-0210-newest-branch", "test_case": "version-policy-check", "level": "MUST",
        "document": "scs-0210-v2", "result": "FAIL", "message": "v1.36 is <b>not</b> offered",
        "fix": {"command": "kubeadm upgrade apply v1.36.1", "destructive": true, "applicability": "choose"},
    }]);
    assert_eq!(monitor.report_as("cloud-a", &document).await.status, StatusCode::OK);
    let status = monitor.get("/status").await.json();
    let uuid = status["cloud-a"][KAAS]["results"]["version-policy-check"]["report"].as_str().unwrap();
    for form in ["page", "fragment", "markdown"] {
        let public = monitor.get(&format!("/{form}/report/{uuid}")).await.text;
        assert!(
            public.contains("SCS-compatible KaaS") && public.contains("version-policy-check"),
            "{public}"
        );
        assert!(!public.contains("kubeadm"), "{public}");
        let whole = monitor.get_as("cloud-a", &format!("/{form}/report_full/{uuid}")).await.text;
        assert!(whole.contains("kubeadm upgrade apply v1.36.1") && whole.contains("estructive"), "{whole}");
        assert!(!whole.contains("<b>not"), "{whole}");
    }
}
