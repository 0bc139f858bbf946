//! Certification by the Sovereign Cloud Stack standards: which test cases a certificate asks for, and what results say
//! about it at a date.
//!
//! | question | type | module |
//! | --- | --- | --- |
//! | what does a certificate ask for? | [`Scope`], [`ScopeVersion`], [`Target`] | [`scope`] |
//! | when does a version count? | [`Timeline`], [`Validity`] | [`scope`] |
//! | how long is a result valid? | [`Lifetime`] | [`scope`] |
//! | which of several results counts? | [`Results`] | [`results`] |
//! | do results suffice, and until when? | [`Evaluation`] | [`evaluation`] |
//! | may a certificate be issued, and until when does it hold? | [`Certificate`] | [`certificate`] |
//! | what do the levels ask for? | [`CertificationLevel`], [`Layer`] | [`level`] |
//! | who is an SCS integrator? how healthy is a piece of software? | | [`integrator`], [`oss_health`] |
//! | what does a report say, and who vouches for it? | [`report::Report`], [`report::ScoreCard`] | [`report`] |
//!
//! Nothing here reads a file, a network or a clock.

pub mod certificate;
pub mod evaluation;
pub mod integrator;
pub mod level;
pub mod oss_health;
pub mod report;
pub mod results;
pub mod scope;

pub use certificate::{Certificate, IssueError};
pub use evaluation::{Evaluation, EvaluationOptions, TargetOutcome, VersionOutcome, evaluate};
pub use level::{CertificationLevel, Layer};
pub use results::{GivenResult, Results};
pub use scope::{
    Include, Lifetime, Module, ParseLifetimeError, ParseValidityError, Prerequisite, Reach, ReadScopeError,
    Scope, ScopeProblem, ScopeSubject, ScopeTestCase, ScopeVersion, Script, Target, Timeline, TimelineEntry,
    UnknownVersion, Validity, Variable, check_scope, scope_rules,
};
pub use scs_standards;

/// The code on the crate's front page is compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct FrontPage;
