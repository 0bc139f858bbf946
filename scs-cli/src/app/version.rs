//! `scs --version`: the version of the program and the dates of its built-in facts.

use clap::Command;
use clap::error::{Error, ErrorKind};
use scs_registry::{DatedFacts, embedded_facts};

/// The message of `--version` with all dates. The facts are read only when they are asked for: `-V` and every other command
/// start without them.
pub(crate) fn with_facts(error: Error, command: Command, fetched: impl FnOnce() -> String) -> Error {
    if error.kind() != ErrorKind::DisplayVersion {
        return error;
    }
    // The same arguments again, now that clap has something to say for the long option.
    match command.long_version(long(&fetched())).try_get_matches() {
        Err(again) if again.kind() == ErrorKind::DisplayVersion => again,
        _ => error,
    }
}

/// The version, and a line for each list of facts; `fetched` has further lines.
fn long(fetched: &str) -> String {
    let facts = embedded_facts();
    let width = facts.iter().map(|facts| facts.name.len()).max().unwrap_or(0);
    let line = |facts: &DatedFacts| {
        let as_of = facts.as_of.map_or_else(|| "not built in".to_owned(), |day| format!("as of {day}"));
        let source = facts.source.as_ref().map(|source| format!(", {source}")).unwrap_or_default();
        format!("\n{:<width$}  {as_of}{source}", facts.name)
    };
    let lines: String = facts.iter().map(line).collect();
    format!("{}\n\nBuilt-in data{lines}{fetched}", env!("CARGO_PKG_VERSION"))
}
