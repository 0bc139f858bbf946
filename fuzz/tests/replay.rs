//! Every file of the corpus through its target, on a stable toolchain.

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

/// What a fuzzer would try first, without one: cut, doubled and changed names.
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
        for (_, function) in TARGETS {
            function(text.as_bytes());
            function(&bytes);
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
