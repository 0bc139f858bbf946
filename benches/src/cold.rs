//! The time of a cold `scs flavor parse`.

use std::process::{Command, Stdio};
use std::time::Instant;

use crate::table::{Row, median, print};
use crate::tools::scs;

const RUNS: usize = 200;

pub(crate) fn run() {
    let Some(program) = scs() else {
        println!(
            "\nCold start: skipped, target/release/scs is not built (cargo build --release -p scs-cli)."
        );
        return;
    };
    let mut milliseconds = Vec::with_capacity(RUNS);
    for _ in 0..RUNS {
        let start = Instant::now();
        let status = Command::new(&program)
            .args(["flavor", "parse", "SCS-2V-8"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .status();
        if !status.is_ok_and(|status| status.success()) {
            println!("\nCold start: `scs flavor parse SCS-2V-8` does not succeed.");
            return;
        }
        milliseconds.push(start.elapsed().as_secs_f64() * 1e3);
    }
    let rows = [Row::at_most("scs flavor parse SCS-2V-8", median(milliseconds), 3.0, "ms")];
    print(&format!("Cold start, median of {RUNS} runs"), &rows);
}
