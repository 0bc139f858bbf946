//! `scs standards docs`: the tables of the documentation.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use jiff::tz::TimeZone;
use scs_registry::docs::{DocsTable, inject, tables_in};

use crate::app::diagnostic::visible;
use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::files;
use crate::app::input::Source;
use crate::app::options::Common;
use crate::app::output::Output;

/// `scs standards docs`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  scs standards docs standards                     all standards with their states
  scs standards docs rules scs-0102-v2             a page for a version of a standard
  scs standards docs --inject docs/*.md            renew tables in hand-written pages
  scs standards docs --inject docs/*.md --check    is one of them stale?

Tables: standards, rules, rules DOCUMENT, scopes, coverage, image-properties, standard-flavors, naming, gpu-cards. In a page
a table stands between `<!-- scs: NAME -->` and `<!-- scs: end -->`, in MDX between `{/* scs: NAME */}` and `{/* scs: end */}`; in
code blocks nothing is renewed.
Exit status: 0 it is printed, written or up to date; 1 a page is stale; 2 a page could not be read, has a wrong marker, or none of the
pages has a table.")]
pub(crate) struct Docs {
    /// The table
    #[arg(value_name = "TABLE", required_unless_present = "inject", num_args = 1..=2)]
    table: Vec<String>,

    /// Renew the tables of these pages
    #[arg(long, value_name = "FILE", num_args = 1.., conflicts_with = "table")]
    inject: Vec<PathBuf>,

    /// Write nothing, and say which pages are stale
    #[arg(long, requires = "inject")]
    check: bool,
}

impl Docs {
    pub(super) fn run(&self, common: &Common) -> Result<Exit, Failure> {
        let today = crate::app::at::now(common.at).to_zoned(TimeZone::UTC).date();
        if self.inject.is_empty() {
            let table: DocsTable =
                self.table.join(" ").parse().map_err(|error| Failure::new(format!("{error}")))?;
            let mut output = Output::open(common.output.as_deref())?;
            output.write_all(table.markdown(today).as_bytes())?;
            output.finish()?;
            return Ok(Exit::Success);
        }
        let mut stale = Vec::new();
        let mut without = Vec::new();
        for path in &self.inject {
            let name = path.display().to_string();
            let page = files::text(Source::from(path.as_path()).open()?, files::WRITTEN)?;
            let renewed = inject(&page, today).map_err(|error| Failure::new(format!("{name}: {error}")))?;
            if tables_in(&page) == 0 {
                without.push(name);
                continue;
            }
            if renewed == page {
                continue;
            }
            if !self.check {
                let mut file = Output::open(Some(path))?;
                file.write_all(renewed.as_bytes())?;
                file.finish()?;
            }
            stale.push(name);
        }
        if without.len() == self.inject.len() {
            return Err(Failure::new(format!("no table in {}", without.join(", ")))
                .hint("a table stands between `<!-- scs: NAME -->` and `<!-- scs: end -->`"));
        }
        for name in &without {
            // Without a place for complaints the others are renewed all the same.
            let _ = writeln!(std::io::stderr(), "note: no table in {}", visible(name));
        }
        let mut output = Output::open(common.output.as_deref())?;
        for name in &stale {
            writeln!(output, "{name} {}", if self.check { "is stale" } else { "is renewed" })?;
        }
        output.finish()?;
        Ok(Exit::success_if(stale.is_empty() || !self.check))
    }
}
