//! The rules of scs-0101: a table that reads like the standard, and its checks.
//!
//! | module | topic |
//! | --- | --- |
//! | `quality` | amount and quality of entropy in a sample VM |
//! | `cpu` | CPU instructions for entropy, and their availability in VMs |
//! | `kernel` | the new random number generator |
//! | `earlier` | requirements of revision 1.0: virtio-rng and `rngd` |

mod cpu;
mod earlier;
mod inputs;
mod kernel;
mod quality;
mod table;
mod test_cases;

pub use table::{ENTROPY_DOCUMENTS, check_entropy, entropy_rules};
pub use test_cases::{entropy_test_case, entropy_test_cases};
