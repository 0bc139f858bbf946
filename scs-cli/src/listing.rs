//! Lists that are printed as a table or as data.

use clap::ValueEnum;
use serde::Serialize;

use crate::cli::Common;
use crate::failure::Failure;
use crate::files;
use crate::output::Output;
use crate::table::Table;

/// How a list is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Text,
    /// As data
    Json,
    /// As json, in YAML
    Yaml,
    /// A table in Markdown
    Markdown,
}

/// Prints rows, or the table of them.
pub(crate) fn print(
    common: &Common,
    format: Format,
    rows: &impl Serialize,
    table: &Table,
) -> Result<(), Failure> {
    print_with(common, format, rows, || table.to_text(), || table.to_markdown())
}

/// The same with texts of their own.
pub(crate) fn print_with(
    common: &Common,
    format: Format,
    document: &impl Serialize,
    text: impl FnOnce() -> String,
    markdown: impl FnOnce() -> String,
) -> Result<(), Failure> {
    let mut output = Output::open(common.output.as_deref())?;
    match format {
        Format::Text => output.write_text(&text())?,
        Format::Markdown => output.write_text(&markdown())?,
        Format::Json | Format::Yaml => {
            files::write_document(&mut output, document, format == Format::Yaml)?;
        }
    }
    output.finish()
}
