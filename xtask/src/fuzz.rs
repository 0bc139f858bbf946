//! Fuzzing with libFuzzer on the stable toolchain.
//!
//! Stable compilers have the LLVM pass for libFuzzer's coverage, and without `unsafe` code no sanitizer is needed, so a nightly
//! toolchain is not required. The profile `fuzz` has no link-time optimization, with which linking each target takes minutes.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;

/// Compiler flags for coverage.
const COVERAGE: &str = "--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
     -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
     -Cllvm-args=-sanitizer-coverage-trace-compares";

/// The default time per target, in minutes.
const MINUTES: u64 = 1;

/// The maximum size of inputs in bytes; longer ones are slow and find little more.
const LONGEST: usize = 16_384;

/// The outcome of a target.
#[derive(Debug, Default)]
struct Outcome {
    target: String,
    executions: u64,
    /// The number of edges covered by the seeds, and in the end.
    coverage: (u64, u64),
    new_inputs: u64,
    failed: bool,
}

/// `cargo xtask fuzz [TARGET…] [--minutes N] [--jobs N]`
pub(crate) fn run(root: &Path, arguments: &[&str]) -> Result<(), String> {
    let mut minutes = MINUTES;
    let mut jobs = std::thread::available_parallelism().map_or(1, usize::from);
    let mut wanted: Vec<String> = Vec::new();
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        let mut number = || {
            let text = words.next().ok_or_else(|| format!("{word} needs a number"))?;
            text.parse::<u64>().map_err(|why| format!("{word} {text}: {why}"))
        };
        match *word {
            "--minutes" => minutes = number()?,
            "--jobs" => jobs = usize::try_from(number()?.max(1)).unwrap_or(1),
            option if option.starts_with('-') => return Err(format!("{option} is not known")),
            target => wanted.push(target.to_owned()),
        }
    }
    let known = targets(root)?;
    if let Some(unknown) = wanted.iter().find(|target| !known.contains(target)) {
        return Err(format!("unknown target {unknown}; expected one of {}", known.join(", ")));
    }
    let wanted = if wanted.is_empty() { known } else { wanted };
    let programs = build(root, &wanted)?;
    let queue = Mutex::new(VecDeque::from(wanted));
    let next = || queue.lock().ok()?.pop_front();
    let mut outcomes: Vec<Outcome> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..jobs)
            .map(|_| {
                scope.spawn(|| {
                    let mut own = Vec::new();
                    while let Some(target) = next() {
                        own.push(fuzz(root, &programs, target, minutes));
                    }
                    own
                })
            })
            .collect();
        workers
            .into_iter()
            .flat_map(|worker| worker.join().unwrap_or_default())
            .collect::<Result<_, String>>()
    })?;
    outcomes.sort_by(|one, other| one.target.cmp(&other.target));
    println!(
        "\n| target | executions | edges at first | edges in the end | inputs kept | |\n| --- | --- | --- | --- | --- | --- |"
    );
    for Outcome { target, executions, coverage: (first, last), new_inputs, failed } in &outcomes {
        let word = if *failed { "FAILED" } else { "" };
        println!("| {target} | {executions} | {first} | {last} | {new_inputs} | {word} |");
    }
    let failed: Vec<&str> = outcomes.iter().filter(|it| it.failed).map(|it| it.target.as_str()).collect();
    if failed.is_empty() {
        Ok(())
    } else {
        Err(format!("inputs that break a guarantee: {}", failed.join(", ")))
    }
}

/// The targets, from the directories with their seeds.
fn targets(root: &Path) -> Result<Vec<String>, String> {
    let corpus = root.join("fuzz/corpus");
    let entries = corpus.read_dir().map_err(|why| format!("{}: {why}", corpus.display()))?;
    let mut targets: Vec<String> =
        entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    targets.sort();
    Ok(targets)
}

/// Builds the targets and returns their directory. With an explicit build target, the flags do not apply to build scripts and
/// macros, which would not link with them.
fn build(root: &Path, targets: &[String]) -> Result<PathBuf, String> {
    let host = Command::new("rustc")
        .args(["--print", "host-tuple"])
        .output()
        .map_err(|why| format!("rustc: {why}"))?;
    let host = String::from_utf8_lossy(&host.stdout).trim().to_owned();
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(["build", "--package", "scs-fuzz", "--profile", "fuzz", "--features", "libfuzzer"]);
    command.args(["--target-dir", "target/fuzz", "--target", &host]).current_dir(root);
    command.env("RUSTFLAGS", COVERAGE);
    command.args(targets.iter().flat_map(|target| ["--bin", target]));
    match command.status() {
        Ok(status) if status.success() => Ok(root.join("target/fuzz").join(host).join("fuzz")),
        Ok(status) => Err(format!("the targets cannot be built: {status}")),
        Err(why) => Err(format!("cargo: {why}")),
    }
}

/// Runs a target. New inputs are kept below `target/`, and an input that breaks a guarantee in `fuzz/artifacts/`.
fn fuzz(root: &Path, programs: &Path, target: String, minutes: u64) -> Result<Outcome, String> {
    let found = root.join("target/fuzz/corpus").join(&target);
    let artifacts = root.join("fuzz/artifacts").join(&target);
    for directory in [&found, &artifacts] {
        std::fs::create_dir_all(directory).map_err(|why| format!("{}: {why}", directory.display()))?;
    }
    let mut child = Command::new(programs.join(&target))
        .arg(format!("-max_total_time={}", 60 * minutes))
        .arg(format!("-max_len={LONGEST}"))
        .arg(format!("-artifact_prefix={}/", artifacts.display()))
        .args(["-print_final_stats=1", "-rss_limit_mb=4096", "-timeout=60"])
        .args([&found, &root.join("fuzz/corpus").join(&target)])
        .current_dir(root)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|why| format!("{target}: {why}"))?;
    let mut outcome = Outcome { target, ..Outcome::default() };
    let lines = child.stderr.take().map(BufReader::new).into_iter().flat_map(BufRead::lines);
    for line in lines.map_while(Result::ok) {
        let behind = |word: &str| {
            let (_, rest) = line.split_once(word)?;
            rest.split_whitespace().next()?.parse::<u64>().ok()
        };
        if let Some(edges) = behind(" cov: ") {
            outcome.coverage = (if outcome.coverage.0 == 0 { edges } else { outcome.coverage.0 }, edges);
        }
        if let Some(executions) = behind("stat::number_of_executed_units:") {
            outcome.executions = executions;
        }
        if let Some(inputs) = behind("stat::new_units_added:") {
            outcome.new_inputs = inputs;
        }
        if line.contains("ERROR: libFuzzer") || line.contains("panicked at") {
            println!("{}: {line}", outcome.target);
        }
    }
    outcome.failed = !child.wait().is_ok_and(|status| status.success());
    println!("{}: {} executions", outcome.target, outcome.executions);
    Ok(outcome)
}
