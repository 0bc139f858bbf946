//! Lists the clouds that `clouds.yaml` and the `OS_*` variables configure, with their regions.
//!
//! ```text
//! cargo run -p scs-examples --bin list_clouds
//! ```

#![expect(clippy::print_stdout, reason = "the list is what the program is for")]

use std::error::Error;

use scs_openstack::{Clouds, Environment};

fn main() -> Result<(), Box<dyn Error>> {
    let clouds = Clouds::read(&Environment::from_process())?;
    for name in clouds.names() {
        println!("{name}: {}", clouds.regions(Some(name))?.join(", "));
    }
    Ok(())
}
