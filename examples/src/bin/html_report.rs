//! Checks an inventory and writes the report as one HTML page.
//!
//! ```text
//! cargo run -p scs-examples --bin html_report -- examples/data/typical-cloud.yaml 2026-11-24T00:00:00Z > report.html
//! ```

use std::error::Error;

use scs_report::scs_registry::{Inventory, ScopeChoice, check_inventory};
use scs_report::scs_standards::Context;
use scs_report::{Format, Options, Shown, render};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let inventory: Inventory =
        std::fs::read_to_string(arguments.next().ok_or("name an inventory")?)?.parse()?;
    let context = Context::at(arguments.next().ok_or("name a time")?.parse()?);
    let report = check_inventory(&inventory, &ScopeChoice::default(), &context)?;
    render(&[Shown::new(&report)], Format::Html, &Options::default(), &mut std::io::stdout().lock())?;
    Ok(())
}
