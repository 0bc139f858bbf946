//! Conditional requests with limits.

use std::error::Error;
use std::sync::atomic::{AtomicUsize, Ordering};

use jiff::{Timestamp, ToSpan};
use reqwest::header::{
    ACCEPT, AUTHORIZATION, CONTENT_TYPE, ETAG, HeaderMap, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH,
    LAST_MODIFIED, RETRY_AFTER,
};
use reqwest::redirect::Policy;
use reqwest::{Client, NoProxy, StatusCode};
use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep, timeout, timeout_at};
use url::Url;

use scs_collector::Secret;

use crate::address;
use crate::error::{RequestError, UpdateError};
use crate::fact::Key;
use crate::metadata::Validator;
use crate::options::{Event, Options, Proxy};
use crate::proxy;

/// The number of redirects that are followed.
const REDIRECTS: usize = 5;

/// Sends requests.
pub(crate) struct Http<'o> {
    client: Client,
    permits: Semaphore,
    options: &'o Options,
    /// The time of the update, for waiting times of sources.
    at: Timestamp,
    end: Instant,
}

/// The requests for one fact.
pub(crate) struct Asking<'h> {
    http: &'h Http<'h>,
    key: Key,
    received: AtomicUsize,
}

/// A response.
pub(crate) enum Answer {
    /// The source still has the known edition.
    NotModified,
    /// The source's text.
    Text(Text),
}

/// A text with what makes the next request conditional.
pub(crate) struct Text {
    pub(crate) body: String,
    pub(crate) validator: Validator,
    /// Whether a list continues on another page.
    pub(crate) has_next: bool,
}

impl<'o> Http<'o> {
    pub(crate) fn new(options: &'o Options, at: Timestamp) -> Result<Self, UpdateError> {
        if rustls::crypto::CryptoProvider::get_default().is_none() {
            return Err(UpdateError::NoTlsProvider);
        }
        let failed = |error: reqwest::Error| UpdateError::Client { reason: innermost(&error.without_url()) };
        let mut builder = Client::builder()
            .user_agent(concat!("scs-facts/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(options.timeout)
            .redirect(redirects());
        match &options.proxy {
            Proxy::Environment => proxy::check_environment()?,
            Proxy::Direct => builder = builder.no_proxy(),
            Proxy::Url(url) => {
                let proxy = reqwest::Proxy::all(url.as_str()).map_err(failed)?;
                builder = builder.proxy(proxy.no_proxy(NoProxy::from_env()));
            }
        }
        Ok(Self {
            client: builder.build().map_err(failed)?,
            permits: Semaphore::new(options.parallel.max(1)),
            options,
            at,
            end: Instant::now() + options.limits.total_time,
        })
    }

    pub(crate) const fn asking(&self, key: Key) -> Asking<'_> {
        Asking { http: self, key, received: AtomicUsize::new(0) }
    }
}

/// Follows redirects, as downloads are often moved, but never from `https` to `http`.
fn redirects() -> Policy {
    Policy::custom(|attempt| {
        let was_secure = attempt.previous().last().is_some_and(|last| last.scheme() == "https");
        if attempt.previous().len() > REDIRECTS || (was_secure && attempt.url().scheme() != "https") {
            attempt.stop()
        } else {
            attempt.follow()
        }
    })
}

/// The last cause of an error, which says the most.
fn innermost(error: &dyn Error) -> String {
    let mut cause = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    scs_standards::wording::truncated(&cause.to_string().replace(['\n', '\r'], " "), 200).into_owned()
}

/// An address without credentials and parameters.
fn shown(url: &Url) -> String {
    address::shown(url.as_str())
}

impl Asking<'_> {
    pub(crate) fn options(&self) -> &Options {
        self.http.options
    }

    /// Requests an address, conditionally if an edition is known, and again if that is safe and useful.
    pub(crate) async fn get(
        &self,
        url: &str,
        known: Option<&Validator>,
        token: Option<&Secret>,
    ) -> Result<Answer, RequestError> {
        let parsed: Url = url.parse().map_err(|error: url::ParseError| RequestError::Unreachable {
            url: address::shown(url),
            reason: error.to_string(),
        })?;
        let options = self.http.options;
        let attempts = async {
            let mut attempt = 1;
            loop {
                let result = {
                    // The semaphore is never closed.
                    let _permit = self.http.permits.acquire().await;
                    options.tell(Event::Requested(self.key, &shown(&parsed)));
                    let once = self.once(&parsed, known, token);
                    timeout(options.timeout, once).await.unwrap_or_else(|_| {
                        Err(RequestError::Timeout { url: shown(&parsed), timeout: options.timeout })
                    })
                };
                let is_passing = match &result {
                    Err(RequestError::Status { status, .. }) => *status >= 500 && *status != 501,
                    Err(RequestError::Unreachable { .. } | RequestError::BrokenOff { .. }) => true,
                    _ => false,
                };
                if !is_passing || attempt >= options.retry.attempts {
                    return result;
                }
                sleep(options.retry.wait(attempt, None)).await;
                attempt += 1;
            }
        };
        let stopped = || RequestError::Stopped { after: options.limits.total_time };
        timeout_at(self.http.end, attempts).await.map_err(|_| stopped())?
    }

