//! The rules of scs-0102 and scs-0104: tables that read like the standards' contents, and their checks.
//!
//! | module | topic |
//! | --- | --- |
//! | `technical` | technical properties and their values in OpenStack's lists |
//! | `purpose` | `os_purpose`, and a single generic image of each system (a different table for each version) |
//! | `naming` | names after the system, and dates in names of old images |
//! | `revealed` | fixes that reveal another finding |
//! | `proposals` | likely distributions |
//! | `updating` | maintenance commitments, and freshness |
//! | `origin` | origin and build date |
//! | `licensing` | licenses and support |
//! | `standard_v1` | standard images by list, with their sources |
//! | `standard_v2` | standard images by property and release calendar |

mod documents;
mod judge;
mod licensing;
mod naming;
mod origin;
mod proposals;
mod purpose;
mod revealed;
mod run;
mod standard_v1;
mod standard_v2;
mod tables;
mod technical;
mod test_cases;
mod updating;

pub use documents::IMAGE_DOCUMENTS;
pub use run::{answers, check_images};
pub use tables::image_rules;
pub use test_cases::{image_test_case, image_test_cases};
