//! `/healthz`: whether the service can do its work.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use subtle::ConstantTimeEq;

use super::account::Basic;
use super::error::Error;
use crate::service::Service;

/// Whether the database answers
#[utoipa::path(
    get,
    path = "/healthz",
    tag = "Service",
    responses(
        (status = 200, description = "The database answers"),
        (status = 401, description = "Credentials are given, but not readable"),
        (status = 500, description = "It does not; the reason is only told to the user for health checks", body = String, content_type = "text/plain"),
    ),
)]
pub(super) async fn show(State(service): State<Service>, headers: HeaderMap) -> Result<Response, Error> {
    let given = Basic::from_headers(&headers)?;
    Ok(match service.store().revision().await {
        Ok(_) => StatusCode::OK.into_response(),
        Err(error) => {
            let reason = if given.is_some_and(|given| may_know(&service, &given)) {
                error.to_string()
            } else {
                "internal server error".to_owned()
            };
            (StatusCode::INTERNAL_SERVER_ERROR, reason).into_response()
        }
    })
}

fn may_know(service: &Service, given: &Basic) -> bool {
    let settings = service.settings();
    let (Some(name), Some(password)) = (&settings.health_user, &settings.health_password) else {
        return false;
    };
    let is_name = given.name.as_bytes().ct_eq(name.as_bytes());
    let is_password = given.password.as_bytes().ct_eq(password.as_bytes());
    (is_name & is_password).into()
}
