//! Asking clouds, several of them at once, until they have answered or somebody stops the program.

use std::io::{self, Write};
use std::sync::Arc;

use futures_util::future::{join, join_all};
use jiff::Timestamp;
use scs_openstack::{CloudConfig, Document, Event, OpenError, Probe, Run, Session, collect, probe};
use tokio::runtime::{Builder, Runtime};
use tokio::signal::ctrl_c;
use tokio_util::sync::CancellationToken;

use super::choice::CloudChoice;
use super::progress::Progress;
use super::stop::stopped;
use crate::app::failure::Failure;

/// What ends the work early.
pub(crate) fn interrupted() -> Failure {
    Failure::new("interrupted")
        .hint("`scs cleanup --os-cloud NAME --older-than 0s` takes away what a probe may have left behind")
}

/// A runtime on this thread: what takes time is waiting.
pub(crate) fn runtime() -> Result<Runtime, Failure> {
    Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(format!("cannot wait for answers: {error}")))
}

/// The inventories of clouds, in their order, or why one has none. A cloud that is down takes no other one with it.
pub(crate) fn collect_all(
    clouds: &[CloudConfig],
    choice: &CloudChoice,
    at: Timestamp,
) -> Result<Vec<Result<Document, Failure>>, Failure> {
    announce(clouds, choice);
    let progress = Arc::new(Progress::new());
    runtime()?.block_on(async {
        let cancel = CancellationToken::new();
        let mut work =
            Box::pin(join_all(clouds.iter().map(|cloud| one(cloud, choice, at, &progress, &cancel))));
        tokio::select! {
            documents = &mut work => Ok(documents),
            () = stopped() => {
                cancel.cancel();
                progress.cancelled();
                // Who presses Ctrl-C now does not want to wait for the cleanup. Other signals may come twice by themselves.
                tokio::select! {
                    _ = work => {}
                    _ = ctrl_c() => {}
                }
                Err(interrupted())
            }
        }
    })
}

/// Says what probes will do, before anything is asked for.
fn announce(clouds: &[CloudConfig], choice: &CloudChoice) {
    let mut text = String::new();
    for cloud in clouds {
        for probe in &choice.probe {
            text.extend([format!("{}: {probe} {}\n", cloud.title(), probe.plan())]);
        }
    }
    // Without a place for it, the work goes on.
    let _ = io::stderr().write_all(text.as_bytes());
}

async fn one(
    cloud: &CloudConfig,
    choice: &CloudChoice,
    at: Timestamp,
    progress: &Arc<Progress>,
    cancel: &CancellationToken,
) -> Result<Document, Failure> {
    let line = progress.line(&cloud.title());
    let options = choice.options().with_progress(move |event: Event<'_>| line.tell(event));
    let session = tokio::select! {
        session = Session::open(cloud, &options) => session.map_err(|error| unopened(cloud, &error))?,
        () = cancel.cancelled() => return Err(interrupted()),
    };
    // A run has the time of its beginning, whatever counts as now.
    let run = Run::new(Timestamp::now());
    // What the sample VM needs would be among the networks.
    let (late, early): (Vec<Probe>, Vec<Probe>) =
        choice.probe.iter().partition(|probe| matches!(probe, Probe::Vm));
    let asked = async {
        tokio::select! {
            document = collect(&session, at) => Some(document),
            () = cancel.cancelled() => None,
        }
    };
    let (document, early) = join(asked, probe(&session, &early, &run, at, cancel)).await;
    let late = probe(&session, &late, &run, at, cancel).await;
    for problem in early.cleanup.problems.iter().chain(&late.cleanup.problems) {
        progress.say(&format!("{}: {problem}", cloud.title()));
    }
    Ok(document.ok_or_else(interrupted)?.with_probed(&early).with_probed(&late))
}

/// Why a cloud cannot be asked, which one that is and where, and what helps.
pub(crate) fn unopened(cloud: &CloudConfig, error: &OpenError) -> Failure {
    let url = cloud.auth_url();
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    let host = url.host_str().unwrap_or_default();
    let failure = Failure::new(format!("`{}` at {host}{port}: {error}", cloud.title()));
    match error {
        OpenError::Privileged { .. } => failure.hint("`--as-admin` says that an administrator is meant"),
        _ => failure,
    }
}
