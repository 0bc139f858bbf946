//! Queries clusters concurrently.

use std::io::{self, Write};
use std::path::Path;

use futures_util::future::join_all;
use jiff::Timestamp;
use scs_kubernetes::{ClusterConfig, CollectError, Document, Event, OpenError, Session, collect};

use super::choice::{ClusterAccess, ClusterExtent};
use crate::app::diagnostic::visible;
use crate::app::failure::Failure;
use crate::source::live::{self, Collected, Running, Saving};

/// Collects the inventories of all reachable clusters. If they are saved, this happens before they are evaluated.
pub(crate) fn inventories(
    access: &ClusterAccess,
    extent: ClusterExtent,
    at: Timestamp,
    save: Option<&Path>,
) -> Result<Collected, Failure> {
    let (clusters, notices) = access.clusters()?;
    say(&notices);
    let titles: Vec<String> = clusters.iter().map(|cluster| cluster.title().to_owned()).collect();
    let saving = Saving::new(save, &titles)?;
    let documents = documents(access, extent, &clusters, at)?;
    let named = clusters.iter().zip(documents);
    saving
        .save(named.map(|(cluster, document)| (cluster.title().to_owned(), access.origin(cluster), document)))
}

/// Collects the inventory of one cluster.
pub(crate) fn document(
    access: &ClusterAccess,
    extent: ClusterExtent,
    at: Timestamp,
) -> Result<Document, Failure> {
    let (clusters, notices) = access.clusters()?;
    say(&notices);
    if clusters.len() > 1 {
        return Err(Failure::new("an inventory is about one cluster, but several contexts are given")
            .hint("`scs check --context … --save-inventory DIRECTORY` collects several"));
    }
    let mut documents = documents(access, extent, &clusters, at)?;
    documents.pop().unwrap_or_else(|| Err(Failure::new("no cluster is configured")))
}

/// Collects the inventories of clusters, in order. An unreachable cluster does not affect the others.
fn documents(
    access: &ClusterAccess,
    extent: ClusterExtent,
    clusters: &[ClusterConfig],
    at: Timestamp,
) -> Result<Vec<Result<Document, Failure>>, Failure> {
    live::run(interrupted, async |running: Running| {
        join_all(clusters.iter().map(|cluster| one(access, extent, cluster, at, &running))).await
    })
}

fn interrupted() -> Failure {
    Failure::new("interrupted")
}

async fn one(
    access: &ClusterAccess,
    extent: ClusterExtent,
    cluster: &ClusterConfig,
    at: Timestamp,
    running: &Running,
) -> Result<Document, Failure> {
    let Running { progress, cancel } = running;
    let line = progress.line(cluster.title());
    let told = progress.clone();
    let options = access.options().with_progress(move |event: Event<'_>| {
        // A plug-in may ask the user to open a page.
        if let Event::Said(program, text) = event {
            told.say(&format!("{program}: {text}"));
        }
        line.tell(event);
    });
    let work = async {
        let session = Session::open(cluster, &options, Timestamp::now())
            .await
            .map_err(|error| unopened(cluster, &error))?;
        collect(&session, extent.extent(), at).await.map_err(|error| uncollected(cluster, &error))
    };
    tokio::select! {
        document = work => document,
        () = cancel.cancelled() => Err(interrupted()),
    }
}

/// The error for a cluster that cannot be queried, with its place in the configuration and a hint.
pub(crate) fn unopened(cluster: &ClusterConfig, error: &OpenError) -> Failure {
    match error {
        OpenError::Plugin(error) => Failure::new(error.to_string()),
        error => Failure::new(format!("{}: {error}", cluster.place())),
    }
}

fn uncollected(cluster: &ClusterConfig, error: &CollectError) -> Failure {
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
