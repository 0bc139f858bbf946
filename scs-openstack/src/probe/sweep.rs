//! Taking away what a probe has made: what the lists show under the name of the run, and what the probe knows of itself.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::cleanup::{Report, command, removal, unseen};
use crate::run::Run;
use crate::session::Session;
use crate::things::{Kind, Thing, named};

/// Something that a service was asked to make, and that it may have made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) kind: Kind,
    pub(super) name: String,
    /// Its id, where the answer has told it.
    pub(super) id: Option<String>,
    /// Whether the service has not answered, and may still be at it.
    pub(super) is_open: bool,
}

/// How long to look again for what a service may still be making.
const LATE: Duration = Duration::from_secs(30);
/// How long to wait before the first time; it doubles from one time to the next.
const FIRST: Duration = Duration::from_secs(2);

/// Takes away what a run has made of these kinds. Lists may hide things that the same user could make, so that those whose ids
/// are known go without being seen.
pub(super) async fn sweep(session: &Session, run: &Run, kinds: &[Kind], asked: &[Asked]) -> Report {
    let mut report = Report::default();
    let (mut open, mut hidden) = (Vec::new(), Vec::new());
    for kind in Kind::ALL.into_iter().filter(|kind| kinds.contains(kind)) {
        let asked: Vec<&Asked> = asked.iter().filter(|asked| asked.kind == kind).collect();
        let mut things = match named(session, kind, |name| run.made(name)).await {
            Ok(things) => things,
            Err(error) => {
                // Who was not let make any has nothing to look for.
                if !error.is_refusal() || !asked.is_empty() {
                    report.problems.push(unseen(kind, &error));
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
    // Waiting shows nothing where nothing is shown.
    let (hidden, open) = open.into_iter().partition(|asked: &&Asked| hidden.contains(&asked.kind));
    let mut late = look_again(session, open, &mut report).await;
    late.extend(hidden);
    report.problems.extend(late.iter().map(|asked| {
        format!(
            "{} `{}` may still come about, as the service has not answered; `{}` takes it away then",
            asked.kind.name(),
            asked.name,
            command(session)
        )
    }));
    report
}

/// Takes away what comes late, and gives what has not come.
async fn look_again<'a>(session: &Session, mut open: Vec<&'a Asked>, report: &mut Report) -> Vec<&'a Asked> {
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
            // What keeps it from being listed was said before, or may pass.
            let things = named(session, kind, wanted).await.unwrap_or_default();
            open.retain(|asked| things.iter().all(|thing| thing.name != asked.name));
            removal(session, &things, report).await;
        }
    }
    open
}
