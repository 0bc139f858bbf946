//! Small example programs for the libraries of the workspace. Each one is in `src/bin` and has a test.
//!
//! | program | shows |
//! | --- | --- |
//! | `decode_name` | the meaning of a name, or its error |
//! | `check_flavors` | a cloud's flavors against the standards |
//! | `terraform_family` | a family of sizes as Terraform resources |
//! | `smallest_flavor` | the smallest flavors for a workload |
//!
//! ```text
//! cargo run -p scs-examples --bin decode_name -- SCS-16T-64-200s_GNa-72-24_ib
//! ```

/// Compiles and runs the code on the front page of the repository.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct FrontPage;
