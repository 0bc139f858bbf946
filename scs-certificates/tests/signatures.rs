//! Signatures compared with the real `ssh-keygen`, in both directions.

#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use std::path::Path;
use std::process::{Command, Stdio};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use scs_certificates::report::signature::{SignatureError, Signers, body, sign, verify};

const REPORT: &str = "---\nsubject: my-cloud\n";

fn at() -> Timestamp {
    "2026-11-24T08:30:00Z".parse().unwrap()
}

/// Whether the tool is installed; prints a notice if not.
fn has_ssh_keygen() -> bool {
    let there = Command::new("ssh-keygen").arg("-?").stderr(Stdio::null()).status().is_ok();
    if !there {
        println!("skipped: there is no ssh-keygen");
    }
    there
}

fn run(directory: &Path, arguments: &[&str], input: Option<&str>) -> bool {
    let mut command = Command::new("ssh-keygen");
    command.args(arguments).current_dir(directory).stdout(Stdio::null()).stderr(Stdio::null());
    match input {
        None => command.stdin(Stdio::null()).status().unwrap().success(),
        Some(input) => {
            let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
            std::io::Write::write_all(&mut child.stdin.take().unwrap(), input.as_bytes()).unwrap();
            child.wait().unwrap().success()
        }
    }
}

fn read(directory: &Path, name: &str) -> String {
    std::fs::read_to_string(directory.join(name)).unwrap()
}

#[test]
fn ssh_keygen_and_we_verify_each_other() {
    if !has_ssh_keygen() {
        return;
    }
    for (kind, bits) in [("ed25519", "256"), ("ecdsa", "256"), ("ecdsa", "384")] {
        let directory = tempfile::tempdir().unwrap();
        let directory = directory.path();
        // `ssh-key` rejects an ECDSA key whose number happens to begin with a zero byte; then another one is generated.
        let is_good = || {
            for name in ["key", "key.pub"] {
                let _ = std::fs::remove_file(directory.join(name));
            }
            let made =
                run(directory, &["-q", "-t", kind, "-b", bits, "-N", "", "-C", "tester", "-f", "key"], None);
            made && sign(b"", &read(directory, "key")).is_ok()
        };
        assert!((0..5).any(|_| is_good()), "{kind}");
        let (private, public) = (read(directory, "key"), read(directory, "key.pub"));
        std::fs::write(directory.join("report.yaml"), REPORT).unwrap();
        std::fs::write(directory.join("allowed"), format!("mail@csp.eu namespaces=\"report\" {public}"))
            .unwrap();

        // Our signature, verified by ssh-keygen.
        std::fs::write(directory.join("ours.sig"), sign(REPORT.as_bytes(), &private).unwrap()).unwrap();
        let theirs = ["-Y", "verify", "-f", "allowed", "-I", "mail@csp.eu", "-n", "report", "-s", "ours.sig"];
        assert!(run(directory, &theirs, Some(REPORT)), "{kind}");
        assert!(!run(directory, &theirs, Some("another text")), "{kind}");

        // Its signature, verified by us.
        assert!(run(directory, &["-Y", "sign", "-f", "key", "-n", "report", "report.yaml"], None));
        let signature = read(directory, "report.yaml.sig");
        let signers = Signers::from_key(&public).unwrap();
        assert_eq!(verify(REPORT.as_bytes(), &signature, &signers, None, at()), Ok(()), "{kind}");
        assert_eq!(
            verify(b"another", &signature, &signers, None, at()),
            Err(SignatureError::Altered),
            "{kind}"
        );
        let listed = Signers::from_file(&read(directory, "allowed"), &TimeZone::UTC).unwrap();
        assert_eq!(verify(REPORT.as_bytes(), &signature, &listed, Some("mail@csp.eu"), at()), Ok(()));
        assert!(matches!(
            verify(REPORT.as_bytes(), &signature, &listed, Some("other@csp.eu"), at()),
            Err(SignatureError::NotAllowed { .. })
        ));

        // Another namespace.
        assert!(run(directory, &["-Y", "sign", "-f", "key", "-n", "file", "report.yaml"], Some("y\n")));
        let other = read(directory, "report.yaml.sig");
        let outcome = verify(REPORT.as_bytes(), &other, &signers, None, at());
        assert_eq!(outcome, Err(SignatureError::Namespace("file".to_owned())));
    }
}

