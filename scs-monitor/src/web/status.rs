//! `/status`: where all subjects stand, as JSON.

use std::collections::BTreeMap;

use axum::extract::{Query, State};
use axum::http::header::{ACCEPT, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::IntoParams;

use super::error::Error;
use crate::official::ScopeResult;
use crate::service::Service;

/// Which standings to show.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Filter {
    /// Only those of a subject
    subject: Option<String>,
    /// Only those in a scope
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
    Query(filter): Query<Filter>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let accepted = headers.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or("*/*");
    if !accepted.contains("application/json") && !accepted.contains("*/*") {
        return Err(Error::new(StatusCode::NOT_ACCEPTABLE, "client needs to accept application/json"));
    }
    let view = service.view().await?;
    let mut status: BTreeMap<&str, BTreeMap<&str, ScopeResult<'_>>> = BTreeMap::new();
    for (subject, uuid, standing) in view.snapshot.all() {
        let is_wanted = filter.subject.as_deref().is_none_or(|wanted| wanted == subject)
            && filter.scopeuuid.as_deref().is_none_or(|wanted| wanted == uuid);
        // Without a valid result there is nothing to show.
        if let (true, false, Some(scope)) =
            (is_wanted, standing.results.is_empty(), view.config.scopes.get(uuid))
        {
            status.entry(subject).or_default().insert(uuid, ScopeResult::new(scope, standing));
        }
    }
    let text = serde_json::to_string(&status).unwrap_or_default();
    Ok(([(CONTENT_TYPE, "application/json")], text).into_response())
}
