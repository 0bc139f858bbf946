//! Fetches lists page by page.

use std::collections::HashSet;

use futures_util::future::{OptionFuture, join};
use scs_collector::{Event, Part, one_line};
use serde::Deserialize;
use serde_json::value::RawValue;
use tokio::task::spawn_blocking;

use super::page::{self, Page};
use super::reduce::Keep;
use crate::http::{Answer, Call, Http, RequestError};

/// Kinds of lists with objects of any kind.
const GENERAL_KINDS: [&str; 2] = ["List", "PartialObjectMetadataList"];

/// How often a list is started again because it expired meanwhile. Then it is requested as a whole.
const STARTS: usize = 3;

/// A list of the API.
#[derive(Clone, Copy, Debug)]
pub(super) struct List {
    /// The key of the part.
    pub(super) key: &'static str,
    /// The kind of the list.
    pub(super) kind: &'static str,
    pub(super) path: &'static str,
    /// A selector of labels.
    pub(super) labels: Option<&'static str>,
    pub(super) accept: &'static str,
    pub(super) keep: Keep,
}

/// The entries of a list, as the JSON of each page.
#[derive(Debug, Default)]
pub(super) struct Entries {
    pub(super) pages: Vec<Box<str>>,
    pub(super) count: usize,
}

impl Entries {
    /// The names of the entries, in order.
    pub(super) fn names(&self) -> Vec<String> {
        let mut names = Vec::with_capacity(self.count);
        for page in &self.pages {
            let page = format!("[{page}]");
            let entries: Vec<&RawValue> = serde_json::from_str(&page).unwrap_or_default();
            names.extend(entries.into_iter().filter_map(name_of));
        }
        names
    }

    /// These entries, and those of another list of the same namespace whose names are new.
    pub(super) fn and_new(mut self, other: &Self) -> Self {
        let known: HashSet<String> = self.names().into_iter().collect();
        for page in &other.pages {
            let page = format!("[{page}]");
            let entries: Vec<&RawValue> = serde_json::from_str(&page).unwrap_or_default();
            for entry in entries {
                if name_of(entry).is_none_or(|name| !known.contains(&name)) {
                    self.pages.push(entry.get().into());
                    self.count += 1;
                }
            }
        }
        self
    }
}

/// The name of an object.
fn name_of(object: &RawValue) -> Option<String> {
    #[derive(Deserialize)]
    struct Named {
        metadata: Metadata,
    }
    #[derive(Deserialize)]
    struct Metadata {
        name: String,
    }
    serde_json::from_str::<Named>(object.get()).ok().map(|object| object.metadata.name)
}

impl From<Entries> for Part {
    fn from(entries: Entries) -> Self {
        Self::List(entries.pages)
    }
}

/// Fetches all entries of a list.
pub(super) async fn all(http: &Http, list: List) -> Result<Entries, RequestError> {
    for _ in 0..STARTS {
        match pages(http, list, Some(http.options().page)).await {
            Err(RequestError::Expired { .. }) => {}
            result => return result,
        }
    }
    pages(http, list, None).await
}

async fn pages(http: &Http, list: List, limit: Option<usize>) -> Result<Entries, RequestError> {
    let limits = http.options().limits;
    let mut entries = Entries::default();
    let mut bytes = 0_usize;
    let mut seen = HashSet::new();
    let mut call = list.call(limit, None);
    let mut answer = http.send(&call).await?;
    loop {
        // The position of the next page usually comes first, so the page is read while the next one is on its way.
        let ahead = page::next(&answer.text).filter(|token| !seen.contains(token));
        let next_call = ahead.as_deref().map(|token| list.call(limit, Some(token)));
        let next_answer = OptionFuture::from(next_call.as_ref().map(|call| http.send(call)));
        let (page, next_answer) = join(read(&call, answer, list), next_answer).await;
        let page = page?;
        entries.count = entries.count.saturating_add(page.count);
        bytes = bytes.saturating_add(page.entries.len());
        let cut_off = |limit: String| Err(RequestError::CutOff { request: call.request(), limit });
        if entries.count > limits.list_entries {
            return cut_off(format!("more than {} entries", limits.list_entries));
        }
        if bytes > limits.list_bytes {
            return cut_off(format!("a list of more than {} bytes", limits.list_bytes));
        }
        if !page.entries.is_empty() {
            entries.pages.push(page.entries.into_boxed_str());
        }
        http.options().tell(Event::Page(list.key, entries.count));
        let Some(token) = page.next else { return Ok(entries) };
        if page.count == 0 || !seen.insert(token.clone()) {
            return Err(RequestError::Unexpected {
                request: call.request(),
                expected: "the next page".to_owned(),
                found: "an empty page, or one seen before".to_owned(),
            });
        }
        (call, answer) = match (next_call, next_answer) {
            (Some(call), Some(answer)) if ahead.as_ref() == Some(&token) => (call, answer?),
            _ => {
                let call = list.call(limit, Some(&token));
                let answer = http.send(&call).await?;
                (call, answer)
            }
        };
    }
}

/// Reads a page. A large one takes some milliseconds, in which other requests would wait, so another thread does it.
async fn read(call: &Call, answer: Answer, list: List) -> Result<Page, RequestError> {
    let expected = format!("a list of {}", list.name());
    let read = move || {
        let page = page::read(&answer.text, list.keep);
        (page, answer)
    };
    let (page, answer) = match spawn_blocking(read).await {
        Ok(read) => read,
        Err(error) => {
            let (request, found) = (call.request(), error.to_string());
            return Err(RequestError::Unexpected { request, expected, found });
        }
    };
    let page = page.map_err(|error| answer.unexpected(&expected, &error))?;
    match &page.kind {
        Some(kind) if kind != list.kind && !GENERAL_KINDS.contains(&kind.as_str()) => {
            let found = format!("a {}", one_line(kind, 80));
            Err(RequestError::Unexpected { request: call.request(), expected, found })
        }
        _ => Ok(page),
    }
}

impl List {
    pub(super) const fn new(key: &'static str, kind: &'static str, path: &'static str, keep: Keep) -> Self {
        Self { key, kind, path, labels: None, accept: crate::http::JSON, keep }
    }

    fn name(&self) -> String {
        self.key.replace('_', " ")
    }

    fn call(&self, limit: Option<usize>, next: Option<&str>) -> Call {
        Call::get(self.url(limit, next)).accept(self.accept)
    }

    fn url(&self, limit: Option<usize>, next: Option<&str>) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        if let Some(labels) = self.labels {
            query.append_pair("labelSelector", labels);
        }
        if let Some(limit) = limit {
            query.append_pair("limit", &limit.max(1).to_string());
        }
        if let Some(next) = next {
            query.append_pair("continue", next);
        }
        match query.finish() {
            query if query.is_empty() => self.path.to_owned(),
            query => format!("{}?{query}", self.path),
        }
    }
}
