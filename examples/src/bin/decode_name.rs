//! Explains flavor names, and the errors in invalid ones.
//!
//! ```text
//! cargo run -p scs-examples --bin decode_name -- SCS-2V-8 SCS-2iT-4
//! ```

#![expect(clippy::print_stdout, reason = "printing is the purpose of the program")]

use scs_flavor_naming::{Parser, Syntax};
use scs_standards::Profile;

fn main() {
    let parser = Parser::new(Profile::Text);
    for text in std::env::args().skip(1) {
        match parser.parse(&text) {
            Ok(parsed) => {
                println!("{text}: {}", parsed.name.description());
                // The value does not store a spelling; print the one of each version that can express it.
                for syntax in Syntax::ALL {
                    match parsed.name.spelled(syntax) {
                        Some(spelled) => println!("  {syntax}: {spelled}"),
                        None => println!("  {syntax}: cannot say it"),
                    }
                }
            }
            Err(error) if error.is_not_scs() => println!("{text}: not an SCS name, which is not an error"),
            Err(error) => {
                println!("{text}: {error}");
                println!("  bytes {:?}, expected one of {:?}", error.span().range(), error.expected());
            }
        }
    }
}
