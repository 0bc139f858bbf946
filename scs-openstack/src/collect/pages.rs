//! Paginated lists.

use std::collections::HashSet;
use std::time::Duration;

use reqwest::Method;
use serde_json::value::RawValue;
use tokio::time::{Instant, sleep};

use super::page;
use super::scrub::scrubbed;
use crate::catalog::Api;
use crate::http::{Call, RequestError, size};
use scs_collector::Event;

use crate::options::Limits;
use crate::session::Session;
use scs_collector::Part;

/// A list of an API.
#[derive(Clone, Copy, Debug)]
pub(crate) struct List {
    pub(crate) api: Api,
    /// The path, with a query for every page.
    pub(crate) path: &'static str,
    /// The key of the entries.
    pub(crate) key: &'static str,
    /// A header with its value, for microversions.
    pub(crate) header: Option<(&'static str, &'static str)>,
    /// Whether the service supports `limit` and `marker`.
    pub(crate) paged: bool,
    /// Whether only resources of the token's project are requested.
    pub(crate) own: bool,
    /// Whether it is part of an inventory and counts against its limits.
    pub(crate) counted: bool,
}

impl List {
    pub(crate) const fn new(api: Api, path: &'static str, key: &'static str) -> Self {
        Self { api, path, key, header: None, paged: true, own: false, counted: true }
    }

    /// A list without pagination.
    pub(crate) const fn whole(self) -> Self {
        Self { paged: false, ..self }
    }

    /// A list restricted to the project's own entries, for services that also return others.
    pub(crate) const fn own(self) -> Self {
        Self { own: true, ..self }
    }

    /// A list for cleaning up, which does not count against the limits.
    pub(crate) const fn uncounted(self) -> Self {
        Self { counted: false, ..self }
    }

    pub(crate) const fn header(self, name: &'static str, value: &'static str) -> Self {
        Self { header: Some((name, value)), ..self }
    }

    fn call(&self, session: &Session, query: &str) -> Result<Call, RequestError> {
        let path = self.path.split_once('?').map_or(self.path, |(path, _)| path);
        let path = if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") };
        let call = session.call(self.api, Method::GET, &path)?;
        let call = if self.counted { call.counted() } else { call };
        Ok(match self.header {
            Some((name, value)) => call.header(name, value),
            None => call,
        })
    }

    fn cut_off(&self, limit: String) -> RequestError {
        let (service, request) = (self.api.name.to_owned(), format!("GET {}", self.path));
        RequestError::CutOff { service, request, limit }
    }

    /// The query of the first page.
    fn query(&self, session: &Session, limit: usize) -> String {
        let written = self.path.split_once('?').map_or("", |(_, query)| query);
        let mut query = url::form_urlencoded::Serializer::new(written.to_owned());
        if let Some(project) = session.project().filter(|_| self.own) {
            query.append_pair("project_id", project);
        }
        if self.paged {
            query.append_pair("limit", &limit.to_string());
        }
        query.finish()
    }
}

/// The maximum length of a next page's query; markers are ids.
const LONGEST_QUERY: usize = 4 << 10;

/// The size of a list so far, and its limits.
struct Extent {
    limits: Limits,
    end: Instant,
    pages: usize,
    entries: usize,
    bytes: usize,
}

impl Extent {
    fn new(limits: Limits) -> Self {
        // A longer time than representable means no limit.
        let now = Instant::now();
        let end = now.checked_add(limits.part_time).unwrap_or(now);
        Self { limits, end, pages: 0, entries: 0, bytes: 0 }
    }

    /// The limit that another page exceeds, if any.
    fn exceeded_by(&mut self, page: &page::Page<'_>) -> Option<String> {
        self.pages += 1;
        self.entries = self.entries.saturating_add(page.entries.len());
        self.bytes = self.bytes.saturating_add(page.text.len());
        let Limits { list_bytes, list_pages, list_entries, part_time, .. } = self.limits;
        if self.pages > list_pages {
            Some(format!("more than {list_pages} pages"))
        } else if self.entries > list_entries {
            Some(format!("more than {list_entries} entries"))
        } else if self.bytes > list_bytes {
            Some(format!("a list of more than {}", size(list_bytes)))
        } else if Instant::now() > self.end {
            Some(format!("not complete within {} s", part_time.as_secs_f64()))
        } else {
            None
        }
    }
}

/// Fetches all entries of a list.
pub(super) async fn all(session: &Session, part: &'static str, list: List) -> Result<Part, RequestError> {
    let mut pages = Vec::new();
    let mut count = 0;
    each(
        session,
        list,
        |_, text| {
            let text = scrubbed(session, text);
            if !text.is_empty() {
                pages.push(text);
            }
        },
        |entries| {
            count += entries;
            session.options.tell(Event::Page(part, count));
        },
    )
    .await?;
    Ok(Part::List(pages))
}

/// Fetches a list page by page: passes the entries and text of each to `take`, and their number to `count`.
pub(crate) async fn each(
    session: &Session,
    list: List,
    mut take: impl FnMut(&[&RawValue], &str),
    mut count: impl FnMut(usize),
) -> Result<(), RequestError> {
    let limit = session.options.page.max(1);
    let first_query = list.query(session, limit);
    let mut query = first_query.clone();
    let mut seen = HashSet::new();
    let mut first_id = None;
    let (mut guessed, mut linked) = (false, false);
    let mut extent = Extent::new(session.options.limits);
    loop {
        let next = one(session, &list, &query, |page| {
            let id = page.entries.first().and_then(|entry| page::id(entry));
            // A service without marker support returns the first page again.
            if guessed && id.is_some() && id == first_id {
                return Ok(None);
            }
            if let Some(limit) = extent.exceeded_by(&page) {
                return Err(list.cut_off(limit));
            }
            first_id = first_id.take().or(id);
            take(&page.entries, page.text);
            count(page.entries.len());
            if page.next.is_some() {
                (guessed, linked) = (false, true);
                return Ok(page.next);
            }
            let full = list.paged && !linked && page.entries.len() == limit;
            let marker = page.entries.last().filter(|_| full).and_then(|entry| page::id(entry));
            guessed = guessed || marker.is_some();
            Ok(marker.map(|marker| format!("{first_query}&marker={marker}")))
        })
        .await??;
        let Some(next) = next else { return Ok(()) };
        if next.len() > LONGEST_QUERY {
            return Err(list.cut_off(format!("the URL of the next page has more than {LONGEST_QUERY} bytes")));
        }
        if !seen.insert(std::mem::replace(&mut query, next)) || seen.contains(&query) {
            return Err(RequestError::Unexpected {
                service: list.api.name.to_owned(),
                request: format!("GET {}", list.path),
                expected: "the next page".to_owned(),
                found: "one seen before".to_owned(),
            });
        }
    }
}

/// Fetches one page. Truncated responses are retried, like broken connections.
async fn one<T>(
    session: &Session,
    list: &List,
    query: &str,
    take: impl FnOnce(page::Page<'_>) -> T,
) -> Result<T, RequestError> {
    let expected = format!("a list of {}", list.key.replace('_', " "));
    let mut attempt = 1;
    loop {
        let answer = session.send(list.call(session, query)?).await?.ok()?;
        let error = match page::read(answer.text(&expected)?, list.key) {
            Ok(page) => return Ok(take(page)),
            Err(error) => answer.unreadable(&expected, &error),
        };
        let retry = session.options.retry;
        if !matches!(error, RequestError::BrokenOff { .. }) || attempt >= retry.attempts {
            return Err(error);
        }
        sleep(retry.wait(attempt, None::<Duration>)).await;
        attempt += 1;
    }
}
