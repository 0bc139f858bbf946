//! `scs flavor check` of complete flavors from each source.

use std::fs;

use serde_json::{Value, json};

use crate::common::{data, json, rule, run, run_with};

const AT: [&str; 2] = ["--at", "2026-11-23"];

/// Checks a file of `tests/data` and gives exit status and document.
#[track_caller]
fn checked(file: &str, options: &[&str]) -> (i32, Value) {
    let file = data(file);
    let (status, out, err) = run(&[&["flavor", "check", "-f", "json", &file], &AT[..], options].concat());
    assert_eq!(err, "");
    (status, json(&out))
}

/// The findings about a subject by rule.
fn findings<'a>(document: &'a Value, subject: &str, rule: &str) -> Vec<&'a Value> {
    let all = document["findings"].as_array().unwrap();
    all.iter().filter(|finding| finding["subject"] == subject && finding["rule"] == rule).collect()
}

#[test]
fn text_for_people() {
    let file = data("nova.json");
    for profile in ["text", "official"] {
        let (status, out, err) = run(&[&["flavor", "check", "--profile", profile, &file], &AT[..]].concat());
        assert_eq!((status, err.as_str()), (1, ""));
        insta::assert_snapshot!(format!("text_{profile}"), out.replace(&file, "nova.json"));
    }
}

#[test]
fn all_formats_have_the_same_content() {
    let (_, document) = checked("nova.json", &[]);
    let file = data("nova.json");
    let print = |format| run(&[&["flavor", "check", "-f", format, &file], &AT[..]].concat());
    let (status, yaml, _) = print("yaml");
    assert_eq!(status, 1);
    assert_eq!(serde_saphyr::from_str::<Value>(&yaml).unwrap(), document);

    let (status, lines, _) = print("jsonl");
    assert_eq!(status, 1);
    let mut lines: Vec<Value> = lines.lines().map(json).collect();
    let mut last = lines.pop().unwrap();
    assert_eq!(Value::Array(lines), document["findings"]);
    last["findings"] = document["findings"].clone();
    assert_eq!(last, document);

    let (status, markdown, _) = print("markdown");
    assert_eq!(status, 1);
    assert!(
        markdown.contains("| Flavors | SCS-2V-8 | error |")
            && markdown.contains("| scs-0103-flavor-1v-8 | DNF |")
    );
}

#[test]
fn names_and_flavors_have_the_same_verdict() {
    let file = data("nova.json");
    let last = |out: String| json(out.lines().last().unwrap());
    let flavors = last(run(&[&["flavor", "check", "-f", "jsonl", &file], &AT[..]].concat()).1);
    let names = last(run_with(&[&["flavor", "check", "-f", "jsonl", "-"], &AT[..]].concat(), "SCS-2v-4\n").1);
    for summary in [flavors, names] {
        assert_eq!(summary["schema"], "scs/check/2");
        assert_eq!(summary["profile"], "text");
        assert_eq!(summary["at"], "2026-11-23T00:00:00Z");
        assert!(summary["results"].is_object() && summary["rules"].is_array());
        assert_eq!(summary["verdict"], "FAIL");
    }
}

#[test]
fn what_is_wrong_with_flavors() {
    let (status, document) = checked("nova.json", &[]);
    assert_eq!(status, 1);
    assert_eq!(document["count"], 7);
    assert_eq!(document["results"]["scs-0103-flavor-1v-4"], "PASS");
    assert_eq!(document["results"]["scs-0103-flavor-2v-8"], "FAIL");
    assert_eq!(document["results"]["scs-0100-syntax-check"], "FAIL");
    let fix = &findings(&document, "SCS-2V-8", "scs-0103-cpu-type")[0]["fix"];
    assert_eq!(
        fix["command"],
        "openstack flavor set --property scs:name-v1=SCS-2V:8 --property scs:name-v2=SCS-2V-8 --property scs:cpu-type=shared-core SCS-2V-8"
    );
    assert!(!findings(&document, "SCS-4V-16", "scs-0100-semantics-check").is_empty());
    // One broken entry among good ones, and one unusable figure.
    let broken = findings(&document, "flavor list", "scs-0100-syntax-check");
    assert!(broken[0]["message"].as_str().unwrap().contains("entry 7: `name` is missing"), "{broken:?}");
    let unusable = findings(&document, "SCS-8V-32", "scs-0100-semantics-check");
    assert!(unusable[0]["message"].as_str().unwrap().contains("found \"eight\""), "{unusable:?}");
    assert_eq!(document["notices"], json!(["the names `M1.Small`, `m1.small` differ only in case"]));
}

