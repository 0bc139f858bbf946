//! Taking away what runs have left behind.

use std::fmt;
use std::time::Duration;

use jiff::Timestamp;
use scs_standards::shell::quote;

use crate::http::RequestError;
use crate::run::{is_older, made_at};
use crate::session::Session;
use crate::things::{Kind, Thing, named, remove};

/// What a cleanup has done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// What is gone.
    pub removed: Vec<LeftOver>,
    /// What is ours and younger, as a run may still need it.
    pub kept: Vec<LeftOver>,
    /// What could not be looked at or taken away, in sentences.
    pub problems: Vec<String>,
}

/// Something that a run has made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOver {
    /// What it is, such as `volume`.
    pub kind: &'static str,
    /// What it is called.
    pub name: String,
    /// Its id.
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

/// Takes away what crashed runs have left behind: things whose names say that we made them, so long ago at least.
///
/// Things of the official suite, those of other projects, and all others, stay.
pub async fn cleanup(session: &Session, older_than: Duration, now: Timestamp) -> Report {
    let mut report = Report::default();
    if session.project().is_none() {
        report.problems.push(
            "nothing is taken away: the token is for no project, so that nothing can be told to be ours; set `project_name` with `project_domain_name`, or `project_id`"
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
            Err(error) => report.problems.push(unseen(kind, &error)),
        }
    }
    report
}

/// The command that takes away everything of ours that this session sees.
pub(crate) fn command(session: &Session) -> String {
    let cloud = session.cloud();
    let mut command = format!("scs cleanup --os-cloud {}", quote(cloud.name()));
    if let Some(region) = cloud.region().filter(|_| cloud.title() != cloud.name()) {
        command.extend([" --os-region-name ", &quote(region)]);
    }
    if session.is_privileged() {
        command.push_str(" --as-admin");
    }
    command + " --older-than 0s"
}

/// What a list that cannot be had means.
pub(crate) fn unseen(kind: Kind, error: &RequestError) -> String {
    format!("{}s cannot be listed, so that some may be left: {error}", kind.name())
}

pub(crate) async fn removal(session: &Session, things: &[Thing], report: &mut Report) {
    for thing in things {
        match remove(session, thing).await {
            Ok(()) => report.removed.push(LeftOver::from(thing)),
            Err(error) => report.problems.push(format!("{} stays: {error}", LeftOver::from(thing))),
        }
    }
}
