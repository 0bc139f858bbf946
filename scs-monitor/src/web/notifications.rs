//! `/notifications`: what contacts were told. The contacts themselves are not shown.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::account::Account;
use super::error::{Error, Invalid};
use super::query::{Page, Path, Query};
use crate::bootstrap::Role;
use crate::service::Service;
use crate::store::{Action, Notification};
use crate::time::civil;

/// Which notifications to list.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Filter {
    /// The subject [default: that of the account]; others require the role `read_any`
    #[expect(dead_code, reason = "for the OpenAPI document")]
    subject: Option<String>,
}

/// A notification.
#[derive(Serialize, ToSchema)]
pub(super) struct NotificationOut {
    id: String,
    subject: String,
    created_at: String,
    /// What webhooks get.
    body: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    acknowledged_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    acknowledged_by: Option<String>,
}

impl From<Notification> for NotificationOut {
    fn from(it: Notification) -> Self {
        let Notification { id, subject, created_at, body, acknowledged } = it;
        let (at, by) = acknowledged.map(|(at, by)| (civil(at), by)).unzip();
        Self { id, subject, created_at: civil(created_at), body, acknowledged_at: at, acknowledged_by: by }
    }
}

/// The notifications of a subject, newest first
#[utoipa::path(
    get,
    path = "/notifications",
    tag = "More",
    params(Filter, Page),
    responses(
        (status = 200, description = "The notifications", body = Vec<NotificationOut>),
        (status = 401, description = "Not allowed"),
        (status = 422, description = "A parameter cannot be used"),
    ),
    security(("basic" = [])),
)]
pub(super) async fn list(
    account: Account,
    State(service): State<Service>,
    query: Query,
) -> Result<Json<Vec<NotificationOut>>, Error> {
    let range = query.range();
    let (limit, skip) = Invalid::both(range.limit, range.skip)?;
    let subject = match query.key("subject")? {
        None => Some(account.subject.as_str()),
        Some(subject) => {
            account.require(Some(subject), Role::ReadAny)?;
            Some(subject).filter(|subject| !subject.is_empty())
        }
    };
    let list = service.store().notifications(subject, limit, skip).await?;
    Ok(Json(list.into_iter().map(NotificationOut::from).collect()))
}

/// Acknowledge a notification
#[utoipa::path(
    post,
    path = "/notifications/{id}/ack",
    tag = "More",
    params(("id" = String, Path, description = "The id of the notification")),
    responses(
        (status = 200, description = "It is acknowledged (`null`)", body = Value),
        (status = 401, description = "Not allowed: neither the subject itself nor an administrator"),
        (status = 404, description = "There is no such notification"),
    ),
    security(("basic" = [])),
)]
pub(super) async fn acknowledge(
    account: Account,
    State(service): State<Service>,
    Path(id): Path<String>,
) -> Result<Json<Value>, Error> {
    let subject = service.store().subject_of_notification(&id).await?.ok_or_else(Error::not_found)?;
    account.require(Some(&subject), Role::Admin)?;
    let now = service.now();
    let mut change = service.store().change().await?;
    change.acknowledge(&id, &account.subject, now).await?;
    change.audit(&account.actor(), Action::Acknowledge, &id, now).await?;
    service.commit(change).await?;
    Ok(Json(Value::Null))
}
