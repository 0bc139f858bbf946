//! Runs the program as a user would.

use std::process::Output;

use assert_cmd::Command;

/// The program, without environment variables that affect its output.
pub(crate) fn scs(arguments: &[&str]) -> Command {
    let mut command = Command::cargo_bin("scs").unwrap();
    command
        .args(arguments)
        .env_remove("NO_COLOR")
        .env_remove("CLICOLOR_FORCE")
        .env_remove("SCS_THREADS")
        .env_remove("COLUMNS")
        // Facts that a developer fetched must not change results.
        .env_remove("SCS_FACTS")
        .env("XDG_DATA_HOME", concat!(env!("CARGO_TARGET_TMPDIR"), "/no-facts"));
    command
}

/// Runs the program; returns exit status, standard output and standard error.
#[track_caller]
pub(crate) fn run(arguments: &[&str]) -> (i32, String, String) {
    told(scs(arguments).output().unwrap())
}

/// Runs the program with standard input.
#[track_caller]
pub(crate) fn run_with(arguments: &[&str], input: impl Into<Vec<u8>>) -> (i32, String, String) {
    told(scs(arguments).write_stdin(input).output().unwrap())
}

#[track_caller]
pub(crate) fn told(output: Output) -> (i32, String, String) {
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// The path of a file in `tests/data`, relative to the working directory, because its length affects wrapping.
pub(crate) fn data(file: &str) -> String {
    format!("tests/data/{file}")
}

/// The path of an example file, relative to the working directory, so that snapshots can contain it.
pub(crate) fn example(file: &str) -> String {
    format!("../examples/data/{file}")
}

/// One JSON document.
#[track_caller]
pub(crate) fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error} in {text}"))
}

/// The answer of a rule in `scs/check/2`; null if there is none. If several documents have the rule, the first one.
pub(crate) fn rule(document: &serde_json::Value, id: &str) -> serde_json::Value {
    let rules = document["rules"].as_array();
    let found = rules.and_then(|rules| rules.iter().find(|rule| rule["rule"] == id));
    found.map(|rule| rule["result"].clone()).unwrap_or_default()
}

/// Text with line breaks removed.
pub(crate) fn unwrapped(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
