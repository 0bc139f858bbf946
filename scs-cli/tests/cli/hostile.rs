//! Hostile text in every field, through every command: only visible text in the line of its field reaches a terminal.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::common::{example, run, scs};

/// Characters with an effect on terminals and line-based tools.
const HOSTILE: &str = "\u{1b}[2K\u{1b}]0;t\u{7}\r\u{8}\u{9b}31m\u{9d}\u{202e}\u{61c}\u{e0041}\u{85}\u{2028}\u{b}\u{c}\u{7f}\nFORGED: PASS\n";

/// The number of fields to test in a document, spread over all of it.
const TRIED: usize = 12;

/// Whether a character is anything other than visible text in its line for a terminal.
fn is_tricky(character: char) -> bool {
    character != '\n' && scs_standards::written::is_tricky(character)
}

/// The paths of all strings in a document, including keys.
fn fields(value: &Value, path: &mut Vec<String>, found: &mut Vec<(Vec<String>, bool)>) {
    match value {
        Value::String(_) => found.push((path.clone(), false)),
        Value::Object(mapping) => {
            for (key, inner) in mapping {
                path.push(key.clone());
                found.push((path.clone(), true));
                fields(inner, path, found);
                path.pop();
            }
        }
        Value::Array(list) => {
            for (index, inner) in list.iter().enumerate() {
                path.push(index.to_string());
                fields(inner, path, found);
                path.pop();
            }
        }
        _ => {}
    }
}

/// The document with the hostile text at the end of a text or of a key.
fn planted(document: &Value, path: &[String], is_key: bool) -> Value {
    fn at<'a>(value: &'a mut Value, path: &[String]) -> &'a mut Value {
        path.iter().fold(value, |value, step| match value {
            Value::Array(list) => &mut list[step.parse::<usize>().unwrap()],
            other => &mut other[step.as_str()],
        })
    }
    let mut document = document.clone();
    if is_key {
        let (key, above) = path.split_last().unwrap();
        let mapping = at(&mut document, above).as_object_mut().unwrap();
        let value = mapping.shift_remove(key).unwrap();
        mapping.insert(format!("{key}{HOSTILE}"), value);
    } else {
        let text = at(&mut document, path);
        *text = Value::from(format!("{}{HOSTILE}", text.as_str().unwrap()));
    }
    document
}

fn spread<T>(mut all: Vec<T>) -> Vec<T> {
    let step = all.len().div_ceil(TRIED).max(1);
    let mut number = 0;
    all.retain(|_| {
        number += 1;
        (number - 1) % step == 0
    });
    all
}

#[track_caller]
fn clean(arguments: &[&str], field: &str) {
    let output = scs(arguments).output().unwrap();
    for bytes in [output.stdout, output.stderr] {
        let text = String::from_utf8(bytes).unwrap();
        let tricky: Vec<char> = text.chars().filter(|character| is_tricky(*character)).collect();
        assert!(tricky.is_empty(), "{arguments:?}, {field}: {tricky:?} in {text}");
        let forged = text.lines().find(|line| line.trim_start().starts_with("FORGED"));
        assert_eq!(forged, None, "{arguments:?}, {field}");
    }
    assert!(output.status.code().is_some_and(|code| (0..=2).contains(&code)), "{arguments:?}, {field}");
}

/// Runs each command, with `FILE` replaced by the document, with hostile text in each field.
#[track_caller]
fn all_clean(document: &Value, commands: &[&[&str]]) {
    let directory = tempfile::tempdir().unwrap();
    let mut found = Vec::new();
    fields(document, &mut Vec::new(), &mut found);
    for (path, is_key) in spread(found) {
        let file = directory.path().join("document.json");
        fs::write(&file, planted(document, &path, is_key).to_string()).unwrap();
        let file = file.display().to_string();
        for command in commands {
            let arguments: Vec<&str> =
                command.iter().map(|word| if *word == "FILE" { &*file } else { word }).collect();
            clean(&arguments, &path.join("."));
        }
    }
}

fn read(file: impl AsRef<Path>) -> Value {
    serde_saphyr::from_str(&fs::read_to_string(file).unwrap()).unwrap()
}

#[test]
fn clouds() {
    let declarations = json!([{"rule": "scs-0100-ecc", "value": "ecc", "date": "2026-10-01", "valid_until": "2027-01-01", "responsible": "x", "statement": "y"},
        {"exception": "scs-0100-ecc", "reason": "r", "granted_by": "b", "valid_until": "2027-01-01"}]);
    let mut cloud = read(example("typical-cloud.yaml"));
    cloud["declarations"] = declarations;
    cloud["subject"] = json!("a cloud");
    cloud["notices"] = json!(["a notice"]);
    all_clean(
        &cloud,
        &[
            &["check", "--at", "2026-11-24", "--all", "--include-drafts", "FILE"],
            &["check", "--at", "2026-11-24", "--all", "-f", "markdown", "FILE"],
            &["certificate", "questionnaire", "--at", "2026-11-24", "FILE"],
        ],
    );
}

#[test]
fn clusters() {
    all_clean(
        &read(example("k3s-cluster.yaml")),
        &[
            &["check", "--at", "2026-11-24", "--all", "--include-drafts", "FILE"],
            &["check", "--at", "2026-11-24", "-f", "markdown", "FILE"],
            &["k8s", "enforce", "--at", "2026-11-24", "FILE"],
        ],
    );
}

