//! `scs report`: show, merge, sign and verify reports.

mod input;
mod merge;
mod show;
mod sign;
mod verify;

use clap::Subcommand;
pub(crate) use show::ShownReport;

use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::options::Common;

#[derive(Debug, Subcommand)]
pub(crate) enum ReportCommand {
    /// Show reports of the official suite or of `scs check -f yaml-report`
    Show(show::Show),
    /// Merge reports into a score card (scs-0003-v2)
    Merge(merge::Merge),
    /// Sign a report as `ssh-keygen -Y sign -n report` does
    Sign(sign::Sign),
    /// Verify the signature of a report
    Verify(verify::Verify),
}

impl ReportCommand {
    pub(crate) fn run(&self, common: &Common) -> Result<Exit, Failure> {
        match self {
            Self::Show(show) => show.run(common),
            Self::Merge(merge) => merge.run(common),
            Self::Sign(sign) => sign.run(common),
            Self::Verify(verify) => verify.run(common),
        }
    }
}
