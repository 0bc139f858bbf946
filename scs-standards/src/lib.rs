//! The vocabulary of the Sovereign Cloud Stack (SCS) standards.
//!
//! | topic | type | module |
//! | --- | --- | --- |
//! | document ids | [`DocumentId`], [`StandardId`], [`Track`] | [`document`] |
//! | document state at a date | [`State`], [`Lifecycle`] | [`state`] |
//! | requirement levels | [`Level`] | [`level`] |
//! | rules and test cases | [`Rule`], [`TestCase`] | [`rule`] |
//! | profiles | [`Profile`], [`Context`] | [`profile`], [`context`] |
//! | results | [`Verdict`], [`Finding`], [`Answer`] | [`verdict`], [`finding`], [`rule`] |
//! | fixes | [`Fix`], [`Way`], [`Edit`] | [`fix`] |
//! | provider declarations | [`Declaration`], [`Declarations`]; read from a file with the feature `declarations` | [`declaration`] |
//! | rules based on declarations | [`Question`], [`judge()`] | [`judgment`] |
//! | input data | [`Given`], [`Source`] | [`given`] |
//! | document catalog | `Catalog`, with the feature `catalog` | `catalog` |
//! | linter for document folders | `DocumentFolder`, with the feature `catalog` | `lint` |
//! | test results | `TestResults`, with the feature `junit` | `junit` |
//! | JSON or YAML values of any type | `Any`, with the feature `serde` | `any` |
//! | XML | `walk`, with the feature `xml` | `xml` |
//! | interfaces of endpoints | [`interface::Interface`] | [`interface`] |
//! | roles of users, truth words, outcomes of probes | [`roles::not_ordinary`], [`truth::truth`], [`round_trip::RoundTrip`] | [`roles`], [`truth`], [`round_trip`] |
//! | lists returned by APIs | `Listed`, with the feature `listed` | `listed` |
//! | suggestions for misspelled words | `nearest`, with the feature `suggestion` | `suggestion` |
//! | parts of messages | [`wording::and`], [`wording::truncated`] | [`wording`] |
//! | positions in a text | [`Span`] | [`span`] |
//! | escaping for scripts, YAML, Markdown | [`written::Comment`], [`shell::quote`] | [`written`] |
//! | subjects | [`subject::Flavor`], [`subject::Image`] | [`subject`] |
//!
//! The crate does no I/O and reads no clock; the date of a check is an argument ([`Context`]).
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

#[cfg(feature = "serde")]
pub mod any;
#[cfg(feature = "catalog")]
pub mod catalog;
pub mod context;
pub mod declaration;
pub mod document;
pub mod finding;
pub mod fix;
pub mod given;
mod hint;
pub mod interface;
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
mod question;
pub mod roles;
pub mod round_trip;
pub mod rule;
mod severity;
pub mod span;
pub mod state;
pub mod subject;
#[cfg(feature = "suggestion")]
pub mod suggestion;
mod test_counts;
pub mod topic;
pub mod truth;
pub mod verdict;
mod vocabulary;
pub mod wording;
pub mod written;
#[cfg(feature = "xml")]
pub mod xml;
#[cfg(feature = "yaml")]
pub mod yaml;

#[cfg(feature = "serde")]
mod text_serde;

pub use context::Context;
pub use declaration::{Declaration, Declarations, Declared, DeclaredValue, Exception};
pub use document::{DocumentId, Edition, ParseIdError, ParseTrackError, StandardId, Track};
pub use finding::{Cause, Finding, OtherProfile};
pub use fix::{Applicability, Change, Data, Edit, Fix, Object, Way};
pub use given::{Given, Source};
pub use hint::{FactList, Hint};
pub use judgment::{CLOUD, CLUSTER, Judgment, either, judge, judge_declarations};
pub use level::{Level, ParseLevelError, Strength};
#[cfg(feature = "listed")]
pub use listed::{Broken, Incomplete, Listed, ReadPartError};
pub use placeholder::{is_vacuous, names_document};
pub use profile::{ParseProfileError, Profile};
pub use question::Question;
pub use rule::{Answer, Heading, Recorder, Rule, Split, TestCase, answer_all};
pub use severity::Severity;
pub use span::Span;
pub use state::{Lifecycle, State};
pub use test_counts::TestCounts;
pub use topic::{Fact, fact, is_declared, judge_or_topic, judge_topic, judge_under, needed_fact};
pub use verdict::{ParseVerdictError, Verdict};
pub use written::shell;

/// Compiles and runs the examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct FrontPage;
