//! Deletes leftovers of earlier runs.

use std::fmt;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;

use crate::http::Call;
use crate::probe::{LABEL, delete, wait_until_gone};
use crate::run::{is_older, made_at};
use crate::session::Session;

/// The result of a cleanup.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// Deleted namespaces.
    pub removed: Vec<LeftOver>,
    /// Our newer namespaces, which were kept since a run may still need them.
    pub kept: Vec<LeftOver>,
    /// Messages about namespaces that could not be listed or deleted.
    pub problems: Vec<String>,
}

/// A namespace created by a run.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LeftOver {
    /// The name.
    pub name: String,
}

impl LeftOver {
    pub(crate) fn of(name: &str) -> Self {
        Self { name: name.to_owned() }
    }
}

impl fmt::Display for LeftOver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "namespace `{}`", self.name)
    }
}

/// The time for a cleanup.
const TIME: Duration = Duration::from_mins(5);

/// Deletes leftovers of crashed runs: namespaces with the label and the name of a probe that are at least this old. Both have to
/// show it; all other namespaces are kept.
pub async fn cleanup(session: &Session, older_than: Duration, now: Timestamp) -> Report {
    let mut report = Report::default();
    let http = session.http().with_time(TIME);
    let selector = LABEL.replace('/', "%2F");
    let answer = http.send(&Call::get(format!("/api/v1/namespaces?labelSelector={selector}"))).await;
    let list: Value = match answer.and_then(|answer| answer.json("a list of namespaces")) {
        Ok(list) => list,
        Err(error) => {
            report.problems.push(format!("cannot list namespaces, so some may be left: {error}"));
            return report;
        }
    };
    let names = list["items"].as_array().into_iter().flatten();
    let names = names.filter_map(|namespace| namespace["metadata"]["name"].as_str());
    for name in names.filter(|name| made_at(name).is_some()) {
        if !is_older(name, older_than, now) {
            report.kept.push(LeftOver::of(name));
            continue;
        }
        match delete(&http, name).await {
            Ok(_) => report.removed.push(LeftOver::of(name)),
            Err(error) => report.problems.push(format!("cannot delete the namespace `{name}`: {error}")),
        }
    }
    report.problems.extend(wait_until_gone(&http, &report.removed).await);
    report
}
