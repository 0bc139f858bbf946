//! Lists the facts that can be fetched, with their sources, what rests on them, and what is embedded.
//!
//! ```text
//! cargo run -p scs-examples --bin list_facts
//! ```

#![expect(clippy::print_stdout, reason = "the list is what the program is for")]

use scs_facts::{FACTS, Options};

fn main() {
    let options = Options::default();
    for fact in FACTS {
        println!("{} ({}), used by {}", fact.name, fact.key, fact.documents.join(", "));
        for source in fact.sources {
            println!("  {}", options.url(*source));
        }
        match fact.embedded() {
            Some(embedded) => println!("  embedded: {embedded}"),
            None => println!("  not embedded"),
        }
    }
}
