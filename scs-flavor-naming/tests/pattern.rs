//! The patterns accept exactly the names that the parser accepts.

#![expect(clippy::unwrap_used, reason = "a helper fails as the test would")]

use std::process::{Command, Stdio};
use std::sync::LazyLock;

use proptest::prelude::*;
use regex::Regex;
use scs_benches::names::digit_runs;
use scs_benches::{ALPHABET, Random, lenient, mutated, name};
use scs_flavor_naming::{Parser, Syntax, pattern, pattern_any, pattern_any_ere, pattern_with_groups};
use scs_standards::Profile;

/// Numbers at the limits of the parts of a name.
const BOUNDARIES: &[&str] = &[
    "0",
    "1",
    "2",
    "3",
    "4",
    "5",
    "6",
    "7",
    "9",
    "10",
    "00",
    "01",
    "02",
    "99",
    "100",
    "0.5",
    "0.9",
    "0.95",
    "0.90",
    "0.05",
    "1.5",
    "3.5",
    "3.55",
    "1.1",
    "1.10",
    "1.0",
    "0.1",
    "999999999",
    "1000000000",
    "3999999999",
    "4000000000",
    "4199999999",
    "4200000000",
    "4294967289",
    "4294967290",
    "4294967294",
    "4294967295",
    "4294967296",
    "4294967299",
    "4294967300",
    "4294968000",
    "4295000000",
    "4300000000",
    "4999999999",
    "5000000000",
    "9999999999",
    "10000000000",
    "42949672950",
    "18446744073709551616",
    "",
];

/// The parser and the pattern of a version, or of all.
struct Pair {
    what: &'static str,
    parser: Parser,
    pattern: Regex,
}

/// Compiling the patterns takes longer than matching thousands of names.
static PAIRS: LazyLock<Vec<Pair>> = LazyLock::new(|| {
    let compiled = |text: &str| Regex::new(text).unwrap();
    let one = |syntax: Syntax| Pair {
        what: syntax.name(),
        parser: Parser::of(syntax, Profile::Text),
        pattern: compiled(&pattern(syntax)),
    };
    let with_groups =
        |syntax: Syntax| Pair { pattern: compiled(&pattern_with_groups(syntax)), ..one(syntax) };
    let any = |text: &str| Pair { what: "any", parser: Parser::new(Profile::Text), pattern: compiled(text) };
    let mut pairs: Vec<Pair> = Syntax::ALL.map(one).into();
    pairs.extend(Syntax::ALL.map(with_groups));
    // The notation for `grep -E` is also valid in the `regex` crate.
    pairs.extend([any(&pattern_any()), any(&pattern_any_ere())]);
    pairs
});

/// Asserts that pattern and parser agree; returns whether the text is a name of any version.
#[track_caller]
fn agree(text: &str) -> bool {
    let mut accepted = false;
    for Pair { what, parser, pattern } in &*PAIRS {
        let takes = parser.accept(text.as_bytes()).is_some();
        assert_eq!(pattern.is_match(text), takes, "pattern (left) and parser (right) of {what} on `{text}`");
        accepted |= takes;
    }
    accepted
}

fn some_syntax(random: &mut Random) -> Syntax {
    Syntax::ALL[random.below(Syntax::ALL.len())]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn agrees_on_valid_names(seed: u64) {
        let mut random = Random::new(seed);
        for _ in 0..100 {
            let syntax = some_syntax(&mut random);
            let text = name(&mut random, syntax);
            prop_assert!(agree(&text), "`{text}` was meant to be a name of {syntax}");
        }
    }

    #[test]
    fn agrees_on_slightly_changed_names(seed: u64) {
        let mut random = Random::new(seed);
        for _ in 0..500 {
            let syntax = some_syntax(&mut random);
            let mut text = name(&mut random, syntax);
            for _ in 0..=random.below(2) {
                text = mutated(&mut random, &text);
            }
            agree(&text);
        }
    }

    #[test]
    fn agrees_on_unusual_number_formats(seed: u64) {
        let mut random = Random::new(seed);
        for _ in 0..300 {
            let syntax = some_syntax(&mut random);
            let text = name(&mut random, syntax);
            agree(&lenient(&mut random, &text));
        }
    }

    #[test]
    fn agrees_on_numbers_at_their_boundaries(seed: u64) {
        let mut random = Random::new(seed);
        for _ in 0..10 {
            let syntax = some_syntax(&mut random);
            let text = name(&mut random, syntax);
            for (start, end) in digit_runs(&text) {
                for boundary in BOUNDARIES {
                    agree(&format!("{}{boundary}{}", &text[..start], &text[end..]));
                }
            }
        }
    }
}

