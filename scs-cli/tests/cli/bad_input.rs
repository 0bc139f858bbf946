//! Wrong input from people and scripts.

use std::io::Read;
use std::process::{Command, Stdio};

use crate::common::{json, run, run_with, scs};

#[test]
fn directories_and_missing_or_empty_files_are_rejected() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().to_str().unwrap();
    for verb in [&["check"][..], &["parse", "--file"], &["convert", "--to", "v1", "--file"]] {
        let of_directory =
            if verb == ["check"] { "has no files of a supported type" } else { "it is a directory" };
        for (input, reason) in [(path, of_directory), ("/no/such/file", "there is no such file")] {
            let arguments = [&["flavor"][..], verb, &[input]].concat();
            let (status, out, err) = run(&arguments);
            assert_eq!((status, out.as_str()), (2, ""), "{arguments:?}");
            assert!(err.contains(reason) && err.contains("hint:"), "{err}");
        }
    }
    let empty = directory.path().join("empty");
    std::fs::write(&empty, "\n \n").unwrap();
    for format in ["text", "json", "jsonl"] {
        for verb in [&["check"][..], &["parse", "--file"]] {
            let arguments = [&["flavor"][..], verb, &[empty.to_str().unwrap(), "-f", format]].concat();
            let (status, out, err) = run(&arguments);
            assert_eq!((status, out.as_str()), (2, ""), "{arguments:?}");
            assert!(err.contains("is empty: expected flavor names"), "{err}");
        }
    }
}

#[test]
fn wrong_arguments() {
    for arguments in [
        &["flavor"][..],
        &["flavor", "parse"],
        &["flavor", "pares", "SCS-2V-4"],
        &["flavor", "parse", "--syntax", "v9", "SCS-2V-4"],
        &["flavor", "check", "--at", "yesterday", "-"],
        &["flavor", "check", "--threads", "0", "-"],
        &["flavor", "convert", "SCS-2V-4"],
    ] {
        let (status, out, err) = run(arguments);
        assert_eq!((status, out.as_str()), (2, ""), "{arguments:?}");
        assert!(!err.is_empty());
    }
}

#[test]
fn names_and_files_that_were_mixed_up_get_a_hint() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("names.txt");
    std::fs::write(&path, "SCS-2V-4\n").unwrap();
    let path = path.to_str().unwrap();
    let (status, out, err) = run(&["flavor", "parse", path]);
    assert_eq!(status, 0);
    assert!(out.contains("not an SCS flavor name"), "{out}");
    assert_eq!(err, format!("hint: {path} is a file; use `--file {path}` to read names from it\n"));
    let (status, _, err) = run(&["flavor", "check", "SCS-2V-4"]);
    assert_eq!(status, 2);
    assert!(err.contains("hint: `scs flavor parse SCS-2V-4` parses a name"), "{err}");
    let (status, _, err) = run(&["flavor", "check", "--threads", "many", "-"]);
    assert_eq!(status, 2);
    assert!(err.contains("expected a number from 1 to 64"), "{err}");
}

#[test]
fn line_ends_and_byte_order_marks() {
    let text = "\u{FEFF}SCS-2V-4\r\n\r\nSCS-4V-8\r\n";
    let (status, out, _) = run_with(&["flavor", "parse", "-f", "jsonl", "-"], text);
    assert_eq!(status, 0);
    let names: Vec<_> = out.lines().map(|line| json(line)["name"].clone()).collect();
    assert_eq!(names, ["SCS-2V-4", "SCS-4V-8"]);
    let (status, out, _) = run_with(&["flavor", "check", "-f", "jsonl", "-"], text);
    assert_eq!(status, 0);
    assert_eq!(
        json(&out)["counts"],
        serde_json::json!({"lines": 3, "valid": 2, "invalid": 0, "not_scs": 0, "empty": 1})
    );
}

#[test]
fn invalid_utf_8_is_reported() {
    let input = b"SCS-2V-4\nSCS-2V-\xFF4\n\xFE\nSCS-2V-4\0\nSCS-4V-8\n";
    let (status, out, _) = run_with(&["flavor", "parse", "-f", "jsonl", "-"], &input[..]);
    assert_eq!(status, 1);
    let lines: Vec<_> = out.lines().map(json).collect();
    let of = |index: usize| lines[index]["status"].as_str().unwrap();
    assert_eq!([of(0), of(1), of(2), of(3), of(4)], ["valid", "invalid", "invalid", "invalid", "valid"]);
    assert_eq!(lines[1]["error"]["start"], 7);
    let (status, _, err) = run_with(&["flavor", "parse", "-"], &input[..]);
    assert_eq!(status, 1);
    insta::assert_snapshot!(err);
    let (status, out, _) = run_with(&["flavor", "check", "-f", "json", "-"], &input[..]);
    assert_eq!(status, 1);
    let check = json(&out);
    assert_eq!(check["counts"]["invalid"], 3);
    assert_eq!(check["findings"][0]["line"], 2);
}

#[test]
fn names_of_a_megabyte() {
    let long = format!("SCS-2V-{}\nSCS-{}\nSCS-2V-4\n", "4".repeat(1 << 20), "x_".repeat(1 << 19));
    for verb in ["parse", "check"] {
        for format in ["text", "json", "jsonl"] {
            let (status, _, err) = run_with(&["flavor", verb, "-f", format, "-"], long.clone());
            assert_eq!(status, 1, "{verb} {format}");
            assert!(err.len() < 2000, "{} bytes of complaints", err.len());
        }
    }
    // Leading zeros are fine for the official suite, however many.
    let zeros = format!("SCS-{}2V-4\n", "0".repeat(1 << 20));
    assert_eq!(run_with(&["--profile", "official", "flavor", "check", "-"], zeros).0, 0);
}

#[test]
fn a_line_without_an_end() {
    let endless = [vec![b'S'; 17 << 20], b"\nSCS-2V-4\n".to_vec()].concat();
    let (status, out, _) = run_with(&["flavor", "check", "--input", "names", "-"], endless);
    assert_eq!(status, 1);
    assert!(out.contains("longer than 16 MiB"), "{out}");
    assert!(out.contains("2 names: 1 valid, 1 invalid"), "{out}");
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let names = "SCS-2V-4\n".repeat(100_000);
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("names.txt");
    std::fs::write(&path, names).unwrap();
    let program = scs(&[]).get_program().to_owned();
    for arguments in [&["parse", "-f", "jsonl", "--file"][..], &["parse", "--file"], &["check", "--all"]] {
        let mut child = Command::new(&program)
            .arg("flavor")
            .args(arguments)
            .arg(&path)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut first = [0; 1];
        child.stdout.take().unwrap().read_exact(&mut first).unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!(String::from_utf8(output.stderr).unwrap(), "", "{arguments:?}");
        assert!(matches!(output.status.code(), Some(0 | 141)), "{arguments:?}: {:?}", output.status);
    }
}

#[test]
fn the_terminal_is_safe() {
    let (_, out, err) = run(&["flavor", "parse", "SCS-2V-\u{1b}[31m", "x\u{1b}[2J"]);
    assert!(!out.contains('\u{1b}') && !err.contains('\u{1b}'), "{out:?} {err:?}");
}
