//! Checks the console output of a sample VM against scs-0101.
//!
//! ```text
//! cargo run -p scs-examples --bin check_console -- examples/data/console-output.txt 2026-11-24T00:00:00Z
//! ```

#![expect(clippy::print_stdout, reason = "the results are what the program is for")]

use std::error::Error;

use scs_entropy::scs_standards::Context;
use scs_entropy::{ConsoleOutput, ENTROPY_DOCUMENTS, EntropyEvidence, check_entropy, entropy_test_cases};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let console = std::fs::read(arguments.next().ok_or("name a file")?)?;
    let evidence = EntropyEvidence::from_console(ConsoleOutput::from_file(&console)?);
    let context = Context::at(arguments.next().ok_or("name a time")?.parse()?);
    let answers = check_entropy(&evidence, &context, &ENTROPY_DOCUMENTS);
    for case in entropy_test_cases() {
        if let Some(verdict) = case.verdict(&answers) {
            println!("{verdict} {}", case.id);
        }
    }
    Ok(())
}
