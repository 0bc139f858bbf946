//! Errors as clients of the official monitor know them: `{"detail": …}`.

use axum::Json;
use axum::http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse, Redirect, Response};
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

/// The detail of an error in an answer, for pages of errors.
#[derive(Clone, Debug)]
pub(super) struct Detail(Value);

impl Detail {
    /// The detail as text.
    pub(super) fn text(&self) -> Option<String> {
        match &self.0 {
            Value::String(text) => Some(text.clone()),
            Value::Array(problems) => {
                let problem = problems.first()?;
                Some(format!("{}: {}", problem["input"].as_str()?, problem["msg"].as_str()?))
            }
            _ => None,
        }
    }
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

    /// Something that should not happen.
    pub(super) fn internal() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error")
    }

    /// The document in the body cannot be used.
    pub(super) fn unusable(problem: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, problem)
    }
}

/// A parameter that cannot be used, as the official monitor describes it.
#[derive(Clone, Debug)]
pub(super) struct Invalid(Value);

impl Invalid {
    fn new(kind: &str, place: [&str; 2], input: &str, expected: &str) -> Self {
        Self(json!({"type": kind, "loc": place, "msg": expected, "input": input}))
    }

    /// With values that the description depends on.
    fn with(mut self, context: Value) -> Self {
        if let Some(map) = self.0.as_object_mut() {
            map.insert("ctx".to_owned(), context);
        }
        self
    }

    pub(super) fn integer(place: [&str; 2], input: &str) -> Self {
        let expected = "Input should be a valid integer, unable to parse string as an integer";
        Self::new("int_parsing", place, input, expected)
    }

    pub(super) fn negative(place: [&str; 2], input: &str) -> Self {
        let expected = "Input should be greater than or equal to 0";
        Self::new("greater_than_equal", place, input, expected).with(json!({"ge": 0}))
    }

    pub(super) fn too_large(place: [&str; 2], input: &str) -> Self {
        let expected = format!("Input should be less than or equal to {}", i64::MAX);
        Self::new("less_than_equal", place, input, &expected).with(json!({"le": i64::MAX}))
    }

    pub(super) fn boolean(place: [&str; 2], input: &str) -> Self {
        Self::new("bool_parsing", place, input, "Input should be a valid boolean, unable to interpret input")
    }

    pub(super) fn nul(place: [&str; 2], input: &str) -> Self {
        Self::new("string_pattern_mismatch", place, input, "Input should have no NUL character")
    }

    /// None of the values in `expected`, which are words between quotation marks.
    pub(super) fn choice(place: [&str; 2], input: &str, expected: &str) -> Self {
        let message = format!("Input should be {expected}");
        Self::new("enum", place, input, &message).with(json!({"expected": expected}))
    }

    /// Returns the values, or all problems in the order of the parameters.
    pub(super) fn both<A, B>(a: Result<A, Self>, b: Result<B, Self>) -> Result<(A, B), Error> {
        match (a, b) {
            (Ok(a), Ok(b)) => Ok((a, b)),
            (a, b) => Err(Self::all([a.err(), b.err()])),
        }
    }

    /// All problems in the order of the parameters.
    pub(super) fn all(problems: impl IntoIterator<Item = Option<Self>>) -> Error {
        let problems = problems.into_iter().flatten().map(|problem| problem.0).collect();
        Error { status: StatusCode::UNPROCESSABLE_ENTITY, detail: Value::Array(problems), asks: false }
    }
}

impl From<Invalid> for Error {
    fn from(problem: Invalid) -> Self {
        Invalid::all([Some(problem)])
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        if let StoreError::Duplicate(_) = error {
            return Self::new(StatusCode::CONFLICT, "Conflict: report already present");
        }
        tracing::error!("{error}");
        Self::new(StatusCode::SERVICE_UNAVAILABLE, error.advice())
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(json!({"detail": self.detail}))).into_response();
        response.extensions_mut().insert(Detail(self.detail));
        if self.asks {
            response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static(CHALLENGE));
        }
        if matches!(self.status, StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS) {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("30"));
        }
        response
    }
}

/// The paths of the official monitor; `*` stands for any segment.
const PATHS: [&[&str]; 12] = [
    &["reports"],
    &["reports", "*"],
    &["results"],
    &["status"],
    &["healthz"],
    &["*", "table"],
    &["*", "table_full"],
    &["*", "detail", "*", "*"],
    &["*", "detail_full", "*", "*"],
    &["*", "report", "*"],
    &["*", "report_full", "*"],
    &["*", "scope", "*"],
];

/// A slash too many at the end of a path leads to the same path without it.
pub(super) async fn not_found(uri: Uri) -> Response {
    let path = uri.path().trim_end_matches('/');
    let segments: Vec<&str> = path.split('/').skip(1).collect();
    let is_like = |known: &&[&str]| {
        let pairs = known.iter().zip(&segments);
        // An empty first segment would make it the name of a host.
        known.len() == segments.len()
            && pairs.into_iter().all(|(known, given)| *known == *given || *known == "*" && !given.is_empty())
    };
    if path.len() == uri.path().len() || !PATHS.iter().any(is_like) {
        return Error::not_found().into_response();
    }
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    Redirect::temporary(&format!("{path}{query}")).into_response()
}

pub(super) async fn method_not_allowed() -> Error {
    Error::new(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed")
}