#[test]
fn rsa_signatures_of_ssh_keygen_are_verified() {
    if !has_ssh_keygen() {
        return;
    }
    for bits in ["2048", "3072", "4096"] {
        let directory = tempfile::tempdir().unwrap();
        let directory = directory.path();
        assert!(run(directory, &["-q", "-t", "rsa", "-b", bits, "-N", "", "-f", "key"], None));
        let signers = Signers::from_key(&read(directory, "key.pub")).unwrap();
        std::fs::write(directory.join("report.yaml"), REPORT).unwrap();
        for hash in ["sha512", "sha256"] {
            let _ = std::fs::remove_file(directory.join("report.yaml.sig"));
            let option = format!("hashalg={hash}");
            let sign = ["-Y", "sign", "-O", &option, "-f", "key", "-n", "report", "report.yaml"];
            assert!(run(directory, &sign, None), "{bits} {hash}");
            let signature = read(directory, "report.yaml.sig");
            assert_eq!(verify(REPORT.as_bytes(), &signature, &signers, None, at()), Ok(()), "{bits} {hash}");
            let outcome = verify(b"another", &signature, &signers, None, at());
            assert_eq!(outcome, Err(SignatureError::Altered), "{bits} {hash}");
        }
        assert!(run(directory, &["-q", "-t", "rsa", "-b", "2048", "-N", "", "-f", "other"], None));
        let other = Signers::from_key(&read(directory, "other.pub")).unwrap();
        let outcome = verify(REPORT.as_bytes(), &read(directory, "report.yaml.sig"), &other, None, at());
        assert!(matches!(outcome, Err(SignatureError::ForeignKey(_))), "{outcome:?}");
        assert!(matches!(sign(REPORT.as_bytes(), &read(directory, "key")), Err(SignatureError::Kind(_))));
    }
}

/// The content of an armored signature.
fn decoded(signature: &str) -> Vec<u8> {
    let text: String = signature.lines().filter(|line| !line.starts_with('-')).collect();
    STANDARD.decode(text).unwrap()
}

fn armored(bytes: &[u8]) -> String {
    let text = STANDARD.encode(bytes);
    let lines: Vec<&str> =
        text.as_bytes().chunks(70).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN SSH SIGNATURE-----\n{}\n-----END SSH SIGNATURE-----\n", lines.join("\n"))
}

