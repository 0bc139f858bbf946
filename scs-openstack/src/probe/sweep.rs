//! Taking away what a probe has made: what the lists show under the name of the run, and what the probe knows of itself.

use crate::cleanup::{Report, removal, unseen};
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
}

/// Takes away what a run has made of these kinds. Lists may hide things that the same user could make, so that those whose ids
/// are known go without being seen.
pub(super) async fn sweep(session: &Session, run: &Run, kinds: &[Kind], asked: &[Asked]) -> Report {
    let mut report = Report::default();
    for kind in Kind::ALL.into_iter().filter(|kind| kinds.contains(kind)) {
        let asked: Vec<&Asked> = asked.iter().filter(|asked| asked.kind == kind).collect();
        let mut things = match named(session, kind, |name| run.made(name)).await {
            Ok(things) => things,
            Err(error) => {
                // Who was not let make any has nothing to look for.
                if !error.is_refusal() || !asked.is_empty() {
                    report.problems.push(unseen(kind, &error));
                }
                Vec::new()
            }
        };
        for asked in asked {
            let known = asked.id.clone().map(|id| Thing { kind, id, name: asked.name.clone() });
            things.extend(known.filter(|known| things.iter().all(|thing| thing.id != known.id)));
        }
        removal(session, &things, &mut report).await;
    }
    report
}
