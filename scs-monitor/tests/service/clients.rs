//! Reports posted as the documentation says, with the real `ssh-keygen` and `curl`.

use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

use jiff::{SignedDuration, Timestamp};
use scs_certificates::Scope;
use scs_certificates::report::Report;
use scs_standards::Verdict;
use serde_json::{Value, json};

use crate::program::Program;
use crate::support::{Database, KAAS, KAAS_CASES, PRIVATE_KEY, on_both};

on_both!(a_report_is_posted_with_ssh_keygen_and_curl);

/// Whether a program can be run; says so if it cannot.
fn is_installed(program: &str) -> bool {
    let mut command = Command::new(program);
    let is_there = command.arg("-?").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok();
    if !is_there {
        // Not by a macro whose output is captured.
        let _ = writeln!(std::io::stderr(), "skipped: {program} is not installed");
    }
    is_there
}

/// Signs the report of a directory, as the README says.
fn sign(directory: &Path) {
    let mut command = Command::new("ssh-keygen");
    command.args(["-Y", "sign", "-f", "id_ed25519", "-n", "report", "report.yaml"]);
    let output = command.current_dir(directory).stdin(Stdio::null()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Posts it, as the README says; returns the status and the answer.
fn post(directory: &Path, program: &Program) -> (String, Value) {
    let mut command = Command::new("curl");
    command.args(["--data-binary", "@report.yaml.sig", "--data-binary", "@report.yaml"]);
    command.args(["-H", "Content-Type: application/x-signed-yaml", "-u", "cloud-a:cloud-a"]);
    command.arg(format!("http://{}/reports", program.address));
    command.args(["--silent", "--show-error", "--noproxy", "*", "--write-out", "\n%{http_code}"]);
    let output = command.current_dir(directory).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let answer = String::from_utf8(output.stdout).unwrap();
    let (body, status) = answer.rsplit_once('\n').unwrap();
    (status.to_owned(), serde_json::from_str(body).unwrap())
}

async fn a_report_is_posted_with_ssh_keygen_and_curl(database: Database) {
    if !["ssh-keygen", "curl"].into_iter().all(is_installed) {
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    let program = Program::start(directory.path(), &database);
    let directory = directory.path();
    let key = directory.join("id_ed25519");
    fs::write(&key, PRIVATE_KEY).unwrap();
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
    let results = KAAS_CASES.map(|case| (case.to_owned(), Verdict::Pass)).into();
    let at = Timestamp::now() - SignedDuration::from_hours(1);
    let report = Report::new(Scope::compatible_kaas(), "cloud-a", at, results, Vec::new()).to_string();
    fs::write(directory.join("report.yaml"), &report).unwrap();
    sign(directory);
    assert_eq!(post(directory, &program), ("200".to_owned(), json!(null)));
    let conflict = json!({"detail": "Conflict: report already present"});
    assert_eq!(post(directory, &program), ("409".to_owned(), conflict));
    let (status, text) = program.get("cloud-a", "/status?subject=cloud-a");
    let shown: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((status, &shown["cloud-a"][KAAS]["result"]), (200, &json!(1)));
    // One that was changed after it was signed is not taken.
    fs::write(directory.join("report.yaml"), report.replace("cloud-a", "cloud-b")).unwrap();
    assert_eq!(post(directory, &program).0, "401");
    fs::write(directory.join("report.yaml"), format!("{report}\n")).unwrap();
    assert_eq!(post(directory, &program).0, "401");
    assert_eq!(program.get("cloud-b", "/reports").1, "[]");
}
