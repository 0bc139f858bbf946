//! Files and commands that create flavors, from standard flavors or names.
//!
//! | output | function | consumer |
//! | --- | --- | --- |
//! | YAML | [`flavor_manager_yaml`] | openstack-flavor-manager |
//! | shell commands | [`openstack_commands`] | the OpenStack client |
//! | HCL | [`terraform`] | Terraform and OpenTofu with the OpenStack provider |
//! | JSON | `serde::Serialize` of [`FlavorSpec`] (feature `serde`) | any consumer of Nova's flavors |
//! | Markdown | [`markdown_table`] | people |
//!
//! ```
//! use scs_flavor_naming::StandardFlavor;
//! use scs_flavor_naming::generate::{FlavorSpec, UntypedDisk, openstack_commands};
//!
//! let flavor = StandardFlavor::named("SCS-1V-2").unwrap();
//! let specs = [FlavorSpec::standard(flavor, UntypedDisk::LeaveOut)];
//! assert_eq!(
//!     openstack_commands(&specs, &[]),
//!     "openstack flavor create --vcpus 1 --ram 2048 --disk 0 --public \
//!      --property scs:name-v1=SCS-1V:2 --property scs:name-v2=SCS-1V-2 --property scs:cpu-type=shared-core SCS-1V-2\n"
//! );
//! ```

mod flavor_manager;
mod markdown;
mod openstack;
mod spec;
mod terraform;

pub use crate::properties::UntypedDisk;
pub use flavor_manager::flavor_manager_yaml;
pub use markdown::markdown_table;
pub use openstack::openstack_commands;
pub use spec::{FlavorSpec, FlavorSpecError};
pub use terraform::terraform;
