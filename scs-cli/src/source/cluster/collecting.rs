//! Queries clusters concurrently.

use std::io::{self, Write};
use std::path::Path;

use futures_util::future::join_all;
use jiff::Timestamp;
use scs_kubernetes::{
    ClusterConfig, CollectError, Document, Event, OpenError, Probe, Run, Session, collect, probe,
};

use super::choice::{ClusterAccess, ClusterExtent};
use crate::app::diagnostic::visible;
use crate::app::failure::Failure;
use crate::source::live::{self, ClusterProbing, Collected, Running, Saving};

/// What to collect from clusters.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted<'w> {
    pub(crate) access: &'w ClusterAccess,
    pub(crate) extent: ClusterExtent,
    pub(crate) probes: &'w [Probe],
    pub(crate) probing: &'w ClusterProbing,
    /// The time of the check.
    pub(crate) at: Timestamp,
}

/// The inventory of a cluster, and whether probes left something behind.
pub(crate) type Found = Result<(Document, bool), Failure>;

/// Collects the inventories of all reachable clusters. If they are saved, this happens before they are evaluated.
pub(crate) fn inventories(wanted: Wanted<'_>, save: Option<&Path>) -> Result<Collected, Failure> {
    let access = wanted.access;
    let (clusters, notices) = access.clusters()?;
    say(&notices);
    let titles: Vec<String> = clusters.iter().map(|cluster| cluster.title().to_owned()).collect();
    let saving = Saving::new(save, &titles)?;
    let documents = documents(wanted, &clusters)?;
    let documents = documents.into_iter().map(|collected| collected.map(|(document, _)| document));
    let named = clusters.iter().zip(documents);
    saving
        .save(named.map(|(cluster, document)| (cluster.title().to_owned(), access.origin(cluster), document)))
}

/// Collects the inventory of one cluster, and whether probes left something behind.
pub(crate) fn document(wanted: Wanted<'_>) -> Found {
    let (clusters, notices) = wanted.access.clusters()?;
    say(&notices);
    if clusters.len() > 1 {
        return Err(Failure::new("an inventory is about one cluster, but several contexts are given")
            .hint("`scs check --context … --save-inventory DIRECTORY` collects several"));
    }
    let mut documents = documents(wanted, &clusters)?;
    documents.pop().unwrap_or_else(|| Err(Failure::new("no cluster is configured")))
}

/// Collects the inventories of clusters, in order. An unreachable cluster does not affect the others.
fn documents(wanted: Wanted<'_>, clusters: &[ClusterConfig]) -> Result<Vec<Found>, Failure> {
    announce(clusters, wanted.probes);
    let interrupted = || if wanted.probes.is_empty() { Failure::new("interrupted") } else { interrupted() };
    live::run(!wanted.probes.is_empty(), interrupted, async |running: Running| {
        join_all(clusters.iter().map(|cluster| one(wanted, cluster, &running))).await
    })
}

/// The error after an interrupt that may have left something behind.
pub(crate) fn interrupted() -> Failure {
    Failure::new("interrupted")
        .hint("`scs cleanup --context NAME --older-than 0s` deletes leftovers of probes")
}

/// Prints what the probes will do, before the first request.
fn announce(clusters: &[ClusterConfig], probes: &[Probe]) {
    let mut text = String::new();
    for cluster in clusters {
        for probe in probes {
            text.extend([format!("{}: {probe} {}\n", visible(cluster.title()), probe.plan())]);
        }
    }
    // If standard error is closed, continue.
    let _ = io::stderr().write_all(text.as_bytes());
}

/// Collects the inventory of a cluster, and whether probes left something behind.
async fn one(wanted: Wanted<'_>, cluster: &ClusterConfig, running: &Running) -> Found {
    let Wanted { access, extent, probes, probing, at } = wanted;
    let Running { progress, cancel } = running;
    let line = progress.line(cluster.title());
    let told = progress.clone();
    let mut options = access.options().with_progress(move |event: Event<'_>| {
        // A plug-in may ask the user to open a page.
        if let Event::Said(program, text) = event {
            told.say(&format!("{program}: {text}"));
        }
        line.tell(event);
    });
    probing.set(&mut options);
    let work = async {
        let session = Session::open(cluster, &options, Timestamp::now())
            .await
            .map_err(|error| unopened(cluster, &error))?;
        let document =
            collect(&session, extent.extent(), at).await.map_err(|error| uncollected(cluster, &error))?;
        Ok::<(Session, Document), Failure>((session, document))
    };
    let (session, document) = tokio::select! {
        collected = work => collected?,
        () = cancel.cancelled() => return Err(interrupted()),
    };
    // What probes create would be among what is collected. A run has the real time of its start, regardless of `--at`.
    let probed = probe(&session, probes, &Run::new(Timestamp::now()), at, cancel).await;
    for problem in &probed.cleanup.problems {
        progress.say(&format!("{}: {problem}", cluster.title()));
    }
    let has_leftovers = !probed.cleanup.problems.is_empty();
    if has_leftovers {
        let arguments = access.arguments(cluster.context());
        progress.say(&format!(
            "{}: `scs cleanup {arguments} --older-than 0s` deletes what is left",
            cluster.title()
        ));
    }
    Ok((document.with_parts(probed.parts), has_leftovers))
}

/// The error for a cluster that cannot be queried, with its place in the configuration and a hint.
pub(crate) fn unopened(cluster: &ClusterConfig, error: &OpenError) -> Failure {
    match error {
        OpenError::Plugin(error) => Failure::new(error.to_string()),
        error => Failure::new(format!("{}: {error}", cluster.place())),
    }
}

/// The error for a cluster of which nothing could be collected.
pub(crate) fn uncollected(cluster: &ClusterConfig, error: &CollectError) -> Failure {
    let failure = Failure::new(format!("{}: {error}", cluster.place()));
    match error {
        CollectError::AllRefused(_) => failure.hint("`scs k8s rights` prints the role that the user needs"),
        _ => failure,
    }
}

/// Prints notices to standard error.
fn say(notices: &[String]) {
    let mut text = String::new();
    for notice in notices {
        text.extend(["note: ", &visible(notice), "\n"]);
    }
    // If standard error is closed, continue.
    let _ = io::stderr().write_all(text.as_bytes());
}
