//! Reports of checks: read and written as the official suite does, merged into score cards, signed and verified
//! (scs-0003-v2).
//!
//! | topic | module |
//! | --- | --- |
//! | reading official reports | `read` |
//! | writing reports | `write` |
//! | reading our check results | [`CheckDocument`] |
//! | age of results | [`by_age`] |
//! | origin of results | [`Collection`] |
//! | merging reports | `merge` |
//! | signatures | `signature`, with the feature `signatures` |

mod age;
mod check_document;
mod collection;
mod merge;
mod read;
#[cfg(feature = "signatures")]
pub mod signature;
mod write;

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use scs_standards::Verdict;

use crate::scope::Scope;

pub use age::by_age;
pub use check_document::{CheckDocument, CheckedRule, brief, moment, unusable};
pub use collection::Collection;
pub use merge::{MergeError, ScoreCard, ScoredResult, merge};
pub use read::{ReadReportError, time};

/// The scope that a report is about.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct ReportScope {
    /// The UUID of the scope.
    pub uuid: String,
    /// The name of the scope.
    pub name: String,
    /// The address of the scope file.
    #[serde(default)]
    pub url: String,
}

impl ReportScope {
    /// The name in file names and on command lines, such as `scs-compatible-iaas`.
    #[must_use]
    pub fn slug(&self) -> String {
        crate::scope::slug(&self.name)
    }
}

impl From<&Scope> for ReportScope {
    fn from(scope: &Scope) -> Self {
        Self { uuid: scope.uuid().to_owned(), name: scope.name().to_owned(), url: scope.url().to_owned() }
    }
}

/// A report: who was checked for what, when, and what came out.
///
/// ```
/// use scs_certificates::report::Report;
/// use scs_standards::Verdict;
///
/// let report = Report::read("
/// spec: {uuid: 50393e6f-2ae1-4c5c-a62c-3b75f2abef3f, name: SCS-compatible IaaS, url: https://example.com/scope.yaml}
/// checked_at: 2026-11-24 08:30:00.123456
/// reference_date: 2026-11-24
/// subject: my-cloud
/// run:
///   uuid: 5a8de2bf-1d5e-4c68-9c1c-0a2b65c4ff9b
///   invocations:
///     one: {results: {scs-0100-syntax-check: 1, scs-0100-semantics-check: -1}}
/// ")?;
/// assert_eq!(report.results["scs-0100-semantics-check"], Verdict::Fail);
/// assert_eq!(report.checked_at.to_string(), "2026-11-24T08:30:00.123456Z");
/// # Ok::<(), scs_certificates::report::ReadReportError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// The scope.
    pub scope: ReportScope,
    /// The subject.
    pub subject: String,
    /// The creator, which the official suite does not record.
    pub creator: Option<String>,
    /// How the inventory was collected, which the official suite does not record.
    pub collection: Option<Collection>,
    /// The time of the check, in UTC.
    pub checked_at: Timestamp,
    /// The day used as the current date.
    pub reference_date: Option<Date>,
    /// The UUID of the run, which identifies the report for a monitor.
    pub run: String,
    /// The executed command lines.
    pub commands: Vec<String>,
    /// The results by test case.
    pub results: BTreeMap<String, Verdict>,
    /// The test cases whose only result is unreadable.
    pub unusable: Vec<String>,
    /// The output of the scripts: standard output, then standard error.
    pub log: [Vec<String>; 2],
    /// Irregularities, which do not affect the results.
    pub warnings: Vec<String>,
}
