//! Requests with deadlines, safe retries and limited concurrency.

mod client;
mod error;
mod failure;
#[cfg(test)]
mod tests;

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use http::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::BodyExt;
use kube::Client;
use kube::client::Body;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, PercentEncode, utf8_percent_encode};
use scs_collector::{Redactor, Retry, Secret, retry_after};
use secrecy::ExposeSecret;
use serde::de::DeserializeOwned;
use tokio::sync::{Mutex, Semaphore};
use tokio::time::{Instant, sleep, timeout_at};

pub use error::RequestError;

use crate::config::{ClusterConfig, Proxy};
use crate::options::Options;
use crate::plugin;

/// What is escaped in a segment of a path.
const SEGMENT: AsciiSet = NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A name as one segment of a path.
pub(crate) fn segment(name: &str) -> PercentEncode<'_> {
    utf8_percent_encode(name, &SEGMENT)
}

/// The answers that the API server gives in JSON.
pub(crate) const JSON: &str = "application/json";

/// A request.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    method: Method,
    /// The path with its query, below the URL of the server.
    path: String,
    accept: &'static str,
    body: Option<(&'static str, Vec<u8>)>,
    timeout: Option<Duration>,
    /// Whether it passes through to a kubelet, whose errors look different.
    to_kubelet: bool,
    /// Whether it may be sent again.
    is_repeatable: bool,
}

impl Call {
    pub(crate) fn get(path: impl Into<String>) -> Self {
        Self {
            method: Method::GET,
            path: path.into(),
            accept: JSON,
            body: None,
            timeout: None,
            to_kubelet: false,
            is_repeatable: true,
        }
    }

    /// A request that sends JSON. It is sent once: it may create something.
    pub(crate) fn send(method: Method, path: impl Into<String>, body: &serde_json::Value) -> Self {
        let body = Some((JSON, body.to_string().into_bytes()));
        Self { method, body, is_repeatable: false, ..Self::get(path) }
    }

    pub(crate) fn delete(path: impl Into<String>) -> Self {
        Self { method: Method::DELETE, ..Self::get(path) }
    }

    /// Replaces the content type of the body.
    pub(crate) fn content_type(mut self, content_type: &'static str) -> Self {
        if let Some(body) = &mut self.body {
            body.0 = content_type;
        }
        self
    }

    pub(crate) const fn accept(mut self, accept: &'static str) -> Self {
        self.accept = accept;
        self
    }

    pub(crate) const fn through_to_kubelet(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self.to_kubelet = true;
        self
    }

    /// Allows it to be sent again, for a POST that only asks.
    pub(crate) const fn repeatable(mut self) -> Self {
        self.is_repeatable = true;
        self
    }

    /// Method and path, for messages.
    pub(crate) fn request(&self) -> String {
        let path = self.path.split_once('?').map_or(self.path.as_str(), |(path, _)| path);
        format!("{} {path}", self.method)
    }
}

/// A successful response.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) content_type: String,
    pub(crate) text: String,
    request: String,
    redactor: Arc<Redactor>,
}

impl Answer {
    /// The response as a value.
    pub(crate) fn json<T: DeserializeOwned>(&self, expected: &str) -> Result<T, RequestError> {
        serde_json::from_str(&self.text).map_err(|error| self.unexpected(expected, &error))
    }

    /// The error for a response that is not the expected JSON.
    pub(crate) fn unexpected(&self, expected: &str, error: &serde_json::Error) -> RequestError {
        if error.is_eof() && !self.text.is_empty() && self.content_type.starts_with(JSON) {
            return RequestError::BrokenOff { request: self.request.clone(), bytes: self.text.len() };
        }
        RequestError::Unexpected {
            request: self.request.clone(),
            expected: expected.to_owned(),
            found: failure::described(&self.content_type, &self.redactor.text(&self.text)),
        }
    }
}

