//! Compares results with a record: verdicts, findings and fixes of the examples, of real clouds and clusters, and of mutations of
//! the examples, under both profiles. Messages are not part of it, so that they can be reworded.
//!
//! A line of a record has the verdict, the number of findings by result, and a digest of everything. To see differences, run the test
//! on both versions with `SCS_GOLDEN_DUMP=DIR` and compare the directories. `SCS_GOLDEN_WRITE=1` rewrites the record.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "helpers of tests fail as tests do"
)]

#[path = "../shared/mod.rs"]
mod shared;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use fastrand::Rng;
use scs_registry::{Report, VersionReport};
use scs_standards::{Fix, Profile, Way};
use serde_json::{Value, json};

use shared::{Base, Pool, bases, checked, mutate};

/// Mutations of each example.
const MUTATIONS: usize = 100;
const DATES: [&str; 3] = ["2025-11-24T00:00:00Z", "2026-06-01T00:00:00Z", "2026-11-24T00:00:00Z"];

/// All data of a report without messages.
fn document(report: &Report) -> Value {
    let way = |way: &Way| json!({"command": way.command, "edits": way.edits, "destructive": way.destructive});
    let fix = |fix: &Fix| match fix {
        Fix::Safe(only) => json!({"safe": way(only)}),
        Fix::Choose { ways, .. } => json!({"choose": ways.iter().map(way).collect::<Vec<_>>()}),
        Fix::Advice(_) => json!("advice"),
    };
    let answers: Vec<Value> = report
        .rules
        .iter()
        .map(|row| {
            let findings: Vec<Value> = report
                .findings_of(row)
                .map(|it| {
                    json!({"subject": it.subject, "result": it.result, "severity": it.severity, "cause": it.cause,
                           "decides": it.decides, "other": it.other_profile, "fix": it.fix.as_ref().map(fix)})
                })
                .collect();
            json!({"rule": row.rule, "document": row.document, "verdict": row.result, "findings": findings})
        })
        .collect();
    // The results of a version; the answers are listed separately.
    let version = |(name, version): (&String, &VersionReport)| {
        let mut value = serde_json::to_value(version).expect("JSON");
        for key in ["documents", "rules"] {
            value.as_object_mut().expect("an object").shift_remove(key);
        }
        json!([name, value])
    };
    let versions: Vec<Value> = report.versions.iter().map(version).collect();
    json!({"verdict": report.verdict, "versions": versions, "answers": answers})
}

/// FNV-1a, which does not depend on the version of the compiler.
fn digest(text: &str) -> String {
    let digest = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |digest, byte| {
        (digest ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)
    });
    format!("{digest:016x}")
}

/// The line of a check.
fn line(name: &str, report: &Report) -> String {
    let text = serde_json::to_string_pretty(&document(report)).expect("JSON");
    if let Some(directory) = std::env::var_os("SCS_GOLDEN_DUMP").map(PathBuf::from) {
        std::fs::create_dir_all(&directory).expect("a directory");
        let file = format!("{}.json", name.replace(['/', ' ', ':'], "_"));
        std::fs::write(directory.join(file), &text).expect("a file");
    }
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for finding in &report.findings {
        *counts.entry(finding.result.to_string()).or_default() += 1;
    }
    let counts: Vec<String> = counts.iter().map(|(result, count)| format!("{result} {count}")).collect();
    format!("{name}: {} ({}) {}", report.verdict, counts.join(", "), digest(&text))
}

/// The unchanged bases, at several dates and under both profiles.
fn plain(bases: &[Base]) -> Vec<String> {
    let mut lines = Vec::new();
    for base in bases {
        for profile in Profile::ALL {
            for at in DATES.iter().chain([&base.at]) {
                let name = format!("{} {profile} {}", base.name, &at[..10]);
                lines.push(line(&name, &checked(&base.document, at, profile)));
            }
        }
    }
    lines.sort();
    lines.dedup();
    lines
}

/// Seeded mutations of the bases, each base in a thread.
fn mutated(bases: &[Base], pool: &Pool) -> Vec<String> {
    std::thread::scope(|scope| {
        let workers: Vec<_> =
            bases.iter().map(|base| scope.spawn(move || mutations_of(base, pool))).collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("a worker")).collect()
    })
}

fn mutations_of(base: &Base, pool: &Pool) -> Vec<String> {
    let mut lines = Vec::new();
    let mut rng = Rng::with_seed(0x0016);
    for number in 0..MUTATIONS {
        let mut document = base.document.clone();
        mutate(&mut rng, &mut document, pool);
        for profile in Profile::ALL {
            let name = format!("{} {profile} mutation {number:03}", base.name);
            lines.push(line(&name, &checked(&document, base.at, profile)));
            // Each at one more date, in turn.
            let at = DATES[number % DATES.len()];
            lines.push(line(&format!("{name} {}", &at[..10]), &checked(&document, at, profile)));
        }
    }
    lines
}

#[track_caller]
fn compare(file: &str, lines: &[String]) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(file);
    if std::env::var_os("SCS_GOLDEN_WRITE").is_some() {
        std::fs::write(&path, lines.join("\n") + "\n").expect("a file");
        println!("{file} is written: {} checks", lines.len());
        return;
    }
    let known = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let known: Vec<&str> = known.lines().collect();
    let differing: Vec<String> = lines
        .iter()
        .zip(&known)
        .filter(|(now, before)| now != before)
        .map(|(now, before)| format!("was {before}\n is {now}"))
        .collect();
    assert_eq!(lines.len(), known.len(), "{file}: how many checks there are");
    let shown = &differing[..differing.len().min(20)];
    assert!(differing.is_empty(), "{file}: {} checks differ\n{}", differing.len(), shown.join("\n"));
    println!("{file}: {} checks as before", lines.len());
}

#[test]
fn examples_are_answered_as_before() {
    let (bases, _) = bases();
    let (examples, real): (Vec<Base>, Vec<Base>) = bases
        .into_iter()
        .partition(|base| Path::new(&base.name).extension().is_some_and(|end| end == "yaml"));
    compare("examples.txt", &plain(&examples));
    // Responses of real clouds and clusters are not available everywhere.
    if !real.is_empty() {
        compare("real-world.txt", &plain(&real));
    }
    // Only names in the examples, so that mutations are the same everywhere.
    let flavors = examples.iter().filter_map(|base| base.document["flavors"].as_array()).flatten();
    let pool = Pool { names: flavors.filter_map(|it| Some(it["name"].as_str()?.to_owned())).collect() };
    compare("mutations.txt", &mutated(&examples, &pool));
}
