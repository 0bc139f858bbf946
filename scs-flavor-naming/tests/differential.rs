//! Compares the profile `official` with the official parser, which runs as a separate program.
//!
//! Runs if `SCS_OFFICIAL_DIR` names a checkout of the official repository and `python3` is installed:
//!
//! ```text
//! SCS_OFFICIAL_DIR=… cargo test -p scs-flavor-naming --test differential -- --nocapture
//! ```
//!
//! Remaining differences are listed in `data/differential.json` with both answers and the reason. An unlisted difference
//! fails the test, and so does an entry without a difference.

#![expect(clippy::unwrap_used, reason = "a helper fails as the test would")]

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

use scs_benches::{Random, foreign_digits, lenient, mutated, name};
use scs_flavor_naming::{Parser, Syntax};
use scs_standards::Profile;
use serde_json::Value;

const SEED: u64 = 0x0100;
/// The number of generated names of each kind: valid, changed, with unusual number formats, with digits of other scripts.
const EACH: usize = 40_000;
const LIST: &str = include_str!("data/differential.names");
const KNOWN: &str = include_str!("data/differential.json");

/// The answer of a parser about a name.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Answer {
    Rejected,
    Accepted { version: String, canonical: String, short: String, v1: String },
}

impl Answer {
    fn of_ours(parser: &Parser, text: &str) -> Self {
        let Some(parsed) = parser.accept(text.as_bytes()) else {
            return Self::Rejected;
        };
        let spelled = |name: scs_flavor_naming::FlavorName, syntax| {
            name.spelled_by(syntax, Profile::Official).unwrap_or_else(|| "no spelling".to_owned())
        };
        Self::Accepted {
            version: parsed.syntax.to_string(),
            canonical: spelled(parsed.name, Syntax::V3),
            short: spelled(parsed.name.short(), Syntax::V3),
            v1: spelled(parsed.name, Syntax::V1),
        }
    }

    fn of_official(line: &str) -> Self {
        let answer: Value = serde_json::from_str(line).unwrap();
        if answer["ok"] == Value::Bool(false) {
            return Self::Rejected;
        }
        let text = |key: &str| answer[key].as_str().unwrap_or("no spelling").to_owned();
        Self::Accepted {
            version: text("version"),
            canonical: text("canonical"),
            short: text("short"),
            v1: text("v1"),
        }
    }

    /// In one line: the canonical name is enough if everything else follows from it.
    fn words(&self) -> String {
        match self {
            Self::Rejected => "rejected".to_owned(),
            Self::Accepted { version, canonical, short, v1 } => {
                format!("{version}: {canonical} | {short} | {v1}")
            }
        }
    }
}

/// The location of the official parser's module, if available.
fn official() -> Option<PathBuf> {
    let module = Path::new(&std::env::var_os("SCS_OFFICIAL_DIR")?).join("Tests/iaas/scs_0100_flavor_naming");
    assert!(module.join("flavor_names.py").is_file(), "{} has no flavor_names.py", module.display());
    Command::new("python3").arg("--version").output().is_ok().then_some(module)
}

fn names() -> Vec<String> {
    let mut random = Random::new(SEED);
    let mut names: Vec<String> =
        LIST.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect();
    for index in 0..4 * EACH {
        let text = name(&mut random, Syntax::ALL[index % Syntax::ALL.len()]);
        names.push(match index / EACH {
            0 => text,
            1 => {
                let once = mutated(&mut random, &text);
                if random.percent(30) { mutated(&mut random, &once) } else { once }
            }
            2 => {
                let once = lenient(&mut random, &text);
                if random.percent(30) { lenient(&mut random, &once) } else { once }
            }
            _ => foreign_digits(&mut random, &text),
        });
    }
    let mut seen = HashSet::new();
    names.retain(|name| !name.contains('\n') && seen.insert(name.clone()));
    names
}

fn ask(module: &Path, names: &[String]) -> Vec<Answer> {
    let driver = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/differential/driver.py");
    let mut python = Command::new("python3")
        .arg("-B")
        .arg(driver)
        .arg(module)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = python.stdin.take().unwrap();
    let lines = names.join("\n") + "\n";
    // Both pipes are bounded, so writing must not wait for reading.
    let writer = thread::spawn(move || stdin.write_all(lines.as_bytes()));
    let output = python.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    assert!(output.status.success(), "the driver ends with {}", output.status);
    let answers: Vec<Answer> =
        std::str::from_utf8(&output.stdout).unwrap().lines().map(Answer::of_official).collect();
    assert_eq!(answers.len(), names.len());
    answers
}

#[test]
fn the_official_profile_matches_the_official_parser() {
    let Some(module) = official() else {
        println!(
            "skipped: SCS_OFFICIAL_DIR names no checkout of the official repository, or python3 is missing"
        );
        return;
    };
    let names = names();
    let parser = Parser::new(Profile::Official);
    let known: BTreeMap<String, Value> = serde_json::from_str(KNOWN).unwrap();
    let mut unlisted = String::new();
    let mut seen = BTreeSet::new();
    let (mut accepted, mut count, mut listed) = (BTreeMap::<String, usize>::new(), 0, 0);
    for (name, theirs) in names.iter().zip(ask(&module, &names)) {
        let ours = Answer::of_ours(&parser, name);
        let version = match &theirs {
            Answer::Rejected => "rejected",
            Answer::Accepted { version, .. } => version,
        };
        *accepted.entry(version.to_owned()).or_default() += 1;
        let (official, our) = (theirs.words(), ours.words());
        if theirs == ours {
            continue;
        }
        match known.get(name) {
            Some(entry) if entry["official"] == official && entry["ours"] == our => {
                listed += 1;
                seen.insert(name.clone());
            }
            _ => {
                count += 1;
                if count <= 60 {
                    let _ = writeln!(unlisted, "{name:?}: official `{official}`, ours `{our}`");
                }
            }
        }
    }
    println!("{} names, answers of the official parser: {accepted:?}", names.len());
    println!("{count} unlisted differences, {listed} of {} listed ones seen", known.len());
    let stale: Vec<&String> = known.keys().filter(|name| !seen.contains(*name)).collect();
    assert!(count == 0, "{count} differences are not listed:\n{unlisted}");
    assert!(stale.is_empty(), "entries without a difference: {stale:#?}");
}

/// Checks the list without the official parser: each entry is among the compared names, has a reason, and contains our
/// actual answer.
#[test]
fn listed_differences_are_in_order() {
    let known: BTreeMap<String, Value> = serde_json::from_str(KNOWN).unwrap();
    let names: HashSet<&str> = LIST.lines().collect();
    let parser = Parser::new(Profile::Official);
    for (name, entry) in &known {
        assert!(names.contains(name.as_str()), "`{name}` is not in data/differential.names");
        assert!(entry["reason"].as_str().is_some_and(|reason| reason.len() > 20), "`{name}` needs a reason");
        assert_eq!(entry["ours"], Answer::of_ours(&parser, name).words(), "our answer on `{name}`");
    }
}
