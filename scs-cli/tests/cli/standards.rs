//! `scs standards`: the catalog, rules, differences, the linter and the tables of the documentation.

use crate::common::{data, json, run};
use crate::schema::valid;

fn standards(arguments: &[&str]) -> (i32, String, String) {
    let arguments: Vec<&str> =
        ["standards"].iter().chain(arguments).copied().chain(["--at", "2026-11-24"]).collect();
    run(&arguments)
}

#[test]
fn what_people_read() {
    insta::assert_snapshot!("standards_list", standards(&["list"]).1);
    insta::assert_snapshot!("standards_show_document", standards(&["show", "scs-0104-v1"]).1);
    insta::assert_snapshot!("standards_show_rule", standards(&["show", "scs-0102-prop-min_disk"]).1);
    insta::assert_snapshot!("standards_show_standard", standards(&["show", "scs-0100"]).1);
    insta::assert_snapshot!("standards_diff", standards(&["diff", "scs-0102-v1", "scs-0102-v2"]).1);
    insta::assert_snapshot!("standards_lint", standards(&["lint", "tests/data/documents"]).1);
}

#[test]
fn data_fit_their_schemas() {
    let list = |arguments: &[&str]| json(&standards(arguments).1).as_array().unwrap().clone();
    let all = list(&["list", "-f", "json"]);
    assert_eq!(all.len(), 102);
    valid("standards-list", all);
    valid("standards-show", [json(&standards(&["show", "scs-0102-v2", "-f", "json"]).1)]);
    valid("standards-diff", list(&["diff", "scs-0104-v1", "scs-0104-v2", "-f", "json"]));
    valid("check", [json(&standards(&["lint", &data("documents"), "-f", "json"]).1)]);
}

#[test]
fn every_document_and_rule_is_known() {
    for row in json(&standards(&["list", "-f", "json"]).1).as_array().unwrap() {
        assert_eq!(standards(&["show", row["id"].as_str().unwrap()]).0, 0, "{row}");
    }
}

#[test]
fn unknown_ids_get_a_hint() {
    for (id, hint) in [
        ("scs-0102-prop-mindisk", "did you mean `scs-0102-prop-min_disk`?"),
        ("scs-0102-v3", "did you mean `scs-0102-v"),
        ("scs-9999", "unknown standard `scs-9999`"),
        ("nonsense", "`scs standards list` lists all documents"),
        ("C-018", "`scs explain C-018` explains it"),
        ("0102", "did you mean `scs-0102`?"),
        ("scs-102", "did you mean `scs-0102`?"),
    ] {
        let (status, _, err) = standards(&["show", id]);
        assert_eq!(status, 2, "{id}");
        assert!(err.contains(hint), "{id}: {err}");
    }
}

#[test]
fn the_official_checker_is_milder() {
    assert_eq!(standards(&["lint", &data("documents")]).0, 1);
    let official = json(&standards(&["lint", &data("documents"), "--profile", "official", "-f", "json"]).1);
    // It accepts a slug with upper case and a string instead of a list.
    let result = |id: &str| {
        let mut rules = official["rules"].as_array().unwrap().iter();
        rules.find(|row| row["rule"] == id).unwrap()["result"].clone()
    };
    assert_eq!(result("scs-0001-file-name"), "PASS");
    assert_eq!(result("scs-0001-dates"), "FAIL");
}

#[test]
fn tables_are_updated_between_their_markers() {
    let file = tempfile::Builder::new().suffix(".md").tempfile().unwrap();
    let path = file.path().to_str().unwrap();
    std::fs::write(path, "# Page\n\n<!-- scs: scopes -->\nold\n<!-- scs: end -->\n").unwrap();
    let (status, out, _) = standards(&["docs", "--inject", path, "--check"]);
    assert!(status == 1 && out.contains("\n-old\n") && out.contains("\n+| `scs-0100-v3.1` |"), "{out}");
    assert_eq!(standards(&["docs", "--inject", path]).0, 0);
    assert_eq!(standards(&["docs", "--inject", path, "--check"]).0, 0);
    assert!(std::fs::read_to_string(path).unwrap().contains("| `scs-0100-v3.1` | x | x | x | x |"));
    std::fs::write(path, "<!-- scs: scoops -->\n<!-- scs: end -->\n").unwrap();
    let (status, _, err) = standards(&["docs", "--inject", path]);
    assert_eq!(status, 2);
    assert!(err.contains("line 1: no table `scoops`; did you mean `scopes`?"), "{err}");
    std::fs::write(path, "<!-- scs:scopes -->\nold\n<!-- scs: end -->\n").unwrap();
    let (status, _, err) = standards(&["docs", "--inject", path, "--check"]);
    assert!(status == 2 && err.contains("line 1: not a marker"), "{err}");
    std::fs::write(path, "# Page\n").unwrap();
    let (status, _, err) = standards(&["docs", "--inject", path, "--check"]);
    assert!(status == 2 && err.contains("no table in "), "{err}");
    for (document, message) in
        [("scs-0999-v1", "no document scs-0999-v1"), ("scs-0005-v1", "scs-0005-v1 has no rules")]
    {
        let (status, out, err) = standards(&["docs", "rules", document]);
        assert!(status == 2 && out.is_empty() && err.contains(message), "{err}");
    }
    insta::assert_snapshot!("standards_docs_rules", standards(&["docs", "rules", "scs-0104-v2"]).1);
}

#[test]
fn links_and_headings_can_be_chosen() {
    let (status, out, _) =
        standards(&["docs", "standards", "--base-url", "/standards", "--heading-level", "4"]);
    assert_eq!(status, 0);
    assert!(
        out.starts_with("#### Global\n") && out.contains("(/standards/scs-0100-v3-flavor-naming)"),
        "{out}"
    );
    for (arguments, message) in [
        (&["naming", "--heading-level", "7"][..], "a heading has a level from 1 to 6, not 7"),
        (&["naming", "--base-url", "a b"], "`a b` is not a base URL"),
        (&["--check"], "`--check` needs pages to check"),
        (&["timelin"], "no table `timelin`; did you mean `timeline`?"),
    ] {
        let (status, out, err) = standards(&[&["docs"], arguments].concat());
        assert!(status == 2 && out.is_empty() && err.contains(message), "{err}");
    }
}

/// Opening a named pipe would wait forever for a writer.
#[cfg(unix)]
#[test]
fn a_pipe_in_a_folder_of_documents_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("scs-0100-v1-naming.md");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    if !made.is_ok_and(|status| status.success()) {
        println!("skipped: there is no mkfifo");
        return;
    }
    let (status, _, err) = standards(&["lint", folder.path().to_str().unwrap()]);
    assert_eq!(status, 2);
    assert!(err.contains("is not a file"), "{err}");
}
