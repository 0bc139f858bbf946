//! Checks a service catalog against the mandatory services of scs-0123.
//!
//! ```text
//! cargo run -p scs-examples --bin check_catalog -- catalog.json
//! ```
//!
//! The file is a list as Keystone prints it: `[{"type": "compute", "endpoints": [...]}, ...]`.

#![expect(clippy::print_stdout, reason = "the findings are what the program is for")]

use std::error::Error;

use jiff::Timestamp;
use scs_iaas_policy::scs_standards::{Context, DocumentId, Given, Verdict};
use scs_iaas_policy::{Cloud, check_cloud};

fn main() -> Result<(), Box<dyn Error>> {
    let services = std::fs::read_to_string(std::env::args().nth(1).ok_or("name a file")?)?;
    // Each part of a cloud is absent, unusable for a reason, or the JSON text of an API's answer.
    let cloud = Cloud::read(|part| if part == "services" { Given::Data(&services) } else { Given::Missing });
    let answers = check_cloud(&cloud, &Context::at(Timestamp::now()), &[DocumentId::version(123, 1)]);
    for finding in answers.iter().flat_map(|answer| &answer.findings).filter(|it| it.result == Verdict::Fail)
    {
        println!("{finding}");
    }
    Ok(())
}
