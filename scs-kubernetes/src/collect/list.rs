//! Fetches lists page by page.

use scs_collector::{Event, Part};

use super::page;
use super::reduce::Keep;
use crate::http::{Call, Http, RequestError};

/// How often a list is started again because it expired meanwhile. Then it is requested as a whole.
const STARTS: usize = 3;

/// A list of the API.
#[derive(Clone, Copy, Debug)]
pub(super) struct List {
    /// The key of the part.
    pub(super) key: &'static str,
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
    let mut next: Option<String> = None;
    loop {
        let call = Call::get(list.url(limit, next.as_deref())).accept(list.accept);
        let answer = http.send(&call).await?;
        let page = page::read(&answer.text, list.keep)
            .map_err(|error| answer.unexpected(&format!("a list of {}", list.name()), &error))?;
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
        match page.next {
            None => return Ok(entries),
            Some(token) if next.as_ref() == Some(&token) || page.count == 0 => {
                return Err(RequestError::Unexpected {
                    request: call.request(),
                    expected: "the next page".to_owned(),
                    found: "the same one again".to_owned(),
                });
            }
            Some(token) => next = Some(token),
        }
    }
}

impl List {
    pub(super) const fn new(key: &'static str, path: &'static str, keep: Keep) -> Self {
        Self { key, path, labels: None, accept: crate::http::JSON, keep }
    }

    fn name(&self) -> String {
        self.key.replace('_', " ")
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
