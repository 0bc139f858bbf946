//! Runs every target on its corpus, on a stable toolchain.

#![expect(clippy::unwrap_used, reason = "a helper fails as the test would")]

use std::path::{Path, PathBuf};

use scs_benches::{Random, lenient, mutated, name};
use scs_flavor_naming::Syntax;
use scs_fuzz::TARGETS;

fn files(directory: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn every_target_takes_its_corpus() {
    for (target, function) in TARGETS {
        let corpus = files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target));
        assert!(!corpus.is_empty(), "{target} has no seeds");
        for file in corpus {
            println!("{}", file.display()); // shown when the target panics
            function(&std::fs::read(file).unwrap());
        }
    }
}

#[test]
fn every_corpus_has_its_target() {
    for directory in files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus")) {
        let name = directory.file_name().unwrap().to_string_lossy().into_owned();
        assert!(TARGETS.iter().any(|(target, _)| *target == name), "corpus/{name} has no target");
    }
}

/// Names that are truncated, doubled or changed, like a fuzzer's first inputs.
#[test]
fn every_target_takes_changed_names() {
    let mut random = Random::new(0xf0_22);
    for index in 0..2_000 {
        let valid = name(&mut random, Syntax::ALL[index % Syntax::ALL.len()]);
        let mut text = valid.clone();
        for _ in 0..random.below(5) {
            text = if random.percent(20) { lenient(&mut random, &text) } else { mutated(&mut random, &text) };
        }
        let mut bytes = format!("{text}\n{valid}").into_bytes();
        bytes.truncate(random.below(bytes.len() + 1));
        for (target, function) in TARGETS {
            // A document with a single name is slow and not useful.
            if index % 50 == 0 || !DOCUMENTS.contains(target) {
                function(text.as_bytes());
                function(&bytes);
            }
        }
    }
}

/// The targets that read more than names.
const DOCUMENTS: [&str; 10] = [
    "read_flavors",
    "properties",
    "read_images",
    "read_scope",
    "read_report",
    "read_inventory",
    "read_console",
    "read_flags",
    "read_cves",
    "read_results",
];

/// Mutated documents: truncated, with changed bytes, and with parts removed or duplicated.
#[test]
fn every_target_takes_changed_documents() {
    let mut random = Random::new(0xd0c5);
    for (target, function) in TARGETS.iter().filter(|(target, _)| DOCUMENTS.contains(target)) {
        for file in files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target)) {
            let seed = std::fs::read(&file).unwrap();
            for _ in 0..20 {
                let mut bytes = seed.clone();
                for _ in 0..=random.below(3) {
                    let (from, to) = (random.below(bytes.len() + 1), random.below(bytes.len() + 1));
                    let (from, to) = (from.min(to), from.max(to));
                    let part = bytes[from..to].to_vec();
                    match random.below(4) {
                        0 => bytes.truncate(to),
                        1 => drop(bytes.drain(from..to)),
                        2 => drop(bytes.splice(from..from, part)),
                        _ if from < bytes.len() => bytes[from] = b"\0\"'{}[]:,-&*x9 \n"[random.below(16)],
                        _ => {}
                    }
                }
                println!("{}: {:?}", file.display(), String::from_utf8_lossy(&bytes)); // shown when it panics
                function(&bytes);
            }
        }
    }
}

/// Long and odd inputs end soon and without a panic.
#[test]
fn every_target_takes_long_inputs() {
    for piece in ["SCS-", "0", "9", "-", "_", "h", "SCS-2V-4_", "ä", "\u{0}", "_GNa-7"] {
        let tail = piece.repeat(20_000);
        for text in
            [tail.clone(), format!("SCS-2V-4{tail}"), format!("SCS-{tail}"), format!("SCS-2V-4_GNa-{tail}")]
        {
            for (_, function) in TARGETS {
                function(text.as_bytes());
            }
        }
    }
}
