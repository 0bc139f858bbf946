//! Reports come in and count.

use axum::http::StatusCode;
use serde_json::json;

use crate::support::{Database, KAAS, KAAS_CASES, Monitor, on_both, report};

on_both!(
    a_posted_report_counts_until_it_expires,
    a_report_is_stored_once,
    the_clock_may_go_back,
    a_newer_miss_hides_an_older_result,
    of_two_results_of_the_same_time_the_topmost_counts,
    a_report_of_the_far_future_harms_nobody,
    times_with_a_zone_are_converted,
    one_of_two_identical_reports_is_stored,
);

async fn a_posted_report_counts_until_it_expires(database: Database) {
    let monitor = Monitor::on(&database).await;
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

async fn a_report_is_stored_once(database: Database) {
    let monitor = Monitor::on(&database).await;
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

async fn the_clock_may_go_back(database: Database) {
    let monitor = Monitor::on(&database).await;
    let policy = [("version-policy-check", 1)];
    monitor.report_as("cloud-a", &report(1, "cloud-a", KAAS, "2026-11-23 08:00:00", &policy)).await;
    monitor.set_now("2027-11-24T00:00:00Z");
    assert_eq!(monitor.get("/status").await.json(), json!({}));
    monitor.set_now("2026-11-24T00:00:00Z");
    assert_eq!(monitor.get("/status").await.json()["cloud-a"][KAAS]["results"].as_object().unwrap().len(), 1);
}

async fn a_newer_miss_hides_an_older_result(database: Database) {
    let monitor = Monitor::on(&database).await;
    let older = report(1, "cloud-a", KAAS, "2026-11-22 08:00:00", &[("version-policy-check", 1)]);
    monitor.report_as("cloud-a", &older).await;
    let mut newer = report(2, "cloud-a", KAAS, "2026-11-23 08:00:00", &[]);
    newer["run"]["invocations"]["one"]["results"] = json!({"version-policy-check": null});
    assert_eq!(monitor.report_as("cloud-a", &newer).await.status, StatusCode::OK);
    let standing = &monitor.get("/status").await.json()["cloud-a"][KAAS];
    assert_eq!(standing["results"]["version-policy-check"]["result"], json!(null));
    assert_eq!(standing["results"]["version-policy-check"]["report"], newer["run"]["uuid"]);
}

async fn a_report_of_the_far_future_harms_nobody(database: Database) {
    let monitor = Monitor::on(&database).await;
    for (number, time, status) in [
        (1, "9999-12-30 20:00:00", StatusCode::OK),
        (2, "9999-12-01T00:00:00", StatusCode::OK),
        (3, "0001-01-01 00:00:00", StatusCode::OK),
        (5, "9999-12-31 23:59:59", StatusCode::UNPROCESSABLE_ENTITY),
        (6, "infinity", StatusCode::UNPROCESSABLE_ENTITY),
    ] {
        let absurd = report(number, "cloud-a", KAAS, time, &[("version-policy-check", 1)]);
        assert_eq!(monitor.report_as("cloud-a", &absurd).await.status, status, "{time}");
    }
    let good = report(4, "cloud-b", KAAS, "2026-11-23 08:00:00", &[("version-policy-check", 1)]);
    assert_eq!(monitor.report_as("cloud-b", &good).await.status, StatusCode::OK);
    for path in [
        "/status",
        "/page/table",
        "/markdown/table_full",
        "/page/detail/cloud-a/scs-compatible-kaas",
        "/page/report/00000000-0000-4000-8000-000000000001",
    ] {
        assert_eq!(monitor.get(path).await.status, StatusCode::OK, "{path}");
    }
    assert_eq!(monitor.get_as("reader", "/results").await.status, StatusCode::OK);
    for now in ["9999-12-30T22:00:00Z", "1970-01-01T00:00:00Z", "2026-11-24T12:00:00Z"] {
        monitor.set_now(now);
        assert_eq!(monitor.get("/status").await.status, StatusCode::OK, "{now}");
    }
}

async fn times_with_a_zone_are_converted(database: Database) {
    let monitor = Monitor::on(&database).await;
    let zoned = report(1, "cloud-a", KAAS, "2026-11-23T08:00:00+02:00", &[("version-policy-check", 1)]);
    monitor.report_as("cloud-a", &zoned).await;
    let standing = &monitor.get("/status").await.json()["cloud-a"][KAAS];
    assert_eq!(standing["results"]["version-policy-check"]["checked_at"], json!("2026-11-23T06:00:00"));
}

async fn one_of_two_identical_reports_is_stored(database: Database) {
    let monitor = Monitor::on(&database).await;
    let report = report(1, "cloud-a", KAAS, "2026-11-23 08:00:00", &[("version-policy-check", 1)]);
    let post = || async { monitor.report_as("cloud-a", &report).await.status.as_u16() };
    let (a, b, c, d) = tokio::join!(post(), post(), post(), post());
    let mut statuses = [a, b, c, d];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409, 409, 409]);
    assert_eq!(monitor.get_as("cloud-a", "/reports").await.json().as_array().unwrap().len(), 1);
}

async fn of_two_results_of_the_same_time_the_topmost_counts(database: Database) {
    let monitor = Monitor::on(&database).await;
    // Topmost first: FAIL, MISS, DNF, PASS.
    let results = [json!(-1), json!(null), json!(0), json!(1)];
    let mut number = 0;
    for (place, topmost) in results.iter().enumerate() {
        for other in &results[place..] {
            for pair in [[topmost, other], [other, topmost]] {
                let day = format!("2026-11-{:02}", 1 + number / 2);
                monitor.set_now(&format!("{day}T12:00:00Z"));
                for result in pair {
                    number += 1;
                    let mut report = report(number, "cloud-a", KAAS, &format!("{day} 08:00:00"), &[]);
                    report["run"]["invocations"]["one"]["results"] = json!({"version-policy-check": result});
                    assert_eq!(monitor.report_as("cloud-a", &report).await.status, StatusCode::OK);
                }
                let status = monitor.get("/status").await.json();
                let shown = &status["cloud-a"][KAAS]["results"]["version-policy-check"]["result"];
                assert_eq!(shown, topmost, "{pair:?}");
            }
        }
    }
}
