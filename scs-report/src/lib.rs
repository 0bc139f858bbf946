//! Renderers for check reports: one module for each format.
//!
//! | question | where |
//! | --- | --- |
//! | how is a report printed? | [`render`], [`Format`] |
//! | how is the output configured? | [`Options`] |
//! | what else can the caller add? | [`Shown`] |
//! | how are other tables printed? | [`Table`] |
//! | how does other text fit a terminal? | [`fit`] |
//!
//! Renderers do not know any rules and do not compute verdicts.

mod csv;
mod fixes;
mod groups;
mod html;
mod json;
mod junit;
mod markdown;
mod official;
mod palette;
mod sarif;
mod table;
mod text;
mod wording;
mod wrap;

use std::io::{self, Write};

use scs_registry::Report;
use scs_standards::{Hint, Severity};
use thiserror::Error;

pub use palette::Palette;
pub use scs_registry;
pub use scs_standards;
pub use table::Table;
pub use text::day;
pub use wording::{and, brief, counted, test_case_counts};
pub use wrap::fit;

/// The format of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
#[non_exhaustive]
pub enum Format {
    /// Text for people
    Text,
    /// JSON: one document, or a list for several subjects (scs/check/2)
    Json,
    /// JSON Lines: a finding per line, then a line with the result
    Jsonl,
    /// Same data as json, in YAML
    Yaml,
    /// Markdown tables for issues and wikis
    Markdown,
    /// Self-contained HTML page
    Html,
    /// JUnit XML for CI systems
    Junit,
    /// SARIF for code hosts
    Sarif,
    /// CSV with a finding per row
    Csv,
    /// Report of the official test suite, for the compliance monitor
    YamlReport,
}

/// The error for a report that cannot be rendered.
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

/// The appearance and the level of detail of the output.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Options {
    /// The minimum severity of listed findings; those that block the certificate and broken MUSTs are always listed. `None` lists
    /// only these.
    pub min_severity: Option<Severity>,
    /// The colors of text.
    pub palette: Palette,
    /// The width of text in columns.
    pub width: usize,
    /// A hint on how to list all findings, such as "`--all` lists them".
    pub more: Option<String>,
    /// The wording of hints with the options of the program; `None` for a hint that the message covers.
    pub hint: fn(&Hint) -> Option<String>,
    /// Whether one report is a list in JSON, because other subjects could not be checked.
    pub always_list: bool,
    /// Whether `JUnit` includes all versions, not only the deciding one.
    pub all_versions: bool,
    /// The name and version of the program.
    pub creator: (&'static str, &'static str),
}

impl Default for Options {
    fn default() -> Self {
        Self {
            min_severity: None,
            palette: Palette::default(),
            width: 100,
            more: None,
            hint: worded,
            always_list: false,
            all_versions: false,
            creator: (env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION")),
        }
    }
}

/// The wording of hints without a program: the message names a missing part already.
fn worded(hint: &Hint) -> Option<String> {
    matches!(hint, Hint::Facts(_)).then(|| hint.to_string())
}

/// A report with its source and the next steps.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Shown<'a> {
    /// The report.
    pub report: &'a Report,
    /// The checked file, for formats that refer to files.
    pub file: Option<String>,
    /// The command line, for the official report.
    pub command: Option<String>,
    /// The next steps; commands are between backticks.
    pub next: Vec<String>,
}

impl<'a> Shown<'a> {
    /// A report without a source.
    #[must_use]
    pub const fn new(report: &'a Report) -> Self {
        Self { report, file: None, command: None, next: Vec::new() }
    }

    /// Replaces the report, for example by one with marks of a baseline.
    #[must_use]
    pub fn about(self, report: &Report) -> Shown<'_> {
        Shown { report, file: self.file, command: self.command, next: self.next }
    }

    /// Sets the checked file.
    #[must_use]
    pub fn in_file(self, file: impl Into<String>) -> Self {
        Self { file: Some(file.into()), ..self }
    }

    /// Sets the command line.
    #[must_use]
    pub fn by_command(self, command: impl Into<String>) -> Self {
        Self { command: Some(command.into()), ..self }
    }

    /// Adds a next step.
    #[must_use]
    pub fn then(mut self, step: impl Into<String>) -> Self {
        self.next.push(step.into());
        self
    }
}

/// Renders reports.
///
/// # Errors
///
/// If the output cannot be written, or the format does not support the report.
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
        Format::Csv => csv::write(shown, options, out),
        Format::YamlReport => official::write(shown, options, out),
    }
}

/// Compiles and runs the code on the crate's front page.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct FrontPage;
