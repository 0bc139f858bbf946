//! Deletes leftovers of earlier runs.

use std::fmt;
use std::time::Duration;

use jiff::Timestamp;
use serde::Deserialize;

use crate::http::{Call, Http, RequestError, segment};
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
    let (names, error) = labeled(&http).await;
    if let Some(error) = error {
        report.problems.push(format!("cannot list all namespaces, so some may be left: {error}"));
    }
    for name in names.iter().filter(|name| made_at(name).is_some()) {
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

/// A page of a list of namespaces.
#[derive(Deserialize)]
struct Page {
    kind: Kind,
    #[serde(default)]
    metadata: ListMeta,
    /// `null` is an empty list, as Go writes it.
    items: Option<Vec<Item>>,
}

#[derive(Deserialize)]
enum Kind {
    NamespaceList,
}

#[derive(Default, Deserialize)]
struct ListMeta {
    #[serde(default, rename = "continue")]
    next: String,
}

#[derive(Deserialize)]
struct Item {
    metadata: Named,
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

/// The names of the namespaces with the label, and the error if there may be more of them.
async fn labeled(http: &Http) -> (Vec<String>, Option<RequestError>) {
    const EXPECTED: &str = "a list of namespaces";
    let path = format!("/api/v1/namespaces?labelSelector={}", LABEL.replace('/', "%2F"));
    let mut names = Vec::new();
    let mut call = Call::get(path.clone());
    let mut known = String::new();
    loop {
        let page = match http.send(&call).await.and_then(|answer| answer.json(EXPECTED)) {
            Ok(Page { kind: Kind::NamespaceList, metadata, items }) => {
                names.extend(items.into_iter().flatten().map(|item| item.metadata.name));
                metadata.next
            }
            Err(error) => return (names, Some(error)),
        };
        if page.is_empty() {
            return (names, None);
        }
        if page == known {
            let (expected, found) = ("the next page".to_owned(), "the same one again".to_owned());
            return (names, Some(RequestError::Unexpected { request: call.request(), expected, found }));
        }
        call = Call::get(format!("{path}&continue={}", segment(&page)));
        known = page;
    }
}
