//! What pages show, as data: Markdown, fragments and whole pages are written from the same values.

pub(crate) mod assets;
mod detail;
mod error;
mod filter;
mod frame;
mod links;
mod markdown;
mod overview;
mod problems;
mod redaction;
mod report;
mod scope;
mod texts;

use jiff::Timestamp;

pub(crate) use detail::{DetailPage, SubjectDetail};
pub(crate) use error::ErrorPage;
pub(crate) use filter::{Filter, Listing, Sort, State};
pub(crate) use frame::{Frame, Visit};
pub(crate) use links::{Links, query};
pub(crate) use markdown::{anchor, cell, code, inline, line, text};
pub(crate) use overview::{Difference, OverviewPage, OverviewSection};
pub(crate) use problems::{MOST as MOST_PROBLEMS, Problem};
pub(crate) use redaction::redacted;
pub(crate) use report::ReportPage;
pub(crate) use scope::ScopePage;
pub(crate) use texts::{fill, texts};

/// A time to the minute, in UTC.
pub(crate) fn minute(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d %H:%M").to_string()
}
