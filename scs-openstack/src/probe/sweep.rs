//! Deletes everything that a probe created: objects listed with the name of the run, and those the probe recorded.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::cleanup::{Report, list_error, removal};
use crate::run::Run;
use crate::session::Session;
use crate::things::{Kind, Thing, named};

/// An object whose creation was requested, and that may exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) kind: Kind,
    pub(super) name: String,
    /// Its id, if the response had it.
    pub(super) id: Option<String>,
    /// Whether the service did not respond, and may still create it.
    pub(super) is_open: bool,
}

/// How long to look for objects that a service may still create.
const LATE: Duration = Duration::from_secs(30);
/// The first delay; it doubles each time.
const FIRST: Duration = Duration::from_secs(2);

/// Deletes objects of these kinds created by a run. Lists may hide objects that the same user created, so those with known
/// ids are deleted without being listed.
pub(super) async fn sweep(session: &Session, run: &Run, kinds: &[Kind], asked: &[Asked]) -> Report {
    let mut report = Report::default();
    let (mut open, mut hidden) = (Vec::new(), Vec::new());
    for kind in Kind::ALL.into_iter().filter(|kind| kinds.contains(kind)) {
        let asked: Vec<&Asked> = asked.iter().filter(|asked| asked.kind == kind).collect();
        let mut things = match named(session, kind, |name| run.made(name)).await {
            Ok(things) => things,
            Err(error) => {
                // If creating them was denied, there is nothing to look for.
                if !error.is_refusal() || !asked.is_empty() {
                    report.problems.push(list_error(kind, &error));
                }
                if error.is_refusal() {
                    hidden.push(kind);
                }
                Vec::new()
            }
        };
        for asked in asked {
            if asked.is_open && things.iter().all(|thing| thing.name != asked.name) {
                open.push(asked);
            }
            let known = asked.id.clone().map(|id| Thing { kind, id, name: asked.name.clone() });
            things.extend(known.filter(|known| things.iter().all(|thing| thing.id != known.id)));
        }
        removal(session, &things, &mut report).await;
    }
    // Waiting is useless if the kind cannot be listed.
    let (hidden, open) = open.into_iter().partition(|asked: &&Asked| hidden.contains(&asked.kind));
    let mut late = delete_late(session, open, &mut report).await;
    late.extend(hidden);
    report.problems.extend(late.iter().map(|asked| {
        format!(
            "{} `{}` may still be created, since the service did not respond; clean up again later",
            asked.kind.name(),
            asked.name
        )
    }));
    report
}

/// Deletes objects that appear late, and returns those that have not appeared.
async fn delete_late<'a>(session: &Session, mut open: Vec<&'a Asked>, report: &mut Report) -> Vec<&'a Asked> {
    let end = Instant::now() + LATE;
    let mut pause = FIRST;
    while !open.is_empty() && Instant::now() < end {
        sleep(pause).await;
        pause *= 2;
        for kind in Kind::ALL {
            if open.iter().all(|asked| asked.kind != kind) {
                continue;
            }
            let wanted = |name: &str| open.iter().any(|asked| asked.name == name);
            // The error of listing was reported before, or may be temporary.
            let things = named(session, kind, wanted).await.unwrap_or_default();
            open.retain(|asked| things.iter().all(|thing| thing.name != asked.name));
            removal(session, &things, report).await;
        }
    }
    open
}
