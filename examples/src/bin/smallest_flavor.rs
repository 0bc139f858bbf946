//! Finds the smallest standard flavors for a workload, and explains what others lack.
//!
//! ```text
//! cargo run -p scs-examples --bin smallest_flavor
//! ```

#![expect(clippy::print_stdout, reason = "printing flavors is the purpose of the program")]

use scs_flavor_naming::{DiskType, FlavorName, Need, StandardFlavor};

fn main() {
    // A database: 4 vCPUs, 8 GiB of memory, 50 GB on a local SSD.
    let need = Need::new().vcpus(4).ram_gib(8).disk_gb(50).disk_type(DiskType::Ssd);
    let names: Vec<FlavorName> = StandardFlavor::all().map(StandardFlavor::name).collect();

    for name in need.smallest(&names) {
        println!("smallest: {name}, {}", name.description());
    }
    for name in &names {
        if let Err(lacks) = need.satisfied_by(name)
            && let [only] = lacks.as_slice()
        {
            println!("nearly:   {name}, {only}");
        }
    }
}