/// A response with any status.
struct Response {
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Response {
    fn header(&self, name: http::HeaderName) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

/// The connection to an API server. Clones share it.
#[derive(Clone)]
pub(crate) struct Http {
    client: Arc<RwLock<Current>>,
    /// What new credentials are made from; locked while they are made.
    renewal: Arc<Mutex<Renewal>>,
    server: String,
    proxy: Option<String>,
    /// The credentials, which a server may repeat.
    redactor: Arc<Redactor>,
    options: Options,
    slots: Arc<Semaphore>,
    /// Requests to kubelets, which are many, hold up no others.
    kubelet_slots: Arc<Semaphore>,
    end: Instant,
}

/// What new credentials are made from.
struct Renewal {
    cluster: ClusterConfig,
    /// Whether the plug-in gave no newer ones. Otherwise each request that is rejected would start it again.
    is_over: bool,
}

/// The client with the current credentials.
struct Current {
    client: Client,
    /// How often the credentials were renewed.
    renewals: usize,
}

impl Http {
    /// Has to be called on a runtime; the error is the client's message.
    pub(crate) fn new(cluster: &ClusterConfig, options: &Options) -> Result<Self, String> {
        let proxy = cluster.proxy.as_ref();
        let now = Instant::now();
        let redactor = Redactor::default();
        add_secrets(&redactor, cluster);
        let client = client::client(&cluster.config, proxy, options)?;
        Ok(Self {
            client: Arc::new(RwLock::new(Current { client, renewals: 0 })),
            renewal: Arc::new(Mutex::new(Renewal { cluster: cluster.clone(), is_over: false })),
            server: cluster.server(),
            proxy: proxy.map(|proxy: &Proxy| format!("{} ({})", proxy.uri(), proxy.from)),
            redactor: Arc::new(redactor),
            slots: Arc::new(Semaphore::new(options.parallel.max(1))),
            kubelet_slots: Arc::new(Semaphore::new(options.parallel_kubelets.max(1))),
            end: now.checked_add(options.limits.run_time).unwrap_or(now),
            options: options.clone(),
        })
    }

    pub(crate) const fn options(&self) -> &Options {
        &self.options
    }

    /// A connection with more time, to clean up after the time for the run is over.
    pub(crate) fn with_time(&self, time: Duration) -> Self {
        let now = Instant::now();
        Self { end: now.checked_add(time).unwrap_or(now), ..self.clone() }
    }

    /// Sends a request, again after a failure that may pass.
    pub(crate) async fn send(&self, call: &Call) -> Result<Answer, RequestError> {
        let Retry { attempts, .. } = self.options.retry;
        let mut attempt = 1;
        loop {
            let result = self.once(call).await;
            let (error, wait) = match result {
                Ok(response) if response.status.is_success() => {
                    return Ok(Answer {
                        content_type: response.header(CONTENT_TYPE).to_owned(),
                        text: String::from_utf8(response.body)
                            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()),
                        request: call.request(),
                        redactor: Arc::clone(&self.redactor),
                    });
                }
                Ok(response) => {
                    let asked = retry_after(response.header(RETRY_AFTER), jiff::Timestamp::now());
                    let may_pass = matches!(response.status.as_u16(), 429 | 500 | 502 | 503 | 504);
                    (failure::of_status(call, &response, &self.redactor), may_pass.then_some(asked))
                }
                Err(error) => {
                    let may_pass = matches!(error, RequestError::BrokenOff { .. });
                    (error, may_pass.then_some(None))
                }
            };
            match wait {
                Some(asked) if call.is_repeatable && attempt < attempts => {
                    let wait = self.options.retry.wait(attempt, asked);
                    sleep(wait.min(self.end.saturating_duration_since(Instant::now()))).await;
                    attempt += 1;
                }
                _ => return Err(error),
            }
        }
    }

    async fn once(&self, call: &Call) -> Result<Response, RequestError> {
        let slots = if call.to_kubelet { &self.kubelet_slots } else { &self.slots };
        // A semaphore is never closed here.
        let _slot = slots.acquire().await.ok();
        let now = Instant::now();
        let own = call.timeout.unwrap_or(self.options.request_timeout);
        let end = now.checked_add(own).unwrap_or(self.end).min(self.end);
        // A fast server might still answer within the tick of the timer.
        if end <= now {
            return Err(RequestError::RunTime {
                request: call.request(),
                limit: self.options.limits.run_time,
            });
        }
        timeout_at(end, self.exchange(call)).await.unwrap_or_else(|_| {
            let request = call.request();
            if end == self.end {
                return Err(RequestError::RunTime { request, limit: self.options.limits.run_time });
            }
            Err(RequestError::Timeout { request, proxy: self.proxy.clone(), timeout: own })
        })
    }

    /// A request that is rejected because of its credentials was not carried out, so it is sent again with new ones.
    async fn exchange(&self, call: &Call) -> Result<Response, RequestError> {
        let (client, renewals) = self.current();
        let response = self.sent(call, &client).await?;
        if response.status == StatusCode::UNAUTHORIZED
            && failure::is_of_api_server(call, &response)
            && let Some(client) = Box::pin(self.renewed(renewals)).await
        {
            return self.sent(call, &client).await;
        }
        Ok(response)
    }

    fn current(&self) -> (Client, usize) {
        let current = self.client.read().unwrap_or_else(PoisonError::into_inner);
        (current.client.clone(), current.renewals)
    }

    /// A client with credentials that are newer than those after a number of renewals; `None` if there are none.
    async fn renewed(&self, renewals: usize) -> Option<Client> {
        let mut renewal = self.renewal.lock().await;
        let (client, done) = self.current();
        if done > renewals {
            return Some(client);
        }
        if renewal.is_over {
            return None;
        }
        // A file can be read as often as one likes; a plug-in may ask the user each time.
        renewal.is_over = renewal.cluster.plugin.is_some();
        let fresh = plugin::renewed(&renewal.cluster, &self.options).await?;
        let client = client::client(&fresh.config, fresh.proxy.as_ref(), &self.options).ok()?;
        add_secrets(&self.redactor, &fresh);
        *renewal = Renewal { cluster: fresh, is_over: false };
        let mut current = self.client.write().unwrap_or_else(PoisonError::into_inner);
        *current = Current { client: client.clone(), renewals: done + 1 };
        Some(client)
    }

    async fn sent(&self, call: &Call, client: &Client) -> Result<Response, RequestError> {
        let mut request = Request::builder().method(&call.method).uri(&call.path).header(ACCEPT, call.accept);
        if let Some((content_type, _)) = &call.body {
            request = request.header(CONTENT_TYPE, *content_type);
        }
        let body = call.body.as_ref().map_or_else(Body::empty, |(_, body)| Body::from(body.clone()));
        let request = request.body(body).map_err(|error| RequestError::Unexpected {
            request: call.request(),
            expected: "a path".to_owned(),
            found: error.to_string(),
        })?;
        let response = client.send(request).await;
        let response = response
            .map_err(|error| failure::of_transport(call, &self.server, self.proxy.as_deref(), &error))?;
        let (parts, body) = response.into_parts();
        let length = parts.headers.get(CONTENT_LENGTH).and_then(|it| it.to_str().ok()?.parse().ok());
        let body = self.read(call, body, length.unwrap_or_default()).await?;
        Ok(Response { status: parts.status, headers: parts.headers, body })
    }

    /// Reads a body, which probably has this many bytes, up to the limit.
    async fn read(&self, call: &Call, mut body: Body, length: usize) -> Result<Vec<u8>, RequestError> {
        let limit = self.options.limits.answer_bytes;
        let mut read = Vec::with_capacity(length.min(limit));
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|error| failure::of_body(call, read.len(), &error))?;
            if let Ok(data) = frame.into_data() {
                if read.len().saturating_add(data.len()) > limit {
                    let limit = format!("more than {limit} bytes");
                    return Err(RequestError::CutOff { request: call.request(), limit });
                }
                read.extend_from_slice(&data);
            }
        }
        Ok(read)
    }
}

/// Adds the credentials, which must not be printed.
fn add_secrets(redactor: &Redactor, cluster: &ClusterConfig) {
    let info = &cluster.config.auth_info;
    for secret in [&info.token, &info.password].into_iter().flatten() {
        redactor.add(&Secret::from(secret.expose_secret()));
    }
}

impl std::fmt::Debug for Http {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Http").field("server", &self.server).finish_non_exhaustive()
    }
}