#[test]
fn all_sources_give_the_same_result() {
    let facts = |file: &str| {
        let (status, document) = checked(file, &[]);
        let findings = document["findings"].as_array().unwrap().iter();
        let findings: Vec<_> = findings
            .map(|finding| (finding["rule"].clone(), finding["subject"].clone(), finding["message"].clone()))
            .collect();
        (status, document["results"].clone(), findings)
    };
    let expected = facts("client.json");
    assert_eq!(expected.1["scs-0103-flavor-1v-4"], "PASS");
    for file in ["client-old.json", "flavor-manager.yaml", "flavor-groups.yaml"] {
        assert_eq!(facts(file), expected, "{file}");
    }
}

#[test]
fn without_extra_specs() {
    let (status, document) = checked("nova-without-extra-specs.json", &[]);
    assert_eq!(status, 1);
    assert_eq!(
        document["notices"],
        json!(["no flavor has extra specs: ask Nova with microversion 2.61 or later"])
    );
    assert_eq!(rule(&document, "scs-0103-cpu-type"), "MISS");
}

#[test]
fn a_whole_cloud_passes() {
    for (which, options) in [("mandatory", &[][..]), ("all", &["--include", "recommended"])] {
        let (_, flavors, _) = run(&["flavor", "generate", "--standard", which, "-f", "json"]);
        for profile in ["text", "official"] {
            let arguments = ["flavor", "check", "-f", "json", "--profile", profile, "-"];
            let (status, out, _) = run_with(&[&arguments, options].concat(), flavors.clone());
            let document = json(&out);
            assert_eq!((status, &document["verdict"]), (0, &"PASS".into()), "{which} {profile}: {out}");
            let results = document["results"].as_object().unwrap();
            assert!(results.values().all(|result| result == "PASS"), "{results:?}");
        }
    }
}

#[test]
fn recommended_flavors_are_answered_where_asked_for() {
    let results = |options: &[&str]| checked("nova.json", options).1["results"].as_object().unwrap().len();
    let (without, with) = (results(&[]), results(&["--include", "recommended"]));
    assert!(with > without, "{with} {without}");
    let (_, mandatory, _) = run(&["flavor", "generate", "--standard", "mandatory", "-f", "json"]);
    let arguments = ["flavor", "check", "-f", "json", "--include", "recommended", "-"];
    let (status, out, _) = run_with(&arguments, mandatory);
    assert_eq!(status, 0, "they decide nothing");
    assert!(json(&out)["results"].as_object().unwrap().values().any(|result| result == "FAIL"));
}

#[test]
fn declarations() {
    let answer = |options: &[&str]| rule(&checked("nova.json", options).1, "scs-0100-ecc");
    let declared = data("declarations.yaml");
    assert_eq!(answer(&[]), "MISS");
    assert_eq!(answer(&["--declarations", &declared]), "PASS");
    assert_eq!(answer(&["--declarations", &data("declarations-topic.json")]), "PASS");
    // A later date takes precedence over that of the helper.
    let (_, out, _) = run(&[
        "flavor",
        "check",
        "-f",
        "json",
        &data("nova.json"),
        "--declarations",
        &declared,
        "--at",
        "2027-01-02",
    ]);
    assert_eq!(rule(&json(&out), "scs-0100-ecc"), "DNF");
}

