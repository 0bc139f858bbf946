//! `scs report`, with keys made by the real `ssh-keygen`.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::common::{example, json, run, run_with};
use crate::schema::valid;

/// A report of the example.
fn report(at: &str) -> String {
    run(&["check", "--at", at, "-f", "yaml-report", &example("typical-cloud.yaml")]).1
}

#[test]
fn what_people_read() {
    let text = report("2026-11-24");
    insta::assert_snapshot!("report_show", run_with(&["report", "show", "-"], text.clone()).1);
    insta::assert_snapshot!("report_merge", run_with(&["report", "merge", "-"], text).1);
}

#[test]
fn data_fit_their_schemas() {
    let text = report("2026-11-24");
    let shown = json(&run_with(&["report", "show", "-", "-f", "json"], text.clone()).1);
    valid("report", shown.as_array().unwrap().clone());
    valid("score-card", [json(&run_with(&["report", "merge", "-", "-f", "json"], text).1)]);
}

#[test]
fn other_files_are_not_reports() {
    for (input, message) in
        [("", "the file is empty"), ("spec: {}\n", "`run` is missing"), ("[1]", "`spec` is missing")]
    {
        let (status, _, err) = run_with(&["report", "show", "-"], input);
        assert_eq!(status, 2, "{input}");
        assert!(err.contains(message), "{input}: {err}");
    }
}

