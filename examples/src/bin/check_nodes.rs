//! Checks the labels of Kubernetes nodes against scs-0214.
//!
//! ```text
//! kubectl get nodes -o json > nodes.json
//! cargo run -p scs-examples --bin check_nodes -- nodes.json
//! ```

#![expect(clippy::print_stdout, reason = "the findings are what the program is for")]

use std::error::Error;

use jiff::Timestamp;
use scs_k8s_policy::scs_standards::{Context, DocumentId, Given, Verdict};
use scs_k8s_policy::{Cluster, check_cluster};

fn main() -> Result<(), Box<dyn Error>> {
    let nodes = std::fs::read_to_string(std::env::args().nth(1).ok_or("name a file")?)?;
    let cluster = Cluster::read(|part| if part == "nodes" { Given::Data(&nodes) } else { Given::Missing });
    let answers = check_cluster(&cluster, &Context::at(Timestamp::now()), &[DocumentId::version(214, 2)]);
    for finding in answers.iter().flat_map(|answer| &answer.findings).filter(|it| it.result == Verdict::Fail)
    {
        println!("{finding}");
        let Some(fix) = &finding.fix else { continue };
        // Advice, or the question that decides between the commands.
        if let Some(words) = fix.words() {
            println!("  {words}");
        }
        for way in fix.ways() {
            println!("  {}", way.command);
        }
    }
    Ok(())
}
