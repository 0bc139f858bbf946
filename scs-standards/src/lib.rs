//! The vocabulary of the Sovereign Cloud Stack (SCS) standards.
//!
//! | question | type | module |
//! | --- | --- | --- |
//! | which text? | [`DocumentId`], [`StandardId`], [`Track`] | [`document`] |
//! | is it in force? | [`State`], [`Lifecycle`] | [`state`] |
//! | how strong is a requirement? | [`Level`] | [`level`] |
//! | what is checked? | [`Rule`], [`TestCase`] | [`rule`] |
//! | by which reading? | [`Profile`], [`Context`] | [`profile`], [`context`] |
//! | what came out? | [`Verdict`], [`Finding`], [`Answer`] | [`verdict`], [`finding`], [`rule`] |
//! | what removes a finding? | [`Fix`], [`Way`], [`Edit`] | [`fix`] |
//! | what did the provider declare? | [`Declaration`], [`Declarations`] | [`declaration`] |
//! | how is it judged? | [`Question`], [`judge()`] | [`judgment`] |
//! | what was given at all? | [`Given`], [`Source`] | [`given`] |
//! | which documents are there? | `Catalog`, with the feature `catalog` | `catalog` |
//! | is a folder of documents in order? | `DocumentFolder`, with the same | `lint` |
//! | what came of a test run? | `TestResults`, with the feature `junit` | `junit` |
//! | what is in a list that an API returns? | `Listed`, with the feature `listed` | `listed` |
//! | where in a text? | [`Span`] | [`span`] |
//! | how does a text of others get into a script, YAML, Markdown? | [`written::Comment`], [`shell::quote`] | [`written`] |
//! | what was checked? | [`subject::Flavor`], [`subject::Image`] | [`subject`] |
//!
//! Nothing here reads a file, a network or a clock. The date of a check is an argument ([`Context`]).
//!
//! ```
//! use scs_standards::{DocumentId, Verdict};
//!
//! let id: DocumentId = "scs-0100-v3".parse()?;
//! assert_eq!(id.standard().to_string(), "scs-0100");
//! // scs-0003-v2: of several results the topmost in the order FAIL, MISS, DNF, PASS applies.
//! let results = [Verdict::Pass, Verdict::Dnf, Verdict::Miss];
//! assert_eq!(Verdict::topmost(results), Some(Verdict::Miss));
//! # Ok::<(), scs_standards::ParseIdError>(())
//! ```

#[cfg(feature = "catalog")]
pub mod catalog;
pub mod context;
pub mod declaration;
pub mod document;
pub mod finding;
pub mod fix;
pub mod given;
pub mod judgment;
#[cfg(feature = "junit")]
pub mod junit;
pub mod level;
#[cfg(feature = "catalog")]
pub mod lint;
#[cfg(feature = "listed")]
pub mod listed;
pub mod markdown;
mod placeholder;
pub mod profile;
pub mod python;
pub mod rule;
pub mod span;
pub mod state;
pub mod subject;
mod test_counts;
pub mod topic;
pub mod verdict;
pub mod written;
pub mod yaml;

#[cfg(feature = "serde")]
mod text_serde;

pub use context::Context;
pub use declaration::{Declaration, Declarations, Declared, DeclaredValue, Exception};
pub use document::{DocumentId, Edition, ParseIdError, StandardId, Track};
pub use finding::{Cause, Finding, OtherProfile, Severity};
pub use fix::{Applicability, Change, Data, Edit, Fix, Object, Way};
pub use given::{Given, Source};
pub use judgment::{CLOUD, CLUSTER, Judgment, Question, either, judge, judge_declarations};
pub use level::{Level, Strength};
#[cfg(feature = "listed")]
pub use listed::{Broken, Incomplete, Listed, ReadPartError};
pub use placeholder::{is_vacuous, names_document};
pub use profile::Profile;
pub use rule::{Answer, Heading, Recorder, Rule, Split, TestCase, answer_all};
pub use span::Span;
pub use state::{Lifecycle, State};
pub use test_counts::TestCounts;
pub use topic::{Fact, fact, is_declared, judge_or_topic, judge_topic, judge_under, needed_fact};
pub use verdict::Verdict;
pub use written::shell;

/// The code on the crate's front page is compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct FrontPage;
