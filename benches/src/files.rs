//! `scs flavor check` on a long file of names, compared with tools that only accept or reject.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use scs_benches::{Random, distinct};

use crate::in_process::SEED;
use crate::table::{Row, median, print};
use crate::tools::{self, Input, is_installed, scs};

/// The number of distinct names, which the file repeats in random order: generating every name would take longer than measuring.
const POOL: usize = 200_000;
/// One in this many names is invalid.
const INVALID_ONE_IN: usize = 1_000;

fn compare(file: &Path, rounds: usize) -> io::Result<()> {
    let patterns = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../scs-flavor-naming/patterns");
    let mut programs: Vec<(&str, Command, Input<'_>)> = Vec::new();
    if is_installed("rg") {
        let mut rg = Command::new("rg");
        rg.arg("-cv").arg("-f").arg(patterns.join("any.regex")).arg(file);
        programs.push(("rg -cv", rg, Input::Nothing));
    } else {
        println!("\n`rg` is not installed (cargo install ripgrep): not compared.");
    }
    if is_installed("grep") {
        let mut grep = Command::new("grep");
        grep.env("LC_ALL", "C").arg("-cvE").arg("-f").arg(patterns.join("any.ere")).arg(file);
        programs.push(("grep -cvE", grep, Input::Nothing));
    } else {
        println!("\n`grep` is not installed: not compared.");
    }
    if let Some(program) = scs() {
        let check = |operand: &Path| {
            let mut command = Command::new(&program);
            command.args(["flavor", "check", "--input", "names"]).arg(operand);
            command
        };
        programs.push(("scs flavor check", check(file), Input::Nothing));
        let mut single = check(file);
        single.env("SCS_THREADS", "1");
        programs.push(("scs, one thread", single, Input::Nothing));
        programs.push(("scs, from a pipe", check(Path::new("-")), Input::Pipe(file)));
    } else {
        println!(
            "\n`scs flavor check`: skipped, target/release/scs is not built (cargo build --release -p scs-cli)."
        );
    }

    let mut seconds = vec![Vec::new(); programs.len()];
    let mut last = vec![None; programs.len()];
    for _ in 0..rounds {
        for (index, (_, command, input)) in programs.iter_mut().enumerate() {
            let run = tools::run(command, *input)?;
            seconds[index].push(run.seconds);
            let answer = run.output.lines().next_back().unwrap_or_default().to_owned();
            last[index] = Some((run.peak_kib, answer, run.status));
        }
    }
    let seconds: Vec<f64> = seconds.into_iter().map(median).collect();
    let mut rows = Vec::new();
    for (((what, ..), seconds), last) in programs.iter().zip(&seconds).zip(&last) {
        let Some((peak, answer, status)) = last else { continue };
        let peak = peak.map_or("unknown".to_owned(), |kib| format!("{:.1} MiB", kib / 1024.0));
        let status = status.map_or("signal".to_owned(), |status| status.to_string());
        rows.push(Row::new(*what, format!("{seconds:.2} s")));
        rows.push(Row::new(
            format!("  peak {peak}, exit {status}"),
            answer.chars().take(60).collect::<String>(),
        ));
    }
    let of = |wanted: &str| programs.iter().position(|(what, ..)| *what == wanted);
    let mut ratio = |one: &str, other: &str, target| {
        if let (Some(a), Some(b)) = (of(one), of(other)) {
            rows.push(Row::at_most(format!("{one} / {other}"), seconds[a] / seconds[b], target, "x"));
        }
    };
    ratio("scs flavor check", "rg -cv", 0.7);
    ratio("scs flavor check", "grep -cvE", 0.4);
    ratio("scs, one thread", "rg -cv", 1.3);
    for what in ["scs flavor check", "scs, one thread", "scs, from a pipe"] {
        if let Some((Some(kib), ..)) = of(what).and_then(|index| last[index].clone()) {
            rows.push(Row::at_most(format!("{what}: peak memory"), kib / 1024.0, 64.0, "MiB"));
        }
    }
    print(&format!("A file of names, median of {rounds} interleaved rounds"), &rows);
    Ok(())
}

pub(crate) fn run() -> io::Result<()> {
    let number = |variable, default| {
        std::env::var(variable).ok().and_then(|value: String| value.parse().ok()).unwrap_or(default)
    };
    let directory = tempfile::tempdir()?;
    let file = directory.path().join("names.txt");
    let (names, rounds) = (number("SCS_BENCH_NAMES", 10_000_000), number("SCS_BENCH_ROUNDS", 3));
    let invalid = write_names(&file, names)?;
    let megabytes = std::fs::metadata(&file)?.len() / 1_000_000;
    println!("\n{names} names, {invalid} of them invalid, {megabytes} MB");
    compare(&file, rounds)
}

/// Writes the names and counts the invalid ones among them.
fn write_names(path: &Path, count: usize) -> io::Result<usize> {
    let pool = distinct(SEED, POOL.min(count));
    let mut random = Random::new(SEED + 1);
    let mut out = BufWriter::with_capacity(1 << 20, File::create(path)?);
    let mut invalid = 0;
    for _ in 0..count {
        let name = &pool[random.below(pool.len())];
        if random.below(INVALID_ONE_IN) == 0 {
            invalid += 1;
            // No version has a small `v`.
            writeln!(out, "SCS-{}", name["SCS-".len()..].replacen(['L', 'V', 'T', 'C'], "v", 1))?;
        } else {
            writeln!(out, "{name}")?;
        }
    }
    out.flush()?;
    Ok(invalid)
}
