//! Every part of both inventories as the first page of a longer list: rules that need the whole list are DNF, and failures stay failures.

#![expect(clippy::expect_used, reason = "helpers of tests fail as tests do")]

use std::collections::{BTreeMap, BTreeSet};

use scs_registry::explain::{Topic, explain, rules_without};
use scs_registry::{Inventory, Kind, ScopeChoice, check_inventory};
use scs_standards::{Context, Verdict};
use serde_json::{Value, json};

fn example(name: &str) -> Value {
    let path = format!("{}/../examples/data/{name}.yaml", env!("CARGO_MANIFEST_DIR"));
    serde_saphyr::from_str(&std::fs::read_to_string(path).expect("the example")).expect("YAML")
}

type Answers = BTreeMap<(String, String), Verdict>;

fn answers(inventory: &Value, at: &str) -> Answers {
    let inventory: Inventory = inventory.to_string().parse().expect("an inventory");
    let mut choice = ScopeChoice::default();
    choice.include_drafts = true;
    let context = Context::at(at.parse().expect("a time"));
    let report = check_inventory(&inventory, &choice, &context).expect("a report");
    report.rules.iter().map(|it| ((it.rule.to_string(), it.document.to_string()), it.result)).collect()
}

/// The list of a part, however it is wrapped, below the key of the API.
fn page(part: &Value, key: &str, says: &Value) -> Value {
    let entries = match part {
        Value::Array(_) => part.clone(),
        Value::Object(map) => map.get(key).or_else(|| map.get("items")).cloned().expect("a list"),
        _ => Value::Null,
    };
    let mut page = json!({ key: entries });
    page.as_object_mut().expect("a mapping").extend(says.as_object().expect("a mapping").clone());
    page
}

const CLOUD: [(&str, &str); 12] = [
    ("flavors", "flavors"),
    ("images", "images"),
    ("volume_types", "volume_types"),
    ("volume_type_encryption", "encryption"),
    ("services", "catalog"),
    ("role_list", "roles"),
    ("default_security_group_rules", "default_security_group_rules"),
    ("networks", "networks"),
    ("subnets", "subnets"),
    ("subnet_pools", "subnetpools"),
    ("extensions", "extensions"),
    ("patch_log", "patch_log"),
];

const CLUSTER: [&str; 8] = [
    "nodes",
    "storage_classes",
    "persistent_volumes",
    "namespaces",
    "pods",
    "daemon_sets",
    "ingress_classes",
    "network_policies",
];

/// Parts with rules that are satisfied by one entry, so that further entries would not matter.
const EXISTENCE_IS_ENOUGH: [&str; 4] = ["role_list", "extensions", "daemon_sets", "ingress_classes"];

fn compare(name: &str, part: &str, says: &Value, whole: &Answers, paged: &Answers) {
    let mut unfinished = 0;
    for (rule, verdict) in whole {
        let after = paged[rule];
        match verdict {
            Verdict::Pass => assert!(after != Verdict::Miss, "{name}, {part}, {says}: {rule:?} is {after}"),
            before => assert!(
                after == *before || after == Verdict::Dnf && *before != Verdict::Fail,
                "{name}, {part}, {says}: {rule:?} was {before} and is {after}"
            ),
        }
        unfinished += usize::from(after == Verdict::Dnf && *verdict == Verdict::Pass);
    }
    assert!(
        unfinished > 0 || EXISTENCE_IS_ENOUGH.contains(&part),
        "{name}, {part}, {says}: nothing that passed is DNF"
    );
}

#[test]
fn a_page_of_a_part_of_a_cloud() {
    let at = "2026-11-24T00:00:00Z";
    let whole = answers(&example("conformant-cloud"), at);
    for (part, key) in CLOUD {
        let links = format!("{key}_links");
        for says in [
            json!({"next": "/v2/images?marker=7"}),
            json!({links.as_str(): [{"rel": "next", "href": "https://cloud.example/?marker=7"}]}),
            json!({"links": {"self": "x", "next": "y", "previous": null}}),
            json!({"marker": "7c1e"}),
        ] {
            let mut inventory = example("conformant-cloud");
            inventory[part] = page(&inventory[part], key, &says);
            compare("cloud", part, &says, &whole, &answers(&inventory, at));
        }
        // A complete list in the same form does not change the result.
        let mut inventory = example("conformant-cloud");
        inventory[part] = page(&inventory[part], key, &json!({"next": null, "links": {"next": null}}));
        assert_eq!(answers(&inventory, at), whole, "{part}");
    }
}

