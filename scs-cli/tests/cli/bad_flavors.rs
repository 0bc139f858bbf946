//! Wrong and malicious input where flavors are expected.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::common::{json, run, run_with, scs, unwrapped};

/// Runs the program on a file and returns exit status, standard output and standard error. Time and memory are limited.
#[track_caller]
fn frugal(arguments: &[&str], path: &Path) -> (i32, String, String) {
    let shown = path.display();
    let directory = tempfile::tempdir().unwrap();
    let (out, err) = (directory.path().join("out"), directory.path().join("err"));
    let mut child = Command::new(scs(&[]).get_program())
        .args(arguments)
        .arg(path)
        .stdin(Stdio::null())
        .stdout(fs::File::create(&out).unwrap())
        .stderr(fs::File::create(&err).unwrap())
        .spawn()
        .unwrap();
    let start = Instant::now();
    let mut most = 0;
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        assert!(start.elapsed() < Duration::from_mins(1), "{arguments:?} {shown} takes too long");
        most = most.max(peak(child.id()));
        std::thread::sleep(Duration::from_millis(5));
    };
    assert!(most < 400 << 10, "{arguments:?} {shown} took {most} KiB");
    let read = |path| String::from_utf8(fs::read(path).unwrap()).unwrap();
    (status.code().unwrap_or_else(|| panic!("{arguments:?} {shown}: {status}")), read(&out), read(&err))
}

/// The peak memory of a process in KiB; 0 if the system does not report it.
fn peak(id: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}

/// YAML with aliases that expand to a billion words.
fn billion_laughs() -> String {
    let mut text = "a: &a [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for (before, after) in ('a'..='i').zip('b'..='j') {
        let aliases = vec![format!("*{before}"); 9].join(", ");
        text.extend([format!("{after}: &{after} [{aliases}]\n")]);
    }
    text + "mandatory: *j\n"
}

#[test]
fn unusable_lists_of_flavors_are_rejected() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("flavors");
    let deep = |open: &str, close: &str| open.repeat(10_000) + &close.repeat(10_000);
    let with = |text: &str| text.as_bytes().to_vec();
    for (input, message) in [
        (with(&billion_laughs()), "too long, too deeply nested, or too many aliases"),
        (with(&format!("{{\"flavors\": {}}}", deep("[", "]"))), "not valid JSON: recursion limit exceeded"),
        (with(&format!("mandatory: {}\n", deep("[", "]"))), ": recursion limit exceeded"),
        (with(&format!("mandatory:\n  {}x\n", deep("- ", ""))), "too long, too deeply"),
        (with(&format!("[{}[]]", "[],".repeat(2_500_000))), "more than 2000000 values"),
        (with("{\"servers\": []}"), "is not a list of flavors"),
        (with("{\"flavors\": {\"a\": 1}}"), "under `flavors`"),
        (with("[1, 2, \"a\", null]"), "a list without any mapping"),
        (with("\"flavors of a cloud\""), "found a string"),
        (with("{\"flavors\": [{\"name\": \"SCS-1V-4\""), "not valid JSON: EOF while parsing"),
        (with("{\"flavors\": [{\"name\": NaN}]}"), "not valid JSON: expected value"),
        (with("{\"flavors\": [{\"vcpus\": 1e999}]}"), "not valid JSON: number out of range"),
        (with("{\"flavors\": [{\"name\": \"SCS-1V-4\0\"}]}"), "no"),
        (with("mandatory: []\n---\nmandatory: []\n"), "the file contains several documents"),
        (with("mandatory:\n\t- name: x\n"), "tabs disallowed"),
        ((0..=255).cycle().take(5000).collect(), " text"),
        (b"mandatory:\n  - name: SCS-1V-4\xE4\n".to_vec(), "byte 29 (counted from 0) is not UTF-8"),
        (b"\xFF\xFE[\0]\0".to_vec(), "UTF-16 text"),
    ] {
        fs::write(&path, &input).unwrap();
        for verb in ["check", "repair"] {
            let (status, out, err) = frugal(&["flavor", verb], &path);
            assert_eq!((status, out.as_str()), (2, ""), "{message}: {err}");
            assert!(err.contains(message), "{message}: {err}");
            assert!(err.contains("\nhint: "), "{err}");
            assert!(err.len() < 1000, "{err}");
        }
    }
}

#[test]
fn other_files_are_rejected() {
    let directory = tempfile::tempdir().unwrap();
    let empty = directory.path().join("empty");
    fs::write(&empty, "").unwrap();
    let large = directory.path().join("large");
    fs::write(&large, vec![b' '; (64 << 20) + 1]).unwrap();
    // A sparse file of three hundred megabytes.
    let zeros = directory.path().join("zeros");
    fs::File::create(&zeros).unwrap().set_len(300 << 20).unwrap();
    for verb in
        [&["flavor", "repair"][..], &["flavor", "find", "--file"], &["flavor", "check", "--input", "nova"]]
    {
        let of_directory =
            if verb[1] == "check" { "has no files of a supported type" } else { "it is a directory" };
        for (path, message) in [
            (directory.path(), of_directory),
            (Path::new("/no/such/file"), "there is no such file"),
            (&empty, "found nothing"),
            (&large, "is larger than 64 MiB"),
            (&zeros, "is not text: byte 0 (counted from 0) is zero"),
        ] {
            let (status, out, err) = frugal(verb, path);
            assert_eq!((status, out.as_str()), (2, ""), "{verb:?} {}", path.display());
            assert!(err.contains(message) && err.contains("\nhint: "), "{err}");
        }
    }
}

