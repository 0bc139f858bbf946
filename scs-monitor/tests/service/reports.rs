//! Reports come in and count.

use axum::http::StatusCode;
use serde_json::json;

use crate::support::{KAAS, KAAS_CASES, Monitor, report};

#[tokio::test]
async fn a_posted_report_counts_until_it_expires() {
    let monitor = Monitor::start().await;
    let results: Vec<(&str, i8)> = KAAS_CASES.map(|case| (case, 1)).to_vec();
    let answer =
        monitor.report_as("cloud-a", &report(1, "cloud-a", KAAS, "2026-11-23 08:00:00", &results)).await;
    assert_eq!((answer.status, answer.text.as_str()), (StatusCode::OK, "null"));
    let status = monitor.get("/status").await.json();
    let standing = &status["cloud-a"][KAAS];
    assert_eq!(standing["result"], json!(1));
    assert_eq!(standing["passed_str"], json!("v1"));
    assert_eq!(
        standing["results"]["version-policy-check"],
        json!({"result": 1, "checked_at": "2026-11-23T08:00:00", "report": "00000000-0000-4000-8000-000000000001"})
    );
    monitor.set_now("2026-12-08T00:00:00Z");
    let standing = &monitor.get("/status").await.json()["cloud-a"][KAAS];
    assert_eq!(standing["result"], json!(null));
    assert_eq!(standing["buckets"]["null"], json!(["version-policy-check"]));
}

#[tokio::test]
async fn a_report_is_stored_once() {
    let monitor = Monitor::start().await;
    let first = report(1, "cloud-a", KAAS, "2026-11-23 08:00:00", &[("version-policy-check", 1)]);
    assert_eq!(monitor.report_as("cloud-a", &first).await.status, StatusCode::OK);
    let again = report(1, "cloud-a", KAAS, "2026-11-24 08:00:00", &[("version-policy-check", -1)]);
    let answer = monitor.report_as("cloud-a", &again).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert_eq!(answer.json(), json!({"detail": "Conflict: report already present"}));
    let status = monitor.get("/status").await.json();
    assert_eq!(status["cloud-a"][KAAS]["results"]["version-policy-check"]["result"], json!(1));
    assert_eq!(monitor.get_as("cloud-a", "/reports").await.json(), json!([first]));
}

#[tokio::test]
async fn the_clock_may_go_back() {
    let monitor = Monitor::start().await;
    let policy = [("version-policy-check", 1)];
    monitor.report_as("cloud-a", &report(1, "cloud-a", KAAS, "2026-11-23 08:00:00", &policy)).await;
    monitor.set_now("2027-11-24T00:00:00Z");
    assert_eq!(monitor.get("/status").await.json(), json!({}));
    monitor.set_now("2026-11-24T00:00:00Z");
    assert_eq!(monitor.get("/status").await.json()["cloud-a"][KAAS]["results"].as_object().unwrap().len(), 1);
}
