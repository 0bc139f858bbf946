//! The chores of this workspace.
//!
//! ```text
//! cargo xtask generate [--check]   writes the generated files, or says which are stale
//! cargo xtask ci                   every step of the gate, in order
//! cargo xtask fuzz [TARGET…] [--minutes N] [--jobs N]
//!                                  fuzzes the targets, each for so long, and says what came of it
//! ```

#![expect(clippy::print_stdout, reason = "a chore talks to the person who runs it")]

mod ci;
mod data;
mod examples;
mod fuzz;
mod generate;
mod members;
#[cfg(test)]
mod pages;

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

/// The directory of the workspace, which is the one above this crate.
fn root() -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.parent().map_or_else(|| here.clone(), PathBuf::from)
}
