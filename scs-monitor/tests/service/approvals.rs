//! Results are approved by hand, and approvals are withdrawn.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::program::uuid;
use crate::support::{Database, KAAS, KAAS_CASES, Monitor, on_both, report};

on_both!(an_approval_is_listed_until_it_is_withdrawn, of_several_approvals_all_are_set_or_none);

fn approval(case: &str, approval: bool) -> Value {
    json!({"reportuuid": uuid(1), "scopeuuid": KAAS, "version": "*", "check": case, "approval": approval})
}

async fn approve(monitor: &Monitor, approvals: &Value) -> StatusCode {
    monitor.post_as("approver", "/results", "application/json", approvals.to_string()).await.status
}

/// The test cases of a list of results.
async fn listed(monitor: &Monitor, query: &str) -> Vec<String> {
    let list = monitor.get_as("reader", &format!("/results{query}")).await.json();
    let mut cases: Vec<String> =
        list.as_array().unwrap().iter().map(|it| it["check"].as_str().unwrap().to_owned()).collect();
    cases.sort();
    cases
}

/// A service with a report: PASS, FAIL and DNF.
async fn monitor(database: &Database) -> Monitor {
    let monitor = Monitor::on(database).await;
    let [passed, failed, unfinished] = KAAS_CASES;
    let report =
        report(1, "cloud-a", KAAS, "2026-11-23 08:00:00", &[(passed, 1), (failed, -1), (unfinished, 0)]);
    assert_eq!(monitor.report_as("cloud-a", &report).await.status, StatusCode::OK);
    monitor
}

async fn an_approval_is_listed_until_it_is_withdrawn(database: Database) {
    let monitor = monitor(&database).await;
    let [passed, failed, unfinished] = KAAS_CASES;
    assert_eq!(listed(&monitor, "?approved=true").await, [passed]);
    assert_eq!(listed(&monitor, "?approved=false").await, [unfinished, failed]);
    // Twice is as good as once.
    for _ in 0..2 {
        assert_eq!(approve(&monitor, &approval(failed, true)).await, StatusCode::OK);
        assert_eq!(listed(&monitor, "?approved=true").await, [passed, failed]);
        assert_eq!(listed(&monitor, "?approved=false").await, [unfinished]);
    }
    // A result that is approved stays what it is.
    let status = monitor.get("/status").await.json();
    assert_eq!(status["cloud-a"][KAAS]["results"][failed]["result"], json!(-1));
    assert_eq!(approve(&monitor, &json!([approval(failed, false), approval(passed, false)])).await, 200);
    assert_eq!(listed(&monitor, "?approved=true").await, [""; 0]);
    assert_eq!(listed(&monitor, "").await.len(), 3);
    assert_eq!(listed(&monitor, "?limit=1&skip=2").await.len(), 1);
    monitor.set_now("2026-11-30T07:59:59Z");
    assert_eq!(listed(&monitor, "?approved=false").await.len(), 3);
    // Only results of the last seven days are listed.
    for now in ["2026-11-30T08:00:00Z", "2026-12-02T12:00:00Z"] {
        monitor.set_now(now);
        for query in ["", "?approved=true", "?approved=false"] {
            assert_eq!(listed(&monitor, query).await, [""; 0], "{now} {query}");
        }
    }
}

async fn of_several_approvals_all_are_set_or_none(database: Database) {
    let monitor = monitor(&database).await;
    let [passed, failed, _] = KAAS_CASES;
    let mut of_other_scope = approval(failed, true);
    of_other_scope["scopeuuid"] = json!("another");
    let mut of_other_report = approval(failed, true);
    of_other_report["reportuuid"] = json!(uuid(2));
    for missing in [approval("missing", true), of_other_scope, of_other_report] {
        let both = json!([approval(failed, true), missing]);
        assert_eq!(approve(&monitor, &both).await, StatusCode::NOT_FOUND, "{both}");
        assert_eq!(listed(&monitor, "?approved=true").await, [passed]);
    }
}
