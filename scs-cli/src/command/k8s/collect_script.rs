//! `scs k8s collect-script`: prints a script that creates an inventory of a cluster.

use std::io::Write;

use clap::Args;
use scs_k8s_policy::COLLECT_SCRIPT;

use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::options::Common;
use crate::app::output::Output;

/// `scs k8s collect-script`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  scs k8s collect-script > collect.sh              review it: read-only, needs
                                                   only sh and kubectl
  sh collect.sh --context my-cluster --output cluster.json
                                                   readable only by you
  sh collect.sh --kubelets > cluster.json          also ask kubelets; needs
                                                   `nodes/proxy`, which allows
                                                   running commands
  scs check cluster.json
  scs check cluster.json --conformance-results \"$(sonobuoy retrieve)\"
                                                   with end-to-end tests

If you may not read a part, the inventory contains the reason instead. Secrets are not read. Progress goes \
to standard error. The script ends with exit status 1 if nothing could be read.

Exit status: 0 success.")]
pub(crate) struct CollectScript;

impl CollectScript {
    #[expect(clippy::unused_self, reason = "all commands have the same interface")]
    pub(crate) fn run(&self, common: &Common) -> Result<Exit, Failure> {
        let mut output = Output::open(common.output.as_deref())?;
        output.write_all(COLLECT_SCRIPT.as_bytes())?;
        output.finish()?;
        Ok(Exit::Success)
    }
}
