//! `scs standards docs`: the tables of the documentation, in hand-written pages, and the pages of the documentation site.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use scs_registry::docs::{DocsStyle, DocsTable, StyleError, inject, tables_in};

use crate::app::diagnostic::visible;
use crate::app::difference::difference;
use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::files;
use crate::app::input::Source;
use crate::app::options::Common;
use crate::app::output::Output;

use super::site::{self, Site};

/// `scs standards docs`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  scs standards docs standards                     all standards with their states
  scs standards docs rules scs-0102-v2             the rules of a version of a standard
  scs standards docs --inject docs/*.md            update the tables in hand-written pages
  scs standards docs --inject docs/*.md --check    fail if one is out of date, and show what changes
  scs standards docs --site docs                   write the pages of the documentation site

Tables: standards, rules, rules DOCUMENT, scopes, timeline, test-cases, coverage, image-properties, standard-flavors, naming, gpu-cards.
Pages hold a table between `<!-- scs: NAME -->` and `<!-- scs: end -->`, in MDX between `{/* scs: NAME */}` and `{/* scs: end */}`. \
Code is left alone. Headings are one level below the heading above the marker.

`--site DIR` writes DIR/standards/standards/overview.mdx, a page for each track and standard, sidebarsStandardsItems.js, and pages for \
scopes, rules and test cases. It reads the documents in DIR/standards, or those of `--documents`; the dates in their front matter decide \
about the states.

Exit status: 0 success; 1 `--check` found a page out of date; 2 a page or document cannot be read, a marker is wrong, or no page has a \
table.")]
pub(crate) struct Docs {
    /// The table
    #[arg(value_name = "TABLE", required_unless_present_any = ["inject", "site", "check"], num_args = 1..=2)]
    table: Vec<String>,

    /// Update the tables of these pages
    #[arg(long, value_name = "FILE", num_args = 1.., conflicts_with = "table")]
    inject: Vec<PathBuf>,

    /// Write the pages of the documentation site into this folder
    #[arg(long, value_name = "DIR", conflicts_with_all = ["table", "inject"])]
    site: Option<PathBuf>,

    /// Documents for `--site`: a folder, or `embedded` for those built into the program [default: DIR/standards]
    #[arg(long, value_name = "DIR", requires = "site")]
    documents: Option<PathBuf>,

    /// Introductions for `--site`, a YAML file with `overview` and `tracks` [default: built in]
    #[arg(long, value_name = "FILE", requires = "site")]
    texts: Option<PathBuf>,

    /// Write nothing; show what would change, and fail if anything would
    #[arg(long, conflicts_with = "table")]
    check: bool,

    /// Address that links to standards begin with [default: that of the published site; for `--site` /standards/]
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,

    /// Level of the topmost headings, 1 to 6 [default: 2; in a page, one below the heading above]
    #[arg(long, value_name = "LEVEL", conflicts_with = "site")]
    heading_level: Option<usize>,
}

impl Docs {
    pub(super) fn run(&self, common: &Common) -> Result<Exit, Failure> {
        let today = crate::app::at::now(common.at).to_zoned(TimeZone::UTC).date();
        let style = self.style().map_err(|error| Failure::new(error.to_string()))?;
        if let Some(folder) = &self.site {
            let documents = self.documents.as_deref();
            let given = Site { root: folder, documents, texts: self.texts.as_deref(), check: self.check };
            return site::run(common, &given, today, &style);
        }
        if !self.inject.is_empty() {
            return self.inject(common, today, &style);
        }
        if self.table.is_empty() {
            return Err(
                Failure::new("`--check` needs pages to check").hint("add `--inject FILE` or `--site DIR`")
            );
        }
        let table: DocsTable =
            self.table.join(" ").parse().map_err(|error| Failure::new(format!("{error}")))?;
        let mut output = Output::open(common.output.as_deref())?;
        output.write_all(table.written(today, &style).as_bytes())?;
        output.finish()?;
        Ok(Exit::Success)
    }

    fn style(&self) -> Result<DocsStyle, StyleError> {
        let style = DocsStyle::default();
        let style = match (&self.base_url, &self.site) {
            (Some(url), _) => style.with_base_url(url)?,
            (None, Some(_)) => style.with_base_url("/standards/")?,
            (None, None) => style,
        };
        match self.heading_level {
            Some(level) => style.with_heading_level(level),
            None => Ok(style),
        }
    }

    fn inject(&self, common: &Common, today: Date, style: &DocsStyle) -> Result<Exit, Failure> {
        let mut outdated = Vec::new();
        let mut without = Vec::new();
        for path in &self.inject {
            let name = path.display().to_string();
            let page = files::text(Source::from(path.as_path()).open()?, files::WRITTEN)?;
            let updated =
                inject(&page, today, style).map_err(|error| Failure::new(format!("{name}: {error}")))?;
            if tables_in(&page) == 0 {
                without.push(name);
            } else if updated != page {
                outdated.push((path, name, page, updated));
            }
        }
        if without.len() == self.inject.len() {
            return Err(Failure::new(format!("no table in {}", without.join(", ")))
                .hint("put `<!-- scs: NAME -->` and `<!-- scs: end -->` where a table should be"));
        }
        for name in &without {
            // The other pages are updated even if this cannot be said.
            let _ = writeln!(std::io::stderr(), "note: no table in {}", visible(name));
        }
        let mut output = Output::open(common.output.as_deref())?;
        for (path, name, page, updated) in &outdated {
            if self.check {
                output.write_text(&difference(name, page, updated))?;
                continue;
            }
            let mut file = Output::open(Some(path))?;
            file.write_all(updated.as_bytes())?;
            file.finish()?;
            output.write_text(&format!("updated {}\n", visible(name)))?;
        }
        output.finish()?;
        Ok(Exit::success_if(outdated.is_empty() || !self.check))
    }
}
