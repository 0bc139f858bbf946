//! `scs k8s collect-script`: the commands that make an inventory of a cluster.

use std::io::Write;

use clap::Args;
use scs_k8s_policy::COLLECT_SCRIPT;

use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::options::Common;
use crate::app::output::Output;

/// `scs k8s collect-script`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  scs k8s collect-script > collect.sh              read it; it only gets, and needs no more than sh and kubectl
  sh collect.sh --context my-cluster --output cluster.json
                                                   for your eyes only; what is read is told on standard error
  sh collect.sh --without-kubelets > cluster.json  without the right to `nodes/proxy`, which reaches all that kubelets offer
  scs check cluster.json
  scs check cluster.json --conformance-results \"$(sonobuoy retrieve)\"
                                                   with the end-to-end tests, where Sonobuoy has run them

A part that may not be read is in the inventory with the reason. Secrets are not asked for. The script ends with 1 where nothing
could be read.
Exit status: 0 it is printed.")]
pub(crate) struct CollectScript;

impl CollectScript {
    #[expect(clippy::unused_self, reason = "commands are called alike")]
    pub(crate) fn run(&self, common: &Common) -> Result<Exit, Failure> {
        let mut output = Output::open(common.output.as_deref())?;
        output.write_all(COLLECT_SCRIPT.as_bytes())?;
        output.finish()?;
        Ok(Exit::Success)
    }
}
