//! Small programs that show the libraries of the workspace. Each stands in `src/bin` and is run by a test.
//!
//! | program | shows |
//! | --- | --- |
//! | `decode_name` | what a name says, or why it is none |
//! | `check_flavors` | a cloud's flavors against the standards |
//! | `terraform_family` | a family of sizes as Terraform resources |
//! | `smallest_flavor` | the smallest flavors for a need |
//!
//! ```text
//! cargo run -p scs-examples --bin decode_name -- SCS-16T-64-200s_GNa-72-24_ib
//! ```

/// The code on the front page of the repository is compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct FrontPage;
