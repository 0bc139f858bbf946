//! Less knowledge never helps: for all inventories and rules, removed evidence, unreadable entries and older facts never cause a
//! PASS, and the order of lists, files and keys does not matter.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "helpers of tests fail as tests do"
)]

mod shared;

use std::collections::BTreeMap;

use fastrand::Rng;
use scs_standards::{Profile, Verdict};
use serde_json::{Map, Value, json};

use shared::{Base, bases, checked, mutate};

/// The number of mutations of each inventory before evidence is removed.
const MUTATED: u64 = 4;

/// The keys that are not evidence but describe the inventory.
const HEAD: [&str; 3] = ["kind", "subject", "collected_at"];

/// The answers of the rules of a document, by profile.
type Verdicts = BTreeMap<(String, String), Verdict>;

fn verdicts(document: &Value, at: &str) -> Verdicts {
    Profile::ALL.into_iter().flat_map(|profile| by_rule(&checked(document, at, profile), profile)).collect()
}

fn by_rule(report: &scs_registry::Report, profile: Profile) -> Verdicts {
    let key = |row: &scs_registry::RuleReport| (row.rule.to_string(), format!("{}, {profile}", row.document));
    report.rules.iter().map(|row| (key(row), row.result)).collect()
}

/// The inventories, and mutations of them.
fn each(mut test: impl FnMut(&str, &Value, &str)) {
    let (bases, pool) = bases();
    for Base { name, at, document } in &bases {
        test(name, document, at);
        for seed in 0..MUTATED {
            let mut mutated = document.clone();
            let done = mutate(&mut Rng::with_seed(seed), &mut mutated, &pool);
            test(&format!("{name}, {}", done.join("; ")), &mutated, at);
        }
    }
}

fn parts(document: &Value) -> Vec<String> {
    document
        .as_object()
        .into_iter()
        .flat_map(Map::keys)
        .filter(|key| !HEAD.contains(&key.as_str()))
        .cloned()
        .collect()
}

/// Whether a rule passes that did not pass before.
fn rises(before: &Verdicts, after: &Verdicts, told: &str, wrong: &mut Vec<String>) {
    for (rule, verdict) in after {
        if *verdict == Verdict::Pass
            && let Some(was) = before.get(rule).filter(|was| **was != Verdict::Pass)
        {
            wrong.push(format!("{told}: {} of {} was {was} and passes", rule.0, rule.1));
        }
    }
}

fn none(wrong: &[String]) {
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.iter().take(60).cloned().collect::<Vec<_>>().join("\n")
    );
}

#[test]
fn what_is_taken_away_passes_nothing() {
    let mut wrong = Vec::new();
    each(|name, document, at| {
        let before = verdicts(document, at);
        for part in parts(document) {
            let mut less = document.clone();
            less.as_object_mut().expect("a mapping").shift_remove(&part);
            rises(&before, &verdicts(&less, at), &format!("{name}, without {part}"), &mut wrong);
        }
    });
    none(&wrong);
}

#[test]
fn declarations_that_are_withdrawn_pass_nothing() {
    let mut wrong = Vec::new();
    each(|name, document, at| {
        let count = document["declarations"].as_array().map_or(0, Vec::len);
        if count == 0 {
            return;
        }
        let before = verdicts(document, at);
        // Every third one, because there are many.
        for index in (0..count).step_by(3) {
            let mut less = document.clone();
            let withdrawn = less["declarations"].as_array_mut().expect("a list").remove(index);
            rises(&before, &verdicts(&less, at), &format!("{name}, without {withdrawn}"), &mut wrong);
        }
    });
    none(&wrong);
}

#[test]
fn what_cannot_be_read_passes_nothing() {
    let mut wrong = Vec::new();
    each(|name, document, at| {
        let before = verdicts(document, at);
        for part in parts(document) {
            for odd in [json!(7), json!({"name": {}, "metadata": 7})] {
                let mut more = document.clone();
                let list = &mut more[part.as_str()];
                let list = if list.get("items").is_some() { &mut list["items"] } else { list };
                let Some(list) = list.as_array_mut() else { continue };
                list.push(odd);
                rises(
                    &before,
                    &verdicts(&more, at),
                    &format!("{name}, {part} with an odd entry"),
                    &mut wrong,
                );
            }
            let mut refused = document.clone();
            refused[part.as_str()] = json!({"unavailable": "the service answers 503"});
            rises(&before, &verdicts(&refused, at), &format!("{name}, {part} refused"), &mut wrong);
        }
    });
    none(&wrong);
}