#[test]
fn broken_declarations_are_rejected() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("declarations.yaml");
    let path = path.to_str().unwrap();
    let flavors = data("nova.json");
    for (text, message) in [
        ("", "expected a list, or a mapping with a list under `declarations`"),
        ("ecc: yes", "expected a list, or a mapping with a list under `declarations`"),
        ("[", "not declarations: "),
    ] {
        fs::write(path, text).unwrap();
        let (status, out, err) = run(&["flavor", "check", &flavors, "--declarations", path]);
        assert_eq!((status, out.as_str()), (2, ""), "{text}");
        assert!(err.contains(message) && err.contains("hint: each needs `rule`"), "{text}: {err}");
    }
    // An invalid entry is reported, and the rule that it names is DNF.
    for (entry, problem) in [
        ("{rule: scs-0100-ecc, value: ecc, date: 2026-10-01}", "`valid_until`, the last day"),
        (
            "{rule: scs-0100-ecc, value: ecc, date: 2026-13-01, valid_until: 2027-01-01}",
            "`date` is `2026-13-01`",
        ),
        (
            "{rule: scs-0100-ecc, value: ecc, valid_until: 2027-01-01}",
            "`date`, the day of the declaration, is missing",
        ),
        ("{rule: scs-0100-ecc, date: 2026-10-01, valid_until: 2027-01-01}", "`value` is missing"),
        ("{rule: scs-0100-ecc, value: [[1]], date: 2026-10-01, valid_until: 2027-01-01}", "`value`"),
        ("{rule: scs-0100-ecc, value: ecc, date: 2026-10-01, valid_until: 2026-09-01}", "is before `date`"),
    ] {
        fs::write(path, format!("- {entry}\n")).unwrap();
        let (status, out, err) =
            run(&["flavor", "check", "--at", "2026-11-24", "-f", "json", &flavors, "--declarations", path]);
        assert_eq!(status, 1, "{entry}: {err}");
        let document: Value = serde_json::from_str(&out).unwrap();
        assert_eq!(rule(&document, "scs-0100-ecc"), "DNF", "{entry}");
        let notices = document["notices"].to_string();
        assert!(
            notices.contains("declaration 1 (scs-0100-ecc)") && notices.contains(problem),
            "{entry}: {notices}"
        );
    }
    let (status, _, err) = run(&["flavor", "check", &flavors, "--declarations", "/no/such/file"]);
    assert!(status == 2 && err.contains("there is no such file"), "{err}");
}

#[test]
fn rules_of_other_documents_can_be_checked() {
    let (_, v2) = checked("nova.json", &["--standard", "scs-0100-v2"]);
    assert_eq!(rule(&v2, "scs-0100-syntax-check"), "FAIL");
    for rule in v2["rules"].as_array().unwrap() {
        assert!(rule["rule"].as_str().unwrap().starts_with("scs-0100-"), "{rule}");
        assert!(rule["document"].as_str().unwrap().starts_with("scs-0100-"), "{rule}");
    }
    let file = data("nova.json");
    for standard in ["scs-9999-v1", "scs-0100", "0100"] {
        let (status, out, err) = run(&["flavor", "check", "--standard", standard, &file]);
        assert_eq!((status, out.as_str()), (2, ""), "{standard}");
        assert!(err.contains("scs-0100-v3"), "{err}");
    }
    for option in [["--standard", "scs-0100-v2"], ["--include", "recommended"], ["--declarations", &file]] {
        let (status, out, err) = run_with(&[&["flavor", "check", "-"], &option[..]].concat(), "SCS-2V-4\n");
        assert_eq!((status, out.as_str()), (2, ""), "{option:?}");
        assert!(err.contains("the input has only names") && err.contains("--long"), "{err}");
    }
}

#[test]
fn several_files_are_several_clouds() {
    let (one, two) = (data("nova.json"), data("client.json"));
    let (status, out, _) = run(&["flavor", "check", "-f", "json", &one, &two]);
    assert_eq!(status, 1);
    let documents = json(&out);
    let subjects: Vec<_> = documents.as_array().unwrap().iter().map(|it| it["subject"].clone()).collect();
    assert_eq!(subjects, [one.as_str(), &two]);
    let (_, out, _) = run(&["flavor", "check", "-f", "jsonl", &one, &two]);
    assert_eq!(out.lines().filter(|line| line.starts_with("{\"schema\"")).count(), 2);
}

#[test]
fn the_kind_of_input_can_be_given() {
    let file = data("nova.json");
    assert_eq!(run(&["flavor", "check", "--input", "nova", &file]).0, 1);
    let (status, out, err) = run(&["flavor", "check", "--input", "osc", &file]);
    assert_eq!((status, out.as_str()), (2, ""));
    assert!(
        err.contains("has flavors in the format of nova") && err.contains("leave out `--input`"),
        "{err}"
    );
}
