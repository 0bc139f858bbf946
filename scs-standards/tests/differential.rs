//! Compares the linter under the official profile with the official checker, for faulty folders, if `SCS_OFFICIAL_DIR`
//! names a checkout of the official repository and python3 has YAML.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use std::path::PathBuf;
use std::process::Command;

use scs_standards::lint::{DocumentFolder, lint};
use scs_standards::{Context, Declarations, Profile, Severity, Verdict};

const FOLDERS: usize = 40;

/// Front matter texts and their replacements.
const MISTAKES: [(&str, &str); 17] = [
    ("status: Stable", "status: Draft"),
    ("status: Stable", "status: Steady"),
    ("status: Stable", "status: Deprecated"),
    ("status: Draft", "status: Stable"),
    ("status: Draft", "status: Proposal"),
    ("status: Draft", "status: Rejected"),
    ("status: Draft\n", ""),
    ("type: Standard", "type: Standrad"),
    ("type: Decision Record", "type: Decision"),
    ("type: Supplement", "type: Standard"),
    ("track: IaaS", "track: IaaaS"),
    ("track: KaaS", "trak: KaaS"),
    ("stabilized_at:", "stabilised_at:"),
    ("stabilized_at: 20", "stabilized_at: 2x"),
    ("deprecated_at:", "deprecated_on:"),
    ("replaces:", "replces:"),
    ("supplements:\n", "suplements:\n"),
];

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

#[test]
fn both_checkers_agree_on_a_folder() {
    let Some(official) = std::env::var_os("SCS_OFFICIAL_DIR").map(PathBuf::from) else {
        println!("skipped: SCS_OFFICIAL_DIR names no checkout of the official repository");
        return;
    };
    let mut good: Vec<(String, String)> = Vec::new();
    for entry in std::fs::read_dir(official.join("Standards")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name.starts_with("scs-0") && path.extension().is_some_and(|end| end == "md") {
            good.push((name, std::fs::read_to_string(&path).unwrap()));
        }
    }
    good.sort();
    let declarations = Declarations::default();
    let at = "2026-11-24T00:00:00Z".parse().unwrap();
    let context = Context { at, profile: Profile::Official, declarations: &declarations };
    let mut random = Random(0x0001);
    let mut wrong = 0;
    for folder in 0..FOLDERS {
        let mut files = good.clone();
        let (from, to) = MISTAKES[random.below(MISTAKES.len())];
        let places: Vec<usize> = (0..files.len())
            .filter(|index| files[*index].1.find(from).is_some_and(|place| place < 900))
            .collect();
        // The first folder is unchanged.
        let mut changed = "nothing".to_owned();
        if folder > 0 && !places.is_empty() {
            let index = places[random.below(places.len())];
            files[index].1 = files[index].1.replacen(from, to, 1);
            changed = format!("`{from}` to `{to}` in {}", files[index].0);
        }
        let directory = tempfile::tempdir().unwrap();
        for (name, text) in &files {
            std::fs::write(directory.path().join(name), text).unwrap();
        }
        let theirs = Command::new("python3")
            .arg(official.join("Tests/chk_adrs.py"))
            .arg(directory.path())
            .output()
            .unwrap();
        let broken = lint(&DocumentFolder::new(files), &context)
            .into_iter()
            .flat_map(|answer| answer.findings)
            .any(|finding| finding.severity == Severity::Error && finding.result != Verdict::Pass);
        assert_eq!(
            broken,
            !theirs.status.success(),
            "{changed}: {}",
            String::from_utf8_lossy(&theirs.stderr)
        );
        wrong += usize::from(broken);
    }
    assert!(wrong > FOLDERS / 4, "the mistakes are some");
    println!("{FOLDERS} folders, {wrong} of them with mistakes for both: 0 differences");
}
