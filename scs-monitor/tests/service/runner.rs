//! The runner checks with a program of the test, and posts to a service on loopback.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use scs_certificates::Scope;
use scs_certificates::report::Report;
use scs_monitor::Runner;
use scs_standards::Verdict;
use serde_json::json;
use tokio::net::TcpListener;

use crate::certificates::reloaded;
use crate::support::{IAAS, KAAS, KAAS_CASES, Monitor, NOW, PRIVATE_KEY};

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

/// A test case of SCS-compatible IaaS.
const IAAS_CASE: &str = "scs-0100-syntax-check";

/// A program that keeps its arguments, prints a report for `cloud-a` and `cloud-d`, fails for `cloud-b`, and hangs for `cloud-c`.
fn program_of_all(directory: &Path) -> PathBuf {
    let at: Timestamp = "2026-11-24T08:00:00Z".parse().unwrap();
    for (subject, scope, cases) in [
        ("cloud-a", Scope::compatible_kaas(), &KAAS_CASES[..]),
        ("cloud-d", Scope::compatible_iaas(), &[IAAS_CASE]),
    ] {
        let results = cases.iter().map(|case| ((*case).to_owned(), Verdict::Pass)).collect();
        let report = Report::new(scope, subject, at, results, Vec::new());
        fs::write(directory.join(format!("{subject}.yaml")), report.to_string()).unwrap();
    }
    let program = directory.join("scs");
    let script = "#!/bin/sh\ncd \"$(dirname \"$0\")\"\nprintf '%s\\n' \"$@\" > \"arguments-$5\"\ncase $5 in\n\
                  cloud-b) echo 'error: no route' >&2; exit 2 ;;\n\
                  cloud-c) sleep 60 & wait ;;\n\
                  *) cat \"$5.yaml\" ;;\nesac\n";
    fs::write(&program, script).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o700)).unwrap();
    program
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delegate_checks_all_its_targets_and_a_hanging_one_holds_nobody_up() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let monitor = Monitor::start().await;
    reloaded(&monitor, |file| {
        let accounts = file["accounts"].as_array_mut().unwrap();
        accounts[0]["delegates"] = json!(["ci"]);
        accounts
            .extend(["cloud-c", "cloud-d"].map(|subject| json!({"subject": subject, "delegates": ["ci"]})));
    });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let router = scs_monitor::router(monitor.service.clone());
    let served = tokio::spawn(async move { axum::serve(listener, router).await });
    let directory = monitor.directory();
    fs::write(directory.join("key"), PRIVATE_KEY).unwrap();
    fs::write(directory.join("password"), "ci\n").unwrap();
    let cluster = |subject: &str| json!({"subject": subject, "scope": "scs-compatible-kaas", "kubeconfig": "/kubeconfig"});
    let config = json!({
        "monitor": address, "account": "ci", "password_file": directory.join("password"),
        "key_file": directory.join("key"), "program": program_of_all(directory), "parallel": 2, "timeout": "5s",
        "targets": [
            cluster("cloud-c"),
            cluster("cloud-b"),
            cluster("cloud-a"),
            {
                "subject": "cloud-d", "scope": "scs-compatible-iaas", "os_cloud": "of d",
                "arguments": ["--probe", "key-manager"],
            },
        ],
    });
    let path = directory.join("runner.yaml");
    fs::write(&path, config.to_string()).unwrap();
    let runner = Runner::read(&path).unwrap();
    let begin = Instant::now();
    let run = tokio::spawn(async move { runner.once(|| NOW.parse().unwrap()).await });
    // All others are there while one still hangs.
    let early = loop {
        let status = monitor.get("/status").await.json();
        if ["cloud-a", "cloud-b", "cloud-d"].into_iter().all(|subject| !status[subject].is_null()) {
            break status;
        }
        assert!(begin.elapsed() < Duration::from_secs(5), "{status}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    assert!(early["cloud-c"].is_null() && !run.is_finished());
    assert_eq!(early["cloud-a"][KAAS]["result"], json!(1));
    assert_eq!(early["cloud-d"][IAAS]["results"][IAAS_CASE]["result"], json!(1));
    assert_eq!(run.await.unwrap(), 0);
    assert!(begin.elapsed() >= Duration::from_secs(5));
    let status = monitor.get("/status").await.json();
    for (subject, reason) in [
        ("cloud-b", "ERROR: the check failed (exit status: 2): error: no route"),
        ("cloud-c", "ERROR: the check did not end within 5 s"),
    ] {
        assert_eq!(status[subject][KAAS]["result"], json!(0), "{subject}");
        let uuid = status[subject][KAAS]["results"]["version-policy-check"]["report"].as_str().unwrap();
        let page = monitor.get(&format!("/markdown/report/{uuid}")).await.text;
        assert!(page.contains(reason), "{page}");
    }
    let arguments = |subject: &str| -> Vec<String> {
        let text = fs::read_to_string(directory.join(format!("arguments-{subject}"))).unwrap();
        text.lines().map(str::to_owned).collect()
    };
    let all = ["check", "-f", "yaml-report", "--subject"];
    assert_eq!(
        arguments("cloud-d"),
        [
            &all[..],
            &["cloud-d", "--scope", "scs-compatible-iaas", "--os-cloud", "of d", "--probe", "key-manager"]
        ]
        .concat()
    );
    assert_eq!(
        arguments("cloud-c"),
        [&all[..], &["cloud-c", "--scope", "scs-compatible-kaas", "--kubeconfig", "/kubeconfig"]].concat()
    );
    served.abort();
}
