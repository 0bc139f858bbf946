//! Lists that are printed as a table or as data.

use clap::ValueEnum;
use serde::Serialize;

use crate::app::failure::Failure;
use crate::app::files;
use crate::app::options::Common;
use crate::app::output::Output;
use scs_report::Table;

use crate::app::terminal;

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
    print_with(common, format, rows, |width| table.to_text(width), || table.to_markdown())
}

/// The same with texts of their own.
pub(crate) fn print_with(
    common: &Common,
    format: Format,
    document: &impl Serialize,
    text: impl FnOnce(usize) -> String,
    markdown: impl FnOnce() -> String,
) -> Result<(), Failure> {
    let mut output = Output::open(common.output.as_deref())?;
    match format {
        Format::Text => {
            let width = terminal::width(&output);
            output.write_text(&text(width))?;
        }
        Format::Markdown => output.write_text(&markdown())?,
        Format::Json | Format::Yaml => {
            files::write_document(&mut output, document, format == Format::Yaml)?;
        }
    }
    output.finish()
}

/// Where a text with tables goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Medium {
    /// A terminal of so many columns.
    Terminal(usize),
    /// A page in Markdown.
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
