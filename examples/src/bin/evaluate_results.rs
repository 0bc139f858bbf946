//! Evaluates results of test cases against the SCS-compatible IaaS certificate at a date.
//!
//! ```text
//! cargo run -p scs-examples --bin evaluate_results -- results.json 2026-11-24T00:00:00Z
//! ```
//!
//! The file maps test cases to results: `{"scs-0100-syntax-check": "PASS"}`.

#![expect(clippy::print_stdout, reason = "the verdict is what the program is for")]

use std::collections::BTreeMap;
use std::error::Error;

use scs_certificates::scs_standards::{Profile, Verdict};
use scs_certificates::{EvaluationOptions, GivenResult, Results, Scope, evaluate};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let text = std::fs::read_to_string(arguments.next().ok_or("name a file")?)?;
    let at = arguments.next().ok_or("name a time")?.parse()?;
    let given: BTreeMap<String, Verdict> = serde_json::from_str(&text)?;
    let results: Results = given
        .into_iter()
        .map(|(case, result)| (case, GivenResult { result, checked_at: Some(at) }))
        .collect();
    let evaluation = evaluate(Scope::compatible_iaas(), &results, at, EvaluationOptions::new(Profile::Text));
    println!("{}", evaluation.verdict);
    if let Some(changes_at) = evaluation.changes_at {
        println!("valid until {changes_at}");
    }
    Ok(())
}