fn keygen(directory: &Path, arguments: &[&str]) -> bool {
    let mut command = Command::new("ssh-keygen");
    command
        .args(arguments)
        .current_dir(directory)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

#[test]
fn reports_are_signed_and_verified() {
    let directory = tempfile::tempdir().unwrap();
    let directory = directory.path();
    if !keygen(directory, &["-q", "-t", "ed25519", "-N", "", "-f", "key"]) {
        println!("skipped: there is no ssh-keygen");
        return;
    }
    let path = |name: &str| directory.join(name).to_str().unwrap().to_owned();
    std::fs::write(path("report.yaml"), report("2026-11-24")).unwrap();
    let (report, key, public, signature) =
        (path("report.yaml"), path("key"), path("key.pub"), path("ours.sig"));
    assert_eq!(run(&["report", "sign", &report, "--key", &key, "-o", &signature]).0, 0);
    let verify = |more: &[&str]| {
        let arguments: Vec<&str> = ["report", "verify", &report].iter().chain(more).copied().collect();
        run(&arguments)
    };
    let (status, out, _) = verify(&["--signature", &signature, "--key", &public]);
    assert_eq!(status, 0);
    assert!(out.ends_with("the signature is valid\n"), "{out}");

    // Signed by ssh-keygen.
    assert!(keygen(directory, &["-q", "-Y", "sign", "-f", "key", "-n", "report", "report.yaml"]));
    assert_eq!(verify(&["--signature", &path("report.yaml.sig"), "--key", &public]).0, 0);

    // With allowed signers and an identity.
    let signers =
        format!("mail@example.com namespaces=\"report\" {}", std::fs::read_to_string(&public).unwrap());
    std::fs::write(path("signers"), signers).unwrap();
    let by = |identity: &str| {
        verify(&["--signature", &signature, "--allowed-signers", &path("signers"), "--identity", identity]).0
    };
    assert_eq!((by("mail@example.com"), by("other@example.com")), (0, 1));

    // A revoked key, listed as a key or as a fingerprint.
    let listed = |name: &str, text: &str| {
        std::fs::write(path(name), text).unwrap();
        let (status, out, err) =
            verify(&["--signature", &signature, "--key", &public, "--revoked", &path(name)]);
        (status, out + &err)
    };
    assert!(keygen(directory, &["-q", "-t", "ed25519", "-N", "", "-f", "other"]));
    let of = |name: &str| std::fs::read_to_string(path(name)).unwrap();
    assert_eq!(listed("foreign", &of("other.pub")).0, 0);
    let (status, told) = listed("revoked", &format!("# lost\n{}", of("key.pub")));
    assert!(status == 1 && told.contains("has been revoked"), "{told}");
    let (status, told) = listed("nonsense", "nonsense\n");
    assert!(status == 2 && told.contains("line 1 is neither a public key nor a fingerprint"), "{told}");

    // The body for the monitor has both.
    let (status, body, _) = run(&["report", "sign", &report, "--key", &key, "--body"]);
    assert_eq!(status, 0);
    assert!(body.contains("-----END SSH SIGNATURE-----\n&---\nspec:"), "{body}");

    // A report that was changed.
    std::fs::write(&report, std::fs::read_to_string(&report).unwrap().replace(": -1", ": 1")).unwrap();
    let (status, out, _) = verify(&["--signature", &signature, "--key", &public]);
    assert_eq!(status, 1);
    assert!(out.contains("the report was changed after it was signed"), "{out}");
}

/// A report has one time, so results with older evidence are in a separate report.
#[test]
fn results_have_the_date_of_their_evidence() {
    let (status, text, err) =
        run(&["check", "--at", "2026-10-20", "-f", "yaml-report", &example("conformant-cluster.yaml")]);
    assert_eq!((status, err.as_str()), (0, ""));
    let shown = json(&run_with(&["report", "show", "-", "-f", "json"], text.clone()).1);
    let told: Vec<(String, Vec<String>)> = shown
        .as_array()
        .unwrap()
        .iter()
        .map(|report| {
            let cases = report["results"].as_object().unwrap().keys().cloned().collect();
            (report["checked_at"].as_str().unwrap()[..10].to_owned(), cases)
        })
        .collect();
    let of =
        |day: &str, cases: &[&str]| (day.to_owned(), cases.iter().map(|case| (*case).to_owned()).collect());
    assert_eq!(
        told,
        [
            of("2026-10-20", &["version-policy-check"]),
            of("2026-10-12", &["cncf-k8s-conformance", "kaas-networking-check"]),
        ]
    );
    let card = json(&run_with(&["report", "merge", "-", "-f", "json"], text.clone()).1);
    let until = |case: &str| card["results"][case]["valid_until"].as_str().unwrap().to_owned();
    assert_eq!(until("cncf-k8s-conformance"), "2027-12-01T00:00:00Z");
    assert_eq!(until("kaas-networking-check"), "2026-12-01T00:00:00Z");
    assert_eq!(until("version-policy-check"), "2026-11-02T00:00:00Z");
    // Checked again in November, the runs stay those of October.
    let later = text.replace("checked_at: 2026-10-20", "checked_at: 2026-11-30");
    let evaluate = |at: &str| {
        let arguments = [
            "certificate",
            "evaluate",
            "--scope",
            "scs-compatible-kaas",
            "--results",
            "-",
            "--at",
            at,
            "-f",
            "json",
        ];
        json(&run_with(&arguments, later.clone()).1)
    };
    assert_eq!(evaluate("2026-11-30T12:00:00Z")["verdict"], "PASS");
    let main = &evaluate("2026-12-01T12:00:00Z")["versions"]["v1"]["targets"]["main"];
    assert_eq!(main["MISS"], json(r#"["kaas-networking-check"]"#));
    // The monitor takes one report at a time.
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("report.yaml");
    std::fs::write(&path, text).unwrap();
    let (status, _, err) = run(&["report", "sign", path.to_str().unwrap(), "--key", "none", "--body"]);
    assert_eq!(status, 2);
    assert!(err.contains("has 2 reports, but the monitor accepts only one at a time"), "{err}");
}

/// The output of `scs check -f json` is accepted as a report.
#[test]
fn checks_are_shown_and_merged() {
    let check = run(&["check", "--at", "2026-10-20", "-f", "json", &example("conformant-cluster.yaml")]).1;
    let shown = json(&run_with(&["report", "show", "-", "-f", "json"], check.clone()).1);
    valid("report", shown.as_array().unwrap().clone());
    assert_eq!(shown[0]["results"]["version-policy-check"], "PASS");
    let (status, out, _) = run_with(&["report", "merge", "-", "-f", "json"], check.clone());
    assert_eq!((status, json(&out)["results"].as_object().unwrap().len()), (0, 3));
    let evaluate =
        ["certificate", "evaluate", "--scope", "scs-compatible-kaas", "--results", "-", "--at", "2026-10-21"];
    assert_eq!(run_with(&evaluate, check).0, 0);
    let other = r#"{"schema": "scs/evaluation/1"}"#;
    let (status, _, err) = run_with(&["report", "show", "-"], other);
    assert!(status == 2 && err.contains("`schema` is `scs/evaluation/1`"), "{err}");
    // Lifetimes of another scope do not apply to these results.
    let report = report("2026-11-24");
    let (status, _, err) = run_with(&["report", "merge", "-", "--scope", "scs-compatible-kaas"], report);
    assert!(status == 2 && err.contains("the reports are about SCS-compatible IaaS"), "{err}");
}
