//! Queries clouds concurrently.

use std::io::{self, Write};

use futures_util::future::{join, join_all};
use jiff::Timestamp;
use scs_openstack::{CloudConfig, Document, Event, OpenError, Probe, Run, Session, collect, probe};

use super::choice::CloudChoice;
use crate::app::failure::Failure;
use crate::source::live::{self, Running};

/// The error after an interrupt.
pub(crate) fn interrupted() -> Failure {
    Failure::new("interrupted")
        .hint("`scs cleanup --os-cloud NAME --older-than 0s` deletes leftovers of probes")
}

/// Collects the inventories of clouds, in order. An unreachable cloud does not affect the others.
pub(crate) fn collect_all(
    clouds: &[CloudConfig],
    choice: &CloudChoice,
    at: Timestamp,
) -> Result<Vec<Result<Document, Failure>>, Failure> {
    announce(clouds, choice);
    live::run(!choice.probe.is_empty(), interrupted, async |running: Running| {
        join_all(clouds.iter().map(|cloud| one(cloud, choice, at, &running))).await
    })
}

/// Prints what the probes will do, before the first request.
fn announce(clouds: &[CloudConfig], choice: &CloudChoice) {
    let mut text = String::new();
    for cloud in clouds {
        for probe in choice.probes() {
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
    running: &Running,
) -> Result<Document, Failure> {
    let Running { progress, cancel } = running;
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
        choice.probes().into_iter().partition(|probe| matches!(probe, Probe::Vm));
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
