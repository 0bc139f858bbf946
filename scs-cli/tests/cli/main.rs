//! The program, run as its users run it.

mod bad_flavors;
mod bad_input;
mod check;
mod commands;
// What helps tests may unwrap as they do.
#[cfg(test)]
mod common;
mod flavors;
mod parse;
mod program;
mod schema;
