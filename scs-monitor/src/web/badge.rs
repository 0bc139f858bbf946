//! `/badge/{subject}/{scope}.svg`: where a subject stands, in one line.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::cached::{JSON, SVG, cached};
use super::error::Error;
use super::query::Path;
use crate::badge::{Badge, ShieldsBadge, State as Standing};
use crate::service::Service;

/// The badge of a subject or a group, by the text of the standards
#[utoipa::path(
    get,
    path = "/badge/{subject}/{file}",
    tag = "More",
    params(
        ("subject" = String, Path, description = "A subject, or `group-` with the name of a group, of which the worst member counts"),
        ("file" = String, Path, description = "The UUID or the name of a scope, with `.svg` for an image or `.json` for shields.io"),
    ),
    responses(
        (status = 200, description = "The badge", content(
            (String = "image/svg+xml"),
            (ShieldsBadge = "application/json"),
        )),
        (status = 304, description = "The badge is the same as before"),
        (status = 404, description = "A badge that says `unknown`, or an error for another kind of file", content(
            (String = "image/svg+xml"),
            (Value = "application/json"),
        )),
    ),
)]
pub(super) async fn show(
    State(service): State<Service>,
    Path((subject, file)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let (scope, is_image) = match (file.strip_suffix(".svg"), file.strip_suffix(".json")) {
        (Some(scope), _) => (scope, true),
        (None, Some(scope)) => (scope, false),
        (None, None) => return Err(Error::not_found()),
    };
    let view = service.view().await?;
    let badge = Badge::new(&view, &subject, view.config.scopes.find(scope));
    let status = if badge.state == Standing::Unknown { StatusCode::NOT_FOUND } else { StatusCode::OK };
    let (kind, body) = if is_image {
        (SVG, badge.svg())
    } else {
        (JSON, serde_json::to_string(&badge.shields()).unwrap_or_default())
    };
    Ok(cached(&headers, status, kind, body, view.now, badge.until))
}
