//! Printed scripts, run by a real shell with a client that only records its arguments: they do what the data say, and nothing in
//! comments.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::common::{example, run_with};

/// A client that records its arguments, each with its length.
const CLIENT: &str = "#!/bin/sh\nfor word; do printf '%s:%s,' \"${#word}\" \"$word\"; done >>\"$RECORD\"\necho >>\"$RECORD\"\n";

/// The calls of the client by a script.
fn calls(script: &str) -> Vec<Vec<String>> {
    let directory = tempfile::tempdir().unwrap();
    let client = directory.path().join("openstack");
    std::fs::write(&client, CLIENT).unwrap();
    std::fs::set_permissions(&client, std::fs::Permissions::from_mode(0o755)).unwrap();
    let file = directory.path().join("repair.sh");
    std::fs::write(&file, script).unwrap();
    let record = directory.path().join("record");
    std::fs::write(&record, "").unwrap();
    let output = Command::new("/bin/sh")
        .arg(&file)
        .env_clear()
        .env("PATH", directory.path())
        .env("RECORD", &record)
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .current_dir(directory.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}\n{script}");
    let text = std::fs::read_to_string(&record).unwrap();
    let mut calls = Vec::new();
    let (mut rest, mut words) = (text.as_str(), Vec::new());
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix('\n') {
            calls.push(std::mem::take(&mut words));
            rest = after;
            continue;
        }
        let (length, after) = rest.split_once(':').unwrap();
        let length: usize = length.parse().unwrap();
        words.push(after[..length].to_owned());
        rest = after[length..].strip_prefix(',').unwrap();
    }
    calls.sort();
    calls
}

/// The calls of the client by the commands under these keys of a document.
fn told(document: &Value, keys: &[&str]) -> Vec<Vec<String>> {
    let mut script = "set -eu\n".to_owned();
    for entry in keys.iter().filter_map(|key| document[key].as_array()).flatten() {
        let several = entry["commands"].as_array().into_iter().flatten();
        for command in several.chain([&entry["command"]]).filter_map(Value::as_str) {
            script.push_str(command);
            script.push('\n');
        }
    }
    calls(&script)
}

/// Names with a special meaning in a shell.
const ODD: [&str; 8] =
    ["a b", "$(touch made)", "`touch made`", "'; touch made; '", "-x", "a\nb", "ä\u{2028}", "\\ \"*\""];

fn with_odd_names(list: &Value) -> Value {
    let mut list = list.as_array().unwrap().clone();
    for (index, entry) in list.iter_mut().enumerate() {
        let name = entry["name"].as_str().unwrap().to_owned();
        if index % 2 == 1 {
            entry["name"] = json!(format!("{name} {}", ODD[index % ODD.len()]));
            entry["id"] = json!(format!("{}{index}", ODD[(index + 3) % ODD.len()]));
        }
    }
    list.into()
}

#[test]
fn scripts_do_what_the_data_say() {
    let mut run = 0;
    for file in ["conformant-cloud.yaml", "typical-cloud.yaml"] {
        let text = std::fs::read_to_string(example(file)).unwrap();
        let cloud: Value = serde_saphyr::from_str(&text).unwrap();
        for (command, part) in [("flavor", "flavors"), ("image", "images")] {
            let mut broken = cloud[part].clone();
            for (index, entry) in broken.as_array_mut().unwrap().iter_mut().enumerate() {
                if index % 3 == 0 {
                    entry["replace_frequency"] = json!("Monthly");
                    entry["extra_specs"]["scs:name-v2"] = json!("SCS-1V-1");
                }
            }
            for list in [cloud[part].clone(), broken.clone(), with_odd_names(&broken)] {
                let input = json!({ part: list }).to_string();
                for more in [&[][..], &["--include", "recommended"]] {
                    let of = |format: &[&str]| {
                        let at = ["--at", "2026-11-24", "-"];
                        let arguments = [&[command, "repair"], more, format, &at].concat();
                        let (status, out, err) = run_with(&arguments, input.as_str());
                        assert_eq!(status, 0, "{arguments:?}: {err}");
                        out
                    };
                    let document: Value = serde_json::from_str(&of(&["-f", "json"])).unwrap();
                    let expected = told(&document, &["changes", "new_flavors"]);
                    assert_eq!(calls(&of(&[])), expected, "{file}: {command} {more:?}");
                    run += expected.len();
                }
            }
        }
    }
    assert!(run > 50, "{run} calls");
}
