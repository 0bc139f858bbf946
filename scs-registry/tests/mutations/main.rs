//! For every rule about entropy, policies and clusters, one change of the example inventory: it fails exactly that rule and its
//! official test case.

#![expect(clippy::expect_used, clippy::panic, reason = "helpers of tests fail as tests do")]

use std::collections::{BTreeMap, BTreeSet};

use scs_certificates::Scope;
use scs_registry::{Inventory, Registry, Report, ScopeChoice, Selection, Subject, check};
use scs_rule_tests::says;
use scs_standards::{Answer, Context, Profile, Verdict};
use serde_json::{Value, json};

/// An example, its scope, and the changes that break it.
struct Example {
    /// Its file.
    file: &'static str,
    /// The time of the check.
    at: &'static str,
    /// The scope.
    scope: fn() -> &'static Scope,
    /// The versions that it passes; the first one decides by default.
    versions: &'static [&'static str],
    /// The standards whose rules are changed one by one.
    standards: &'static [&'static str],
    /// The changes.
    changes: &'static str,
    /// Rules that do not pass under a profile, for a reason.
    others: fn(&str, Profile) -> bool,
}

/// Rules for flavors and images have separate tests.
const CLOUD: Example = Example {
    file: "conformant-cloud.yaml",
    at: "2026-11-24T00:00:00Z",
    scope: Scope::compatible_iaas,
    versions: &["v5.1", "next"],
    standards: &[
        "0101", "0111", "0114", "0115", "0116", "0117", "0118", "0121", "0123", "0124", "0125", "0126",
        "0127", "0128", "0129", "0302",
    ],
    changes: include_str!("cloud.yaml"),
    // Live migration cannot be expected of a cloud with local disks and is not required; custom lists of standard images are for
    // `scs image check --standard-images`.
    others: |rule, _| {
        ["scs-0110-live-migration", "scs-0104-yaml-shape", "scs-0104-yaml-frozen", "scs-0104-yaml-images"]
            .contains(&rule)
    },
};

const CLUSTER: Example = Example {
    file: "conformant-cluster.yaml",
    at: "2026-10-20T00:00:00Z",
    scope: Scope::compatible_kaas,
    versions: &["v1"],
    standards: &["0200", "0201", "0210", "0211", "0212", "0214", "0215", "0217", "0219"],
    changes: include_str!("cluster.yaml"),
    // The official suite scans ports from inside, where kubelets have to respond; the text is about access from outside.
    others: |rule, profile| rule == "scs-0217-ports-external" && profile == Profile::Official,
};

/// A change in the file.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Mutation {
    /// JSON pointers into the inventory, each with its new value; a new key in a mapping, or `-` after a list, adds one.
    #[serde(default)]
    set: BTreeMap<String, Value>,
    /// JSON pointers to strings, each with replacements: pairs of old and new text.
    #[serde(default)]
    replace: BTreeMap<String, Vec<(String, String)>>,
    /// JSON pointers to remove.
    #[serde(default)]
    remove: Vec<String>,
    /// Declarations with another value; `~` removes one.
    #[serde(default)]
    declare: BTreeMap<String, Value>,
    /// Rules that also fail, because they require a part of the same.
    #[serde(default)]
    also: BTreeSet<String>,
    /// The reason why the rule never fails by the text: a MAY, or a rule found only in the official suite.
    never: Option<String>,
    /// The profile, if not the text profile.
    #[serde(default)]
    official: bool,
    /// The version of the scope.
    version: Option<String>,
    /// Words of the expected finding: its subject, a colon and its message.
    says: Option<String>,
    /// The result of the rule, if it is not FAIL.
    answer: Option<Verdict>,
}

impl Example {
    fn inventory(&self) -> Value {
        let path = format!("{}/../examples/data/{}", env!("CARGO_MANIFEST_DIR"), self.file);
        let text = std::fs::read_to_string(path).expect("the example");
        serde_saphyr::from_str(&text).expect("the example is YAML")
    }

    fn checked(&self, inventory: &Value, version: &str, profile: Profile) -> Report {
        let inventory: Inventory = inventory.to_string().parse().expect("an inventory");
        let mut choice = ScopeChoice::default();
        choice.version = Some(version.to_owned());
        choice.include_drafts = true;
        let context = Context::at(self.at.parse().expect("a time")).with_profile(profile);
        let selection = Selection::of_scope((self.scope)(), inventory.kind(), context.date(), &choice);
        check(&Subject::inventory("subject", &inventory), &selection.expect("a selection"), &context)
    }
}

fn apply(inventory: &mut Value, mutation: &Mutation) {
    for pointer in &mutation.remove {
        let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
        match inventory.pointer_mut(parent).unwrap_or_else(|| panic!("{pointer}")) {
            Value::Object(mapping) => {
                mapping.remove(&key.replace("~1", "/")).unwrap_or_else(|| panic!("{pointer}"));
            }
            Value::Array(list) => {
                list.remove(key.parse().expect("an index"));
            }
            _ => panic!("{pointer}"),
        }
    }
    for (pointer, value) in &mutation.set {
        let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
        match inventory.pointer_mut(parent).unwrap_or_else(|| panic!("{pointer}")) {
            Value::Object(mapping) => {
                mapping.insert(key.replace("~1", "/"), value.clone());
            }
            Value::Array(list) if key == "-" => list.push(value.clone()),
            Value::Array(list) => list[key.parse::<usize>().expect("an index")] = value.clone(),
            _ => panic!("{pointer}"),
        }
    }
    for (pointer, pairs) in &mutation.replace {
        let text = inventory.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer}"));
        for (from, to) in pairs {
            let changed = text.as_str().expect("a text").replace(from, to);
            assert_ne!(text.as_str(), Some(changed.as_str()), "{pointer} has no `{from}`");
            *text = Value::String(changed);
        }
    }
    let declarations = inventory["declarations"].as_array_mut().expect("a list of declarations");
    for (name, value) in &mutation.declare {
        let is_of = |entry: &Value| entry["rule"] == json!(name) || entry["topic"] == json!(name);
        match declarations.iter().position(is_of) {
            Some(index) if value.is_null() => {
                declarations.remove(index);
            }
            Some(index) => declarations[index]["value"] = value.clone(),
            None => declarations.push(
                json!({"rule": name, "value": value, "date": "2026-10-01", "valid_until": "2026-12-31"}),
            ),
        }
    }
}

