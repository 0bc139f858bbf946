//! Wording that is always wrong (see `STYLE.md`), reported with file and line.

use std::fs;
use std::path::Path;

use crate::pages::files;

/// The folders and pages to check: everything that we write.
const FOLDERS: &[&str] = &[
    "benches",
    "docs",
    "examples",
    "fuzz",
    "rule-tests",
    "scs-certificates",
    "scs-cli",
    "scs-entropy",
    "scs-flavor-naming",
    "scs-iaas-policy",
    "scs-image-metadata",
    "scs-k8s-policy",
    "scs-openstack",
    "scs-registry",
    "scs-report",
    "scs-standards",
    "test-cloud",
    "xtask",
];

/// The types of files to check.
const EXTENSIONS: &[&str] = &[".rs", ".md", ".yaml"];

/// Parts of paths that are skipped: data and texts of others, and this list of wrong words.
const SKIPPED: &[&str] = &[
    "/snapshots/",
    "/data/",
    "/corpus/",
    "xtask/src/words.rs",
    // A key that is misspelled on purpose.
    "scs-standards/tests/differential.rs",
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
        ],
        within: false,
    },
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
];

impl Wrong {
    /// Whether a line in lower case has the words.
    fn is_in(&self, line: &str) -> bool {
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

#[test]
fn no_source_has_wording_that_is_always_wrong() {
    let root = crate::root();
    let mut found = Vec::new();
    for (folder, extension) in FOLDERS.iter().flat_map(|folder| EXTENSIONS.iter().map(move |it| (folder, it)))
    {
        for path in files(&root.join(folder), extension) {
            let name = name(&root, &path);
            if !SKIPPED.iter().any(|skipped| name.contains(skipped)) {
                found.extend(hits(&name, &fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found.sort();
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
    ] {
        let found = hits("file.rs", &format!("\n{line}"));
        assert_eq!(found.len(), expected, "{line}: {found:?}");
        assert!(found.iter().all(|hit| hit.starts_with("file.rs:2: ")), "{found:?}");
    }
}
