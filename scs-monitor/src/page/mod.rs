//! What pages show, as data: Markdown, fragments and whole pages are written from the same values.

pub(crate) mod assets;
mod certificates;
mod changes;
mod detail;
mod embedding;
mod error;
mod explanation;
mod filter;
mod frame;
mod history;
mod links;
mod markdown;
mod overview;
mod problems;
mod redaction;
mod report;
mod scope;
mod standards;
mod texts;

use jiff::Timestamp;

pub(crate) use certificates::{CertificateRow, CertificatesPage};
pub(crate) use changes::ChangesPage;
pub(crate) use detail::{DetailPage, SubjectDetail};
pub(crate) use embedding::Embedding;
pub(crate) use error::ErrorPage;
pub(crate) use explanation::{ExplanationPage, Section};
pub(crate) use filter::{Filter, Listing, Sort, State};
pub(crate) use frame::{Frame, Visit};
pub(crate) use history::{ALL_REPORTS, HistoryPage, percent};
pub(crate) use links::{Links, query};
pub(crate) use markdown::{anchor, cell, code, inline, line, text};
pub(crate) use overview::{Difference, OverviewPage, OverviewSection};
pub(crate) use problems::{MOST as MOST_PROBLEMS, Problem};
pub(crate) use redaction::redacted;
pub(crate) use report::ReportPage;
pub(crate) use scope::ScopePage;
pub(crate) use standards::StandardsPage;
pub(crate) use texts::{fill, texts};

/// The parameter with which pages show findings, for accounts that may read them.
pub(crate) const WITH_FINDINGS: (&str, &str) = ("findings", "show");

/// A time to the minute, in UTC.
pub(crate) fn minute(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d %H:%M").to_string()
}
