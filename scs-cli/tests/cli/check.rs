//! `scs flavor check` of names.

use std::fs;

use crate::common::{json, rule, run, run_with, scs};
use serde_json::Value;

const NAMES: &str = "SCS-2V-4\nSCS-2v-4\n\nm1.small\nSCS-4V:8:7\nSCS-2V-16.5\nSCS-2V-004\n";

#[test]
fn text_for_people() {
    let (status, out, _) = run_with(&["flavor", "check", "-"], NAMES);
    assert_eq!(status, 1);
    let (_, all, _) = run_with(&["flavor", "check", "--all", "-"], NAMES);
    let (_, good, _) = run_with(&["flavor", "check", "-"], "SCS-2V-4\n");
    insta::assert_snapshot!(format!("{out}--- all\n{all}--- good\n{good}"));
}

#[test]
fn a_document() {
    let (status, out, err) =
        run_with(&["flavor", "check", "-f", "json", "--at", "2026-11-23", "--input", "names", "-"], NAMES);
    assert_eq!((status, err.as_str()), (1, ""));
    let check = json(&out);
    assert_eq!(check["schema"], "scs/check/2");
    assert_eq!(check["profile"], "text");
    assert_eq!(check["at"], "2026-11-23T00:00:00Z");
    assert_eq!(check["verdict"], "FAIL");
    assert_eq!(check["results"]["scs-0100-syntax-check"], "FAIL");
    assert_eq!(rule(&check, "scs-0100-half-gib-large"), "FAIL");
    assert_eq!(rule(&check, "scs-0100-gen-zero"), "PASS");
    let findings = check["findings"].as_array().unwrap();
    for finding in findings {
        for key in ["rule", "level", "document", "section", "severity", "subject", "message", "line"] {
            assert!(finding.get(key).is_some(), "{key} is missing in {finding}");
        }
    }
    let lines: Vec<_> = findings.iter().map(|finding| finding["line"].as_u64().unwrap()).collect();
    assert!(lines.is_sorted(), "{lines:?}");
    let zeros = findings.iter().find(|finding| finding["subject"] == "SCS-2V-004").unwrap();
    assert_eq!(zeros["other_profile"]["result"], "PASS");
    assert_eq!(zeros["other_profile"]["difference"], "C-013");

    let (status, out, _) = run_with(&["flavor", "check", "-f", "json", "-"], "SCS-2V-4\n");
    assert_eq!(
        (status, &json(&out)["verdict"], &json(&out)["findings"]),
        (0, &"PASS".into(), &Value::Array(vec![]))
    );
}

#[test]
fn lines_of_findings() {
    let (_, out, _) = run_with(&["flavor", "check", "-f", "jsonl", "-"], NAMES);
    let lines: Vec<Value> = out.lines().map(json).collect();
    let (last, findings) = lines.split_last().unwrap();
    assert_eq!(last["verdict"], "FAIL");
    assert!(findings.iter().all(|finding| finding["rule"].is_string()));
    assert_eq!(run_with(&["flavor", "check", "-f", "jsonl", "-"], "SCS-2V-4").1.lines().count(), 1);
}

#[test]
fn many_threads_report_in_the_order_of_the_lines() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("names.txt");
    let mut text = String::new();
    let mut wrong = Vec::new();
    for line in 1..=200_000u64 {
        if line % 997 == 0 {
            wrong.push(line);
            text.push_str("SCS-2v-4\n");
        } else {
            text.push_str("SCS-16T-64-200s_kvm_i3\n");
        }
    }
    fs::write(&path, text).unwrap();
    let path = path.to_str().unwrap();
    for threads in ["1", "2", "5"] {
        let (status, out, _) = run(&["flavor", "check", "-f", "jsonl", "--threads", threads, path]);
        assert_eq!(status, 1);
        let mut lines: Vec<_> = out.lines().map(json).collect();
        assert_eq!(lines.pop().unwrap()["counts"]["invalid"], wrong.len());
        let seen: Vec<_> = lines.iter().map(|finding| finding["line"].as_u64().unwrap()).collect();
        assert_eq!(seen, wrong);
    }
    let (_, out, _) = run(&["flavor", "check", "--threads", "2", path]);
    assert!(out.contains("names.txt:997: letters are case-sensitive"), "{out}");
    assert!(out.contains(&format!("names.txt:{}: SCS-2v-4", wrong[20])), "{out}");
}

#[test]
fn several_files() {
    let directory = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = directory.path().join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let (one, two) = (file("one.txt", "SCS-2V-4\nSCS-2v-4\n"), file("two.txt", "SCS-2v-8\n"));
    let (status, out, _) = run(&["flavor", "check", "-f", "json", &one, &two]);
    assert_eq!(status, 1);
    let findings = json(&out)["findings"].clone();
    assert_eq!((&findings[0]["file"], &findings[0]["line"]), (&one.as_str().into(), &2.into()));
    assert_eq!((&findings[1]["file"], &findings[1]["line"]), (&two.as_str().into(), &1.into()));
}

#[test]
fn a_document_can_be_read_as_names() {
    let (status, _, _) = run_with(&["flavor", "check", "--input", "names", "-"], "{\"flavors\": []}\n");
    assert_eq!(status, 0, "a line that does not start with SCS- is not wrong when it is said to be a name");
}

#[test]
fn an_output_file_appears_when_it_is_complete() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("report.json");
    let to = path.to_str().unwrap();
    let (status, out, _) = run_with(&["flavor", "check", "-f", "json", "-o", to, "-"], NAMES);
    assert_eq!((status, out.as_str()), (1, ""));
    assert_eq!(json(&fs::read_to_string(&path).unwrap())["verdict"], "FAIL");
    // A failed run does not change the file, and leaves no others.
    scs(&["flavor", "check", "-o", to, "/nowhere"]).assert().code(2);
    assert!(fs::read_to_string(&path).unwrap().contains("FAIL"));
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
}
