//! `/status`: where all subjects stand, as JSON.

use std::collections::BTreeMap;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::{ACCEPT, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use utoipa::IntoParams;

use super::error::Error;
use super::query::Query;
use crate::official::ScopeResult;
use crate::service::{Service, View};

/// Which standings to show.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Filter {
    /// Only those of a subject
    #[expect(dead_code, reason = "for the OpenAPI document")]
    subject: Option<String>,
    /// Only those in a scope
    #[expect(dead_code, reason = "for the OpenAPI document")]
    scopeuuid: Option<String>,
}

/// The standing of each subject in each scope
#[utoipa::path(
    get,
    path = "/status",
    tag = "Results",
    params(Filter),
    responses(
        (status = 200, description = "By subject and UUID of the scope", body = BTreeMap<String, BTreeMap<String, ScopeResult<'_>>>),
        (status = 406, description = "The client does not accept JSON"),
    ),
)]
pub(super) async fn show(
    State(service): State<Service>,
    query: Query,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let accepted = headers.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or("*/*");
    if !accepted.contains("application/json") && !accepted.contains("*/*") {
        return Err(Error::new(StatusCode::NOT_ACCEPTABLE, "client needs to accept application/json"));
    }
    let view = service.view().await?;
    let (subject, scope) = (query.text("subject"), query.text("scopeuuid"));
    let write = || written(&view, subject, scope);
    let text = if subject.is_none() && scope.is_none() {
        view.snapshot.bodies.get_or_write("status", write)
    } else {
        write().map(Bytes::from)
    };
    let text = text.map_err(|error| {
        tracing::error!("the status cannot be written: {error}");
        Error::new(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error")
    })?;
    Ok(([(CONTENT_TYPE, "application/json")], text).into_response())
}

/// The standings as JSON: all, or those of a subject or in a scope.
fn written(view: &View, subject: Option<&str>, scope: Option<&str>) -> serde_json::Result<String> {
    let mut status: BTreeMap<&str, BTreeMap<&str, ScopeResult<'_>>> = BTreeMap::new();
    for (name, uuid, standing) in view.snapshot.all() {
        let is_wanted =
            subject.is_none_or(|wanted| wanted == name) && scope.is_none_or(|wanted| wanted == uuid);
        // Without a valid result there is nothing to show.
        if let (true, false, Some(scope)) =
            (is_wanted, standing.results.is_empty(), view.config.scopes.get(uuid))
        {
            status.entry(name).or_default().insert(uuid, ScopeResult::new(scope, standing));
        }
    }
    serde_json::to_string(&status)
}
