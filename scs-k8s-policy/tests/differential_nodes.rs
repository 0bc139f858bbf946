//! Compares the official script for the distribution of nodes with ours in the profile `official`, for the scenarios in its
//! tests and many generated clusters.
//!
//! Requires `SCS_OFFICIAL_DIR`, a checkout of the official repository that still has the retired script in `Tests/kaas`, and
//! `python3` (with `PyYAML` for the scenarios). Known differences are in `data/differential_nodes.json`, each with its
//! reason; unlisted differences and unused entries fail.

#![expect(clippy::expect_used, reason = "helpers of tests fail as tests do")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use scs_benches::{Random, python, rearranged};
use scs_k8s_policy::{Cluster, k8s_rules, k8s_test_case};
use scs_standards::{Answer, Context, Declarations, Given, Profile, Verdict};
use serde_json::{Map, Value, json};

const CLUSTERS: usize = 6000;
const CASE: &str = "node-distribution-check";
const AT: &str = "2026-11-24T00:00:00Z";

fn driver() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/nodes.py")
}

/// The labels of the nodes of a cluster.
fn cluster(random: &mut Random) -> Vec<Value> {
    const KEYS: [&str; 9] = [
        "topology.kubernetes.io/zone",
        "topology.kubernetes.io/zone",
        "topology.kubernetes.io/zone",
        "topology.kubernetes.io/region",
        "topology.kubernetes.io/region",
        "topology.kubernetes.io/region",
        "topology.scs.community/host-id",
        "failure-domain.beta.kubernetes.io/zone",
        "kubernetes.io/hostname",
    ];
    // Some clusters are complete, like most.
    let lacking = random.percent(50);
    let nodes = (0..random.below(8))
        .map(|_| {
            let mut labels = Map::new();
            for key in KEYS {
                if !lacking || random.percent(70) {
                    labels.insert(key.into(), json!(random.pick(&["a", "b", "c", ""])));
                }
            }
            if random.percent(40) {
                let role = random.pick(&["control-plane", "control-plane", "master", "worker"]);
                labels.insert(format!("node-role.kubernetes.io/{role}"), json!(""));
            }
            Value::Object(labels)
        })
        .collect();
    rearranged(random, nodes)
}

fn ours(labels: &[Value]) -> Verdict {
    let declarations = Declarations::default();
    let context =
        Context { at: AT.parse().expect("a time"), profile: Profile::Official, declarations: &declarations };
    let nodes: Vec<Value> = labels
        .iter()
        .enumerate()
        .map(|(number, labels)| json!({"metadata": {"name": format!("node-{number}"), "labels": labels}}))
        .collect();
    let nodes = Value::Array(nodes).to_string();
    let subject = Cluster::read(|part| match part {
        "nodes" => Given::Data(nodes.as_str()),
        _ => Given::Missing,
    });
    let case = k8s_test_case(CASE).expect("the case");
    let answers: Vec<Answer> = k8s_rules()
        .filter(|rule| rule.test_case == Some(CASE))
        .map(|rule| rule.answer(&subject, &context))
        .collect();
    case.verdict(&answers).expect("its rule was asked")
}

/// The named node lists of the scenarios, and generated ones.
fn lists(directory: &str) -> Vec<(String, Vec<Value>)> {
    let scenarios = python::answers(&driver(), &[directory, "-"], &[]).expect("the driver answers");
    let scenarios = scenarios.iter().map(|line| serde_json::from_str(line).expect("a scenario"));
    let mut random = Random::new(0x0214);
    let generated = (0..CLUSTERS).map(|_| ("generated".to_owned(), cluster(&mut random)));
    scenarios.chain(generated).collect()
}

#[test]
fn verdicts_match_the_official_script() {
    let Ok(directory) = std::env::var("SCS_OFFICIAL_DIR") else {
        println!("skipped: SCS_OFFICIAL_DIR names no checkout of the official repository");
        return;
    };
    let lists = lists(&directory);
    let documents: Vec<String> = lists.iter().map(|(_, nodes)| json!(nodes).to_string()).collect();
    let answers = python::answers(&driver(), &[&directory], &documents).expect("the driver answers");
    assert_eq!(answers.len(), lists.len());
    // Name of the list, verdict of the script, our verdict, and the reason for the difference.
    let listed: Vec<[String; 4]> =
        serde_json::from_str(include_str!("data/differential_nodes.json")).expect("a list of differences");
    let listed: BTreeMap<(String, String, String), String> =
        listed.into_iter().map(|[name, official, ours, reason]| ((name, official, ours), reason)).collect();
    let (mut verdicts, mut seen, mut unlisted) = (BTreeMap::new(), BTreeSet::new(), Vec::new());
    for ((name, nodes), official) in lists.iter().zip(&answers) {
        *verdicts.entry(official.as_str()).or_insert(0_u32) += 1;
        let ours = ours(nodes);
        if ours.name() == official {
            continue;
        }
        let difference = (name.clone(), official.clone(), ours.to_string());
        if listed.contains_key(&difference) {
            seen.insert(difference);
        } else {
            unlisted.push(format!("{name}: {official}, ours {ours}: {}", json!(nodes)));
        }
    }
    let stale: Vec<_> = listed.keys().filter(|difference| !seen.contains(*difference)).collect();
    println!(
        "{} verdicts ({} of scenarios), {verdicts:?}: {} unlisted differences, {} of {} listed ones seen",
        answers.len(),
        answers.len() - CLUSTERS,
        unlisted.len(),
        seen.len(),
        listed.len()
    );
    assert!(answers.len() > CLUSTERS, "no scenarios were found");
    assert!(["PASS", "FAIL"].iter().all(|verdict| verdicts.contains_key(verdict)), "{verdicts:?}");
    assert!(unlisted.is_empty(), "{}", unlisted.iter().take(5).cloned().collect::<Vec<_>>().join("\n"));
    assert!(stale.is_empty(), "listed, and not seen: {stale:?}");
}