/// Every single edit of a few names that together have all parts.
#[test]
fn agrees_on_every_edit_of_some_names() {
    for text in [
        "SCS-2V-4",
        "SCS-16Ti-3.5uo-3x10s_chy_hwv_i3hh_GNa-72h-24h_ib",
        "SCS-2C-0.5-_z6_gA3.5-7hh",
        "SCS-1L-8-n_GI0.95-4-4_ib",
        "SCS-4T:64:2xn-kvm-a3-GA1:30h-ib",
    ] {
        let characters: Vec<char> = text.chars().collect();
        for at in 0..=characters.len() {
            let (before, after): (String, &[char]) = (characters[..at].iter().collect(), &characters[at..]);
            for &other in ALPHABET {
                agree(&format!("{before}{other}{}", after.iter().collect::<String>()));
                if let [_, rest @ ..] = after {
                    agree(&format!("{before}{other}{}", rest.iter().collect::<String>()));
                }
            }
            match after {
                [one, two, rest @ ..] => {
                    let rest: String = rest.iter().collect();
                    agree(&format!("{before}{two}{rest}"));
                    agree(&format!("{before}{two}{one}{rest}"));
                }
                _ => drop(agree(&before)),
            }
        }
    }
}

/// `$` is the end of the text, not of a line.
#[test]
fn a_newline_does_not_end_a_name() {
    for text in ["SCS-2V-4\n", "\nSCS-2V-4", "SCS-2V-4\nSCS-2V-4", "SCS-2V-4\r", "SCS-2V-4\0"] {
        assert!(!agree(text), "{text:?}");
    }
}

#[test]
fn patterns_without_groups_have_no_captures() {
    for syntax in Syntax::ALL {
        assert_eq!(Regex::new(&pattern(syntax)).unwrap().captures_len(), 1);
        assert!(pattern_any().len() < 16 * 1024, "a pattern should fit where patterns go");
    }
    assert_eq!(Regex::new(&pattern_any()).unwrap().captures_len(), 1);
    assert!(!pattern_any_ere().contains("(?"));
}

/// `grep` agrees with the `regex` crate on the POSIX notation; skipped if it is not installed.
#[test]
fn grep_agrees() {
    let mut random = Random::new(0x0100);
    let texts: Vec<String> = (0..3_000)
        .map(|_| {
            let syntax = some_syntax(&mut random);
            let text = name(&mut random, syntax);
            if random.percent(50) { text } else { mutated(&mut random, &text) }
        })
        .collect();
    let file = std::env::temp_dir().join(format!("scs-flavor-naming-{}.names", std::process::id()));
    std::fs::write(&file, texts.join("\n") + "\n").unwrap();
    let output = Command::new("grep")
        .env("LC_ALL", "C")
        .args(["-aE", &pattern_any_ere()])
        .arg(&file)
        .stderr(Stdio::null())
        .output();
    std::fs::remove_file(&file).unwrap();
    let Ok(output) = output else { return };
    let parser = Parser::new(Profile::Text);
    let accepted: Vec<&String> =
        texts.iter().filter(|text| parser.accept(text.as_bytes()).is_some()).collect();
    let printed = String::from_utf8(output.stdout).unwrap();
    assert_eq!(printed.lines().collect::<Vec<_>>(), accepted);
}