#[test]
fn flavors_and_images() {
    let flavors = read(example("flavors.json"));
    all_clean(
        &flavors,
        &[
            &["flavor", "check", "--all", "FILE"],
            &["flavor", "check", "-f", "markdown", "FILE"],
            &["flavor", "repair", "FILE"],
        ],
    );
    all_clean(
        &read(example("images.json")),
        &[
            &["image", "check", "--at", "2026-11-24", "--all", "FILE"],
            &["image", "check", "--at", "2026-11-24", "-f", "markdown", "FILE"],
            &["image", "repair", "--at", "2026-11-24", "FILE"],
            &["image", "list", "--at", "2026-11-24", "FILE"],
            &["image", "list", "--at", "2026-11-24", "-f", "markdown", "FILE"],
            &["image", "lifecycle", "--at", "2026-11-24", "FILE"],
            &["image", "lifecycle", "--at", "2026-11-24", "-f", "markdown", "FILE"],
        ],
    );
}

#[test]
fn reports() {
    let report = json!({
        "spec": {"uuid": "50393e6f-2ae1-4c5c-a62c-3b75f2abef3f", "name": "SCS-compatible IaaS", "url": "x"},
        "checked_at": "2026-11-24 08:30:00", "subject": "a cloud", "creator": "x",
        "run": {"uuid": "5a8de2bf-1d5e-4c68-9c1c-0a2b65c4ff9b", "argv": ["a"],
            "invocations": {"one": {"id": "one", "cmd": "x", "results": {"scs-0100-syntax-check": -1}, "rc": 0, "stdout": ["a"], "stderr": ["b"]}}},
    });
    all_clean(
        &report,
        &[
            &["report", "show", "FILE"],
            &["report", "show", "-f", "markdown", "FILE"],
            &["report", "merge", "FILE"],
            &["report", "merge", "-f", "markdown", "FILE"],
            &[
                "certificate",
                "evaluate",
                "--scope",
                "scs-compatible-iaas",
                "--results",
                "FILE",
                "--at",
                "2026-11-24",
            ],
        ],
    );
}

#[test]
fn scopes() {
    let scope = read(
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../scs-certificates/data/scs-compatible-iaas.yaml"),
    );
    let results = tempfile::tempdir().unwrap();
    let file = results.path().join("results.json");
    fs::write(&file, r#"{"scs-0100-syntax-check": "PASS"}"#).unwrap();
    let (results, cloud) = (file.display().to_string(), example("conformant-cloud.yaml"));
    all_clean(
        &scope,
        &[
            &["certificate", "show", "--scope", "FILE", "--at", "2026-11-24"],
            &["certificate", "show", "--scope", "FILE", "-f", "markdown", "--at", "2026-11-24"],
            &["certificate", "evaluate", "--scope", "FILE", "--results", &results, "--at", "2026-11-24"],
            &[
                "certificate",
                "evaluate",
                "--scope",
                "FILE",
                "--results",
                &results,
                "-f",
                "markdown",
                "--at",
                "2026-11-24",
            ],
            &["certificate", "timeline", "FILE"],
            &["certificate", "scopes", "FILE"],
            &["check", "--scope", "FILE", "--at", "2026-11-24", &cloud],
        ],
    );
}

#[test]
fn names_of_files_and_lines_of_names() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("a\u{1b}[2K\r\n# FORGED\nFORGED.json");
    for (example_file, commands) in [
        (
            "typical-cloud.yaml",
            &[&["check"][..], &["certificate", "questionnaire"], &["check", "-f", "markdown"]][..],
        ),
        ("k3s-cluster.yaml", &[&["check"], &["k8s", "enforce"]]),
        ("flavors.json", &[&["flavor", "check"], &["flavor", "repair"]]),
        ("images.json", &[&["image", "check"], &["image", "repair"], &["image", "list"]]),
        ("console-output.txt", &[&["entropy", "check"]]),
    ] {
        fs::copy(example(example_file), &file).unwrap();
        for command in commands {
            let path = file.display().to_string();
            clean(&[&command[..], &["--at", "2026-11-24", &path]].concat(), "the file's name");
        }
    }
    for name in ["SCS-2V-8\u{1b}[2K", "SCS-\u{202e}2V", "\u{61c}", "SCS-2V-4\u{85}"] {
        for command in
            [&["flavor", "parse"][..], &["flavor", "parse", "-f", "markdown"], &["flavor", "convert"]]
        {
            clean(&[command, &[name]].concat(), name);
        }
    }
}

/// A subject cannot add HTML, links or images to Markdown.
#[test]
fn markdown_is_plain() {
    for text in [
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "![](http://evil.example/x)",
        "a|b`c`<b>",
    ] {
        let document = json!({"flavors": [{"id": "1", "name": text, "vcpus": 1, "ram": 1024, "disk": 0, "extra_specs": {text: text}},
            {"id": "2", "name": format!("SCS-2V-8{text}"), "vcpus": 2, "ram": 1024, "disk": 0, "extra_specs": {"scs:cpu-type": text}}]});
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("flavors.json");
        fs::write(&file, document.to_string()).unwrap();
        let (_, out, _) = run(&["flavor", "check", "-f", "markdown", "--all", &file.display().to_string()]);
        let mut options = comrak::Options::default();
        options.extension.table = true;
        options.extension.autolink = true;
        options.render.r#unsafe = true;
        let html = comrak::markdown_to_html(&out, &options);
        for tag in ["<img", "<a ", "<b>"] {
            assert!(!html.contains(tag), "{text}: {html}");
        }
    }
}
