//! Compares the official check of a cluster's version with ours in the profile `official`, for many generated clusters.
//!
//! Requires `SCS_OFFICIAL_DIR`, a checkout of the official repository, and `python3` with `PyYAML`. Known differences are in
//! `data/differential.json`, each with its reason; unlisted differences and unused entries fail.

#![expect(clippy::expect_used, reason = "helpers of tests fail as tests do")]

use std::collections::BTreeMap;
use std::path::Path;

use jiff::{Timestamp, ToSpan};
use scs_benches::{Random, foreign_digits, python, rearranged};
use scs_k8s_policy::{Cluster, CveRecords, EndsOfLife, KubernetesFacts, Releases, k8s_rules};
use scs_standards::{Context, Declarations, Given, Profile};
use serde_json::{Value, json};

const CLUSTERS: usize = 12_000;
const START: &str = "2024-03-01T00:00:00Z";

fn one_of<T: Clone>(random: &mut Random, choices: &[T]) -> T {
    choices[random.below(choices.len())].clone()
}

fn day(days: i64) -> Timestamp {
    let start: Timestamp = START.parse().expect("a time");
    start.checked_add((24 * days).hours()).expect("a time")
}

/// To the second, around the limits of two weeks and 31 days.
fn published(random: &mut Random, at: Timestamp) -> String {
    let days: i64 = one_of(random, &[0, 1, 2, 13, 14, 14, 15, 27, 28, 29, 30, 31, 31, 32, 60]);
    let seconds: i64 = one_of(random, &[0, 0, 1, 3600, 80_000]);
    let time = at.checked_sub((24 * days).hours()).and_then(|time| time.checked_sub(seconds.seconds()));
    time.expect("a time").strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn release(random: &mut Random, at: Timestamp) -> Value {
    let (minor, patch) = (27 + random.below(4), random.below(8));
    let tag = match random.below(60) {
        0 => "nightly".to_owned(),
        1 => format!("v1.{minor}.0-rc.{patch}"),
        _ => format!("v1.{minor}.{patch}"),
    };
    let is_before = tag.contains("rc");
    let published = if random.below(80) == 0 { Value::Null } else { json!(published(random, at)) };
    json!({"tag_name": tag, "published_at": published, "draft": random.below(40) == 0, "prerelease": is_before || random.below(40) == 0})
}

fn versions(random: &mut Random) -> Value {
    let minor = 27 + random.below(4);
    let version = |random: &mut Random| format!("1.{minor}.{}", random.below(8));
    let text = version(random);
    let text = if random.percent(3) { foreign_digits(random, &text) } else { text };
    match random.below(30) {
        0 => json!({"version": format!("1.{minor}.x"), "status": "affected"}),
        1 => json!({"version": "n/a", "status": "affected"}),
        2 => json!({"version": format!("<= v{text}"), "status": "affected"}),
        3 => json!({"version": format!("prior to v{text}"), "status": "affected"}),
        4 => json!({"version": format!("v{text} - v{}", version(random)), "status": "affected"}),
        5 => json!({"version": text, "lessThan": "1.2", "status": "affected"}),
        6 => json!({"version": text, "status": one_of(random, &["affected", "unaffected", "unknown"])}),
        7 => json!({"version": "unspecified", "lessThan": text, "status": "affected"}),
        8 => json!({"version": "0", "lessThanOrEqual": text, "status": "affected", "versionType": "semver"}),
        9 => json!({"version": text, "lessThanOrEqual": version(random), "status": "affected"}),
        _ => {
            json!({"version": format!("1.{}.0", 27 + random.below(4)), "lessThan": text, "status": "affected"})
        }
    }
}

fn record(random: &mut Random) -> Value {
    let score = one_of(random, &[7.9, 8.0, 8.8, 9.8, 3.1]);
    let metrics = match random.below(25) {
        0 => json!([]),
        1 => json!([{"other": {"type": "none", "content": {}}}]),
        2 => json!([{"cvssV4_0": {"baseScore": score}}]),
        3 => json!([{"cvssV2_0": {"baseScore": score}, "format": {}}]),
        4 => json!([{"cvssV3_1": {"vectorString": "CVSS:3.1"}}]),
        _ => json!([{"cvssV3_1": {"baseScore": score}}]),
    };
    let product = one_of(random, &["Kubernetes", "Kubernetes", "Kubernetes", "kubelet", "ingress-nginx"]);
    let entries: Vec<Value> = (0..=random.below(2)).map(|_| versions(random)).collect();
    let mut container = json!({"metrics": metrics, "affected": [{"product": product, "versions": entries}]});
    if random.below(15) == 0
        && let Some(mapping) = container.as_object_mut()
    {
        mapping.remove("metrics");
    }
    json!({"cveMetadata": {"cveId": format!("CVE-2024-{}", random.below(9999)), "datePublished": "2024-01-01T00:00:00Z"},
           "containers": {"cna": container}})
}

fn document(random: &mut Random) -> Value {
    let at = day(i64::try_from(random.below(200)).expect("a number"));
    let version = format!("v1.{}.{}", 26 + random.below(6), random.below(8));
    let vendor = one_of(
        random,
        &[
            "",
            "",
            "",
            "",
            "",
            "",
            "",
            "",
            "",
            "",
            "",
            "+k3s1",
            "+k3s1",
            "+k3s1",
            "+rke2r1",
            "-gke.100",
            "-eks-a5df82a",
            "-rc.1",
            "-alpha.2+x",
        ],
    );
    let releases: Vec<Value> = (0..random.below(7)).map(|_| release(random, at)).collect();
    let cves: Vec<Value> = (0..random.below(3)).map(|_| record(random)).collect();
    let (releases, cves) = (rearranged(random, releases), rearranged(random, cves));
    let end = |random: &mut Random| {
        let end = day(i64::try_from(random.below(260)).expect("a number")).strftime("%Y-%m-%d").to_string();
        one_of(
            random,
            &[
                end.clone(),
                end,
                at.strftime("%Y-%m-%d").to_string(),
                "2026-06-28".to_owned(),
                "2026-06-28".to_owned(),
            ],
        )
    };
    let eol: Vec<Value> = (27..30 + random.below(2))
        .map(|minor| json!({"branch": format!("1.{minor}"), "end-of-life": end(random)}))
        .collect();
    let eol = rearranged(random, eol);
    let version = format!("{version}{vendor}");
    let version = if random.percent(3) { foreign_digits(random, &version) } else { version };
    json!({"version": version, "at": at.as_second(), "releases": releases, "cves": cves, "eol": eol})
}

fn ours(document: &Value) -> String {
    let releases: Releases = document["releases"].to_string().parse().expect("releases");
    let ends: EndsOfLife = document["eol"].to_string().parse().expect("ends of life");
    let cves: CveRecords = document["cves"].to_string().parse().expect("records");
    let facts = KubernetesFacts::default().with_releases(releases).with_ends_of_life(ends).with_cves(cves);
    let version = json!({"gitVersion": document["version"]}).to_string();
    let cluster =
        Cluster::read(|part| if part == "version" { Given::Data(version.as_str()) } else { Given::Missing });
    let declarations = Declarations::default();
    let at = Timestamp::from_second(document["at"].as_i64().expect("a time")).expect("a time");
    let context = Context { at, profile: Profile::Official, declarations: &declarations };
    let rule = k8s_rules().find(|rule| rule.id == "version-policy-check").expect("the rule");
    rule.answer(&cluster.with_facts(facts), &context).verdict.name().to_owned()
}

/// A listed difference: its documents and its reason.
#[derive(serde::Deserialize)]
struct Listed {
    /// A text contained in the version of the cluster.
    #[serde(default)]
    version: String,
    /// Whether it also has non-ASCII characters.
    #[serde(default)]
    foreign: bool,
    official: String,
    ours: String,
    reason: String,
}

#[test]
fn verdicts_match_the_official_check() {
    let Ok(official) = std::env::var("SCS_OFFICIAL_DIR") else {
        println!("skipped: SCS_OFFICIAL_DIR is not set");
        return;
    };
    let mut random = Random::new(0x0210);
    let documents: Vec<Value> = (0..CLUSTERS).map(|_| document(&mut random)).collect();
    let texts: Vec<String> = documents.iter().map(Value::to_string).collect();
    let driver = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/official.py");
    let theirs = python::answers(&driver, &[&official], &texts).expect("the official answers");
    assert_eq!(theirs.len(), documents.len());
    let listed: Vec<Listed> =
        serde_json::from_str(include_str!("data/differential.json")).expect("the listed differences");
    assert!(listed.iter().all(|entry| !entry.reason.is_empty()), "an entry without a reason");
    let mut seen = vec![0_usize; listed.len()];
    let mut unlisted = Vec::new();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for ((document, text), theirs) in documents.iter().zip(&texts).zip(&theirs) {
        *counts.entry(theirs.as_str()).or_default() += 1;
        let ours = ours(document);
        if ours == *theirs {
            continue;
        }
        let version = document["version"].as_str().unwrap_or_default();
        let entry = listed.iter().position(|it| {
            version.contains(&it.version)
                && (!it.foreign || !version.is_ascii())
                && it.official == *theirs
                && it.ours == ours
        });
        match entry {
            Some(entry) => seen[entry] += 1,
            None => unlisted.push(format!("official {theirs}, ours {ours}: {text}")),
        }
    }
    println!(
        "{CLUSTERS} clusters, {counts:?}; {} unlisted differences, listed ones seen {seen:?}",
        unlisted.len()
    );
    assert!(
        unlisted.is_empty(),
        "{}\n…{} in all",
        unlisted[..unlisted.len().min(5)].join("\n"),
        unlisted.len()
    );
    assert!(seen.iter().all(|count| *count > 0), "listed differences that do not occur: {seen:?}");
}
