//! Says what flavor names mean, and what is wrong with those that mean nothing.
//!
//! ```text
//! cargo run -p scs-examples --bin decode_name -- SCS-2V-8 SCS-2iT-4
//! ```

#![expect(clippy::print_stdout, reason = "the answer is what the program is for")]

use scs_flavor_naming::{Parser, Syntax};
use scs_standards::Profile;

fn main() {
    let parser = Parser::new(Profile::Text);
    for text in std::env::args().skip(1) {
        match parser.parse(&text) {
            Ok(parsed) => {
                println!("{text}: {}", parsed.name.description());
                // The value knows no spelling; every version that can say it is asked for its own.
                for syntax in Syntax::ALL {
                    match parsed.name.spelled(syntax) {
                        Some(spelled) => println!("  {syntax}: {spelled}"),
                        None => println!("  {syntax}: cannot say it"),
                    }
                }
            }
            Err(error) if error.is_not_scs() => println!("{text}: no SCS name, which is no mistake"),
            Err(error) => {
                println!("{text}: {error}");
                println!("  bytes {:?}, expected one of {:?}", error.span().range(), error.expected());
            }
        }
    }
}