#[test]
fn a_page_of_a_part_of_a_cluster() {
    let at = "2026-10-20T00:00:00Z";
    let whole = answers(&example("conformant-cluster"), at);
    for part in CLUSTER {
        for says in [
            json!({"metadata": {"continue": "eyJ2IjoibWV0YS5rOHMuaW8vdjEi", "remainingItemCount": 57}}),
            json!({"metadata": {"continue": "eyJ2IjoibWV0YS5rOHMuaW8vdjEi"}}),
            json!({"metadata": {"remainingItemCount": 57}}),
        ] {
            let mut inventory = example("conformant-cluster");
            inventory[part] = page(&inventory[part], "items", &says);
            compare("cluster", part, &says, &whole, &answers(&inventory, at));
        }
        let mut inventory = example("conformant-cluster");
        inventory[part] = page(&inventory[part], "items", &json!({"metadata": {"resourceVersion": "7"}}));
        assert_eq!(answers(&inventory, at), whole, "{part}");
    }
}

#[test]
fn a_wrong_entry_on_the_first_page_fails() {
    let at = "2026-11-24T00:00:00Z";
    let mut inventory = example("conformant-cloud");
    let mut flavors = page(&inventory["flavors"], "flavors", &json!({"next": "x"}));
    flavors["flavors"]
        .as_array_mut()
        .expect("a list")
        .push(json!({"name": "SCS-2iT-4", "vcpus": 2, "ram": 4096}));
    inventory["flavors"] = flavors;
    let answers = answers(&inventory, at);
    let verdict = |rule: &str| answers.iter().find(|((id, _), _)| *id == rule).map(|(_, verdict)| *verdict);
    assert_eq!(verdict("scs-0100-syntax-check"), Some(Verdict::Fail));
}

/// The rules that a whole inventory does not decide without a part are among those that are said to need it. More may need it:
/// the whole inventory proves some rules in two ways, and the older version of a document is not asked.
#[test]
fn rules_without_a_part_are_dnf() {
    let at = "2026-10-20T00:00:00Z";
    let whole = answers(&example("conformant-cluster"), at);
    for part in CLUSTER {
        let mut inventory = example("conformant-cluster");
        inventory[part] = json!({"unavailable": "denied"});
        let known = rules_without(Kind::Cluster, part);
        let answers = answers(&inventory, at);
        let is_lost = |(key, verdict): &(&(String, String), &Verdict)| {
            **verdict == Verdict::Dnf && whole.get(*key) == Some(&Verdict::Pass)
        };
        let lost: BTreeSet<&str> =
            answers.iter().filter(is_lost).map(|((rule, _), _)| rule.as_str()).collect();
        let known: BTreeSet<&str> = known.iter().map(|rule| rule.id).collect();
        assert!(known.is_superset(&lost), "{part}: {:?}", lost.difference(&known));
        assert!(!lost.is_empty() || known.len() < 2, "{part}: {known:?}");
    }
}

/// Whatever a probe finds, it changes only the answers of the rules that it is said to answer.
#[test]
fn probes_answer_only_their_rules() {
    let outcome = |outcome: &str| json!({"outcome": outcome, "at": "2026-10-20T00:00:00Z"});
    for (example_name, at, probes) in [
        (
            "conformant-cloud",
            "2026-11-24T00:00:00Z",
            &["key-manager", "backup", "s3", "vm", "security-group"][..],
        ),
        ("conformant-cluster", "2026-10-20T00:00:00Z", &["pvc", "pod-security", "network-policy"]),
    ] {
        let inventory = example(example_name);
        for probe in probes {
            let explanation = explain(probe, "2026-11-24".parse().expect("a day")).expect("a probe");
            let topic = explanation.topics.iter().find_map(|topic| match topic {
                Topic::Probe(probe) => Some(probe.clone()),
                _ => None,
            });
            let topic = topic.expect("a probe");
            let with = |part: Option<Value>| {
                let mut inventory = inventory.clone();
                let parts = inventory.as_object_mut().expect("a mapping");
                match part {
                    Some(part) => parts.insert(topic.part.clone(), part),
                    None => parts.remove(&topic.part),
                };
                answers(&inventory, at)
            };
            let mut parts = vec![None, Some(json!({"unavailable": "denied"})), Some(json!([]))];
            parts.extend(["ok", "failed", "refused", "absent"].map(|it| Some(outcome(it))));
            parts.push(Some(json!({"labeled": outcome("failed"), "unlabeled": outcome("failed")})));
            let usual = with(inventory.get(&topic.part).cloned());
            let mut changed = BTreeSet::new();
            for answers in parts.into_iter().map(with) {
                let is_other =
                    |(key, verdict): &(&(String, String), &Verdict)| usual.get(*key) != Some(*verdict);
                changed.extend(answers.iter().filter(is_other).map(|((rule, _), _)| rule.clone()));
            }
            let known: BTreeSet<String> = topic.rules.iter().map(|rule| rule.id.clone()).collect();
            assert!(changed.is_subset(&known), "{probe}: {changed:?}, but {known:?}");
        }
    }
}
