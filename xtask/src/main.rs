//! Development tasks for this workspace.
//!
//! ```text
//! cargo xtask generate [--check]   updates the generated files, or reports stale ones
//! cargo xtask ci                   runs all CI steps in order
//! cargo xtask fuzz [TARGET…] [--minutes N] [--jobs N]
//!                                  fuzzes each target for N minutes, and reports the results
//! ```

#![expect(clippy::print_stdout, reason = "tasks print to the terminal")]

mod ci;
mod data;
mod examples;
mod fuzz;
mod generate;
mod members;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod words;

use std::path::PathBuf;
use std::process::ExitCode;

const USAGE: &str = "usage: cargo xtask generate [--check]\n       cargo xtask ci\n       cargo xtask fuzz [TARGET…] [--minutes N] [--jobs N]";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let root = root();
    let outcome = match arguments[..] {
        ["generate"] => generate::write(&root),
        ["generate", "--check"] => generate::check(&root),
        ["ci"] => ci::run(&root),
        ["fuzz", ref rest @ ..] => fuzz::run(&root, rest),
        _ => {
            println!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            println!("{message}");
            ExitCode::FAILURE
        }
    }
}

/// The root of the workspace, the parent directory of this crate.
fn root() -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.parent().map_or_else(|| here.clone(), PathBuf::from)
}
