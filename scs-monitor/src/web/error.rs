//! Errors as clients of the official monitor know them: `{"detail": …}`.

use axum::Json;
use axum::http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::store::StoreError;

/// An error with its status code and its detail for the client.
#[derive(Clone, Debug)]
pub(super) struct Error {
    status: StatusCode,
    detail: Value,
    /// Whether the client is asked for credentials.
    asks: bool,
}

/// How a browser asks for credentials.
const CHALLENGE: &str = "Basic realm=\"Compliance monitor\", charset=\"UTF-8\"";

impl Error {
    pub(super) fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self { status, detail: Value::String(detail.into()), asks: false }
    }

    /// No or wrong credentials.
    pub(super) fn unauthorized(detail: &str) -> Self {
        Self { asks: true, ..Self::new(StatusCode::UNAUTHORIZED, detail) }
    }

    /// The account may not do it. The official monitor answers 401, and its clients expect that.
    pub(super) fn denied(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, detail)
    }

    pub(super) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "Not Found")
    }

    /// A part of the request is not what it must be. The shape is that of the official monitor.
    pub(super) fn invalid(place: [&str; 2], input: &str, expected: &str) -> Self {
        let detail = json!([{"type": "value_error", "loc": place, "msg": expected, "input": input}]);
        Self { status: StatusCode::UNPROCESSABLE_ENTITY, detail, asks: false }
    }

    /// The document in the body cannot be used.
    pub(super) fn unusable(problem: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, problem)
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        if let StoreError::Duplicate(_) = error {
            return Self::new(StatusCode::CONFLICT, "Conflict: report already present");
        }
        tracing::error!("{error}");
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "the database does not answer; try again later")
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(json!({"detail": self.detail}))).into_response();
        if self.asks {
            response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static(CHALLENGE));
        }
        if matches!(self.status, StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS) {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("30"));
        }
        response
    }
}

pub(super) async fn not_found() -> Error {
    Error::not_found()
}

pub(super) async fn method_not_allowed() -> Error {
    Error::new(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed")
}