#[test]
fn altered_rsa_signatures_are_rejected() {
    if !has_ssh_keygen() {
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    let directory = directory.path();
    assert!(run(directory, &["-q", "-t", "rsa", "-b", "2048", "-N", "", "-f", "key"], None));
    let public = read(directory, "key.pub");
    let signers = Signers::from_key(&public).unwrap();
    std::fs::write(directory.join("report.yaml"), REPORT).unwrap();
    std::fs::write(directory.join("allowed"), format!("me {public}")).unwrap();
    assert!(run(directory, &["-Y", "sign", "-f", "key", "-n", "report", "report.yaml"], None));
    let bytes = decoded(&read(directory, "report.yaml.sig"));
    assert_eq!(verify(REPORT.as_bytes(), &armored(&bytes), &signers, None, at()), Ok(()));
    // Whatever is changed, we accept nothing that ssh-keygen rejects. Each byte of the names, some of the numbers.
    for place in
        (0..bytes.len()).filter(|place| place % 7 == 0 || *place > bytes.len() - 290 && place % 3 == 0)
    {
        let mut changed = bytes.clone();
        changed[place] ^= 1;
        assert!(verify(REPORT.as_bytes(), &armored(&changed), &signers, None, at()).is_err(), "{place}");
    }
    // SHA-1, by the old name of the algorithm.
    let name = b"rsa-sha2-512";
    let place = bytes.windows(name.len()).position(|window| window == name).unwrap();
    let mut old = bytes.clone();
    old.splice(place - 4..place + name.len(), *b"\0\0\0\x07ssh-rsa");
    // The length of the signature with its name.
    let length = u32::from_be_bytes(old[place - 8..place - 4].try_into().unwrap()) - 5;
    old.splice(place - 8..place - 4, length.to_be_bytes());
    assert!(verify(REPORT.as_bytes(), &armored(&old), &signers, None, at()).is_err());
    std::fs::write(directory.join("old.sig"), armored(&old)).unwrap();
    let theirs = ["-Y", "verify", "-f", "allowed", "-I", "me", "-n", "report", "-s", "old.sig"];
    assert!(!run(directory, &theirs, Some(REPORT)));
}

#[test]
fn short_rsa_keys_are_rejected() {
    if !has_ssh_keygen() {
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    let directory = directory.path();
    if !run(directory, &["-q", "-t", "rsa", "-b", "1024", "-N", "", "-f", "key"], None) {
        println!("skipped: ssh-keygen makes no such keys");
        return;
    }
    std::fs::write(directory.join("report.yaml"), REPORT).unwrap();
    assert!(run(directory, &["-Y", "sign", "-f", "key", "-n", "report", "report.yaml"], None));
    let signers = Signers::from_key(&read(directory, "key.pub")).unwrap();
    let signature = read(directory, "report.yaml.sig");
    assert_eq!(verify(REPORT.as_bytes(), &signature, &signers, None, at()), Err(SignatureError::Altered));
}

#[test]
fn encrypted_and_foreign_keys_are_rejected() {
    if !has_ssh_keygen() {
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    let directory = directory.path();
    assert!(run(directory, &["-q", "-t", "ed25519", "-N", "secret words", "-f", "locked"], None));
    assert_eq!(sign(REPORT.as_bytes(), &read(directory, "locked")), Err(SignatureError::Encrypted));
    for name in ["one", "other"] {
        assert!(run(directory, &["-q", "-t", "ed25519", "-N", "", "-f", name], None));
    }
    let signature = sign(REPORT.as_bytes(), &read(directory, "one")).unwrap();
    let signers = Signers::from_key(&read(directory, "other.pub")).unwrap();
    assert!(matches!(
        verify(REPORT.as_bytes(), &signature, &signers, None, at()),
        Err(SignatureError::ForeignKey(_))
    ));
}

#[test]
fn a_body_is_signature_separator_report() {
    let body = body("-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----\n", REPORT);
    let (signature, report) = body.split_once("-----END SSH SIGNATURE-----\n&").unwrap();
    assert!(signature.starts_with("-----BEGIN SSH SIGNATURE-----\n"));
    assert_eq!(report, REPORT);
}

const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIILM+rvN+ot98qgEN796jTiQfZfG1KaT0PtFDJ/XFSqi tester";

#[test]
fn common_allowed_signers_files_are_read() {
    let good = format!(
        "# a comment\n\nmail@csp.eu {KEY}\n*@csp.eu,!x@csp.eu namespaces=\"report,file\",valid-before=\"20270101\" {KEY}\n"
    );
    assert!(Signers::from_file(&good, &TimeZone::UTC).is_ok());
    for (line, message) in [
        ("mail@csp.eu", "allowed signers, line 1: the key after the principals is missing"),
        (
            "mail@csp.eu namespaces=\"report\"",
            "allowed signers, line 1: the key after the options is missing",
        ),
        (
            &format!("mail@csp.eu valid-after=\"soon\" {KEY}"),
            "allowed signers, line 1: `soon` is not a time such as 20261124 or 20261124083000Z",
        ),
        (&format!("mail@csp.eu color=\"red\" {KEY}"), "allowed signers, line 1: unknown option `color`"),
    ] {
        assert_eq!(Signers::from_file(line, &TimeZone::UTC).unwrap_err().to_string(), message, "{line}");
    }
    for (text, kind) in [
        ("", "not an OpenSSH signature"),
        ("-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----", "not an OpenSSH signature"),
    ] {
        let error = verify(b"", text, &Signers::from_key(KEY).unwrap(), None, at()).unwrap_err();
        assert!(error.to_string().starts_with(kind), "{error}");
    }
}

/// Variants of an allowed-signers file for the same key.
#[test]
fn allowed_signers_match_ssh_keygen() {
    if !has_ssh_keygen() {
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    let directory = directory.path();
    assert!(run(directory, &["-q", "-t", "ed25519", "-N", "", "-f", "key"], None));
    let public = read(directory, "key.pub");
    let signature = sign(REPORT.as_bytes(), &read(directory, "key")).unwrap();
    std::fs::write(directory.join("sig"), &signature).unwrap();
    for (line, identity, holds) in [
        ("me@x", "me@x", true),
        ("*@x", "me@x", true),
        ("m?@x", "me@x", true),
        ("me@x,you@x", "you@x", true),
        ("*,!me@x", "me@x", false),
        ("*,!me@x", "you@x", true),
        ("!me@x", "you@x", false),
        ("me@x namespaces=\"report\"", "me@x", true),
        ("me@x namespaces=\"file,rep*\"", "me@x", true),
        ("me@x namespaces=\"*,!report\"", "me@x", false),
        ("me@x cert-authority", "me@x", false),
    ] {
        let file = format!("{line} {public}");
        std::fs::write(directory.join("allowed"), &file).unwrap();
        let theirs = ["-Y", "verify", "-f", "allowed", "-I", identity, "-n", "report", "-s", "sig"];
        assert_eq!(run(directory, &theirs, Some(REPORT)), holds, "ssh-keygen: {line}");
        let signers = Signers::from_file(&file, &TimeZone::UTC).unwrap();
        let ours = verify(REPORT.as_bytes(), &signature, &signers, Some(identity), at());
        assert_eq!(ours.is_ok(), holds, "{line}: {ours:?}");
    }
    // The boundary is still valid.
    let until =
        Signers::from_file(&format!("me@x valid-before=\"20261124083000Z\" {public}"), &TimeZone::UTC)
            .unwrap();
    assert_eq!(verify(REPORT.as_bytes(), &signature, &until, None, at()), Ok(()));
    let later = "2026-11-24T08:30:01Z".parse().unwrap();
    assert!(
        verify(REPORT.as_bytes(), &signature, &until, None, later)
            .unwrap_err()
            .to_string()
            .contains("expired at")
    );
    // Every pattern is fast.
    let stars = Signers::from_file(&format!("{}b {public}", "*a".repeat(490)), &TimeZone::UTC).unwrap();
    assert!(verify(REPORT.as_bytes(), &signature, &stars, Some(&"a".repeat(4000)), at()).is_err());
}
