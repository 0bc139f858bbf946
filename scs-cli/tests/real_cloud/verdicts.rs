//! Compares verdicts with those of the official suite for the same cloud, in `test-cloud/official.json`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use ring::digest::{SHA256, digest};
use serde_json::Value;

use crate::cloud::{Cloud, Phase, file, verdicts};

/// Test cases with slow probes, which only run in the good cloud.
const SLOW: [&str; 3] = ["scs-0101-entropy-avail", "scs-0101-fips-test", "scs-0117-test-backup"];
/// Test cases that the suite lists without a function.
const WITHOUT_FUNCTION: [&str; 3] = ["scs-0101-flavor-property", "scs-0101-image-property", "scs-0101-rngd"];

fn test_cloud() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("test-cloud")
}

/// After a change of `test-cloud/seed`, the official suite has to run again: `test-cloud/official`.
#[test]
fn the_official_verdicts_are_about_this_seed() {
    let folder = test_cloud();
    if !folder.is_dir() {
        println!("skipped: test-cloud is not beside this package");
        return;
    }
    let official = file(&folder.join("official.json"));
    let seed = std::fs::read(folder.join("seed")).unwrap();
    let mut hex = String::new();
    for byte in digest(&SHA256, &seed).as_ref() {
        write!(hex, "{byte:02x}").unwrap();
    }
    assert_eq!(
        official["seed_sha256"], hex,
        "test-cloud/seed has changed: run test-cloud/official for every phase"
    );
    assert_eq!(official["commit"].as_str().map(str::len), Some(40));
    for phase in Phase::ALL {
        assert_eq!(official["verdicts"][phase.name()].as_object().unwrap().len(), 88, "{phase:?}");
    }
}

#[test]
fn the_verdicts_are_those_of_the_official_suite() {
    let Some(cloud) = Cloud::in_phase(&Phase::ALL) else { return };
    let official = file(&test_cloud().join("official.json"));
    let official = official["verdicts"][cloud.phase.name()].as_object().unwrap();
    let inventory = cloud.collected_file();
    let check = cloud.check();
    let mut arguments: Vec<&str> = check.iter().map(String::as_str).collect();
    arguments.extend(["--profile", "official", &inventory]);
    let ours = verdicts(&cloud.run(&arguments).json());
    let mut compared = 0;
    let mut differences: BTreeMap<&str, (&str, &Value)> = BTreeMap::new();
    for (id, theirs) in official {
        if theirs == "ABORT" {
            assert!(WITHOUT_FUNCTION.contains(&id.as_str()), "{id}");
            continue;
        }
        let ours = ours.get(id).map_or("nothing", String::as_str);
        if cloud.phase != Phase::Good && SLOW.contains(&id.as_str()) {
            assert_eq!(ours, "MISS", "{id}");
            continue;
        }
        compared += 1;
        if ours != theirs {
            differences.insert(id, (ours, theirs));
        }
    }
    assert!(differences.is_empty(), "ours and theirs: {differences:#?}");
    assert_eq!(compared, if cloud.phase == Phase::Good { 85 } else { 82 });
    println!("{compared} test cases have the verdict of the official suite");
}
