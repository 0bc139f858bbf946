//! Wording that is always wrong (see `STYLE.md`), reported with file and line.

use std::fs;
use std::path::{Path, PathBuf};

use crate::pages::files;

/// The types of files to check. Scripts without an extension are in [`SCRIPTS`].
const EXTENSIONS: &[&str] = &[".rs", ".md", ".yaml", ".py", ".sh", ".toml"];

/// Folders with scripts, all of whose files are checked.
const SCRIPTS: &[&str] = &[".ci", "test-cloud"];

/// Parts of paths that are skipped: output of the program, input of fuzzers, and words that are wrong on purpose.
const SKIPPED: &[&str] = &[
    "/snapshots/",
    "/corpus/",
    "/artifacts/",
    "target/",
    "test-cloud/official.json",
    "xtask/src/words.rs",
    // A misspelled key.
    "scs-standards/tests/differential.rs",
    // The titles of the official documents.
    "docs/explain/scs-0002.md",
];

/// Wording to avoid.
struct Wrong {
    /// Words in lower case; `…` matches anything on the same line.
    words: &'static str,
    /// A suggestion.
    say: &'static str,
    /// Right uses, in lower case.
    except: &'static [&'static str],
    /// Whether `words` also match within a longer word.
    within: bool,
}

const fn wrong(words: &'static str, say: &'static str) -> Wrong {
    Wrong { words, say, except: &[], within: false }
}

const fn british(words: &'static str, say: &'static str) -> Wrong {
    Wrong { words, say, except: &[], within: true }
}

const WRONG: &[Wrong] = &[
    Wrong {
        words: "is no",
        say: "is not a",
        except: &[
            "is no longer",
            "is no later than",
            "is no newer",
            "is no older than",
            "is no more than",
            "is no larger than",
            "there is no",
            // The rule itself.
            "never \"is no list\"",
        ],
        within: false,
    },
    Wrong {
        words: "are no",
        say: "are not",
        except: &["there are no", "are no longer", "are no newer", "are no older than", "are no more than"],
        within: false,
    },
    wrong("of which there", "a sentence of its own"),
    wrong("of whom", "a sentence of its own"),
    wrong("any more", "no longer"),
    wrong("any longer", "no longer"),
    wrong("so many", "a number"),
    wrong("merely", "only"),
    wrong("whoever", "anyone who"),
    wrong("nevertheless", "still"),
    wrong("take away", "delete"),
    wrong("takes away", "deletes"),
    wrong("taken away", "deleted"),
    wrong("takes them away", "deletes them"),
    wrong("stands beside", "is next to"),
    wrong("stands in", "is in"),
    wrong("stands at", "is at"),
    wrong("stands with", "is with"),
    wrong("what stands", "the content"),
    wrong("is told", "is reported"),
    wrong("are told", "are reported"),
    wrong("asked of", "required of"),
    wrong("asks of", "requires of"),
    wrong("to come", "next, planned"),
    wrong("by which profile", "the profile"),
    wrong("by path alone", "only by path"),
    wrong("for how many", "the number of"),
    wrong("for how long", "the time for which"),
    wrong("until when", "how long"),
    wrong("is none of the", "is not one of the"),
    wrong("in the old report only", "only in the old report"),
    wrong("## what", "a noun"),
    Wrong {
        words: "had to be…until",
        say: "had to be … by",
        except: &["by {until}", "by {}"],
        within: false,
    },
    Wrong {
        words: "has to be…until", say: "has to be … by", except: &["offered until then"], within: false
    },
    wrong("act until", "act by"),
    Wrong {
        words: "until…utc",
        say: "by … UTC",
        except: &["valid until", "until.strftime", ".strftime("],
        within: false,
    },
    wrong("anew", "again"),
    wrong("mend", "fix"),
    wrong("mends", "fixes"),
    wrong("the like", "related options"),
    wrong("its kin", "related options"),
    british("behaviour", "behavior"),
    british("catalogue", "catalog"),
    british("centre", "center"),
    british("colour", "color"),
    british("licence", "license"),
    british("recognis", "recogniz"),
    british("stabilis", "stabiliz"),
    british("organis", "organiz"),
    british("summaris", "summariz"),
    british("initialis", "initializ"),
    british("normalis", "normaliz"),
    british("serialis", "serializ"),
    british("neighbour", "neighbor"),
    british("favour", "favor"),
    british("artefact", "artifact"),
    british("defence", "defense"),
    british("labelled", "labeled"),
    british("modelled", "modeled"),
    wrong("cancelling", "canceling"),
    wrong("judgement", "judgment"),
    wrong("analyse", "analyze"),
    wrong("fulfil", "fulfill"),
    wrong("whilst", "while"),
    wrong("grey", "gray"),
];

