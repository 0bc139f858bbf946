//! Measures speed and memory, and prints each figure next to its target.
//!
//! ```text
//! cargo run --release -p scs-benches                  everything
//! cargo run --release -p scs-benches -- names         the parser compared with a regular expression
//! cargo run --release -p scs-benches -- instructions  `names` by instruction count, with callgrind
//! cargo run --release -p scs-benches -- files         `scs flavor check` against `rg` and `grep`
//! cargo run --release -p scs-benches -- cold          the start of `scs flavor parse`
//! cargo run --release -p scs-benches -- images        `scs image check` against the official functions
//! cargo run --release -p scs-benches -- inventories   `scs check` on a large inventory, and cold starts
//! cargo run --release -p scs-benches -- clusters      `scs check` on a large cluster against `jq .`
//! cargo run --release -p scs-benches -- live-clusters `scs inventory` on a mock API server with 2,000 nodes
//! cargo run --release -p scs-benches -- entropy       the tests of FIPS 140-2 against `rngtest`
//! ```
//!
//! Files and starts are measured on `target/release/scs`; build it before with `cargo build --release -p scs-cli`.
//! Images are compared where `SCS_OFFICIAL_DIR` names a checkout of the official repository.
//! `SCS_BENCH_NAMES` sets the number of names in the file, `SCS_BENCH_ROUNDS` how often each program reads it.

#![expect(clippy::print_stdout, reason = "printing figures is the purpose of the program")]

mod api_server;
mod clusters;
mod cold;
mod entropy;
mod files;
mod images;
mod in_process;
mod instructions;
mod inventories;
mod live_clusters;
mod table;
mod tools;

use std::process::ExitCode;

const USAGE: &str =
    "usage: scs-benches [names|instructions|files|cold|images|inventories|clusters|live-clusters|entropy]...";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // The program calls itself this way under callgrind.
    if let [first, kind] = arguments.as_slice()
        && first == instructions::INNER
    {
        return instructions::inner(kind);
    }
    let known = [
        "names",
        "instructions",
        "files",
        "cold",
        "images",
        "inventories",
        "clusters",
        "live-clusters",
        "entropy",
    ];
    if let Some(unknown) = arguments.iter().find(|argument| !known.contains(&argument.as_str())) {
        println!("unknown measurement `{unknown}`\n{USAGE}");
        return ExitCode::from(2);
    }
    let wanted = |name: &str| arguments.is_empty() || arguments.iter().any(|argument| argument == name);
    if wanted("names") {
        in_process::run();
    }
    if wanted("instructions") {
        instructions::run();
    }
    if wanted("cold") {
        cold::run();
    }
    if wanted("files")
        && let Err(error) = files::run()
    {
        println!("the measurement of files failed: {error}");
        return ExitCode::FAILURE;
    }
    if wanted("inventories")
        && let Err(error) = inventories::run()
    {
        println!("the measurement of inventories failed: {error}");
        return ExitCode::FAILURE;
    }
    if wanted("clusters")
        && let Err(error) = clusters::run()
    {
        println!("the measurement of clusters failed: {error}");
        return ExitCode::FAILURE;
    }
    if wanted("live-clusters")
        && let Err(error) = live_clusters::run()
    {
        println!("the measurement of live clusters failed: {error}");
        return ExitCode::FAILURE;
    }
    if wanted("entropy")
        && let Err(error) = entropy::run()
    {
        println!("the measurement of entropy failed: {error}");
        return ExitCode::FAILURE;
    }
    if wanted("images")
        && let Err(error) = images::run()
    {
        println!("the measurement of images failed: {error}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}
