//! Runs the program as a user would.

use std::process::Output;

use assert_cmd::Command;

/// The program, with nothing of the surroundings that would change what it prints.
pub(crate) fn scs(arguments: &[&str]) -> Command {
    let mut command = Command::cargo_bin("scs").unwrap();
    command
        .args(arguments)
        .env_remove("NO_COLOR")
        .env_remove("CLICOLOR_FORCE")
        .env_remove("SCS_THREADS")
        .env_remove("COLUMNS");
    command
}

/// Its exit status, standard output and standard error.
#[track_caller]
pub(crate) fn run(arguments: &[&str]) -> (i32, String, String) {
    told(scs(arguments).output().unwrap())
}

/// The same with something on standard input.
#[track_caller]
pub(crate) fn run_with(arguments: &[&str], input: impl Into<Vec<u8>>) -> (i32, String, String) {
    told(scs(arguments).write_stdin(input).output().unwrap())
}

#[track_caller]
fn told(output: Output) -> (i32, String, String) {
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// The path of a file of `tests/data`, relative to the folder in which the program is run: text wraps by its length.
pub(crate) fn data(file: &str) -> String {
    format!("tests/data/{file}")
}

/// The path of a file that ships as an example, relative to the folder in which the program is run, so that it can stand in
/// snapshots.
pub(crate) fn example(file: &str) -> String {
    format!("../examples/data/{file}")
}

/// One JSON document.
#[track_caller]
pub(crate) fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error} in {text}"))
}

/// What a rule of `scs/check/2` says; null where it was not asked. Of several documents' rules of one id the first.
pub(crate) fn rule(document: &serde_json::Value, id: &str) -> serde_json::Value {
    let rules = document["rules"].as_array();
    let found = rules.and_then(|rules| rules.iter().find(|rule| rule["rule"] == id));
    found.map(|rule| rule["result"].clone()).unwrap_or_default()
}

/// A text for people without its line breaks.
pub(crate) fn unwrapped(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
