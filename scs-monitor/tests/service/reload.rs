//! Files that are read again.

use std::fs;
use std::path::Path;

use axum::http::StatusCode;
use serde_json::json;

use crate::support::{Database, KAAS, Monitor, report};

/// Copies the scope files of this repository.
fn copy_scopes(to: &Path) {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scs-certificates/data");
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap();
        if name.to_str().unwrap().starts_with("scs-") {
            fs::copy(&path, to.join(name)).unwrap();
        }
    }
}

#[tokio::test]
async fn a_broken_scope_file_changes_nothing() {
    let scopes = tempfile::tempdir().unwrap();
    copy_scopes(scopes.path());
    let monitor = Monitor::with_settings(&Database::Sqlite, json!([]), |settings| {
        settings.scopes = Some(scopes.path().to_owned());
    })
    .await;
    let report = report(1, "cloud-a", KAAS, "2026-11-23 08:00:00", &[("version-policy-check", 1)]);
    assert_eq!(monitor.report_as("cloud-a", &report).await.status, StatusCode::OK);
    let status = monitor.get("/status").await.text;
    assert!(status.contains(KAAS));
    let path = scopes.path().join("scs-compatible-kaas.yaml");
    let good = fs::read_to_string(&path).unwrap();
    for broken in
        ["", "uuid: [", "name: only\n", &good.replace("    - version-policy-check", "    - other-check")]
    {
        fs::write(&path, broken).unwrap();
        let error = monitor.service.reload().unwrap_err().to_string();
        assert!(error.starts_with(path.to_str().unwrap()), "{error}");
        assert_eq!(monitor.get("/status").await.text, status);
    }
    // Another file with the same UUID, and none at all.
    fs::write(&path, &good).unwrap();
    let copy = scopes.path().join("scs-copy.yaml");
    fs::write(&copy, &good).unwrap();
    let error = monitor.service.reload().unwrap_err().to_string();
    assert!(error.contains(copy.to_str().unwrap()) && error.contains(KAAS), "{error}");
    fs::remove_file(&copy).unwrap();
    let elsewhere = scopes.path().join("elsewhere");
    fs::create_dir(&elsewhere).unwrap();
    for name in ["scs-compatible-kaas.yaml", "scs-compatible-iaas.yaml"] {
        fs::rename(scopes.path().join(name), elsewhere.join(name)).unwrap();
    }
    let error = monitor.service.reload().unwrap_err().to_string();
    assert!(error.starts_with(scopes.path().to_str().unwrap()), "{error}");
    assert_eq!(monitor.get("/status").await.text, status);
    // A fixed file is used.
    copy_scopes(scopes.path());
    assert_eq!(monitor.get("/page/scope/scs-compatible-kaas").await.status, StatusCode::OK);
    fs::write(&path, good.replace("section: light", "section: other")).unwrap();
    monitor.service.reload().unwrap();
    let changed = monitor.get("/status").await.text;
    assert_ne!(changed, status);
    assert_eq!(changed, status.replace(r#""section":"light""#, r#""section":"other""#));
}
