//! The parser compared with regular expressions, on the same names in the same process.

use std::hint::black_box;
use std::time::Instant;

use regex::Regex;
use scs_benches::distinct;
use scs_flavor_naming::{FlavorName, Parser, Syntax, pattern_any, pattern_with_groups};
use scs_standards::Profile;

use crate::table::{Row, median, print};

const NAMES: usize = 20_000;
const ROUNDS: usize = 101;
pub(crate) const SEED: u64 = 0x0100;

/// A way to process all names once.
pub(crate) type Look<'a> = Box<dyn Fn(&[String]) + 'a>;

/// The ways that are compared.
pub(crate) fn looks() -> Vec<(&'static str, Look<'static>)> {
    let parser = Parser::new(Profile::Text);
    let matcher = compiled(&pattern_any());
    let capturer = compiled(&captures_of_any());
    vec![
        (
            "parse::<FlavorName>",
            Box::new(|names| {
                for name in names {
                    let _ = black_box(black_box(name).parse::<FlavorName>());
                }
            }),
        ),
        (
            "Parser::accept",
            Box::new(move |names| {
                for name in names {
                    black_box(parser.accept(black_box(name).as_bytes()));
                }
            }),
        ),
        (
            "Regex::is_match",
            Box::new(move |names| {
                for name in names {
                    black_box(matcher.is_match(black_box(name)));
                }
            }),
        ),
        (
            "Regex::captures",
            Box::new(move |names| {
                for name in names {
                    black_box(capturer.captures(black_box(name)));
                }
            }),
        ),
    ]
}

#[expect(clippy::expect_used, reason = "a measurement without its yardstick has no result")]
fn compiled(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the patterns are regular expressions")
}

/// The union of the versions with groups, which repeats parts per version, because group names must be unique.
fn captures_of_any() -> String {
    let versions = Syntax::ALL.into_iter().rev().map(|syntax| {
        let pattern = pattern_with_groups(syntax).replace("(?P<", &format!("(?P<{syntax}_"));
        pattern.trim_start_matches('^').trim_end_matches('$').to_owned()
    });
    format!("^(?:{})$", versions.collect::<Vec<_>>().join("|"))
}

pub(crate) fn run() {
    let names = distinct(SEED, NAMES);
    let looks = looks();
    let mut nanoseconds = vec![Vec::with_capacity(ROUNDS); looks.len()];
    for round in 0..=ROUNDS {
        // Alternates, each round starting with a different one, so that noise affects all equally.
        for index in 0..looks.len() {
            let index = (index + round) % looks.len();
            let start = Instant::now();
            looks[index].1(&names);
            let each = start.elapsed().as_secs_f64() * 1e9 / to_f64(names.len());
            // The first round warms up caches and the expressions' automata.
            if round > 0 {
                nanoseconds[index].push(each);
            }
        }
    }
    let medians: Vec<f64> = nanoseconds.into_iter().map(median).collect();
    let bytes: usize = names.iter().map(String::len).sum();
    let mut rows: Vec<Row> = looks
        .iter()
        .zip(&medians)
        .map(|((what, _), median)| Row::new(*what, format!("{median:.1} ns/name")))
        .collect();
    let [parse, accept, is_match, captures] = medians[..] else {
        return;
    };
    rows.push(Row::at_most("parse / is_match", parse / is_match, 2.0, "x"));
    rows.push(Row::at_most("accept / is_match", accept / is_match, 2.0, "x"));
    rows.push(Row::at_least("captures / parse", captures / parse, 4.0, "x"));
    let length = to_f64(bytes) / to_f64(names.len());
    print(&format!("{NAMES} distinct valid names of {length:.1} bytes, median of {ROUNDS} rounds"), &rows);
}

#[expect(clippy::cast_precision_loss, reason = "counts of names are far below 2^52")]
pub(crate) const fn to_f64(count: usize) -> f64 {
    count as f64
}
