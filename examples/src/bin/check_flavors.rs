//! Checks a list of flavors from Nova's API, the OpenStack client or openstack-flavor-manager.
//!
//! ```text
//! cargo run -p scs-examples --bin check_flavors -- examples/data/flavors.json
//! ```

#![expect(clippy::print_stdout, reason = "printing findings is the purpose of the program")]

use std::error::Error;

use jiff::Timestamp;
use scs_flavor_naming::{FlavorList, FlavorSet, check_flavors, flavor_test_cases};
use scs_standards::catalog::{Catalog, Document};
use scs_standards::{Context, DocumentId, Severity, Verdict};

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("which file?")?;
    let list: FlavorList = std::fs::read_to_string(path)?.parse()?;
    println!("{} flavors in the format of {}", list.flavors.len(), list.format);
    let set = FlavorSet::from(list);

    // The libraries do not read the clock: the date of the check is an argument.
    let context = Context::at(Timestamp::now());
    let in_force: Vec<DocumentId> = Catalog::embedded().in_force(context.date()).map(Document::id).collect();
    let answers = check_flavors(&set, &context, &in_force);

    // Print only failures, not missing declarations (MISS).
    let findings = answers.iter().flat_map(|answer| &answer.findings);
    for finding in findings.filter(|it| it.severity == Severity::Error && it.result == Verdict::Fail) {
        println!("{finding}");
        for way in finding.fix.iter().flat_map(scs_standards::Fix::ways) {
            println!("  {}{}", if way.destructive { "(destructive) " } else { "" }, way.command);
        }
    }
    for case in flavor_test_cases() {
        if case.verdict(&answers) == Some(Verdict::Fail) {
            println!("{} FAIL {}", case.level, case.id);
        }
    }
    Ok(())
}
