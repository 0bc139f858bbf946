//! `/metrics/{subject}`: the standing of a subject for Prometheus.

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};

use super::account::Account;
use super::error::Error;
use super::query::Path;
use crate::bootstrap::Role;
use crate::metrics::metrics;
use crate::service::Service;

/// The standing of a subject in the text format of Prometheus
#[utoipa::path(
    get,
    path = "/metrics/{subject}",
    tag = "Results",
    params(("subject" = String, Path, description = "The subject; others than that of the account require the role `read_any`")),
    responses(
        (status = 200, description = "The metrics", body = String, content_type = "text/plain; version=0.0.4"),
        (status = 401, description = "Not allowed"),
    ),
    security(("basic" = [])),
)]
pub(super) async fn show(
    account: Account,
    State(service): State<Service>,
    Path(subject): Path<String>,
) -> Result<Response, Error> {
    account.require(Some(&subject), Role::ReadAny)?;
    let view = service.view().await?;
    let text = metrics(&view, &subject);
    Ok(([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response())
}
