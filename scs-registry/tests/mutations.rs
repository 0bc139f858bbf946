//! For every rule over entropy and policies one change of the inventory that ships as an example: it fails exactly that rule, and
//! the official test case that the rule counts for.

#![expect(clippy::expect_used, reason = "helpers of tests fail as tests do")]

use std::collections::{BTreeMap, BTreeSet};

use scs_certificates::Scope;
use scs_registry::{CheckOptions, Checked, Inventory, Registry, check};
use scs_standards::{Profile, Verdict};
use serde_json::{Value, json};

const AT: &str = "2026-11-24T00:00:00Z";
/// The standards whose rules are changed one by one here; those over flavors and images have tests of their own.
const STANDARDS: [&str; 16] = [
    "0101", "0111", "0114", "0115", "0116", "0117", "0118", "0121", "0123", "0124", "0125", "0126", "0127",
    "0128", "0129", "0302",
];

/// A change, as the file has it.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Mutation {
    /// JSON pointers into the inventory, each with its new value; a new key of a mapping, or `-` behind a list, adds one.
    #[serde(default)]
    set: BTreeMap<String, Value>,
    /// What is taken away.
    #[serde(default)]
    remove: Vec<String>,
    /// Declarations with another value; `~` takes one away.
    #[serde(default)]
    declare: BTreeMap<String, Value>,
    /// Rules that cannot but fall as well, as they ask for a part of the same.
    #[serde(default)]
    also: BTreeSet<String>,
    /// Why the rule never fails by the text: a MAY, or a rule of the official suite alone.
    never: Option<String>,
    /// By which profile, where it is not the text's.
    #[serde(default)]
    official: bool,
    /// Of which version of the scope the rule is.
    version: Option<String>,
    /// What the rule answers, where it is not FAIL.
    answer: Option<Verdict>,
}

fn example() -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/data/conformant-cloud.yaml");
    let text = std::fs::read_to_string(path).expect("the example");
    serde_saphyr::from_str(&text).expect("the example is YAML")
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

fn checked(inventory: &Value, version: &str, profile: Profile) -> Checked {
    let inventory = Inventory::read(&inventory.to_string()).expect("an inventory");
    let mut options = CheckOptions::new(Scope::compatible_iaas(), AT.parse().expect("a time"), profile);
    options.version = Some(version.to_owned());
    options.include_drafts = true;
    check(&inventory, &options).expect("a check")
}

fn answers(checked: &Checked) -> BTreeMap<&'static str, Verdict> {
    checked.answers.iter().map(|(rule, answer)| (rule.id, answer.verdict)).collect()
}

#[test]
fn the_example_passes_every_rule_of_both_versions_and_profiles() {
    let example = example();
    for version in ["v5.1", "next"] {
        for profile in Profile::ALL {
            let checked = checked(&example, version, profile);
            assert_eq!(checked.verdict, Verdict::Pass, "{version}, {profile}");
            let others: Vec<_> =
                answers(&checked).into_iter().filter(|(_, verdict)| *verdict != Verdict::Pass).collect();
            // A user of a cloud with local disks cannot expect live migration, which is no duty.
            let others: Vec<_> =
                others.iter().filter(|(rule, _)| *rule != "scs-0110-live-migration").collect();
            assert!(others.is_empty(), "{version}, {profile}: {others:?}");
        }
    }
}

#[test]
fn one_change_fails_one_rule_and_its_test_case() {
    let text = include_str!("mutations.yaml");
    let mutations: BTreeMap<String, Mutation> = serde_saphyr::from_str(text).expect("the changes");
    let registry = Registry::new();
    let example = example();
    let mut missing = Vec::new();
    let mut wrong = Vec::new();
    let mut changes = 0;
    for rule in registry
        .rules()
        .filter(|rule| STANDARDS.contains(&rule.documents[0].to_string().get(4..8).unwrap_or_default()))
    {
        let Some(mutation) = mutations.get(rule.id) else {
            missing.push(rule.id);
            continue;
        };
        if mutation.never.is_some() {
            continue;
        }
        changes += 1;
        let profile = if mutation.official { Profile::Official } else { Profile::Text };
        let version = mutation.version.as_deref().unwrap_or("v5.1");
        let before = checked(&example, version, profile);
        let mut changed = example.clone();
        apply(&mut changed, mutation);
        let after = checked(&changed, version, profile);
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
        // The test cases that change are those of the rules that fall.
        let (results, others) = (before.results(), after.results());
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
    println!("{changes} changes, each of which fails its rule");
}
