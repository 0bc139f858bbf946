//! `scs report merge`: several reports as one score card.

use std::fmt::Write as _;

use clap::Args;
use scs_certificates::report::{MergeError, Report, ScoreCard, merge};
use scs_standards::written::{markdown, visible};

use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::input::Source;
use crate::app::options::Common;
use crate::print::listing::{self, Format, Medium};
use crate::source::scope as scope_file;
use scs_report::Table;

/// `scs report merge`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  scs report merge monday.yaml tuesday.yaml
  scs report merge tuesday.yaml --known monday.yaml
                                                   may monday's be left out?

Each result is that of the newest report that has the test case. The card is not valid where a report that is known and
left out has a test case that no more recent report in the list has (scs-0003-v2).
Exit status: 0 the card is valid, 1 it is not, 2 a file could not be read or the reports are about several things.")]
pub(crate) struct Merge {
    /// The reports; `-` is standard input
    #[arg(value_name = "REPORT", required = true)]
    reports: Vec<Source>,

    /// Reports of the same time that are left out
    #[arg(long, value_name = "REPORT")]
    known: Vec<Source>,

    /// The scope, for lifetimes [default: that of the reports, if the program has it]
    #[arg(long, value_name = "NAME|FILE")]
    scope: Option<String>,

    /// How to print
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

impl Merge {
    pub(super) fn run(&self, common: &Common) -> Result<Exit, Failure> {
        let reports = super::reports(&self.reports)?;
        let known = super::reports(&self.known)?;
        let name = self.scope.clone().or_else(|| {
            let uuid = reports.first()?.scope.uuid.clone();
            scs_certificates::Scope::named(&uuid).map(|_| uuid)
        });
        let scope = name.as_deref().map(|name| scope_file::scope(name, common.profile())).transpose()?;
        if let (Some(scope), Some(report)) = (scope.as_deref(), reports.first())
            && !report.scope.uuid.eq_ignore_ascii_case(scope.uuid())
        {
            let message = format!(
                "the reports are about {} ({}), not about {}",
                report.scope.name,
                report.scope.uuid,
                scope.name()
            );
            return Err(Failure::new(message).hint("lifetimes are those of the scope of the reports"));
        }
        let now = crate::app::at::now(common.at);
        let (later, reports): (Vec<Report>, Vec<Report>) =
            reports.into_iter().partition(|report| report.checked_at > now);
        let mut card = merge(&reports, &known, scope.as_deref()).map_err(|error| {
            let hint = match error {
                MergeError::Subjects(_) | MergeError::Scopes(_) => {
                    "merge the reports of one subject and one scope at a time"
                }
                _ => "name a report",
            };
            Failure::new(error.to_string()).hint(hint)
        })?;
        let of_the_future = |report: &Report| {
            format!("the report {} is of {}, after {now}, and does not count", report.run, report.checked_at)
        };
        card.warnings.extend(later.iter().map(of_the_future));
        listing::print_with(
            common,
            self.format,
            &card,
            |width| text(&card, Medium::Terminal(width)),
            || text(&card, Medium::Markdown),
        )?;
        Ok(Exit::success_if(card.is_valid))
    }
}

fn text(card: &ScoreCard, medium: Medium) -> String {
    let mut table = Table::new(&["test case", "result", "valid from", "valid until", "run"]);
    for (case, scored) in &card.results {
        table.row([
            case.clone(),
            scored.result.to_string(),
            scored.valid_from.to_string(),
            scored.valid_until.map_or_else(|| "-".to_owned(), |until| until.to_string()),
            scored.run.clone(),
        ]);
    }
    let mark = if medium.is_markdown() { "## " } else { "" };
    let plain =
        |text: &str| if medium.is_markdown() { markdown::text(text) } else { visible(text).into_owned() };
    let mut text = format!("{mark}{}: {}\n\n", plain(&card.subject), plain(&card.scope.name));
    for warning in &card.warnings {
        // Writing to a string does not fail.
        let _ = writeln!(text, "warning: {}", plain(warning));
    }
    if !card.warnings.is_empty() {
        text.push('\n');
    }
    text.push_str(&medium.table(&table));
    if !card.is_valid {
        text.push_str(
            "\nnot a valid score card: a report is left out that a more recent one does not replace\n",
        );
    }
    text
}
