//! `scs certificate timeline`: when each version is in effect.

use clap::Args;
use jiff::civil::Date;
use schemars::JsonSchema;
use scs_certificates::Validity;
use scs_standards::Profile;
use serde::Serialize;

use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::options::Common;
use crate::print::format::Format;
use crate::print::listing;
use scs_report::Table;

/// `scs certificate timeline`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  scs certificate timeline scs-compatible-iaas

Versions that an entry does not list are deprecated.

Exit status: 0 success, 2 a file could not be read.")]
pub(crate) struct TimelineOf {
    /// Scope name or scope file
    #[arg(value_name = "NAME|FILE")]
    scope: String,

    /// Output format
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

/// An entry of a timeline: from its day until the day before the next entry.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "An entry of the output of `scs certificate timeline`")]
pub(crate) struct TimelineRow {
    #[schemars(with = "String", extend("format" = "date"))]
    from: Date,
    /// The first day after this entry.
    #[schemars(with = "Option<String>", extend("format" = "date"))]
    until: Option<Date>,
    versions: std::collections::BTreeMap<String, Validity>,
}

/// The maximum number of columns for versions: a table of thousands by thousands would fill the memory, and nobody reads it.
const MOST_COLUMNS: usize = 40;

/// A table with a row for each version in each entry.
fn long(rows: &[TimelineRow]) -> Table {
    let mut table = Table::new(&["from", "until", "version", "validity"]);
    for row in rows {
        let until = row.until.map_or_else(|| "-".to_owned(), |until| until.to_string());
        for (version, validity) in &row.versions {
            table.row([row.from.to_string(), until.clone(), version.clone(), validity.to_string()]);
        }
    }
    table
}

impl TimelineOf {
    pub(super) fn run(&self, common: &Common) -> Result<Exit, Failure> {
        let scope = crate::source::scope::scope(&self.scope, Profile::Text)?;
        let mut entries: Vec<_> = scope.timeline().entries().iter().collect();
        entries.sort_by_key(|entry| entry.date);
        let rows: Vec<TimelineRow> = entries
            .iter()
            .enumerate()
            .map(|(index, entry)| TimelineRow {
                from: entry.date,
                until: entries.get(index + 1).map(|next| next.date),
                versions: entry.versions.iter().cloned().collect(),
            })
            .collect();
        let names: Vec<&str> = scope.versions().iter().map(scs_certificates::ScopeVersion::name).collect();
        if names.len() > MOST_COLUMNS {
            listing::print(common, self.format, &rows, &long(&rows))?;
            return Ok(Exit::Success);
        }
        let head: Vec<&str> = ["from", "until"].into_iter().chain(names.iter().copied()).collect();
        let mut table = Table::new(&head);
        for row in &rows {
            let until = row.until.map_or_else(|| "-".to_owned(), |until| until.to_string());
            let cells = names
                .iter()
                .map(|name| row.versions.get(*name).map_or_else(|| "-".to_owned(), ToString::to_string));
            table.row([row.from.to_string(), until].into_iter().chain(cells));
        }
        listing::print(common, self.format, &rows, &table)?;
        Ok(Exit::Success)
    }
}
