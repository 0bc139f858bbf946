//! `scs diff`.

use crate::common::{example, json, run, run_with};
use crate::schema::valid;

const AT: [&str; 2] = ["--at", "2026-11-24"];

fn diff(options: &[&str], old: &str, new: &str) -> (i32, String, String) {
    run(&[&["diff"], &AT[..], options, &[old, new]].concat())
}

/// A cloud with two flavors of these names.
fn cloud(folder: &tempfile::TempDir, file: &str, names: [&str; 2]) -> String {
    let flavors = names.map(|name| format!("{{name: {name}, vcpus: 2, ram: 8192, disk: 0}}"));
    let path = folder.path().join(file);
    let text = format!(
        "{{kind: cloud, subject: prod, collected_at: 2026-11-24T06:00:00Z, flavors: [{}]}}",
        flavors.join(", ")
    );
    std::fs::write(&path, text).unwrap();
    path.to_string_lossy().into_owned()
}

#[test]
fn help_has_examples_and_statuses() {
    let (status, out, err) = run(&["diff", "--help"]);
    assert_eq!((status, err.as_str()), (0, ""));
    insta::assert_snapshot!("help_diff", out);
}

#[test]
fn what_is_worse_comes_before_what_is_better() {
    let folder = tempfile::tempdir().unwrap();
    let old = cloud(&folder, "old.yaml", ["SCS-2V-8", "SCS-2V-8-"]);
    let new = cloud(&folder, "new.yaml", ["SCS-2v-8", "SCS-2V-8"]);
    let (status, out, err) = diff(&[], &old, &new);
    assert_eq!((status, err.as_str()), (1, ""));
    insta::assert_snapshot!("diff_text", out);
    let (_, out, _) = diff(&["-f", "markdown", "--all"], &old, &new);
    insta::assert_snapshot!("diff_markdown", out);
}

#[test]
fn a_repaired_cloud_is_better() {
    let (typical, conformant) = (example("typical-cloud.yaml"), example("conformant-cloud.yaml"));
    let (status, out, _) = diff(&[], &typical, &conformant);
    assert_eq!(status, 0);
    assert!(out.starts_with("conformant-cloud: FAIL -> PASS\n"), "{out}");
    let (status, _, _) = diff(&[], &conformant, &typical);
    assert_eq!(status, 1);
    let (status, out, _) = diff(&[], &typical, &typical);
    assert_eq!(status, 0);
    assert!(out.contains("FAIL (unchanged)") && out.ends_with("Nothing has changed.\n"), "{out}");
}

#[test]
fn reports_and_inventories_can_be_mixed() {
    let file = example("typical-cloud.yaml");
    let (_, report, _) = run(&["check", "-f", "json", AT[0], AT[1], &file]);
    let (status, out, err) = run_with(&["diff", AT[0], AT[1], "-f", "json", "-", &file], report.clone());
    assert_eq!((status, err.as_str()), (0, ""));
    let document = json(&out);
    valid("diff", [document.clone()]);
    assert_eq!(document["findings"].as_array().unwrap().len(), 0);
    let (_, out, _) =
        run_with(&["diff", AT[0], AT[1], "-f", "json", "-", &example("conformant-cloud.yaml")], report);
    let document = json(&out);
    valid("diff", [document.clone()]);
    assert_eq!(document["new"]["verdict"], "PASS");
    assert_eq!(document["worse"], false);
}

#[test]
fn unlike_reports_are_refused_with_a_hint() {
    let (cloud, cluster) = (example("typical-cloud.yaml"), example("k3s-cluster.yaml"));
    let (status, out, err) = diff(&[], &cloud, &cluster);
    assert_eq!((status, out.as_str()), (2, ""));
    assert!(err.contains("different kinds") && err.contains("hint:"), "{err}");
    let (_, report, _) = run(&["check", "-f", "json", "--profile", "official", AT[0], AT[1], &cloud]);
    let (status, _, err) = run_with(&["diff", "-", &cloud], report.clone());
    assert_eq!(status, 2);
    assert!(err.contains("different profiles") && err.contains("--profile"), "{err}");
    let (status, _, _) =
        run_with(&["diff", "--profile", "official", AT[0], AT[1], "-", &cloud], report.clone());
    assert_eq!(status, 0);
    let several = format!("[{report}, {report}]");
    let (status, _, err) = run_with(&["diff", "--profile", "official", "-", &cloud], several);
    assert_eq!(status, 2);
    assert!(err.contains("one inventory or one report each"), "{err}");
    let (status, _, err) = diff(&[], "missing.yaml", &cloud);
    assert_eq!(status, 2);
    assert!(err.contains("missing.yaml"), "{err}");
}
