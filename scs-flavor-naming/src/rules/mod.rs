//! The rules of scs-0100, scs-0103 and scs-0110: tables that read like the standards' contents, and their
//! checks.
//!
//! | module | topic |
//! | --- | --- |
//! | `naming` | syntax of `SCS-` names, and recommendations |
//! | `truth` | flavors provide what their names state |
//! | `operation` | facts that no API shows (by declaration) |
//! | `standard` | standard flavors, with their figures and properties |
//! | `properties` | `scs:` properties of all flavors |
//! | `ssd` | local disks of the SSD flavors, by scs-0110 |

mod documents;
mod naming;
mod operation;
mod properties;
mod ssd;
mod standard;
mod tables;
mod test_cases;
mod truth;

pub(crate) use naming::{SHORT_NAME, short_name_of};
pub(crate) use tables::answers;
pub use tables::{adapt_fixes, check_flavors, flavor_rule, flavor_rules};
pub use test_cases::{flavor_test_case, flavor_test_cases};
