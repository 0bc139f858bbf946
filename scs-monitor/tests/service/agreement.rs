//! Badge, status and history say the same about today.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::checks::check;
use crate::support::{KAAS, KAAS_CASES, Monitor, report};

async fn posted(monitor: &Monitor, report: &Value) {
    let answer = monitor.report_as("cloud-a", report).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
}

/// The message of the badge, and the verdict of today in the history.
async fn today(monitor: &Monitor) -> (String, Value) {
    let badge = monitor.get("/badge/cloud-a/scs-compatible-kaas.json").await.json();
    let history = monitor.get("/history/cloud-a/scs-compatible-kaas").await.json();
    let last = history["days"].as_array().unwrap().last().unwrap()["text"].clone();
    (badge["message"].as_str().unwrap().to_owned(), last)
}

#[tokio::test]
async fn a_miss_hides_an_older_result_everywhere() {
    let monitor = Monitor::start().await;
    posted(&monitor, &report(1, "cloud-a", KAAS, "2026-11-20 08:00:00", &KAAS_CASES.map(|case| (case, 1))))
        .await;
    let (message, verdict) = today(&monitor).await;
    assert!(message.contains("passing") && verdict == json!("PASS"), "{message}");
    let mut missing = report(2, "cloud-a", KAAS, "2026-11-23 08:00:00", &[]);
    missing["run"]["invocations"]["one"]["results"] = json!({KAAS_CASES[1]: null});
    posted(&monitor, &missing).await;
    let (message, verdict) = today(&monitor).await;
    assert!(message.contains("incomplete") && verdict == json!("MISS"), "{message} {verdict}");
}

#[tokio::test]
async fn evidence_of_the_past_counts_in_a_report_of_the_future() {
    let monitor = Monitor::start().await;
    posted(&monitor, &report(1, "cloud-a", KAAS, "2026-11-20 08:00:00", &KAAS_CASES.map(|case| (case, 1))))
        .await;
    let mut document = check("cloud-a", "2026-11-27T08:00:00Z", &KAAS_CASES.map(|case| (case, "FAIL")));
    let evidence = KAAS_CASES.map(|case| (case.to_owned(), json!("2026-11-24T07:00:00Z")));
    document["evidence_at"] = Value::Object(evidence.into_iter().collect());
    posted(&monitor, &document).await;
    let (message, verdict) = today(&monitor).await;
    assert!(message.contains("failing") && verdict == json!("FAIL"), "{message} {verdict}");
}

#[tokio::test]
async fn a_rule_that_cannot_be_checked_stays_violated() {
    let monitor = Monitor::start().await;
    for (hour, result) in [(6, "FAIL"), (7, "DNF")] {
        let mut document =
            check("cloud-a", &format!("2026-11-24T0{hour}:00:00Z"), &KAAS_CASES.map(|case| (case, "PASS")));
        let rule =
            json!({"rule": "scs-0210-made-up", "document": "scs-0210-v2", "result": result, "decides": true});
        // Twice the same is once.
        document["rules"] = json!([rule, rule]);
        posted(&monitor, &document).await;
        let (message, verdict) = today(&monitor).await;
        assert!(message.contains("failing") && verdict == json!("FAIL"), "{message} {verdict}");
    }
}

#[tokio::test]
async fn names_and_uuids_have_one_form() {
    let monitor = Monitor::start().await;
    let mut upper = report(1, "cloud-a", &KAAS.to_uppercase(), "2026-11-20 08:00:00", &[(KAAS_CASES[0], 1)]);
    posted(&monitor, &upper).await;
    assert!(monitor.get("/status").await.json()["cloud-a"][KAAS].is_object());
    upper["run"]["uuid"] = json!(upper["run"]["uuid"].as_str().unwrap().replace('-', ""));
    assert_eq!(monitor.report_as("cloud-a", &upper).await.status, StatusCode::CONFLICT);
    // A report is found by its UUID in any form.
    let uuid = "00000000-0000-4000-8000-000000000001";
    for form in [uuid.to_owned(), uuid.replace('-', ""), format!("%7B{uuid}%7D")] {
        let answer = monitor.get_as("cloud-a", &format!("/reports/{form}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{form}");
    }
    let long = "x".repeat(501);
    for wrong in [
        report(2, "cloud-a", KAAS, "2026-11-20 08:00:00", &[(&long, 1)]),
        report(3, "cloud-a", "foo", "2026-11-20 08:00:00", &[]),
    ] {
        assert_eq!(monitor.report_as("cloud-a", &wrong).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let mut check = check("cloud-a", "2026-11-24T06:00:00Z", &[]);
    check["scope"]["uuid"] = json!("foo");
    assert_eq!(monitor.report_as("cloud-a", &check).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}
