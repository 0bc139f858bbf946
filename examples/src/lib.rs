//! Small programs that show the libraries of the workspace. Each is in `src/bin` and is run by a test.
//!
//! | program | shows |
//! | --- | --- |
//! | `decode_name` | the meaning of a flavor name, or its mistake |
//! | `check_flavors` | flavors against scs-0100, 0103 and 0110 |
//! | `terraform_family` | a family of sizes as Terraform resources |
//! | `smallest_flavor` | the smallest flavors for a need |
//! | `check_images` | images against scs-0102 and 0104 |
//! | `check_console` | the console output of a sample VM against scs-0101 |
//! | `check_catalog` | a service catalog against scs-0123 |
//! | `check_nodes` | Kubernetes nodes against scs-0214 |
//! | `evaluate_results` | results of test cases against a certificate |
//! | `html_report` | an inventory, with the report as HTML |
//! | `list_documents` | the documents in force on a day |
//! | `list_clouds` | the configured OpenStack clouds |
//!
//! ```text
//! cargo run -p scs-examples --bin decode_name -- SCS-16T-64-200s_GNa-72-24_ib
//! ```

/// Compiles and runs the code on the front page of the repository.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct FrontPage;

/// The code in the guide for tool authors is compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../../docs/tool-authors.md")]
pub struct GuideForToolAuthors;
