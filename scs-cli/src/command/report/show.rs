//! `scs report show`: shows reports.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use clap::Args;
use schemars::JsonSchema;
use scs_certificates::report::{Collection, Report, ReportScope};
use scs_standards::Verdict;
use scs_standards::written::{markdown, visible};
use serde::Serialize;

use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::input::Source;
use crate::app::options::Common;
use crate::print::format::Format;
use crate::print::listing::{self, Medium};
use scs_report::Table;

/// `scs report show`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  scs report show report.yaml
  scs report show -f json report.yaml

Exit status: 0 success, 2 a file could not be read.")]
pub(crate) struct Show {
    /// Reports; `-` is standard input
    #[arg(value_name = "REPORT", required = true)]
    reports: Vec<Source>,

    /// Output format
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

/// A report.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "A report in the output of `scs report show`")]
pub(crate) struct ShownReport<'a> {
    subject: &'a str,
    scope: &'a ReportScope,
    #[schemars(extend("format" = "date-time"))]
    checked_at: String,
    #[schemars(with = "Option<String>", extend("format" = "date"))]
    reference_date: Option<jiff::civil::Date>,
    run: &'a str,
    /// How the inventory was collected, if the report says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    collection: Option<&'a Collection>,
    results: &'a BTreeMap<String, Verdict>,
    warnings: &'a [String],
}

impl<'a> From<&'a Report> for ShownReport<'a> {
    fn from(report: &'a Report) -> Self {
        Self {
            subject: &report.subject,
            scope: &report.scope,
            checked_at: report.checked_at.to_string(),
            reference_date: report.reference_date,
            run: &report.run,
            collection: report.collection.as_ref(),
            results: &report.results,
            warnings: &report.warnings,
        }
    }
}

impl Show {
    pub(super) fn run(&self, common: &Common) -> Result<Exit, Failure> {
        let reports = super::input::reports(&self.reports)?;
        let rows: Vec<ShownReport<'_>> = reports.iter().map(ShownReport::from).collect();
        let text = |medium: Medium| {
            let plain = |text: &str| {
                if medium.is_markdown() { markdown::text(text) } else { visible(text).into_owned() }
            };
            let mut text = String::new();
            for report in &reports {
                let mut table = Table::new(&["test case", "result"]);
                for (case, result) in &report.results {
                    table.row([case.clone(), result.to_string()]);
                }
                let mark = if medium.is_markdown() { "## " } else { "" };
                // Writing to a string does not fail.
                let _ = writeln!(
                    text,
                    "{mark}{}: {}, checked at {} (run {})\n",
                    plain(&report.subject),
                    plain(&report.scope.name),
                    report.checked_at,
                    plain(&report.run)
                );
                if let Some(collection) = &report.collection {
                    let _ = writeln!(text, "{}\n", plain(&collection.to_string()));
                }
                for warning in &report.warnings {
                    let _ = writeln!(text, "warning: {}\n", plain(warning));
                }
                text.push_str(&medium.table(&table));
                text.push('\n');
            }
            text
        };
        listing::print_with(
            common,
            self.format,
            &rows,
            |width| text(Medium::Terminal(width)),
            || text(Medium::Markdown),
        )?;
        Ok(Exit::Success)
    }
}
