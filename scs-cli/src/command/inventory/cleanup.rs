//! `scs cleanup`: deletes leftovers of crashed runs in a cloud.

use std::io::Write;
use std::time::Duration;

use clap::Args;
use jiff::{SignedDuration, Timestamp};
use scs_openstack::{CloudConfig, Report, Session, cleanup};

use crate::app::diagnostic::visible;
use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::options::Common;
use crate::app::output::Output;
use crate::source::cloud::{CloudChoice, interrupted, unopened};
use crate::source::live::{runtime, stopped};

/// `scs cleanup`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  scs cleanup --os-cloud my-cloud                  older than one hour
  scs cleanup --os-cloud my-cloud --older-than 0s  everything, even if in use

Only resources whose names mark them as created by a probe of this program are deleted.

Exit status: 0 nothing is left, 1 something is or may be left, 2 a cloud could not be queried.")]
pub(crate) struct Cleanup {
    #[command(flatten)]
    choice: CloudChoice,

    /// Keep anything newer; it may belong to a running probe
    #[arg(long, value_name = "DURATION", default_value = "1h")]
    older_than: SignedDuration,
}

impl Cleanup {
    pub(crate) fn run(self, common: &Common) -> Result<Exit, Failure> {
        let older_than = Duration::try_from(self.older_than).map_err(|_| {
            Failure::new("`--older-than` must not be negative").hint("give a duration such as `90m`")
        })?;
        let clouds = self.choice.clouds()?;
        let mut output = Output::open(common.output.as_deref())?;
        let runtime = runtime()?;
        let (mut fine, mut failures) = (true, Vec::new());
        for cloud in &clouds {
            let report = runtime.block_on(async {
                tokio::select! {
                    report = self.cleaned(cloud, older_than) => Some(report),
                    () = stopped() => None,
                }
            });
            let report = match report {
                Some(Ok(report)) => report,
                // Continue with the other clouds.
                Some(Err(failure)) => {
                    failures.push(failure);
                    continue;
                }
                None => {
                    output.finish()?;
                    return Err(interrupted());
                }
            };
            for thing in &report.removed {
                writeln!(output, "{}: deleted {}", visible(&cloud.title()), visible(&thing.to_string()))?;
            }
            for thing in &report.kept {
                writeln!(
                    output,
                    "{}: kept {}, which is newer than {:#}; `--older-than 0s` deletes it, too",
                    visible(&cloud.title()),
                    visible(&thing.to_string()),
                    self.older_than
                )?;
            }
            for problem in &report.problems {
                writeln!(output, "{}: {}", visible(&cloud.title()), visible(&problem.clone()))?;
            }
            if report.removed.is_empty() && report.kept.is_empty() && report.problems.is_empty() {
                writeln!(output, "{}: nothing left to delete", visible(&cloud.title()))?;
            }
            fine &= report.problems.is_empty() && report.kept.is_empty();
        }
        output.finish()?;
        Failure::none_of(failures)?;
        Ok(Exit::success_if(fine))
    }

    async fn cleaned(&self, cloud: &CloudConfig, older_than: Duration) -> Result<Report, Failure> {
        let session =
            Session::open(cloud, &self.choice.options()).await.map_err(|error| unopened(cloud, &error))?;
        Ok(cleanup(&session, older_than, Timestamp::now()).await)
    }
}
