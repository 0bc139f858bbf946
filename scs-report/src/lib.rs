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
mod error;
mod fixes;
mod groups;
mod html;
mod json;
mod junit;
mod markdown;
mod official;
mod options;
mod palette;
mod sarif;
mod shown;
mod table;
mod text;
mod wording;
mod wrap;

use std::io::Write;

pub use error::RenderError;
pub use options::Options;
pub use palette::Palette;
pub use scs_registry;
pub use scs_standards;
pub use shown::Shown;
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
