//! Regression tests: each case is a change of an example with the expected result.
//!
//! The cases are in `rule-tests/faults/`; `scs_rule_tests::patch` describes the format of changes.

#![expect(clippy::expect_used, clippy::panic, reason = "helpers of tests fail as tests do")]

use std::collections::BTreeMap;
use std::path::Path;

use scs_registry::{Inventory, Registry, Report, RuleReport, ScopeChoice, check_inventory};
use scs_rule_tests::patch::patched;
use scs_standards::{Context, Profile, Verdict};
use serde_json::Value;

/// A case in the files.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    id: String,
    /// The example to change.
    base: String,
    /// The time of the check, if it differs from that of the example.
    at: Option<String>,
    #[serde(default)]
    include_drafts: bool,
    #[serde(default)]
    all_rules: bool,
    profile: Option<Profile>,
    /// The version of the scope that decides.
    version: Option<String>,
    patch: Value,
    /// The expected results: by rule or test case, by rule and document (`id@document`), or for the whole (`verdict`).
    expect: BTreeMap<String, String>,
    /// The sentence of the standard that justifies it.
    cites: String,
}

/// When the examples are conformant.
fn usual_time(base: &str) -> &'static str {
    if base.contains("cluster") { "2026-10-20" } else { "2026-11-24" }
}

fn time(text: &str) -> jiff::Timestamp {
    let text = if text.contains('T') { text.to_owned() } else { format!("{text}T00:00:00Z") };
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn checked(case: &Case, inventory: &Value) -> Report {
    let inventory: Inventory = inventory.to_string().parse().expect("an inventory");
    let at = time(case.at.as_deref().unwrap_or_else(|| usual_time(&case.base)));
    let context = Context::at(at).with_profile(case.profile.unwrap_or(Profile::Text));
    let mut choice = ScopeChoice::default();
    choice.include_drafts = case.include_drafts;
    choice.all_rules = case.all_rules;
    choice.version.clone_from(&case.version);
    check_inventory(&inventory, &choice, &context).expect("a report")
}

/// The result for a name; without a document, the worst of several rules with the same id.
fn answer(report: &Report, name: &str) -> Option<Verdict> {
    if name == "verdict" {
        return Some(report.verdict);
    }
    if let Some(result) = report.results.get(name) {
        return Some(*result);
    }
    let (id, document) = name.split_once('@').map_or((name, None), |(id, document)| (id, Some(document)));
    let states = |row: &RuleReport, wanted: &str| {
        let rules = Registry::new();
        let edition = rules.rule(id).into_iter().find(|rule| rule.documents[0] == row.document);
        edition.is_some_and(|rule| rule.documents.iter().any(|it| it.to_string() == wanted))
    };
    let of_name = report.rules.iter().filter(|row| row.rule == id);
    let of_document = of_name.filter(|row| document.is_none_or(|wanted| states(row, wanted)));
    Verdict::topmost(of_document.map(|row| row.result))
}

fn is_as_expected(found: Verdict, expected: &str) -> bool {
    match expected.strip_prefix('!') {
        Some(not) => found.name() != not,
        None => found.name() == expected,
    }
}

/// The files of cases, each with its number of cases.
#[test]
fn every_fault_stays_mended() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut bases: BTreeMap<String, Value> = BTreeMap::new();
    let mut wrong = Vec::new();
    let mut replayed = 0;
    let mut files: Vec<_> = std::fs::read_dir(root.join("rule-tests/faults"))
        .expect("the cases")
        .flatten()
        .map(|it| it.path())
        .collect();
    files.sort();
    for file in files {
        let text = std::fs::read_to_string(&file).expect("a file of cases");
        let cases: Vec<Case> =
            serde_saphyr::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        for case in cases {
            assert!(
                !case.cites.is_empty() && !case.expect.is_empty(),
                "{}: nothing to hold it against",
                case.id
            );
            let base = bases.entry(case.base.clone()).or_insert_with(|| {
                let path = root.join("examples/data").join(format!("{}.yaml", case.base));
                let text = std::fs::read_to_string(&path)
                    .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
                serde_saphyr::from_str(&text).expect("the example is YAML")
            });
            let changed = std::panic::catch_unwind(|| patched(base, &case.patch));
            let Ok(changed) = changed else {
                wrong.push(format!("{}: its change cannot be made", case.id));
                continue;
            };
            let checked = checked(&case, &changed);
            for (name, expected) in &case.expect {
                replayed += 1;
                match answer(&checked, name) {
                    Some(found) if is_as_expected(found, expected) => {}
                    Some(found) => {
                        wrong
                            .push(format!("{}: {name} is {found}, not {expected} ({})", case.id, case.cites));
                    }
                    None => wrong.push(format!("{}: nothing is said of {name}", case.id)),
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {replayed}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(replayed > 0, "there are cases");
}