/// Reverses the entries of every part and the keys of every mapping.
fn reversed(value: &Value) -> Value {
    match value {
        Value::Object(mapping) => {
            Value::Object(mapping.iter().rev().map(|(key, value)| (key.clone(), reversed(value))).collect())
        }
        other => other.clone(),
    }
}

#[test]
fn the_order_of_lists_files_and_keys_changes_nothing() {
    let mut wrong = Vec::new();
    each(|name, document, at| {
        let mut other = reversed(document);
        for part in parts(&other) {
            let list = &mut other[part.as_str()];
            let list = if list.get("items").is_some() { &mut list["items"] } else { list };
            if let Some(list) = list.as_array_mut() {
                list.reverse();
            }
        }
        let (before, after) = (verdicts(document, at), verdicts(&other, at));
        for (rule, verdict) in &before {
            if after.get(rule) != Some(verdict) {
                wrong.push(format!(
                    "{name}: {} of {} is {verdict}, in the other order {:?}",
                    rule.0,
                    rule.1,
                    after.get(rule)
                ));
            }
        }
    });
    none(&wrong);
}

/// Facts that end some days before the check. After more than 45 days, no result becomes PASS; within 45 days, no DNF becomes PASS. (A
/// FAIL may become PASS within 45 days, because facts of that age still determine the newest release.)
#[test]
fn older_facts_pass_nothing() {
    let mut wrong = Vec::new();
    each(|name, document, at| {
        if document["kind"] != "cluster" {
            return;
        }
        let before = verdicts(document, at);
        let now: jiff::Timestamp = at.parse().expect("a time");
        for days in [36_i64, 40, 46, 60, 120, 400] {
            let cut = now - jiff::SignedDuration::from_hours(24 * days);
            let known = scs_k8s_policy::KubernetesFacts::embedded();
            let facts = known.clone().with_releases(known.releases().until(cut));
            let after = by_rule(&shared::checked_with(document, at, Profile::Text, &facts), Profile::Text);
            let settled = |verdict: &Verdict| days > 45 || *verdict == Verdict::Dnf;
            let before: Verdicts = before
                .iter()
                .filter(|(_, was)| settled(was))
                .map(|(rule, was)| (rule.clone(), *was))
                .collect();
            rises(&before, &after, &format!("{name}, facts {days} days old"), &mut wrong);
        }
    });
    none(&wrong);
}

/// Missing facts, one kind at a time.
#[test]
fn missing_facts_pass_nothing() {
    use scs_k8s_policy::{CveRecords, KubernetesFacts};
    let known = KubernetesFacts::embedded();
    let record = r#"[{"cveMetadata": {"cveId": "CVE-2026-1", "datePublished": "2026-10-10T00:00:00Z"},
        "containers": {"cna": {"metrics": [{"cvssV3_1": {"baseScore": 9.8}}],
            "affected": [{"product": "Kubernetes", "versions": [{"version": "1.0.0", "lessThan": "9.0.0", "status": "affected"}]}]}}}]"#;
    let cves = || record.parse::<CveRecords>().expect("records");
    let whole = known.clone().with_cves(cves());
    let less = [
        ("without records of CVEs", known.clone()),
        (
            "without releases",
            KubernetesFacts::default().with_ends_of_life(known.ends_of_life().clone()).with_cves(cves()),
        ),
        (
            "without ends of life",
            KubernetesFacts::default().with_releases(known.releases().clone()).with_cves(cves()),
        ),
        ("without any", KubernetesFacts::default()),
    ];
    let mut wrong = Vec::new();
    each(|name, document, at| {
        if document["kind"] != "cluster" {
            return;
        }
        let before = by_rule(&shared::checked_with(document, at, Profile::Text, &whole), Profile::Text);
        for (how, facts) in &less {
            let after = by_rule(&shared::checked_with(document, at, Profile::Text, facts), Profile::Text);
            rises(&before, &after, &format!("{name}, {how}"), &mut wrong);
        }
    });
    none(&wrong);
}
