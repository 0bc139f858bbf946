//! Compares the parser with regular expressions by instruction count, which does not depend on the load of the machine: the
//! program runs itself under callgrind.

use std::process::{Command, ExitCode};

use scs_benches::distinct;

use crate::in_process::{SEED, looks, to_f64};
use crate::table::{Row, print};

/// The argument with which the program calls itself.
pub(crate) const INNER: &str = "--under-callgrind";

const NAMES: usize = 2_000;
/// Enough rounds to make the cost of the first one (building automata) negligible.
const ROUNDS: usize = 20;

/// Processes the names in one way; `"…+"` repeats it [`ROUNDS`] times, so that the difference is the net cost.
pub(crate) fn inner(kind: &str) -> ExitCode {
    let (kind, rounds) = kind.strip_suffix('+').map_or((kind, 1), |kind| (kind, 1 + ROUNDS));
    let names = distinct(SEED, NAMES);
    let Some((_, look)) = looks().into_iter().find(|(what, _)| *what == kind) else {
        return ExitCode::from(2);
    };
    for _ in 0..rounds {
        look(&names);
    }
    ExitCode::SUCCESS
}

pub(crate) fn run() {
    let mut counts = Vec::new();
    for what in ["parse::<FlavorName>", "Parser::accept", "Regex::is_match", "Regex::captures"] {
        let (Some(once), Some(often)) = (instructions(what), instructions(&format!("{what}+"))) else {
            println!("\nInstructions: skipped, `valgrind` is not installed or does not run here.");
            return;
        };
        let each = (often - once) / to_f64(ROUNDS * NAMES);
        counts.push((what, each));
    }
    let mut rows: Vec<Row> =
        counts.iter().map(|(what, each)| Row::new(*what, format!("{each:.0} Ir/name"))).collect();
    if let [(_, parse), (_, accept), (_, is_match), (_, captures)] = counts[..] {
        rows.push(Row::at_most("parse / is_match", parse / is_match, 2.0, "x"));
        rows.push(Row::at_most("accept / is_match", accept / is_match, 2.0, "x"));
        rows.push(Row::at_least("captures / parse", captures / parse, 4.0, "x"));
    }
    print(&format!("Instructions by callgrind, {NAMES} names"), &rows);
}

fn instructions(what: &str) -> Option<f64> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(std::env::current_exe().ok()?)
        .args([INNER, what])
        .output()
        .ok()?;
    let report = String::from_utf8_lossy(&output.stderr);
    let (_, collected) = report.split_once("Collected : ")?;
    collected.split_whitespace().next()?.parse().ok()
}