impl Wrong {
    /// Whether a line in lower case has the words.
    fn is_in(&self, line: &str) -> bool {
        // Nearly all lines are done here, without an allocation.
        if !self.words.split('…').all(|part| line.contains(part)) {
            return false;
        }
        let line = self.except.iter().fold(line.to_owned(), |line, right| line.replace(right, "_"));
        let mut rest = line.as_str();
        for (index, part) in self.words.split('…').enumerate() {
            let found = rest
                .match_indices(part)
                .find(|(at, _)| self.within || is_bounded(rest, *at, at + part.len()));
            let Some((at, _)) = found else { return false };
            debug_assert!(index < 2, "one gap is enough");
            rest = &rest[at + part.len()..];
        }
        true
    }
}

/// Whether a range of a text does not cut a word.
fn is_bounded(text: &str, start: usize, end: usize) -> bool {
    let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    !text[..start].ends_with(is_word) && !text[end..].starts_with(is_word)
}

/// The wrong wording in a text, as `name:line: message`.
fn hits(name: &str, text: &str) -> Vec<String> {
    let lines = text.lines().enumerate();
    lines
        .flat_map(|(index, line)| {
            let lower = line.to_lowercase();
            WRONG.iter().filter(move |wrong| wrong.is_in(&lower)).map(move |wrong| {
                format!("{name}:{}: `{}`: say `{}`: {}", index + 1, wrong.words, wrong.say, line.trim())
            })
        })
        .collect()
}

/// The files to check: everything that we write.
fn sources(root: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = EXTENSIONS.iter().flat_map(|extension| files(root, extension)).collect();
    found.extend(SCRIPTS.iter().flat_map(|folder| files(&root.join(folder), "")));
    found.retain(|path| {
        let name = name(root, path);
        !SKIPPED.iter().any(|skipped| name.contains(skipped))
    });
    found.sort();
    found.dedup();
    found
}

#[test]
fn no_source_has_wording_that_is_always_wrong() {
    let root = crate::root();
    let sources = sources(&root);
    for expected in ["README.md", "CONTRIBUTING.md", "STYLE.md", ".ci/run", "test-cloud/seed", "deny.toml"] {
        assert!(sources.contains(&root.join(expected)), "{expected} is checked");
    }
    assert!(sources.iter().any(|path| name(&root, path).contains("/data/")), "data are checked");
    let found: Vec<String> = sources
        .iter()
        .flat_map(|path| {
            let text = fs::read(path).unwrap();
            hits(&name(&root, path), &String::from_utf8_lossy(&text))
        })
        .collect();
    assert!(found.is_empty(), "{} hits:\n{}", found.len(), found.join("\n"));
}

/// The path below the root, with `/` between its parts.
fn name(root: &Path, path: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/")
}

#[test]
fn wrong_words_are_found_and_right_ones_are_not() {
    for (line, expected) in [
        ("`x` is no list", 1),
        ("There is no list, it is no longer used and is no older than a day", 0),
        ("this noble list", 0),
        ("it had to be replaced until 2026-10-15", 1),
        ("v1.2 was due until 2026-10-15 00:00 UTC", 1),
        ("the result was valid until 2026-10-15 00:00 UTC", 0),
        ("it recommends and amends its kinds of the likely ones", 0),
        ("it mends its kin and the like anew", 4),
        ("Behaviour of stabilised colours", 3),
        ("there are no lists and they are no longer used", 0),
        ("those are no lists any more, of whom nobody is told", 4),
        ("until then it is available; it must be done by 2026-10-15", 0),
        ("the outcome of what outlasts standards in many more files", 0),
        ("## What it does", 1),
        ("## Whatever it does", 0),
    ] {
        let found = hits("file.rs", &format!("\n{line}"));
        assert_eq!(found.len(), expected, "{line}: {found:?}");
        assert!(found.iter().all(|hit| hit.starts_with("file.rs:2: ")), "{found:?}");
    }
}
