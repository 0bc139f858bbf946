//! The versioned registry of the Sovereign Cloud Stack standards: which rules a document has, which official test case a
//! rule counts for, which scope version asks for it on a day, and what all of them say about a cloud.
//!
//! | question | where |
//! | --- | --- |
//! | which rules does scs-0102-v2 have? | [`Registry::rules_of`] |
//! | what is scs-0102-prop-min_disk? | [`Registry::rule`] |
//! | which test cases does a scope version ask for, and which are answered here? | [`Registry::coverage`] |
//! | what was collected about a cloud? | [`Inventory`] |
//! | how do parts become one? | [`assembly::assemble`] |
//! | what is a document by its content? | [`part::recognize`] |
//! | what comes out for it? | [`check()`](check::check) |
//! | what decides about the certificate? | [`Decision`], [`Standing`] |
//! | what does the provider still have to declare? | [`open_questions`] |
//! | what is a rule about, and how is it repaired? | [`explain()`](explain::explain) |
//!
//! A crate of rules is known by one line in `domains`.

mod age;
pub mod assembly;
pub mod check;
mod coverage;
pub mod decision;
pub mod docs;
mod domain;
mod domains;
mod edits;
pub mod explain;
pub mod inventory;
pub mod part;
mod registry;
mod repeated;
mod statements;

pub use check::{CheckError, CheckOptions, Checked, CheckedVersion, check};
pub use coverage::{Coverage, NotCovered};
pub use decision::{Decision, Standing};
pub use domain::RuleInfo;
pub use edits::{EditError, apply_edits};
pub use inventory::{Inventory, Kind, ReadInventoryError};
pub use registry::Registry;
pub use statements::{OpenQuestion, ShownException, exceptions, open_questions};

/// The code on the crate's front page is compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct FrontPage;
