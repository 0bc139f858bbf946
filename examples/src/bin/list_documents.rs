//! Lists the documents that are in force on a day.
//!
//! ```text
//! cargo run -p scs-examples --bin list_documents -- 2026-11-24
//! ```

#![expect(clippy::print_stdout, reason = "the list is what the program is for")]

use std::error::Error;

use jiff::civil::Date;
use scs_standards::State;
use scs_standards::catalog::Catalog;

fn main() -> Result<(), Box<dyn Error>> {
    let day: Date = std::env::args().nth(1).ok_or("name a day")?.parse()?;
    for document in Catalog::embedded().iter().filter(|document| document.state_on(day) == State::Effective) {
        println!("{} {}", document.id(), document.title());
    }
    Ok(())
}
