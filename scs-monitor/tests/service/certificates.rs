//! Certificates of the bootstrap file.

use axum::http::StatusCode;
use scs_monitor::Bootstrap;
use serde_json::{Value, json};

use crate::support::{KAAS, KAAS_CASES, Monitor, report};

/// Adds keys to the bootstrap file and reads it again.
pub(crate) fn reloaded(monitor: &Monitor, change: impl FnOnce(&mut Value)) {
    let path = monitor.directory().join("bootstrap.yaml");
    let mut file: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    change(&mut file);
    std::fs::write(&path, file.to_string()).unwrap();
    monitor.service.reload().unwrap();
}

#[tokio::test]
async fn a_certificate_is_shown_with_what_has_to_be_done() {
    let monitor = Monitor::start().await;
    reloaded(&monitor, |file| {
        file["certificates"] = json!([
            {"subject": "cloud-a", "scope": "scs-compatible-kaas", "version": "v1", "issued": "2026-11-01"},
            {"subject": "cloud-a", "scope": KAAS, "version": "v1", "issued": "2025-01-01"},
            {"subject": "cloud-b", "scope": "scs-compatible-kaas", "version": "v1", "issued": "2026-10-01", "revoked": "2026-11-20"},
            {"subject": "cloud-b", "scope": "scs-open-kaas", "version": "v1", "issued": "2026-10-01"},
        ]);
    });
    let results = KAAS_CASES.map(|case| (case, 1));
    monitor.report_as("cloud-a", &report(1, "cloud-a", KAAS, "2026-11-23 08:00:00", &results)).await;
    let path = "/certificates/cloud-a/scs-compatible-kaas";
    let certificates = monitor.get(path).await.json();
    assert_eq!(
        certificates[0],
        json!({
            "subject": "cloud-a", "scope": KAAS, "scope_name": "SCS-compatible KaaS", "version": "v1",
            "issued": "2026-11-01", "valid_until": "2027-11-01", "state": "valid", "notices": [],
        })
    );
    assert_eq!(certificates[1]["state"], json!("expired"));
    let failed = [("version-policy-check", -1)];
    monitor.report_as("cloud-a", &report(2, "cloud-a", KAAS, "2026-11-24 08:00:00", &failed)).await;
    let certificates = monitor.get(path).await.json();
    assert_eq!(certificates[0]["state"], json!("valid-with-notices"));
    assert!(certificates[0]["notices"][0]["text"].as_str().unwrap().ends_with("version-policy-check"));
    let all = monitor.get("/certificates").await.json();
    assert_eq!(all["certificates"].as_array().unwrap().len(), 2);
    assert_eq!(all["revoked"][0]["revoked"], json!("2026-11-20"));
    let of_group = monitor.get("/certificates?group=group-of-b").await.json();
    assert_eq!(of_group["certificates"], json!([]));
    assert_eq!(monitor.get("/certificates/cloud-b/scs-compatible-iaas").await.status, StatusCode::NOT_FOUND);
    assert!(monitor.get("/calendar.ics").await.text.contains("DTSTART;VALUE=DATE:20271101"));
    let feed = monitor.get("/feed.atom?subject=cloud-b").await.text;
    assert!(feed.contains("certificate for SCS-compatible KaaS v1 revoked"), "{feed}");
}

#[test]
fn certificates_of_another_shape_are_rejected() {
    let read = |text: &str| Bootstrap::read(text).map(|read| read.certificates.len());
    let entry = "{subject: a, scope: s, version: v1, issued: 2026-11-01}";
    assert_eq!(read(&format!("certificates: [{entry}]")), Ok(1));
    assert!(read("certificates: [{subject: a, scope: s, version: v1}]").is_err());
    assert!(read("certificates: [{subject: a, scope: s, version: v1, issued: yesterday}]").is_err());
}