    async fn once(
        &self,
        url: &Url,
        known: Option<&Validator>,
        token: Option<&Secret>,
    ) -> Result<Answer, RequestError> {
        let request = self.http.client.get(url.clone()).headers(headers(known, token));
        let mut response = request.send().await.map_err(|error| failure(url, error, 0))?;
        let status = response.status();
        if status == StatusCode::NOT_MODIFIED && known.is_some() {
            return Ok(Answer::NotModified);
        }
        if !status.is_success() {
            return Err(self.refusal(url, status, response.headers(), token.is_some()));
        }
        let limits = self.http.options.limits;
        let mut body = Vec::new();
        loop {
            let chunk = response.chunk().await.map_err(|error| failure(url, error, body.len()))?;
            let Some(chunk) = chunk else { break };
            if chunk.len() > limits.answer_bytes.saturating_sub(body.len()) {
                return Err(RequestError::TooLarge { url: shown(url), limit: limits.answer_bytes });
            }
            // A single chunk is small: the limit applies before the sum overflows.
            if self.received.fetch_add(chunk.len(), Ordering::Relaxed) >= limits.fact_bytes {
                return Err(RequestError::TooLarge { url: shown(url), limit: limits.fact_bytes });
            }
            body.extend_from_slice(&chunk);
        }
        let headers = response.headers();
        let is_html = text_of(headers, &CONTENT_TYPE).is_some_and(|of| of.starts_with("text/html"));
        if is_html || body.trim_ascii_start().first() == Some(&b'<') {
            return Err(RequestError::Html { url: shown(url) });
        }
        let validator =
            Validator { etag: text_of(headers, &ETAG), last_modified: text_of(headers, &LAST_MODIFIED) };
        let has_next =
            text_of(headers, &reqwest::header::LINK).is_some_and(|links| links.contains("rel=\"next\""));
        let body = String::from_utf8(body).map_err(|_| RequestError::NotText { url: shown(url) })?;
        Ok(Answer::Text(Text { body, validator, has_next }))
    }

    fn refusal(&self, url: &Url, status: StatusCode, headers: &HeaderMap, with_token: bool) -> RequestError {
        let url = shown(url);
        let number = |name: &str| headers.get(name)?.to_str().ok()?.trim().parse::<i64>().ok();
        let after = text_of(headers, &RETRY_AFTER).and_then(|after| after.trim().parse::<i64>().ok());
        let is_used_up = number("x-ratelimit-remaining") == Some(0);
        let is_limit = status == StatusCode::TOO_MANY_REQUESTS
            || (status == StatusCode::FORBIDDEN && (is_used_up || after.is_some()));
        if is_limit {
            let waits = after.and_then(|seconds| self.http.at.checked_add(seconds.seconds()).ok());
            let resets_at = waits
                .or_else(|| Timestamp::from_second(number("x-ratelimit-reset").filter(|_| is_used_up)?).ok());
            return RequestError::RateLimited { url, resets_at, with_token };
        }
        match status {
            StatusCode::UNAUTHORIZED if with_token => RequestError::TokenRejected { url },
            status => RequestError::Status { url, status: status.as_u16() },
        }
    }
}

fn text_of(headers: &HeaderMap, name: &reqwest::header::HeaderName) -> Option<String> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
}

fn headers(known: Option<&Validator>, token: Option<&Secret>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static("application/json, text/plain, */*"));
    if let Some(known) = known {
        for (name, value) in [(IF_NONE_MATCH, &known.etag), (IF_MODIFIED_SINCE, &known.last_modified)] {
            if let Some(value) = value.as_ref().and_then(|value| HeaderValue::from_str(value).ok()) {
                headers.insert(name, value);
            }
        }
    }
    if let Some(token) = token
        && let Ok(mut value) = HeaderValue::from_str(&format!("Bearer {}", token.expose()))
    {
        value.set_sensitive(true);
        headers.insert(AUTHORIZATION, value);
    }
    headers
}

fn failure(url: &Url, error: reqwest::Error, bytes: usize) -> RequestError {
    let error = error.without_url();
    let (url, reason) = (shown(url), innermost(&error));
    let is_certificate = ["certificate", "UnknownIssuer", "handshake", "TLS"];
    if error.is_connect() && is_certificate.iter().any(|word| reason.contains(word)) {
        return RequestError::Certificate { url, reason };
    }
    if error.is_body() || error.is_decode() {
        return RequestError::BrokenOff { url, bytes };
    }
    RequestError::Unreachable { url, reason }
}
