//! HTTP requests with timeouts, safe retries and limited concurrency.

mod client;
mod error;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Method, StatusCode};
use serde::de::DeserializeOwned;
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};
use url::Url;

pub use client::CertificateFileError;
pub use error::RequestError;

use scs_collector::{Redactor, Retry, Secret, reason, retry_after};

use crate::config::CloudConfig;
use crate::options::{Limits, Options};

/// A request.
#[derive(Clone)]
pub(crate) struct Call {
    pub(crate) method: Method,
    /// The type of the service, for messages.
    pub(crate) service: &'static str,
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Option<Vec<u8>>,
    /// Whether it is idempotent.
    pub(crate) repeatable: bool,
    /// Whether its response counts against the limits of the run. Cleanup requests never do.
    pub(crate) counted: bool,
}

impl Call {
    pub(crate) fn new(method: Method, service: &'static str, url: Url) -> Self {
        let repeatable = matches!(method, Method::GET | Method::HEAD | Method::PUT | Method::DELETE);
        Self { method, service, url, headers: HeaderMap::new(), body: None, repeatable, counted: false }
    }

    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(HeaderName::from_static(name), value);
        }
        self
    }

    pub(crate) fn json(self, body: &serde_json::Value) -> Self {
        self.body("application/json", body.to_string().into_bytes())
    }

    pub(crate) fn body(mut self, kind: &'static str, body: Vec<u8>) -> Self {
        self.headers.insert(reqwest::header::CONTENT_TYPE, HeaderValue::from_static(kind));
        self.body = Some(body);
        self
    }

    /// Marks it as part of an inventory, so it counts against the limits of the run.
    pub(crate) fn counted(self) -> Self {
        Self { counted: true, ..self }
    }

    /// The error for a response beyond a limit.
    fn cut_off(&self, limit: String) -> RequestError {
        RequestError::CutOff { service: self.service.to_owned(), request: self.name(), limit }
    }

    /// Adds the token, which is never printed.
    pub(crate) fn token(mut self, name: &'static str, token: &Secret) -> Self {
        if let Ok(mut value) = HeaderValue::from_str(token.expose()) {
            value.set_sensitive(true);
            self.headers.insert(HeaderName::from_static(name), value);
        }
        self
    }

    /// Method and path, for messages.
    pub(crate) fn name(&self) -> String {
        format!("{} {}", self.method, self.url.path())
    }
}

/// A response with its whole body.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
    service: &'static str,
    request: String,
    redactor: Arc<Redactor>,
}

/// Sends requests.
pub(crate) struct Http {
    client: Client,
    permits: Semaphore,
    timeout: Duration,
    retry: Retry,
    limits: Limits,
    /// The totals of counted requests.
    requests: AtomicUsize,
    received: AtomicUsize,
    pub(crate) redactor: Arc<Redactor>,
}

impl Http {
    pub(crate) fn new(
        cloud: &CloudConfig,
        options: &Options,
        redactor: Arc<Redactor>,
    ) -> Result<Self, CertificateFileError> {
        Ok(Self {
            client: client::client(cloud)?,
            permits: Semaphore::new(options.parallel.max(1)),
            timeout: options.timeout.or(cloud.timeout).unwrap_or(crate::options::TIMEOUT),
            retry: options.retry,
            limits: options.limits,
            requests: AtomicUsize::new(0),
            received: AtomicUsize::new(0),
            redactor,
        })
    }

    /// Sends the request, and retries it if that is safe and useful.
    pub(crate) async fn send(&self, call: Call) -> Result<Answer, RequestError> {
        let mut attempt = 1;
        loop {
            let result = {
                // The semaphore is never closed.
                let _permit = self.permits.acquire().await;
                self.once(&call).await
            };
            let last = attempt >= self.retry.attempts || !call.repeatable;
            let asked_for = match &result {
                Ok(answer) if !last && is_passing(answer.status) => {
                    answer.header("retry-after").and_then(|value| retry_after(value, jiff::Timestamp::now()))
                }
                Err(RequestError::Unreachable { .. } | RequestError::BrokenOff { .. }) if !last => None,
                _ => return result,
            };
            // A later retry would be too late, and an earlier one is not wanted.
            if asked_for.is_some_and(|wait| wait > self.retry.longest) {
                return result;
            }
            sleep(self.retry.wait(attempt, asked_for)).await;
            attempt += 1;
        }
    }

    async fn once(&self, call: &Call) -> Result<Answer, RequestError> {
        match timeout(self.timeout, self.exchange(call)).await {
            Ok(result) => result,
            Err(_) => Err(RequestError::Timeout {
                service: call.service.to_owned(),
                request: call.name(),
                timeout: self.timeout,
            }),
        }
    }

