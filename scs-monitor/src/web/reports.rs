//! `/reports`: signed reports come in, and are returned as they came.

use axum::Json;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use utoipa::IntoParams;

use super::account::Account;
use super::error::{Error, Invalid};
use super::query::{Body, Page, Path, Query};
use crate::bootstrap::Role;
use crate::service::Service;
use crate::store::{Action, NewReport};
use crate::submission::{Format, SubmissionError, read, verified};

/// Which reports to list.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Filter {
    /// The subject [default: that of the account]; others require the role `read_any`
    #[expect(dead_code, reason = "for the OpenAPI document")]
    subject: Option<String>,
}

/// Reports of a subject, in the order in which they came in
#[utoipa::path(
    get,
    path = "/reports",
    tag = "Reports",
    params(Filter, Page),
    responses(
        (status = 200, description = "The reports", body = Vec<Value>),
        (status = 401, description = "Not allowed"),
        (status = 422, description = "A parameter cannot be used"),
    ),
    security(("basic" = [])),
)]
pub(super) async fn list(
    account: Account,
    State(service): State<Service>,
    query: Query,
) -> Result<Json<Vec<Value>>, Error> {
    let range = query.range();
    let (limit, skip) = Invalid::both(range.limit, range.skip)?;
    let subject = match query.key("subject")? {
        None => Some(account.subject.as_str()),
        Some(subject) => {
            account.require(Some(subject), Role::ReadAny)?;
            // Left blank, it removes the restriction.
            Some(subject).filter(|subject| !subject.is_empty())
        }
    };
    Ok(Json(service.store().reports(subject, limit, skip).await?))
}

/// A report as it came in
#[utoipa::path(
    get,
    path = "/reports/{uuid}",
    tag = "Reports",
    params(("uuid" = String, Path, description = "The UUID of its run")),
    responses(
        (status = 200, description = "The report", body = Value),
        (status = 401, description = "Not allowed"),
        (status = 404, description = "There is no such report"),
    ),
    security(("basic" = [])),
)]
pub(super) async fn show(
    account: Account,
    State(service): State<Service>,
    Path(uuid): Path<String>,
) -> Result<Response, Error> {
    let (subject, document) = stored(&service, &uuid).await?;
    account.require(Some(&subject), Role::ReadAny)?;
    let text = serde_json::to_string_pretty(&document).unwrap_or_default();
    Ok(([(CONTENT_TYPE, "application/json")], text).into_response())
}

/// The subject and the document of a report.
pub(super) async fn stored(service: &Service, uuid: &str) -> Result<(String, Value), Error> {
    service.store().report(uuid).await?.ok_or_else(Error::not_found)
}

/// Store signed reports: all of a body, or none
#[utoipa::path(
    post,
    path = "/reports",
    tag = "Reports",
    request_body(
        description = "An SSH signature of namespace `report`, an ampersand, and the signed reports",
        content(
            ("application/x-signed-yaml"),
            ("application/x-signed-json"),
        ),
    ),
    responses(
        (status = 200, description = "The reports are stored (`null`), or there are none", body = Value),
        (status = 401, description = "Not allowed, or the signature does not verify"),
        (status = 409, description = "A report with the same UUID is already stored"),
        (status = 413, description = "The body is too large"),
        (status = 415, description = "Another content type"),
        (status = 422, description = "Not a report"),
    ),
    security(("basic" = [])),
)]
pub(super) async fn post(
    account: Account,
    State(service): State<Service>,
    headers: HeaderMap,
    Body(body): Body,
) -> Result<Response, Error> {
    let format = match headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes) {
        Some(b"application/x-signed-yaml") => Format::Yaml,
        Some(b"application/x-signed-json") => Format::Json,
        _ => return Err(Error::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "Unsupported Media Type")),
    };
    let (config, now) = (service.config(), service.now());
    let name = account.subject.clone();
    // Large bodies take a while to parse.
    let reports = tokio::task::spawn_blocking(move || {
        let signers = config.bootstrap.account(&name).map(|account| account.signers.as_slice());
        read(verified(&body, signers.unwrap_or_default(), now)?, format)
    });
    let reports = reports.await.map_err(|_| Error::unusable("the reports cannot be read"))??;
    if reports.is_empty() {
        return Ok(Json(json!({"detail": "empty reports"})).into_response());
    }
    let config = service.config();
    for report in &reports {
        account.require(Some(&report.subject), Role::AppendAny)?;
        if !config.bootstrap.may_report_for(&account.subject, &report.subject) {
            return Err(Error::denied("delegation problem?"));
        }
    }
    let mut draft = service.store().draft().await?;
    // In one order, so that two changes of the same subjects do not wait for each other.
    let mut by_subject: Vec<&NewReport> = reports.iter().collect();
    by_subject.sort_by_key(|report| (&report.subject, &report.scope));
    for report in by_subject {
        draft.insert_recent(report, now).await?;
    }
    let mut change = draft.lock().await?;
    for (place, report) in reports.iter().enumerate() {
        change.insert_report(report, place, now).await?;
        change.audit(&account.actor(), Action::Report, &report.uuid, now).await?;
    }
    service.commit(change).await?;
    Ok(Json(Value::Null).into_response())
}

impl From<SubmissionError> for Error {
    fn from(error: SubmissionError) -> Self {
        match error {
            SubmissionError::NoSignature | SubmissionError::Signature => Self::denied(error.to_string()),
            SubmissionError::Encoding | SubmissionError::Document(_) => Self::unusable(error.to_string()),
        }
    }
}
