//! The registry of the Sovereign Cloud Stack standards: the rules of documents, the official test cases of rules, the scope
//! versions that require them, and checks of clouds and clusters with all of them.
//!
//! | question | where |
//! | --- | --- |
//! | which rules does scs-0102-v2 have? | [`Registry::rules_of`] |
//! | what is scs-0102-prop-min_disk? | [`Registry::rule`] |
//! | which test cases are covered by rules? | [`Registry::coverage`] |
//! | what was collected about a cloud? | [`Inventory`] |
//! | how are parts assembled to an inventory? | [`assembly::assemble`] |
//! | what kind of file is this? | [`part::recognize`] |
//! | which documents and test cases decide? | [`Selection`] |
//! | does a subject conform? | [`check()`](check::check), [`Report`] |
//! | which findings block the certificate? | [`Decision`], [`Standing`] |
//! | what does the provider still have to declare? | [`Report::questions`] |
//! | what is a rule about, and how is it repaired? | [`explain()`](explain::explain) |
//! | what is due or expires on which day? | [`calendar()`](calendar::calendar), [`CalendarEvent`] |
//! | what has changed between two reports? | [`compare()`](compare::compare), [`Comparison`] |
//! | as of when are the built-in facts? | [`embedded_facts`] |
//!
//! Crates of rules are registered with one line in `domains`.

mod acceptance;
mod age;
pub mod areas;
pub mod assembly;
pub mod baseline;
pub mod calendar;
pub mod check;
pub mod collection;
pub mod compare;
mod coverage;
pub mod decision;
pub mod docs;
mod domain;
mod domains;
mod edits;
pub mod explain;
pub mod facts;
pub mod inventory;
mod kind;
mod notation;
pub mod part;
mod registry;
mod repeated;
pub mod report;
pub mod selection;
mod statements;
pub mod subject;

pub use acceptance::{Acceptance, Conditions};
pub use baseline::{Baseline, BaselineError};
pub use calendar::{Calendar, CalendarEvent, EventKind, calendar, calendar_of_report};
pub use check::{check, check_inventory};
pub use collection::{CollectedFrom, PartCoverage};
pub use compare::{CompareError, Comparison, compare};
pub use coverage::Coverage;
pub use decision::{Decision, Standing};
pub use domain::RuleInfo;
pub use edits::{EditError, apply_edits};
pub use facts::{DatedFacts, embedded_facts};
pub use inventory::{Inventory, ReadInventoryError};
pub use kind::Kind;
pub use registry::Registry;
pub use report::{NameCounts, Report, ReportedFinding, RuleReport, VersionReport};
pub use scs_standards;
pub use selection::{ReportSelection, RuleWeight, ScopeChoice, Selection, SelectionError};
pub use statements::{AskingRule, OpenQuestion, ShownException};
pub use subject::{Subject, SubjectKind};

/// Compiles and runs the code on the crate's front page.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct FrontPage;
