//! `scs entropy userdata`: what a sample VM is started with.

use std::io::Write;

use clap::Args;
use scs_entropy::userdata::{Program, with_package, with_program};

use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::options::Common;
use crate::app::output::Output;

/// `scs entropy userdata`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  scs entropy userdata -o user-data.yaml           installs rng-tools5 in the VM, as the official suite does
  scs entropy userdata --package rng-tools-debian  the same with another package that has `rngtest`
  scs entropy userdata --program /usr/local/bin/scs
                                                   runs this program, which the image has; nothing is downloaded
  scs entropy userdata --url https://example.com/scs
                                                   fetches this program, and runs it
  openstack server create --user-data user-data.yaml --image 'Debian 12' --flavor SCS-1L-1 VM

When the line `_scs-test-end` is there, `openstack console log show VM | scs entropy check -` has the answer.
Exit status: 0 it is printed.")]
pub(crate) struct UserData {
    /// Where the image has this program
    #[arg(long, value_name = "PATH", conflicts_with_all = ["url", "package"])]
    program: Option<String>,

    /// From where the VM fetches this program
    #[arg(long, value_name = "URL", conflicts_with = "package")]
    url: Option<String>,

    /// The package that has `rngtest`
    #[arg(long, value_name = "NAME", default_value = "rng-tools5")]
    package: String,
}

impl UserData {
    pub(crate) fn run(&self, common: &Common) -> Result<Exit, Failure> {
        let data = match (&self.program, &self.url) {
            (Some(path), _) => with_program(Program::Path(path)),
            (None, Some(url)) => with_program(Program::Url(url)),
            (None, None) => with_package(&self.package),
        };
        let mut output = Output::open(common.output.as_deref())?;
        output.write_all(data.as_bytes())?;
        output.finish()?;
        Ok(Exit::Success)
    }
}
