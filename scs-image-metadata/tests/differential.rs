//! Compares the official test cases for images with ours under the profile `official`, for many generated lists.
//!
//! Runs if `SCS_OFFICIAL_DIR` names a checkout of the official repository and `python3` is installed. One difference is
//! intentional: if an official function fails with an error for one image, the whole case is DNF, while ours can still FAIL for
//! another image. Others are listed in `data/differential.json`, each with its reason; an unlisted one fails, and
//! so does an unused entry.

#![expect(clippy::expect_used, reason = "helpers of tests fail as tests do")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use scs_benches::{Random, foreign_digits, python, rearranged, wild_image_list};
use scs_image_metadata::{ImageList, ImageSet, check_images, image_test_cases};
use scs_standards::{Context, Declarations, DocumentId, Profile, Verdict};
use serde_json::Value;

const LISTS: usize = 6000;
const AT: &str = "2026-11-24T00:00:00Z";
/// The time in seconds.
const NOW: &str = "1795478400";

/// Test case, verdict of the suite, our verdict.
type Difference = (String, String, String);

/// The listed differences with their reasons.
fn listed() -> BTreeMap<Difference, String> {
    let entries: Vec<[String; 4]> =
        serde_json::from_str(include_str!("data/differential.json")).expect("a list of differences");
    entries.into_iter().map(|[case, official, ours, reason]| ((case, official, ours), reason)).collect()
}

fn ours(list: &str) -> BTreeMap<&'static str, Verdict> {
    let declarations = Declarations::default();
    let context =
        Context { at: AT.parse().expect("a time"), profile: Profile::Official, declarations: &declarations };
    let set = ImageSet::from(list.parse::<ImageList>().expect("images"));
    let answers = check_images(&set, &context, &[DocumentId::version(102, 1), DocumentId::version(104, 1)]);
    image_test_cases().map(|case| (case.id, case.verdict(&answers).expect("its rule was asked"))).collect()
}

/// A list of images; in some lists, entries are rearranged and texts have digits of other scripts.
fn list(random: &mut Random) -> String {
    let mut list: Value = serde_json::from_str(&wild_image_list(random)).expect("images");
    if let Value::Array(images) = list["images"].take() {
        list["images"] = rearranged(random, images).into();
    }
    if random.percent(30) {
        for image in list["images"].as_array_mut().expect("a list") {
            for value in image.as_object_mut().expect("an image").values_mut() {
                if random.percent(8)
                    && let Value::String(text) = value
                {
                    *text = foreign_digits(random, text);
                }
            }
        }
    }
    list.to_string()
}

fn official(directory: &str, lists: &[String]) -> Vec<BTreeMap<String, String>> {
    let driver = Path::new(env!("CARGO_MANIFEST_DIR")).join("../benches/python/official_images.py");
    let lines = python::answers(&driver, &[directory, "-", NOW], lists).expect("the driver answers");
    lines.iter().map(|line| serde_json::from_str(line).expect("verdicts")).collect()
}

#[test]
fn verdicts_match_the_official_suite() {
    let Ok(directory) = std::env::var("SCS_OFFICIAL_DIR") else {
        println!("skipped: SCS_OFFICIAL_DIR names no checkout of the official repository");
        return;
    };
    let mut random = Random::new(0x0102_0104);
    let lists: Vec<String> = (0..LISTS).map(|_| list(&mut random)).collect();
    let answers = official(&directory, &lists);
    assert_eq!(answers.len(), lists.len());
    let listed = listed();
    let (mut compared, mut seen, mut unlisted) = (0_u32, BTreeSet::new(), Vec::new());
    for (list, official) in lists.iter().zip(&answers) {
        for (case, verdict) in ours(list) {
            compared += 1;
            let theirs = official.get(case).expect("a case of the suite");
            let stumbled = theirs == "DNF" && matches!(verdict, Verdict::Fail | Verdict::Miss);
            if *theirs == verdict.name() || stumbled {
                continue;
            }
            let difference = (case.to_owned(), theirs.clone(), verdict.to_string());
            if listed.contains_key(&difference) {
                seen.insert(difference);
            } else {
                unlisted.push(format!("{case}: {theirs}, ours {verdict}: {list}"));
            }
        }
    }
    let stale: Vec<_> = listed.keys().filter(|difference| !seen.contains(*difference)).collect();
    println!(
        "{compared} verdicts over {LISTS} lists: {} unlisted differences, {} of {} listed ones seen",
        unlisted.len(),
        seen.len(),
        listed.len()
    );
    let mut by_case: BTreeMap<&str, usize> = BTreeMap::new();
    for line in &unlisted {
        *by_case.entry(line.split(": {").next().unwrap_or_default()).or_default() += 1;
    }
    assert!(
        unlisted.is_empty(),
        "{by_case:#?}\n{}",
        unlisted.iter().take(4).cloned().collect::<Vec<_>>().join("\n")
    );
    assert!(stale.is_empty(), "listed, and not seen: {stale:?}");
}
