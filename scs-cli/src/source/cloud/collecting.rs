//! Queries clouds concurrently, until they are done or the program is interrupted.

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

/// The error after an interrupt.
pub(crate) fn interrupted() -> Failure {
    Failure::new("interrupted")
        .hint("`scs cleanup --os-cloud NAME --older-than 0s` deletes leftovers of probes")
}

/// A single-threaded runtime: the time is spent waiting.
pub(crate) fn runtime() -> Result<Runtime, Failure> {
    Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(format!("cannot start the runtime: {error}")))
}

/// Collects the inventories of clouds, in order. An unreachable cloud does not affect the others.
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
        // A second Ctrl-C skips the cleanup. Other signals may arrive twice by themselves.
                        tokio::select! {
                            _ = work => {}
                            _ = ctrl_c() => {}
                        }
                        Err(interrupted())
                    }
                }
    })
}

/// Prints what the probes will do, before the first request.
fn announce(clouds: &[CloudConfig], choice: &CloudChoice) {
    let mut text = String::new();
    for cloud in clouds {
        for probe in &choice.probe {
            text.extend([format!("{}: {probe} {}\n", cloud.title(), probe.plan())]);
        }
    }
    // If standard error is closed, continue.
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
    // A run has the real time of its start, regardless of `--at`.
    let run = Run::new(Timestamp::now());
    // The network of the sample VM would be among the networks.
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
    Ok(document.ok_or_else(interrupted)?.with_parts(early.parts).with_parts(late.parts))
}

/// The error for a cloud that cannot be queried, with its address and a hint.
pub(crate) fn unopened(cloud: &CloudConfig, error: &OpenError) -> Failure {
    let url = cloud.auth_url();
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    let host = url.host_str().unwrap_or_default();
    let failure = Failure::new(format!("`{}` at {host}{port}: {error}", cloud.title()));
    match error {
        OpenError::Privileged { .. } => failure.hint("use `--as-admin` to proceed as an administrator"),
        _ => failure,
    }
}