    async fn exchange(&self, call: &Call) -> Result<Answer, RequestError> {
        if call.counted && self.requests.fetch_add(1, Ordering::Relaxed) >= self.limits.run_requests {
            return Err(
                call.cut_off(format!("more than {} requests for an inventory", self.limits.run_requests))
            );
        }
        let mut request =
            self.client.request(call.method.clone(), call.url.clone()).headers(call.headers.clone());
        if let Some(body) = &call.body {
            request = request.body(body.clone());
        }
        let mut response = request.send().await.map_err(|error| self.failure(call, error, 0))?;
        let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
        let length = response.content_length().and_then(|length| usize::try_from(length).ok());
        let mut body = Vec::with_capacity(length.unwrap_or(0).min(LARGEST_RESERVED));
        loop {
            let chunk = response.chunk().await.map_err(|error| self.failure(call, error, body.len()))?;
            let Some(chunk) = chunk else { break };
            if chunk.len() > self.limits.answer_bytes.saturating_sub(body.len()) {
                return Err(
                    call.cut_off(format!("a response of more than {}", size(self.limits.answer_bytes)))
                );
            }
            // A single chunk is small: the limit applies before the sum overflows.
            if call.counted
                && self.received.fetch_add(chunk.len(), Ordering::Relaxed) >= self.limits.run_bytes
            {
                return Err(call.cut_off(format!(
                    "more than {} of responses for an inventory",
                    size(self.limits.run_bytes)
                )));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer {
            status,
            headers,
            body,
            service: call.service,
            request: call.name(),
            redactor: Arc::clone(&self.redactor),
        })
    }

    fn failure(&self, call: &Call, error: reqwest::Error, bytes: usize) -> RequestError {
        let error = error.without_url();
        let (service, request) = (call.service.to_owned(), call.name());
        let innermost = reason(&error);
        let reason = self.redactor.line(&innermost, LONGEST_MESSAGE);
        if error.is_timeout() {
            return RequestError::Timeout { service, request, timeout: client::CONNECT };
        }
        let is_certificate = ["certificate", "UnknownIssuer", "handshake", "TLS"];
        if error.is_connect() && is_certificate.iter().any(|word| innermost.contains(word)) {
            return RequestError::Certificate { service, request, reason };
        }
        if error.is_body() || error.is_decode() {
            return RequestError::BrokenOff { service, request, bytes };
        }
        RequestError::Unreachable { service, request, reason, sent: !error.is_connect() }
    }
}

/// The maximum length of a quoted message in characters.
pub(crate) const LONGEST_MESSAGE: usize = 200;
/// The maximum buffer reserved because of a server's `Content-Length`.
const LARGEST_RESERVED: usize = 8 << 20;

/// A number of bytes, as text.
pub(crate) fn size(bytes: usize) -> String {
    match bytes >> 20 {
        0 => format!("{bytes} bytes"),
        mebibytes => format!("{mebibytes} MiB"),
    }
}

/// Whether the status is temporary.
fn is_passing(status: StatusCode) -> bool {
    status == StatusCode::TOO_MANY_REQUESTS
        || (status.is_server_error() && status != StatusCode::NOT_IMPLEMENTED)
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The response, if successful.
    pub(crate) fn ok(self) -> Result<Self, RequestError> {
        if self.status.is_success() {
            return Ok(self);
        }
        let (service, request) = (self.service.to_owned(), self.request.clone());
        let message = self.redactor.line(&message(&self.body), LONGEST_MESSAGE);
        Err(match self.status {
            StatusCode::UNAUTHORIZED => RequestError::TokenRefused { service, request },
            StatusCode::FORBIDDEN => RequestError::Refused { service, request, message },
            StatusCode::NOT_FOUND => RequestError::NotFound { service, request, message },
            status if status.is_redirection() && self.header("location").is_some() => {
                let location = self.header("location").unwrap_or_default();
                let location = self.redactor.line(location, LONGEST_MESSAGE);
                RequestError::Redirected { service, request, status: status.as_u16(), location }
            }
            status => RequestError::Status { service, request, status: status.as_u16(), message },
        })
    }

    /// The body as JSON text.
    pub(crate) fn text(&self, expected: &str) -> Result<&str, RequestError> {
        std::str::from_utf8(&self.body).map_err(|_| self.unexpected(expected, "binary data".to_owned()))
    }

    /// The body as a value.
    pub(crate) fn json<T: DeserializeOwned>(&self, expected: &str) -> Result<T, RequestError> {
        serde_json::from_str(self.text(expected)?).map_err(|error| self.unreadable(expected, &error))
    }

    /// The error for an unexpected body.
    pub(crate) fn unreadable(&self, expected: &str, error: &serde_json::Error) -> RequestError {
        if error.is_eof() && !self.body.iter().all(u8::is_ascii_whitespace) {
            return RequestError::BrokenOff {
                service: self.service.to_owned(),
                request: self.request.clone(),
                bytes: self.body.len(),
            };
        }
        let start = self.body.trim_ascii_start();
        let found = match start.first() {
            None => "nothing".to_owned(),
            Some(b'<') => "an HTML or XML page".to_owned(),
            Some(b'{' | b'[') if error.is_syntax() => {
                format!("JSON with an error in line {}, column {}", error.line(), error.column())
            }
            Some(b'{' | b'[') => "unexpected JSON".to_owned(),
            Some(_) => "something other than JSON".to_owned(),
        };
        self.unexpected(expected, found)
    }

    fn unexpected(&self, expected: &str, found: String) -> RequestError {
        RequestError::Unexpected {
            service: self.service.to_owned(),
            request: self.request.clone(),
            expected: expected.to_owned(),
            found,
        }
    }
}

/// The service's error message: the first `message`, `title` or similar. It may contain secrets.
pub(crate) fn message(body: &[u8]) -> String {
    fn find(value: &serde_json::Value, depth: u8) -> Option<String> {
        let object = value.as_object()?;
        let text = ["message", "detail", "description", "title", "faultstring"]
            .iter()
            .find_map(|key| object.get(*key)?.as_str());
        text.map(str::to_owned).or_else(|| {
            (depth > 0).then(|| object.values().find_map(|inner| find(inner, depth - 1))).flatten()
        })
    }
    let value = serde_json::from_slice::<serde_json::Value>(body).ok();
    let text = value.and_then(|value| match &value {
        serde_json::Value::Object(object) if object.contains_key("NeutronError") => {
            find(&value["NeutronError"], 1).or_else(|| object["NeutronError"].as_str().map(str::to_owned))
        }
        _ => find(&value, 2),
    });
    text.unwrap_or_default()
}
