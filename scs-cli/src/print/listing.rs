//! Printing lists and documents as text, as a table or as data.

use serde::Serialize;

use crate::app::failure::Failure;
use crate::app::files;
use crate::app::options::Common;
use crate::app::output::Output;
use scs_report::{Table, fit};

use crate::app::terminal;
use crate::print::format::Format;

/// Prints rows as data, or as a table.
pub(crate) fn print(
    common: &Common,
    format: Format,
    rows: &impl Serialize,
    table: &Table,
) -> Result<(), Failure> {
    print_with(common, format, rows, |width| table.to_text(width), || table.to_markdown())
}

/// Prints a document as data, or as text or Markdown.
pub(crate) fn print_with(
    common: &Common,
    format: Format,
    document: &impl Serialize,
    text: impl FnOnce(usize) -> String,
    markdown: impl FnOnce() -> String,
) -> Result<(), Failure> {
    let output = Output::open(common.output.as_deref())?;
    write_with(output, format, document, text, markdown)
}

/// Like [`print_with`], for an output that is open already.
pub(crate) fn write_with(
    mut output: Output,
    format: Format,
    document: &impl Serialize,
    text: impl FnOnce(usize) -> String,
    markdown: impl FnOnce() -> String,
) -> Result<(), Failure> {
    match format {
        Format::Text => {
            let width = terminal::width(&output);
            output.write_text(&fit(&text(width), width))?;
        }
        Format::Markdown => output.write_text(&markdown())?,
        Format::Json | Format::Yaml => {
            files::write_document(&mut output, document, format == Format::Yaml)?;
        }
    }
    output.finish()
}

/// The medium of a text with tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Medium {
    /// A terminal with this number of columns.
    Terminal(usize),
    /// A Markdown page.
    Markdown,
}

impl Medium {
    pub(crate) const fn is_markdown(self) -> bool {
        matches!(self, Self::Markdown)
    }

    pub(crate) fn table(self, table: &Table) -> String {
        match self {
            Self::Terminal(width) => table.to_text(width),
            Self::Markdown => table.to_markdown(),
        }
    }
}
