//! `scs cleanup`: deletes leftovers of crashed runs in a cloud or a cluster.

use std::io::Write;
use std::time::Duration;

use clap::Args;
use jiff::{SignedDuration, Timestamp};
use scs_kubernetes::ClusterConfig;
use scs_openstack::CloudConfig;

use crate::app::diagnostic::visible;
use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::options::Common;
use crate::app::output::Output;
use crate::source::cloud::{self, CloudChoice};
use crate::source::cluster::{self, ClusterAccess, ClusterExtent};
use crate::source::live::{Live, runtime, stopped};

/// `scs cleanup`.
#[derive(Debug, Args)]
#[command(mut_arg("probe", |probe| probe.hide(true)))]
#[command(after_long_help = "\
Examples:
  scs cleanup --os-cloud my-cloud                  older than one hour
  scs cleanup --os-cloud my-cloud --older-than 0s  everything, even if in use
  scs cleanup --context my-cluster                 namespaces of a cluster

Only resources whose names mark them as created by a probe of this program are deleted. In a cluster, these \
are namespaces that have the label `scs.community/probe`, too.

Exit status: 0 nothing is left, 1 something is or may be left, 2 a cloud or cluster could not be queried.")]
pub(crate) struct Cleanup {
    #[command(flatten)]
    choice: CloudChoice,

    #[command(flatten)]
    access: ClusterAccess,

    /// Keep anything newer; it may belong to a running probe
    #[arg(long, value_name = "DURATION", default_value = "1h")]
    older_than: SignedDuration,
}

/// A cloud or cluster to clean up.
enum Target {
    Cloud(Box<CloudConfig>),
    Cluster(Box<ClusterConfig>),
}

impl Target {
    fn title(&self) -> String {
        match self {
            Self::Cloud(cloud) => cloud.title(),
            Self::Cluster(cluster) => cluster.title().to_owned(),
        }
    }

    fn interrupted(&self) -> Failure {
        match self {
            Self::Cloud(_) => cloud::interrupted(),
            Self::Cluster(_) => cluster::interrupted(),
        }
    }
}

/// The result of a cleanup, in words.
struct Cleaned {
    removed: Vec<String>,
    kept: Vec<String>,
    problems: Vec<String>,
}

fn words<T: ToString>(things: &[T]) -> Vec<String> {
    things.iter().map(T::to_string).collect()
}

impl Cleanup {
    pub(crate) fn run(self, common: &Common) -> Result<Exit, Failure> {
        let older_than = Duration::try_from(self.older_than).map_err(|_| {
            Failure::new("`--older-than` must not be negative").hint("give a duration such as `90m`")
        })?;
        if !self.choice.probes().is_empty() || !self.choice.cluster_probes().is_empty() {
            return Err(Failure::new("a cleanup deletes leftovers of all probes").hint("leave out `--probe`"));
        }
        let targets = self.targets()?;
        let mut output = Output::open(common.output.as_deref())?;
        let runtime = runtime()?;
        let (mut fine, mut failures) = (true, Vec::new());
        for target in &targets {
            let report = runtime.block_on(async {
                tokio::select! {
                    report = self.cleaned(target, older_than) => Some(report),
                    () = stopped() => None,
                }
            });
            let Cleaned { removed, kept, problems } = match report {
                Some(Ok(report)) => report,
                // Continue with the others.
                Some(Err(failure)) => {
                    failures.push(failure);
                    continue;
                }
                None => {
                    output.finish()?;
                    return Err(target.interrupted());
                }
            };
            let title = target.title();
            let title = visible(&title);
            for thing in &removed {
                writeln!(output, "{title}: deleted {}", visible(thing))?;
            }
            for thing in &kept {
                writeln!(
                    output,
                    "{title}: kept {}, which is newer than {:#}; `--older-than 0s` deletes it, too",
                    visible(thing),
                    self.older_than
                )?;
            }
            for problem in &problems {
                writeln!(output, "{title}: {}", visible(problem))?;
            }
            if removed.is_empty() && kept.is_empty() && problems.is_empty() {
                writeln!(output, "{title}: nothing left to delete")?;
            }
            fine &= problems.is_empty() && kept.is_empty();
        }
        output.finish()?;
        Failure::none_of(failures)?;
        Ok(Exit::success_if(fine))
    }

    fn targets(&self) -> Result<Vec<Target>, Failure> {
        if Live::chosen(&self.choice, &self.access, ClusterExtent::default())? == Live::Cluster {
            let (clusters, _) = self.access.clusters()?;
            return Ok(clusters.into_iter().map(|cluster| Target::Cluster(Box::new(cluster))).collect());
        }
        Ok(self.choice.clouds()?.into_iter().map(|cloud| Target::Cloud(Box::new(cloud))).collect())
    }

    async fn cleaned(&self, target: &Target, older_than: Duration) -> Result<Cleaned, Failure> {
        let now = Timestamp::now();
        match target {
            Target::Cloud(cloud) => {
                let session = scs_openstack::Session::open(cloud, &self.choice.options())
                    .await
                    .map_err(|error| cloud::unopened(cloud, &error))?;
                let report = scs_openstack::cleanup(&session, older_than, now).await;
                let (removed, kept) = (words(&report.removed), words(&report.kept));
                Ok(Cleaned { removed, kept, problems: report.problems })
            }
            Target::Cluster(cluster) => {
                let session = scs_kubernetes::Session::open(cluster, &self.access.options(), now)
                    .await
                    .map_err(|error| cluster::unopened(cluster, &error))?;
                let report = scs_kubernetes::cleanup(&session, older_than, now).await;
                let (removed, kept) = (words(&report.removed), words(&report.kept));
                Ok(Cleaned { removed, kept, problems: report.problems })
            }
        }
    }
}
