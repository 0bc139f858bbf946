//! `scs report`: show, merge, sign and verify reports.

mod merge;
mod show;
mod sign;
mod verify;

use clap::Subcommand;
use scs_certificates::report::Report;
pub(crate) use show::ShownReport;

use crate::Outcome;
use crate::cli::Common;
use crate::failure::Failure;
use crate::files;
use crate::input::Source;

#[derive(Debug, Subcommand)]
pub(crate) enum ReportCommand {
    /// Print what a report of the official suite or of `scs check -f yaml-report` says
    Show(show::Show),
    /// Merge reports into a score card (scs-0003-v2)
    Merge(merge::Merge),
    /// Sign a report as `ssh-keygen -Y sign -n report` does
    Sign(sign::Sign),
    /// Verify the signature of a report
    Verify(verify::Verify),
}

impl ReportCommand {
    pub(crate) fn run(&self, common: &Common) -> Result<Outcome, Failure> {
        match self {
            Self::Show(show) => show.run(common),
            Self::Merge(merge) => merge.run(common),
            Self::Sign(sign) => sign.run(common),
            Self::Verify(verify) => verify.run(common),
        }
    }
}

/// The reports of files.
fn reports(sources: &[Source]) -> Result<Vec<Report>, Failure> {
    let mut reports = Vec::new();
    for source in sources {
        let text = files::text(source.open()?, files::WRITTEN)?;
        let read = Report::read_all(&text).map_err(|error| {
            Failure::new(format!("{}: {error}", source.name()))
                .hint("`scs check -f yaml-report` and `scs-compliance-check.py -o` write reports")
        })?;
        reports.extend(read);
    }
    Ok(reports)
}
