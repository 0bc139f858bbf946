//! Certification by the Sovereign Cloud Stack standards: required test cases, and the meaning of results at a
//! date.
//!
//! | topic | type | module |
//! | --- | --- | --- |
//! | requirements of a certificate | [`Scope`], [`ScopeVersion`], [`Target`] | [`scope`] |
//! | validity of a scope version | [`Timeline`], [`Validity`] | [`scope`] |
//! | lifetime of a result | [`Lifetime`] | [`scope`] |
//! | merging results | [`Results`] | [`results`] |
//! | verdict, and when it changes | [`Evaluation`] | [`evaluation`] |
//! | certificates and their validity | [`Certificate`] | [`certificate`] |
//! | certification levels | [`CertificationLevel`], [`Layer`] | [`level`] |
//! | SCS integrators, health of open-source software | | [`integrator`], [`oss_health`] |
//! | reports, score cards, signatures | [`report::Report`], [`report::ScoreCard`] | [`report`] |
//!
//! The crate does no I/O and reads no clock.

pub mod certificate;
pub mod evaluation;
pub mod integrator;
pub mod level;
pub mod oss_health;
pub mod report;
pub mod results;
pub mod scope;

pub use certificate::{Certificate, CertificateNotice, IssueError};
pub use evaluation::{Evaluation, EvaluationOptions, TargetOutcome, VersionOutcome, evaluate};
pub use level::{CertificationLevel, Layer};
pub use results::{GivenResult, Results};
pub use scope::{
    Include, Lifetime, Module, ParseLifetimeError, ParseValidityError, Prerequisite, Reach, ReadScopeError,
    Scope, ScopeProblem, ScopeSubject, ScopeTestCase, ScopeVersion, Script, Target, Timeline, TimelineEntry,
    UnknownVersionError, Validity, Variable, check_scope, scope_rules,
};
pub use scs_standards;

/// Compiles and runs the examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct FrontPage;
