//! `scs report merge`: merges reports into a score card.

use std::fmt::Write as _;

use clap::Args;
use scs_certificates::report::{MergeError, Report, ScoreCard, merge};
use scs_standards::written::{markdown, visible};

use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::input::Source;
use crate::app::options::Common;
use crate::print::format::Format;
use crate::print::listing::{self, Medium};
use crate::source::scope as scope_file;
use scs_report::Table;

/// `scs report merge`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  scs report merge monday.yaml tuesday.yaml
  scs report merge tuesday.yaml --known monday.yaml
                                                   can Monday's be left out?

Each result comes from the newest report with that test case. The score card is not valid if an omitted \
known report has a test case for which the list has no more recent report (scs-0003-v2).

Exit status: 0 the score card is valid, 1 it is not, 2 a file could not be read or the reports have \
different subjects or scopes.")]
pub(crate) struct Merge {
    /// Reports; `-` is standard input
    #[arg(value_name = "REPORT", required = true)]
    reports: Vec<Source>,

    /// Known reports from that period that are left out
    #[arg(long, value_name = "REPORT")]
    known: Vec<Source>,

    /// Scope name or scope file, for lifetimes [default: the scope of the reports, if it is built in]
    #[arg(long, value_name = "NAME|FILE")]
    scope: Option<String>,

    /// Output format
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

impl Merge {
    pub(super) fn run(&self, common: &Common) -> Result<Exit, Failure> {
        let reports = super::input::reports(&self.reports)?;
        let known = super::input::reports(&self.known)?;
        let name = self.scope.clone().or_else(|| {
            let uuid = reports.first()?.scope.uuid.clone();
            scs_certificates::Scope::named(&uuid).map(|_| uuid)
        });
        let scope = name.as_deref().map(|name| scope_file::scope(name, common.profile())).transpose()?;
        if let (Some(scope), Some(report)) = (scope.as_deref(), reports.first())
            && !report.scope.uuid.eq_ignore_ascii_case(scope.uuid())
        {
            let message = format!(
                "the reports are about {} ({}), not {}",
                report.scope.name,
                report.scope.uuid,
                scope.name()
            );
            return Err(Failure::new(message).hint("use the scope of the reports"));
        }
        let now = crate::app::at::now(common.at);
        let (later, reports): (Vec<Report>, Vec<Report>) =
            reports.into_iter().partition(|report| report.checked_at > now);
        let mut card = merge(&reports, &known, scope.as_deref()).map_err(|error| {
            let hint = match error {
                MergeError::Subjects(_) | MergeError::Scopes(_) => {
                    "merge the reports of one subject and one scope at a time"
                }
                _ => "give a report",
            };
            Failure::new(error.to_string()).hint(hint)
        })?;
        let of_the_future = |report: &Report| {
            format!("ignored report {}: it is dated {}, after {now}", report.run, report.checked_at)
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
            "\nnot a valid score card: a report was left out that no more recent report replaces\n",
        );
    }
    text
}
