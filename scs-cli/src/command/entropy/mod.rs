//! `scs entropy`: random numbers in virtual machines.

mod check;
mod probe;
mod userdata;

use clap::Subcommand;

use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::options::Common;

#[derive(Debug, Subcommand)]
pub(crate) enum EntropyCommand {
    /// Test the random numbers of this machine
    Probe(probe::Probe),
    /// Check the console output of a sample VM against scs-0101
    Check(check::Check),
    /// Print cloud-init user data for a sample VM
    Userdata(userdata::UserData),
}

impl EntropyCommand {
    pub(crate) fn run(&self, common: &Common) -> Result<Exit, Failure> {
        match self {
            Self::Probe(probe) => probe.run(common),
            Self::Check(check) => check.run(common),
            Self::Userdata(data) => data.run(common),
        }
    }
}
