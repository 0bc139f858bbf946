//! The program, run as its users run it.

mod bad_input;
mod check;
// What helps tests may unwrap as they do.
#[cfg(test)]
mod common;
mod parse;
mod program;
