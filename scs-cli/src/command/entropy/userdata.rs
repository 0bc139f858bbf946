//! `scs entropy userdata`: cloud-init user data for a sample VM.

use std::io::Write;

use clap::Args;
use scs_entropy::userdata::{Program, with_package, with_program};

use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::options::Common;
use crate::app::output::Output;

/// `scs entropy userdata`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  scs entropy userdata -o user-data.yaml           install rng-tools5 in the VM,
                                                   like the official suite
  scs entropy userdata --package rng-tools-debian  another `rngtest` package
  scs entropy userdata --program /usr/local/bin/scs
                                                   run `scs` from the image,
                                                   without a download
  scs entropy userdata --url https://example.com/scs
                                                   download and run `scs`
  openstack server create --user-data user-data.yaml --image 'Debian 12' \\
    --flavor SCS-1L-1 VM

Once the console shows the line `_scs-test-end`, run `openstack console log show VM | scs entropy check -`.

Exit status: 0 success.")]
pub(crate) struct UserData {
    /// Path of `scs` in the image
    #[arg(long, value_name = "PATH", conflicts_with_all = ["url", "package"])]
    program: Option<String>,

    /// URL from which the VM downloads `scs`
    #[arg(long, value_name = "URL", conflicts_with = "package")]
    url: Option<String>,

    /// Package with `rngtest`
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
