//! Prints Terraform resources for a family of flavors: every combination of some sizes.
//!
//! ```text
//! cargo run -p scs-examples --bin terraform_family
//! ```

#![expect(clippy::print_stdout, reason = "printing resources is the purpose of the program")]

use std::error::Error;

use scs_flavor_naming::generate::{FlavorSpec, UntypedDisk, terraform};
use scs_flavor_naming::{Family, RECOMMENDED_RATIOS};
use scs_standards::Profile;

fn main() -> Result<(), Box<dyn Error>> {
    // 2 and 4 dedicated threads, with and without a local NVMe disk, and only the recommended ratios of memory.
    let family = Family::from_lists("2,4", "T", "2,8,32", "0,100p")?.with_ratios(RECOMMENDED_RATIOS);
    let specs = family
        .iter()
        .map(|name| FlavorSpec::from_name(name, UntypedDisk::LeaveOut, Profile::Text))
        .collect::<Result<Vec<_>, _>>()?;
    print!("{}", terraform(&specs));
    Ok(())
}
