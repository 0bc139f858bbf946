//! The audit log has every change of data.

use axum::body::Body;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{Request, StatusCode};
use scs_certificates::report::signature::{body, sign};
use serde_json::{Value, json};
use sqlx::{AnyConnection, Connection, Row};

use crate::certificates::reloaded;
use crate::program::uuid;
use crate::support::{Database, KAAS, Monitor, NOW, PRIVATE_KEY, basic, on_both, report};

on_both!(every_change_is_in_the_audit_log);

/// Posts as an account, from an address that the reverse proxy adds.
async fn post(monitor: &Monitor, account: &str, path: &str, kind: &str, text: String) -> StatusCode {
    let request = Request::post(path).header(AUTHORIZATION, basic(account)).header(CONTENT_TYPE, kind);
    let request = request.header("x-forwarded-for", "198.51.100.1, 192.0.2.7");
    monitor.send(request.body(Body::from(text)).unwrap()).await.status
}

async fn post_report(monitor: &Monitor, account: &str, report: &Value) -> StatusCode {
    let text = report.to_string();
    let signature = sign(text.as_bytes(), PRIVATE_KEY).unwrap();
    post(monitor, account, "/reports", "application/x-signed-json", body(&signature, &text)).await
}

/// The entries in order: time in microseconds, account, address, action, object.
async fn entries(monitor: &Monitor) -> Vec<(i64, [String; 4])> {
    sqlx::any::install_default_drivers();
    let mut connection = AnyConnection::connect(&monitor.service.settings().database).await.unwrap();
    let rows = sqlx::query("SELECT at, account, address, action, object FROM audit ORDER BY revision, place")
        .fetch_all(&mut connection)
        .await
        .unwrap();
    rows.iter().map(|row| (row.get(0), [1, 2, 3, 4].map(|column| row.get(column)))).collect()
}

async fn every_change_is_in_the_audit_log(database: Database) {
    let monitor = Monitor::with_settings(&database, json!([]), |settings| {
        settings.behind_proxy = true;
        settings.keep_days = Some(100);
    })
    .await;
    reloaded(&monitor, |file| {
        file["accounts"][0]["notify"] = json!({"email": "operator@example.com", "failures": 1});
    });
    let old = report(1, "cloud-b", KAAS, "2026-01-02 08:00:00", &[("version-policy-check", 1)]);
    let newer = report(2, "cloud-b", KAAS, "2026-11-23 08:00:00", &[("version-policy-check", 1)]);
    let failed = report(3, "cloud-a", KAAS, "2026-11-24 08:00:00", &[("version-policy-check", -1)]);
    for (account, report) in [("cloud-b", &old), ("ci", &newer), ("cloud-a", &failed)] {
        assert_eq!(post_report(&monitor, account, report).await, StatusCode::OK);
    }
    // Nothing is deleted without reports of several days.
    for number in 10..16 {
        let of_day = report(number, "cloud-b", KAAS, &format!("2026-11-{number} 08:00:00"), &[]);
        assert_eq!(post_report(&monitor, "cloud-b", &of_day).await, StatusCode::OK);
    }
    // What is not stored is not in it.
    assert_eq!(post_report(&monitor, "cloud-a", &failed).await, StatusCode::CONFLICT);
    assert_eq!(post_report(&monitor, "cloud-b", &failed).await, StatusCode::UNAUTHORIZED);
    let approval = |uuid: String, is_approved: bool| {
        let check = "version-policy-check";
        json!({"reportuuid": uuid, "scopeuuid": KAAS, "version": "*", "check": check, "approval": is_approved})
    };
    let both = json!([approval(uuid(3), true), approval(uuid(2), false)]).to_string();
    assert_eq!(post(&monitor, "approver", "/results", "application/json", both).await, StatusCode::OK);
    let missing = json!([approval(uuid(3), true), approval(uuid(9), true)]).to_string();
    assert_eq!(
        post(&monitor, "approver", "/results", "application/json", missing).await,
        StatusCode::NOT_FOUND
    );
    monitor.service.notify_once().await.unwrap();
    let list = monitor.get_as("cloud-a", "/notifications").await.json();
    let id = list[0]["id"].as_str().unwrap().to_owned();
    let path = format!("/notifications/{id}/ack");
    assert_eq!(post(&monitor, "cloud-a", &path, "text/plain", String::new()).await, StatusCode::OK);
    assert_eq!(monitor.service.retain_once().await.unwrap(), 1);
    let expected = [
        ["cloud-b", "192.0.2.7", "report", &uuid(1)],
        ["ci", "192.0.2.7", "report", &uuid(2)],
        ["cloud-a", "192.0.2.7", "report", &uuid(3)],
        ["approver", "192.0.2.7", "approve", &format!("{} * version-policy-check: approved", uuid(3))],
        ["approver", "192.0.2.7", "approve", &format!("{} * version-policy-check: not approved", uuid(2))],
        ["cloud-a", "192.0.2.7", "acknowledge", &id],
        ["retention", "", "delete", &uuid(1)],
    ]
    .map(|entry| entry.map(str::to_owned));
    let entries = entries(&monitor).await;
    let others: Vec<String> = (10..16).map(uuid).collect();
    let found: Vec<_> =
        entries.iter().map(|entry| entry.1.clone()).filter(|entry| !others.contains(&entry[3])).collect();
    assert_eq!(found, expected);
    let now = NOW.parse::<jiff::Timestamp>().unwrap().as_microsecond();
    assert!(entries.iter().all(|entry| entry.0 == now));
}