#[test]
fn invalid_figures_are_findings() {
    for (figure, found) in [
        ("18446744073709551616", "found 1.8446744073709552e+19"),
        ("-1", "found -1"),
        ("1.5", "found 1.5"),
        ("1e300", "found 1e+300"),
        ("true", "found true"),
        ("[1]", "found [1]"),
        ("\"\"", "found \"\""),
    ] {
        let flavors = format!(
            "{{\"flavors\": [{{\"name\": \"SCS-1V-4\", \"vcpus\": {figure}, \"ram\": 4096, \"disk\": 0, \"extra_specs\": {{}}}}]}}"
        );
        let (status, out, _) = run_with(&["flavor", "check", "-f", "json", "-"], flavors);
        assert_eq!(status, 1);
        let document = json(&out);
        assert_eq!(document["results"]["scs-0100-semantics-check"], "DNF", "{figure}");
        assert!(out.contains(&found.replace('"', "\\\"")), "{figure}: {out}");
    }
    let (status, out, _) = run_with(
        &["flavor", "check", "-f", "json", "-"],
        "mandatory:\n  - {name: SCS-1V-4, cpus: .nan, ram: .inf, disk: -1}\n",
    );
    assert_eq!(status, 1);
    assert!(out.contains("NaN") && out.contains("found \\\"inf\\\""), "{out}");
}

#[test]
fn two_values_are_none() {
    for flavors in [
        "{\"flavors\": [{\"name\": \"SCS-1V-4\", \"vcpus\": 2, \"vcpus\": 1, \"ram\": 4096, \"disk\": 0, \"extra_specs\": {}}]}",
        "# YAML\nmandatory:\n  - name: SCS-1V-4\n    cpus: 2\n    cpus: 1\n    ram: 4096\n",
    ] {
        let (status, out, _) = run_with(&["flavor", "check", "-f", "json", "-"], flavors);
        let document = json(&out);
        assert_eq!((status, &document["results"]["scs-0100-semantics-check"]), (1, &"DNF".into()), "{out}");
        let notice = document["notices"][0].as_str().unwrap();
        assert!(notice.ends_with("has several values in one mapping"), "{notice}");
        let (_, script, _) = run_with(&["flavor", "repair", "-"], flavors);
        assert!(script.contains("# note: the key `") && script.contains("found [2,1]"), "{script}");
    }
}

#[test]
fn names_that_occur_twice_and_a_nul() {
    let flavor = |name: &str| {
        format!("{{\"name\": \"{name}\", \"vcpus\": 1, \"ram\": 4096, \"disk\": 0, \"extra_specs\": {{}}}}")
    };
    let flavors = format!("[{}, {}, {}]", flavor("SCS-1V-4"), flavor("SCS-1V-4"), flavor("SCS-1V-4\\u0000"));
    let (status, out, _) = run_with(&["flavor", "check", "-"], flavors);
    assert_eq!(status, 1);
    assert!(out.contains("the name `SCS-1V-4` occurs 2 times"), "{out}");
    assert!(unwrapped(&out).contains("did you mean `SCS-1V-4`?") && !out.contains('\0'), "{out}");
}

#[test]
fn texts_of_a_megabyte() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("flavors.json");
    let (long, key) = ("x".repeat(5 << 20), "k".repeat(1 << 20));
    let flavors = serde_json::json!({"flavors": [{
        "name": format!("SCS-1V-4{long}"), "vcpus": 1, "ram": 4096, "disk": 0,
        "extra_specs": {"scs:cpu-type": long, key: "v"}
    }]});
    fs::write(&path, flavors.to_string()).unwrap();
    for format in ["text", "markdown"] {
        let (status, out, err) = frugal(&["flavor", "check", "-f", format], &path);
        assert_eq!((status, err.as_str()), (1, ""));
        assert!(out.len() < 50_000, "{} bytes", out.len());
    }
    assert_eq!(frugal(&["flavor", "check", "-f", "json"], &path).0, 1);
}

#[test]
fn broken_entries_are_summarized() {
    let flavors = format!("[{{\"name\": \"SCS-1V-4\"}}, {}1]", "1, ".repeat(100_000));
    let (status, out, _) = run_with(&["flavor", "check", "-f", "json", "-"], flavors);
    assert_eq!(status, 1);
    assert!(out.contains("and 99901 more entries") && out.len() < 200_000, "{} bytes", out.len());
}

#[test]
fn a_single_word_is_a_name() {
    let (status, out, _) = run_with(&["flavor", "check", "-"], "42");
    assert_eq!(status, 0);
    assert!(out.contains("hint: no name starts with `SCS-`"), "{out}");
    assert_eq!(run(&["flavor", "repair", "-"]).0, 2);
}
