//! Answers that may be kept for a while, with an entity tag.

use std::time::Duration;

use axum::extract::Request;
use axum::http::header::{
    AUTHORIZATION, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use ring::digest::{SHA256, digest};

/// The longest time for which an answer may be kept: a report may come in at any time.
const MAX_AGE: Duration = Duration::from_mins(5);

/// The policy of images: they have styles of their own and nothing else.
const IMAGE_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

pub(super) const SVG: &str = "image/svg+xml; charset=utf-8";
pub(super) const JSON: &str = "application/json";

/// An answer that may be kept until a time, but for at most five minutes.
pub(super) fn cached(
    headers: &HeaderMap,
    status: StatusCode,
    kind: &'static str,
    body: String,
    now: Timestamp,
    until: Option<Timestamp>,
) -> Response {
    let left = until.map(|until| Duration::try_from(until.duration_since(now)).unwrap_or_default());
    let age = left.unwrap_or(MAX_AGE).min(MAX_AGE).as_secs();
    let hash = digest(&SHA256, body.as_bytes());
    let hash = STANDARD.encode(hash.as_ref());
    // A weak one, since compression changes the bytes.
    let tag = format!("W/\"{hash}\"");
    let asked = headers.get(IF_NONE_MATCH).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_known = asked.split(',').any(|it| it.trim() == tag || it.trim() == "*");
    let kept = [(CACHE_CONTROL, format!("public, max-age={age}")), (ETAG, tag)];
    if is_known && status == StatusCode::OK {
        return (StatusCode::NOT_MODIFIED, kept).into_response();
    }
    let kind = [(CONTENT_TYPE, kind)];
    if kind[0].1 == SVG {
        return (status, kept, kind, [(CONTENT_SECURITY_POLICY, IMAGE_POLICY)], body).into_response();
    }
    (status, kept, kind, body).into_response()
}

/// Keeps answers to accounts out of caches, since others get less at the same address.
pub(super) async fn private(request: Request, next: Next) -> Response {
    let has_account = request.headers().contains_key(AUTHORIZATION);
    let mut response = next.run(request).await;
    if has_account {
        response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    }
    response
}
