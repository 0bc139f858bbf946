//! Prints the facts in a directory with their dates. The argument is the directory.

#![expect(clippy::print_stdout, reason = "the list is what the program is for")]

use std::env;

use jiff::Timestamp;
use scs_facts::{FACTS, Store};

fn main() {
    let store = Store::new(env::args_os().nth(1).unwrap_or_else(|| "facts".into()));
    for fact in FACTS {
        match store.read(fact, Timestamp::now()) {
            Ok(Some(stored)) => println!("{}: as of {}, {}", fact.key, stored.metadata.as_of, stored.summary),
            Ok(None) => println!("{}: not fetched", fact.key),
            Err(broken) => println!("{}: {broken}", fact.key),
        }
    }
}
