//! `/calendar.ics` and `/feed.atom`: what expires, and what changed.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;

use super::cached::cached;
use super::error::Error;
use super::select::Selection;
use crate::agenda;
use crate::page::Links;
use crate::service::Service;

/// What expires without new reports: results, verdicts, versions and certificates
#[utoipa::path(
    get,
    path = "/calendar.ics",
    tag = "More",
    params(Selection),
    responses(
        (status = 200, description = "A calendar", body = String, content_type = "text/calendar"),
        (status = 304, description = "The calendar is the same as before"),
        (status = 404, description = "There is no such scope"),
    ),
)]
pub(super) async fn calendar(
    State(service): State<Service>,
    selection: Selection,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let view = service.view().await?;
    let selected = selection.in_view(&view)?;
    let links = Links::new(&service.settings().base_url, false);
    let mut items = Vec::new();
    for (subject, uuid, standing) in view.snapshot.all() {
        if let (true, Some(scope)) = (selected.contains(subject, uuid), view.config.scopes.get(uuid)) {
            items.extend(agenda::upcoming(&view, subject, scope, standing, &links));
        }
    }
    let certificates = agenda::ends_of_certificates(&view, &links).into_iter();
    let certificates = certificates.filter(|(subject, scope, _)| selected.contains(subject, scope));
    items.extend(certificates.map(|(_, _, item)| item));
    let body = agenda::calendar(items, view.now);
    Ok(cached(&headers, StatusCode::OK, "text/calendar; charset=utf-8", body, view.now, None))
}

/// What changed in the last 90 days: verdicts from one day to the next, and certificates
#[utoipa::path(
    get,
    path = "/feed.atom",
    tag = "More",
    params(Selection),
    responses(
        (status = 200, description = "An Atom feed", body = String, content_type = "application/atom+xml"),
        (status = 304, description = "The feed is the same as before"),
        (status = 404, description = "There is no such scope"),
    ),
)]
pub(super) async fn feed(
    State(service): State<Service>,
    selection: Selection,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let view = service.view().await?;
    let selected = selection.in_view(&view)?;
    let base = &service.settings().base_url;
    let links = Links::new(base, false);
    let mut items = Vec::new();
    for (subject, uuid, _) in view.snapshot.all() {
        if let (true, Some(scope)) = (selected.contains(subject, uuid), view.config.scopes.get(uuid))
            && let Some(history) = service.history(&view, subject, scope).await?
        {
            items.extend(agenda::past(subject, scope, &history, &links));
        }
    }
    let certificates = agenda::past_of_certificates(&view, &links).into_iter();
    let certificates = certificates.filter(|(subject, scope, _)| selected.contains(subject, scope));
    items.extend(certificates.map(|(_, _, item)| item));
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    let body = agenda::feed(items, base, &query);
    Ok(cached(&headers, StatusCode::OK, "application/atom+xml; charset=utf-8", body, view.now, None))
}