/// The answers of the rules; if two versions of a document have a rule with the same id, the first one.
fn answers(report: &Report) -> BTreeMap<&str, Verdict> {
    let mut answers = BTreeMap::new();
    for rule in &report.rules {
        let known = answers.entry(&*rule.rule).or_insert(rule.result);
        *known = (*known).min(rule.result);
    }
    answers
}

fn passes_every_rule(example: &Example) {
    let inventory = example.inventory();
    for version in example.versions {
        for profile in Profile::ALL {
            let checked = example.checked(&inventory, version, profile);
            assert_eq!(checked.verdict, Verdict::Pass, "{version}, {profile}");
            let answers = answers(&checked);
            let others: Vec<_> = answers
                .iter()
                .filter(|(rule, verdict)| **verdict != Verdict::Pass && !(example.others)(rule, profile))
                .collect();
            assert!(others.is_empty(), "{version}, {profile}: {others:?}");
        }
    }
}

#[test]
fn the_cloud_passes_every_rule_of_both_versions_and_profiles() {
    passes_every_rule(&CLOUD);
}

#[test]
fn the_cluster_passes_every_rule_by_both_profiles() {
    passes_every_rule(&CLUSTER);
}

/// One change fails one rule and its test case.
fn changes_fail_their_rules(example: &Example) {
    let mutations: BTreeMap<String, Mutation> = serde_saphyr::from_str(example.changes).expect("the changes");
    let registry = Registry::new();
    let inventory = example.inventory();
    let mut missing = Vec::new();
    let mut wrong = Vec::new();
    let mut changes = 0;
    for rule in registry.rules().filter(|rule| {
        example.standards.contains(&rule.documents[0].to_string().get(4..8).unwrap_or_default())
    }) {
        let Some(mutation) = mutations.get(rule.id) else {
            missing.push(rule.id);
            continue;
        };
        if mutation.never.is_some() {
            continue;
        }
        changes += 1;
        let profile = if mutation.official { Profile::Official } else { Profile::Text };
        let version = mutation.version.as_deref().unwrap_or(example.versions[0]);
        let before = example.checked(&inventory, version, profile);
        let mut mutated = inventory.clone();
        apply(&mut mutated, mutation);
        let after = example.checked(&mutated, version, profile);
        let (old, new) = (answers(&before), answers(&after));
        let fallen: BTreeSet<&str> = new
            .iter()
            .filter(|(rule, verdict)| old.get(*rule) != Some(*verdict))
            .map(|(rule, _)| *rule)
            .collect();
        let expected: BTreeSet<&str> = mutation.also.iter().map(String::as_str).chain([rule.id]).collect();
        if fallen != expected {
            wrong.push(format!("{}: {fallen:?} fall, {expected:?} should", rule.id));
            continue;
        }
        let verdict = mutation.answer.unwrap_or(Verdict::Fail);
        if new[rule.id] != verdict {
            wrong.push(format!("{}: {}, not {verdict}", rule.id, new[rule.id]));
        }
        if let Some(row) = after.rules.iter().find(|row| row.rule == rule.id && row.result == verdict) {
            let findings = after.findings_of(row).map(|it| it.finding.clone()).collect();
            let answer = Answer {
                rule: rule.id,
                verdict,
                findings,
                evidence_at: None,
                facts_as_of: None,
                holds_until: None,
            };
            let told = says::wrong(&answer, verdict, mutation.says.as_deref());
            wrong.extend(told.map(|told| format!("{}: {told}", rule.id)));
        }
        // The changed test cases are those of the failing rules.
        let (results, others) = (&before.results, &after.results);
        let cases: BTreeSet<&str> = others
            .iter()
            .filter(|(case, verdict)| results.get(*case) != Some(*verdict))
            .map(|(case, _)| case.as_str())
            .collect();
        let of_rules: BTreeSet<&str> = registry
            .rules()
            .filter(|rule| fallen.contains(rule.id))
            .filter_map(|rule| rule.test_case)
            .filter(|case| results.contains_key(*case))
            .collect();
        if cases != of_rules {
            wrong.push(format!("{}: the test cases {cases:?} change, {of_rules:?} should", rule.id));
        }
    }
    assert!(missing.is_empty(), "rules without a change: {missing:?}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let unknown: Vec<_> = mutations.keys().filter(|id| registry.rule(id).is_empty()).collect();
    assert!(unknown.is_empty(), "changes of no rule: {unknown:?}");
    assert!(changes > 20, "{changes} changes of {}", example.file);
}

#[test]
fn one_change_of_the_cloud_fails_one_rule_and_its_test_case() {
    changes_fail_their_rules(&CLOUD);
}

#[test]
fn one_change_of_the_cluster_fails_one_rule_and_its_test_case() {
    changes_fail_their_rules(&CLUSTER);
}
