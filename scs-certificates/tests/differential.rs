//! Compares evaluations with those of the official library and the compliance monitor, if `SCS_OFFICIAL_DIR` names a
//! checkout of the official repository and python3 has `PyYAML`.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use jiff::Timestamp;
use scs_certificates::{EvaluationOptions, GivenResult, Results, Scope, evaluate};
use scs_standards::{Profile, Verdict};
use serde::Deserialize;

const CASES: usize = 4000;

/// A pseudo-random generator (xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % end as u64).unwrap()
    }
}

struct Case {
    scope: &'static Scope,
    at: Timestamp,
    drafts: bool,
    results: BTreeMap<String, GivenResult>,
}

/// The results of the official code.
#[derive(Deserialize)]
struct Official {
    verdict: Option<i8>,
    passed: Vec<String>,
    best: Option<String>,
    versions: BTreeMap<String, Option<i8>>,
}

fn verdict(number: Option<i8>) -> Verdict {
    match number {
        None => Verdict::Miss,
        Some(1) => Verdict::Pass,
        Some(0) => Verdict::Dnf,
        Some(_) => Verdict::Fail,
    }
}

fn case(random: &mut Random) -> Case {
    let scope = Scope::embedded()[random.below(2)];
    // From before the first timeline entry until after the last.
    let at =
        Timestamp::from_second(1_708_000_000 + i64::try_from(random.below(90_000_000)).unwrap()).unwrap();
    let good = random.below(101);
    let given = random.below(101);
    let mut results = BTreeMap::new();
    // Including test cases that no module uses, and an unknown one.
    let unknown = ["scs-9999-unknown".to_owned()];
    for test_case in scope.test_cases().map(|case| case.id.clone()).chain(unknown) {
        if random.below(100) >= given {
            continue;
        }
        let result = if random.below(100) < good {
            Verdict::Pass
        } else {
            [Verdict::Fail, Verdict::Dnf][random.below(2)]
        };
        // Including ends of months, years and leap days.
        let age = [0, 1, 3600, 86_400 * 3, 86_400 * 9, 86_400 * 40, 86_400 * 420][random.below(7)];
        let checked_at = at.as_second() - age - i64::try_from(random.below(86_400 * 4)).unwrap();
        let checked_at = Some(Timestamp::from_second(checked_at).unwrap());
        results.insert(test_case, GivenResult { result, checked_at });
    }
    Case { scope, at, drafts: random.below(4) == 0, results }
}

fn naive(at: Timestamp) -> String {
    at.to_string().trim_end_matches('Z').to_owned()
}

#[test]
fn evaluations_match_the_monitor() {
    let Some(official) = std::env::var_os("SCS_OFFICIAL_DIR").map(PathBuf::from) else {
        println!("skipped: SCS_OFFICIAL_DIR names no checkout of the official repository");
        return;
    };
    let mut random = Random(0x0003);
    let cases: Vec<Case> = (0..CASES).map(|_| case(&mut random)).collect();
    let json: Vec<serde_json::Value> = cases
        .iter()
        .map(|case| {
            let number = |result: Verdict| match result {
                Verdict::Pass => 1,
                Verdict::Fail => -1,
                _ => 0,
            };
            let results: serde_json::Map<_, _> = case
                .results
                .iter()
                .map(|(id, it)| (id.clone(), serde_json::json!([number(it.result), naive(it.checked_at.unwrap())])))
                .collect();
            let file = official.join("Tests").join(format!("{}.yaml", case.scope.slug()));
            serde_json::json!({"scope": file, "at": naive(case.at), "drafts": case.drafts, "results": results})
        })
        .collect();
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), serde_json::to_string(&json).unwrap()).unwrap();
    let driver = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python/official_evaluation.py");
    let output = Command::new("python3").arg(driver).arg(&official).arg(file.path()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines = String::from_utf8(output.stdout).unwrap();
    let mut compared = 0;
    for (case, line) in cases.iter().zip(lines.lines()) {
        let theirs: Official = serde_json::from_str(line).unwrap();
        let options = EvaluationOptions::new(Profile::Official);
        let options = if case.drafts { options.with_drafts() } else { options };
        let ours =
            evaluate(case.scope, &case.results.clone().into_iter().collect::<Results>(), case.at, options);
        let place = format!("{} at {}", case.scope.name(), case.at);
        assert_eq!(ours.verdict, verdict(theirs.verdict), "{place}");
        assert_eq!((&ours.passed, &ours.best), (&theirs.passed, &theirs.best), "{place}");
        let versions: BTreeMap<String, Verdict> =
            ours.versions.into_iter().filter_map(|(name, version)| Some((name, version.verdict?))).collect();
        let expected = theirs.versions.into_iter().map(|(name, it)| (name, verdict(it))).collect();
        assert_eq!(versions, expected, "{place}");
        compared += versions.len() + 3;
    }
    assert_eq!(lines.lines().count(), CASES);
    println!("{compared} answers over {CASES} sets of results: 0 differences");
}
