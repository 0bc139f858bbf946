//! Old reports are deleted on request, but for what still counts.

use axum::http::StatusCode;
use serde_json::json;

use crate::program::uuid;
use crate::support::{Database, KAAS, Monitor, on_both, report};

on_both!(only_old_reports_that_no_longer_count_are_deleted, a_wrong_clock_deletes_nothing);

/// A service with two reports of two test cases of long ago, and reports of the last days.
async fn monitor(database: &Database, keep_days: Option<u32>) -> Monitor {
    let monitor =
        Monitor::with_settings(database, json!([]), |settings| settings.keep_days = keep_days).await;
    for (number, time, cases) in [
        (1, "2023-01-01 08:00:00", vec![("version-policy-check", 1), ("node-distribution-check", 1)]),
        (2, "2023-01-02 08:00:00", vec![("version-policy-check", -1)]),
        (3, "2026-11-23 08:00:00", vec![("version-policy-check", 1)]),
    ] {
        let report = report(number, "cloud-a", KAAS, time, &cases);
        assert_eq!(monitor.report_as("cloud-a", &report).await.status, StatusCode::OK);
    }
    for number in 10..16 {
        let report = report(number, "cloud-b", KAAS, &format!("2026-11-{number} 08:00:00"), &[]);
        assert_eq!(monitor.report_as("cloud-b", &report).await.status, StatusCode::OK);
    }
    monitor
}

async fn present(monitor: &Monitor) -> Vec<u32> {
    let mut present = Vec::new();
    for number in 1..=3 {
        if monitor.get_as("cloud-a", &format!("/reports/{}", uuid(number))).await.status == StatusCode::OK {
            present.push(number);
        }
    }
    present
}

async fn only_old_reports_that_no_longer_count_are_deleted(database: Database) {
    let monitor = monitor(&database, Some(1_000)).await;
    let status = monitor.get("/status").await.text;
    // The first one has the newest result of a test case.
    assert_eq!(monitor.service.retain_once().await.unwrap(), 1);
    assert_eq!(present(&monitor).await, [1, 3]);
    assert_eq!(monitor.service.retain_once().await.unwrap(), 0);
    assert_eq!(monitor.get("/status").await.text, status);
    // A report may be posted again.
    let again = report(2, "cloud-a", KAAS, "2023-01-02 08:00:00", &[("version-policy-check", -1)]);
    assert_eq!(monitor.report_as("cloud-a", &again).await.status, StatusCode::OK);
    assert_eq!(monitor.get("/status").await.text, status);
    // Now it no longer counts.
    let newer = report(4, "cloud-a", KAAS, "2026-11-23 09:00:00", &[("node-distribution-check", 1)]);
    assert_eq!(monitor.report_as("cloud-a", &newer).await.status, StatusCode::OK);
    assert_eq!(monitor.service.retain_once().await.unwrap(), 2);
    assert_eq!(present(&monitor).await, [3]);
}

async fn a_wrong_clock_deletes_nothing(database: Database) {
    let monitor = monitor(&database, Some(1_000)).await;
    monitor.set_now("2036-11-24T08:00:00Z");
    assert_eq!(monitor.service.retain_once().await.unwrap(), 0);
    // Not even if someone reports by the same clock.
    let report = report(4, "cloud-a", KAAS, "2036-11-24 07:00:00", &[("version-policy-check", 1)]);
    assert_eq!(monitor.report_as("cloud-a", &report).await.status, StatusCode::OK);
    assert_eq!(monitor.service.retain_once().await.unwrap(), 0);
    assert_eq!(present(&monitor).await, [1, 2, 3]);
}

#[tokio::test]
async fn without_a_setting_all_reports_are_kept() {
    let monitor = monitor(&Database::Sqlite, None).await;
    assert_eq!(monitor.service.retain_once().await.unwrap(), 0);
    assert_eq!(present(&monitor).await, [1, 2, 3]);
}
