//! The runner checks with a program of the test, and posts to a service on loopback.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use scs_certificates::Scope;
use scs_certificates::report::Report;
use scs_monitor::Runner;
use scs_standards::Verdict;
use serde_json::json;
use tokio::net::TcpListener;

use crate::support::{KAAS, KAAS_CASES, Monitor, NOW, PRIVATE_KEY};

/// A program that prints a report for `cloud-a`, fails for `cloud-b`, and hangs for `ci`.
fn program(directory: &Path) -> PathBuf {
    let results = KAAS_CASES.map(|case| (case.to_owned(), Verdict::Pass)).into();
    let at: Timestamp = "2026-11-24T08:00:00Z".parse().unwrap();
    let report = Report::new(Scope::compatible_kaas(), "cloud-a", at, results, Vec::new());
    fs::write(directory.join("report.yaml"), report.to_string()).unwrap();
    let program = directory.join("scs");
    let script = format!(
        "#!/bin/sh\ncase \"$*\" in\n*'--subject cloud-a '*) cat {}/report.yaml; exit 1 ;;\n\
         *'--subject cloud-b '*) echo 'error: no route' >&2; exit 2 ;;\n*) sleep 60 & wait ;;\nesac\n",
        directory.display()
    );
    fs::write(&program, script).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o700)).unwrap();
    program
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_or_hanging_check_is_a_dnf_with_its_reason_and_holds_nobody_up() {
    // Programs install a provider; it fails only if one is already installed.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let monitor = Monitor::start().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let router = scs_monitor::router(monitor.service.clone());
    let served = tokio::spawn(async move { axum::serve(listener, router).await });
    let directory = monitor.directory();
    fs::write(directory.join("key"), PRIVATE_KEY).unwrap();
    let mut runners = Vec::new();
    for account in ["cloud-a", "cloud-b", "ci"] {
        fs::write(directory.join(account), account).unwrap();
        let config = json!({
            "monitor": address, "account": account, "password_file": directory.join(account),
            "key_file": directory.join("key"), "program": program(directory), "timeout": "1s",
            "targets": [{"subject": account, "scope": "scs-compatible-kaas", "kubeconfig": "/nowhere", "context": "x"}],
        });
        let path = directory.join(format!("{account}.yaml"));
        fs::write(&path, config.to_string()).unwrap();
        runners.push(Runner::read(&path).unwrap());
    }
    for runner in &runners {
        assert_eq!(runner.once(|| NOW.parse().unwrap()).await, 0);
    }
    let status = monitor.get("/status").await.json();
    assert_eq!(status["cloud-a"][KAAS]["result"], json!(1));
    for (account, reason) in [
        ("cloud-b", "ERROR: the check failed (exit status: 2): error: no route"),
        ("ci", "ERROR: the check did not end within 1 s"),
    ] {
        assert_eq!(status[account][KAAS]["result"], json!(0), "{account}");
        let uuid = status[account][KAAS]["results"]["version-policy-check"]["report"].as_str().unwrap();
        let page = monitor.get(&format!("/markdown/report/{uuid}")).await.text;
        assert!(page.contains(reason), "{page}");
    }
    served.abort();
}
