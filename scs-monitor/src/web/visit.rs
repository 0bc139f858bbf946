//! What of a request whole pages depend on: the path, the parameters and the language.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::header::ACCEPT_LANGUAGE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Uri};

use crate::language::Language;
use crate::page::Visit;

/// The parameter with the language.
const LANGUAGE: &str = "lang";

impl Visit {
    /// The visit of a request.
    pub(super) fn new(uri: &Uri, headers: &HeaderMap) -> Self {
        let query = uri.query().unwrap_or_default().as_bytes();
        let all = form_urlencoded::parse(query).map(|(key, value)| (key.into_owned(), value.into_owned()));
        let (language, parameters): (Vec<_>, Vec<_>) = all.partition(|(key, _)| key == LANGUAGE);
        let chosen = language.last().and_then(|(_, tag)| Language::from_tag(tag));
        let header = || headers.get(ACCEPT_LANGUAGE).and_then(|header| header.to_str().ok());
        Self {
            language: chosen.unwrap_or_else(|| Language::preferred(header().unwrap_or_default())),
            is_language_chosen: chosen.is_some(),
            path: uri.path().trim_start_matches('/').to_owned(),
            parameters,
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Visit {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::new(&parts.uri, &parts.headers))
    }
}
