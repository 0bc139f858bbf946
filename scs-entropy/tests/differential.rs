//! Compares the official functions for console output with ours under the profile `official`, for many generated outputs.
//!
//! Runs if `SCS_OFFICIAL_DIR` names a checkout of the official repository and `python3` is installed. There are no known
//! differences, so any difference fails.

#![expect(clippy::expect_used, reason = "helpers of tests fail as tests do")]

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

use scs_benches::Random;
use scs_entropy::{ENTROPY_DOCUMENTS, EntropyEvidence, check_entropy, entropy_test_case};
use scs_standards::{Context, Declarations, Profile};
use serde_json::Value;

const CONSOLES: usize = 20_000;
const CASES: [&str; 2] = ["scs-0101-entropy-avail", "scs-0101-fips-test"];

fn ours(console: &str) -> BTreeMap<&'static str, &'static str> {
    let declarations = Declarations::default();
    let at = "2026-11-24T00:00:00Z".parse().expect("a time");
    let context = Context { at, profile: Profile::Official, declarations: &declarations };
    let evidence = EntropyEvidence::default().with_console_part(&Value::from(console).to_string());
    let answers = check_entropy(&evidence, &context, &ENTROPY_DOCUMENTS);
    let verdict = |case| entropy_test_case(case).and_then(|case| case.verdict(&answers)).expect("a verdict");
    CASES.into_iter().map(|case| (case, verdict(case).name())).collect()
}

fn official(directory: &str, consoles: &[String]) -> Vec<BTreeMap<String, String>> {
    let driver = Path::new(env!("CARGO_MANIFEST_DIR")).join("../benches/python/official_entropy.py");
    let mut python = Command::new("python3")
        .arg(driver)
        .arg(directory)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3");
    let mut input = python.stdin.take().expect("its input");
    let lines: Vec<String> =
        consoles.iter().map(|console| Value::from(console.as_str()).to_string() + "\n").collect();
    let feeder = thread::spawn(move || lines.iter().try_for_each(|line| input.write_all(line.as_bytes())));
    let output = python.wait_with_output().expect("its output");
    feeder.join().expect("a thread").expect("python3 reads all");
    let output = String::from_utf8(output.stdout).expect("text");
    output.lines().map(|line| serde_json::from_str(line).expect("verdicts")).collect()
}

const BEFORE: [&str; 12] = [
    "",
    "",
    "",
    "[   70.439502] cloud-init[513]: ",
    "x",
    "\u{1b}[0m",
    "awk '$0=\"",
    "echo '",
    " ",
    "é ",
    "\0",
    "_scs-test-rngd: x ",
];
const SECTIONS: [&str; 12] = [
    "entropy-avail:",
    "entropy-avail:",
    "entropy-avail:",
    "fips-test:",
    "fips-test:",
    "fips-test:",
    "fips-test:",
    "entropy-avail :",
    "rngd:",
    "end",
    "fips-test",
    ":",
];
const TEXTS: [&str; 30] = [
    " ٢٥٦",
    " ２５6",
    " ²56",
    " failures: ٣",
    " failures: 𝟎𝟗",
    " failures: ⁵",
    " 256",
    "256",
    " 256 ",
    "\t256",
    "  0256",
    " 255",
    " 256\0",
    " 256\u{1b}[0m",
    "",
    " ",
    " \"$0'",
    " 3841",
    " rngtest: FIPS 140-2 failures:",
    " failures:\t3",
    " failures:5",
    " failures:\u{a0}5",
    " failures: 03",
    " failures: x failures: 2",
    " rngtest: not found",
    " 5",
    " 7 failures: 6",
    " failures: 1_scs-test-fips-test: 9",
    "\u{1f}256\u{1f}",
    " failures:\u{1f}2",
];
const ENDS: [&str; 12] =
    ["\n", "\n", "\n", "\n", "\r\n", "\r", "\u{b}", "\u{c}", "\u{1c}", "\u{85}", "\u{2028}", "\u{1e}"];

/// Console output with some lines, most of them slightly odd.
fn console(random: &mut Random) -> String {
    let mut text = String::new();
    for _ in 0..random.below(7) {
        text.push_str(random.pick(&BEFORE));
        if random.percent(90) {
            text.push_str("_scs-test-");
        }
        text.push_str(random.pick(&SECTIONS));
        match random.below(3) {
            0 => text.push_str(random.pick(&TEXTS)),
            1 => text.extend([" rngtest: FIPS 140-2 failures: ", &random.below(9).to_string()]),
            _ => text.extend([" rngtest: FIPS 140-2 successes: ", &(990 + random.below(15)).to_string()]),
        }
        text.push_str(random.pick(&ENDS));
    }
    if random.percent(2) {
        let digits = [4_299, 4_300, 4_301][random.below(3)];
        text.extend(["_scs-test-fips-test: failures: ", &"0".repeat(digits), "\n"]);
    }
    if random.percent(70) {
        text.push_str("_scs-test-end");
    }
    text
}

#[test]
fn verdicts_match_the_official_suite() {
    let Ok(directory) = std::env::var("SCS_OFFICIAL_DIR") else {
        println!("skipped: SCS_OFFICIAL_DIR names no checkout of the official repository");
        return;
    };
    let mut random = Random::new(0x0101);
    let consoles: Vec<String> = (0..CONSOLES).map(|_| console(&mut random)).collect();
    let answers = official(&directory, &consoles);
    assert_eq!(answers.len(), consoles.len());
    let mut counts: BTreeMap<(&str, String), u32> = BTreeMap::new();
    let mut differences = Vec::new();
    for (console, official) in consoles.iter().zip(&answers) {
        for (case, verdict) in ours(console) {
            let theirs = official.get(case).expect("a case of the suite");
            *counts.entry((case, theirs.clone())).or_default() += 1;
            if theirs != verdict {
                differences.push(format!("{case}: {theirs}, ours {verdict}: {console:?}"));
            }
        }
    }
    println!(
        "{} verdicts over {CONSOLES} consoles, {} differences: {counts:?}",
        2 * CONSOLES,
        differences.len()
    );
    assert_eq!(counts.len(), 6, "each verdict of each case is there");
    assert!(differences.is_empty(), "{}", differences.iter().take(8).cloned().collect::<Vec<_>>().join("\n"));
}
