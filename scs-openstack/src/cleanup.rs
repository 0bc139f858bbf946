//! Deletes leftovers of earlier runs.

use std::fmt;
use std::time::Duration;

use jiff::Timestamp;

use crate::http::RequestError;
use crate::run::{is_older, made_at};
use crate::session::Session;
use crate::things::{Kind, Thing, named, remove};

/// The result of a cleanup.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// Deleted objects.
    pub removed: Vec<LeftOver>,
    /// Our newer objects, which were kept since a run may still need them.
    pub kept: Vec<LeftOver>,
    /// Messages about objects that could not be listed or deleted.
    pub problems: Vec<String>,
}

/// An object created by a run.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LeftOver {
    /// The kind, such as `volume`.
    pub kind: &'static str,
    /// The name.
    pub name: String,
    /// The id in its service.
    pub id: String,
}

impl fmt::Display for LeftOver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} `{}` ({})", self.kind, self.name, self.id)
    }
}

impl From<&Thing> for LeftOver {
    fn from(thing: &Thing) -> Self {
        Self { kind: thing.kind.name(), name: thing.name.clone(), id: thing.id.clone() }
    }
}

/// Deletes leftovers of crashed runs: objects with our names that are at least this old.
///
/// Objects of the official suite, of other projects, and all others are kept.
pub async fn cleanup(session: &Session, older_than: Duration, now: Timestamp) -> Report {
    let mut report = Report::default();
    if session.project().is_none() {
        report.problems.push(
            "nothing is deleted: the token has no project, so our resources cannot be recognized; set `project_name` with `project_domain_name`, or `project_id`"
                .to_owned(),
        );
        return report;
    }
    for kind in Kind::ALL {
        match named(session, kind, |name| made_at(name).is_some()).await {
            Ok(things) => {
                let (old, young): (Vec<Thing>, Vec<Thing>) =
                    things.into_iter().partition(|thing| is_older(&thing.name, older_than, now));
                report.kept.extend(young.iter().map(LeftOver::from));
                removal(session, &old, &mut report).await;
            }
            Err(error) => report.problems.push(list_error(kind, &error)),
        }
    }
    report
}

/// The message for a list that could not be fetched.
pub(crate) fn list_error(kind: Kind, error: &RequestError) -> String {
    format!("cannot list {}s, so some may be left: {error}", kind.name())
}

pub(crate) async fn removal(session: &Session, things: &[Thing], report: &mut Report) {
    for thing in things {
        match remove(session, thing).await {
            Ok(()) => report.removed.push(LeftOver::from(thing)),
            Err(error) => report.problems.push(format!("cannot delete {}: {error}", LeftOver::from(thing))),
        }
    }
}
