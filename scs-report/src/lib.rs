//! Renderers for reports of checks: one file for each format.
//!
//! | question | where |
//! | --- | --- |
//! | how is a report printed? | [`render`], [`Format`] |
//! | what does the page look like? | [`Options`] |
//! | which further information does the caller add? | [`Shown`] |
//! | how are other tables printed? | [`Table`] |
//!
//! A renderer knows no rule and computes no verdict.

mod csv;
mod fixes;
mod groups;
mod html;
mod json;
mod junit;
mod known;
mod markdown;
mod official;
mod palette;
mod sarif;
mod table;
mod text;
mod wording;

use std::collections::BTreeSet;
use std::io::{self, Write};

use scs_registry::Report;
use scs_standards::Severity;
use thiserror::Error;

pub use known::KnownFinding;
pub use palette::Palette;
pub use scs_registry;
pub use scs_standards;
pub use table::Table;
pub use wording::{and, brief, counted, test_case_counts};

/// The format of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
#[non_exhaustive]
pub enum Format {
    /// For people
    Text,
    /// One document, or a list for several subjects (scs/check/2)
    Json,
    /// One finding per line, then a line with the result
    Jsonl,
    /// Like json, in YAML
    Yaml,
    /// Tables for issues and wikis
    Markdown,
    /// A self-contained page
    Html,
    /// For CI systems that show test results
    Junit,
    /// For code hosts that show findings
    Sarif,
    /// One finding per row
    Csv,
    /// The report of the official test suite, for the compliance monitor
    YamlReport,
}

/// A report that cannot be printed in a format.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum RenderError {
    /// The output cannot be written.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// JSON cannot be written.
    #[error("cannot write JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// Another format cannot be written.
    #[error("cannot write {format}: {reason}")]
    Write {
        /// The format.
        format: &'static str,
        /// The reason.
        reason: String,
    },
    /// The official report has results of one scope version, and none is effective.
    #[error("no version of {scope} is effective, so there is nothing to report")]
    NoVersion {
        /// The scope.
        scope: String,
    },
    /// The official report is about a scope, and the check was not.
    #[error("only a check against a scope can be reported to the compliance monitor")]
    NoScope,
}

/// The look of a page, and how much is on it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Options {
    /// Findings of this severity and above are listed; what blocks the certificate always is.
    pub min_severity: Severity,
    /// The colors of text.
    pub palette: Palette,
    /// The width of text in columns.
    pub width: usize,
    /// How to see the findings that are not listed, such as "`--all` lists them".
    pub more: Option<String>,
    /// Whether a list of one report is still a list in JSON: another subject could not be checked.
    pub always_list: bool,
    /// Whether `JUnit` has all versions, not only the deciding one.
    pub all_versions: bool,
    /// The findings of an earlier report. They are marked, and `JUnit` and SARIF do not count them as new.
    pub known: BTreeSet<KnownFinding>,
    /// The name and version of the program.
    pub creator: (&'static str, &'static str),
}

impl Default for Options {
    fn default() -> Self {
        Self {
            min_severity: Severity::Error,
            palette: Palette::default(),
            width: 100,
            more: None,
            always_list: false,
            all_versions: false,
            known: BTreeSet::new(),
            creator: (env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION")),
        }
    }
}

/// A report and where it comes from.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Shown<'a> {
    /// The report.
    pub report: &'a Report,
    /// The file that was checked, for formats that place findings in files.
    pub file: Option<String>,
    /// The command that was run, for the official report.
    pub command: Option<String>,
    /// What to do next, one step each; commands stand between backticks.
    pub next: Vec<String>,
}

impl<'a> Shown<'a> {
    /// A report that comes from nowhere in particular.
    #[must_use]
    pub const fn new(report: &'a Report) -> Self {
        Self { report, file: None, command: None, next: Vec::new() }
    }

    /// With the file that was checked.
    #[must_use]
    pub fn in_file(self, file: impl Into<String>) -> Self {
        Self { file: Some(file.into()), ..self }
    }

    /// With the command that was run.
    #[must_use]
    pub fn by_command(self, command: impl Into<String>) -> Self {
        Self { command: Some(command.into()), ..self }
    }

    /// With a step to take next.
    #[must_use]
    pub fn then(mut self, step: impl Into<String>) -> Self {
        self.next.push(step.into());
        self
    }
}

/// Prints reports.
///
/// # Errors
///
/// When the output cannot be written, or the format has no place for the report.
pub fn render(
    shown: &[Shown<'_>],
    format: Format,
    options: &Options,
    out: &mut dyn Write,
) -> Result<(), RenderError> {
    match format {
        Format::Text => Ok(out.write_all(text::page(shown, options).as_bytes())?),
        Format::Json => json::document(shown, options, out),
        Format::Jsonl => json::lines(shown, out),
        Format::Yaml => json::yaml(shown, options, out),
        Format::Markdown => Ok(out.write_all(markdown::page(shown, options).as_bytes())?),
        Format::Html => Ok(out.write_all(html::page(shown, options).as_bytes())?),
        Format::Junit => junit::write(shown, options, out),
        Format::Sarif => sarif::write(shown, options, out),
        Format::Csv => csv::write(shown, out),
        Format::YamlReport => official::write(shown, options, out),
    }
}

/// The code on the crate's front page is compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct FrontPage;
