//! Every rule of the registry has a passing, a failing and a boundary subject in the tests of its crate, which run them.

#![expect(clippy::expect_used, reason = "helpers of tests fail as tests do")]

use std::collections::BTreeMap;
use std::path::Path;

use scs_flavor_naming::StandardFlavor;
use scs_registry::Registry;
use serde_json::Value;

/// The rules with subjects, from the files of all crates.
fn subjects() -> BTreeMap<String, Value> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace");
    let mut subjects = BTreeMap::new();
    for member in std::fs::read_dir(root).expect("the workspace").flatten() {
        let Ok(files) = std::fs::read_dir(member.path().join("tests/subjects")) else { continue };
        for file in files.flatten() {
            let text = std::fs::read_to_string(file.path()).expect("a file of subjects");
            let own: BTreeMap<String, Value> = serde_saphyr::from_str(&text).expect("a file of subjects");
            subjects.extend(own);
        }
    }
    subjects
}

#[test]
fn every_rule_has_a_passing_a_failing_and_a_boundary_subject() {
    let subjects = subjects();
    let registry = Registry::new();
    let mut count = 0;
    for rule in registry.rules() {
        count += 1;
        // Subjects for standard flavors are generated from their table.
        if StandardFlavor::all().any(|flavor| flavor.test_case_id() == rule.id) {
            continue;
        }
        // Two versions of a standard may each have a rule with the same id; the keys name their documents.
        let with_document = format!("{} {}", rule.id, rule.documents[0]);
        let own = subjects.get(&with_document).or_else(|| subjects.get(rule.id));
        let has = |kind: &str| own.is_some_and(|own| own.get(kind).is_some());
        // Rules about options never fail.
        let complete = has("passing") && (has("failing") || has("passing_only")) && has("boundary");
        assert!(complete, "{} of {} has no three subjects", rule.id, rule.documents[0]);
    }
    assert!(count > 180, "{count} rules");
}
