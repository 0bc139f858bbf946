//! `/results`: recent results with their approval.

use axum::Json;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::account::Account;
use super::error::{Error, Invalid};
use super::query::{Body, Page, Query};
use crate::bootstrap::Role;
use crate::service::Service;
use crate::store::{Action, Approval, ListedResult};
use crate::time::civil;

/// How long ago the reports of listed results were made at most.
const RECENT: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Which results to list.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Filter {
    /// Only approved ones, or only others
    #[expect(dead_code, reason = "for the OpenAPI document")]
    approved: Option<bool>,
}

/// A result of a test case.
#[derive(Serialize, ToSchema)]
pub(super) struct ListedResultOut {
    reportuuid: String,
    subject: String,
    /// In UTC, without zone.
    checked_at: String,
    scopeuuid: String,
    /// The version of the scope, or `*` for any.
    version: String,
    /// The test case.
    check: String,
    /// 1 PASS, 0 DNF, -1 FAIL.
    result: Option<i8>,
    approval: bool,
}

impl From<ListedResult> for ListedResultOut {
    fn from(result: ListedResult) -> Self {
        Self {
            reportuuid: result.report,
            subject: result.subject,
            checked_at: civil(result.checked_at),
            scopeuuid: result.scope,
            version: result.version,
            check: result.test_case,
            result: result.result,
            approval: result.approved,
        }
    }
}

/// The approval of a result.
#[derive(Deserialize, ToSchema)]
pub(super) struct ApprovalIn {
    reportuuid: String,
    scopeuuid: String,
    version: String,
    check: String,
    approval: bool,
}

/// Results of the last seven days, oldest first
#[utoipa::path(
    get,
    path = "/results",
    tag = "Results",
    params(Filter, Page),
    responses(
        (status = 200, description = "The results", body = Vec<ListedResultOut>),
        (status = 401, description = "Not allowed"),
        (status = 422, description = "A parameter cannot be used"),
    ),
    security(("basic" = [])),
)]
pub(super) async fn list(
    account: Account,
    State(service): State<Service>,
    query: Query,
) -> Result<Json<Vec<ListedResultOut>>, Error> {
    let (approved, range) = (query.flag("approved"), query.range());
    let (approved, limit, skip) = match (approved, range.limit, range.skip) {
        (Ok(approved), Ok(limit), Ok(skip)) => (approved, limit, skip),
        (approved, limit, skip) => return Err(Invalid::all([approved.err(), limit.err(), skip.err()])),
    };
    let count = |number: i64| usize::try_from(number).unwrap_or(usize::MAX);
    account.require(None, Role::ReadAny)?;
    let since = service.now() - RECENT;
    let results = service.store().results_since(since, approved, count(limit), count(skip)).await?;
    Ok(Json(results.into_iter().map(ListedResultOut::from).collect()))
}

/// Set the approval of results: of all that are given, or of none
#[utoipa::path(
    post,
    path = "/results",
    tag = "Results",
    request_body(content = Vec<ApprovalIn>, description = "Approvals, or a single one"),
    responses(
        (status = 200, description = "The approvals are set (`null`)", body = Value),
        (status = 401, description = "Not allowed"),
        (status = 404, description = "There is no such result"),
        (status = 415, description = "Another content type"),
        (status = 422, description = "Not a list of approvals"),
    ),
    security(("basic" = [])),
)]
pub(super) async fn approve(
    account: Account,
    State(service): State<Service>,
    headers: HeaderMap,
    Body(body): Body,
) -> Result<Json<Value>, Error> {
    account.require(None, Role::Approve)?;
    if headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes) != Some(b"application/json") {
        return Err(Error::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "Unsupported content type"));
    }
    let now = service.now();
    let mut change = service.store().change().await?;
    for approval in approvals(&body)? {
        let texts = [&approval.report, &approval.scope, &approval.version, &approval.test_case];
        if texts.iter().any(|text| text.contains('\0')) {
            return Err(Error::unusable("a text has a NUL character"));
        }
        if !change.approve(&approval).await? {
            let Approval { report, test_case, .. } = approval;
            let problem = format!("the report {report} has no such result of `{test_case}`");
            return Err(Error::new(StatusCode::NOT_FOUND, problem));
        }
        let state = if approval.approved { "approved" } else { "not approved" };
        let object = format!("{} {} {}: {state}", approval.report, approval.version, approval.test_case);
        change.audit(&account.actor(), Action::Approve, &object, now).await?;
    }
    service.commit(change).await?;
    Ok(Json(Value::Null))
}

/// A list, or a single approval.
fn approvals(body: &[u8]) -> Result<Vec<Approval>, Error> {
    let wrong = |error: serde_json::Error| Error::unusable(format!("not a list of approvals: {error}"));
    let document: Value = serde_json::from_slice(body).map_err(wrong)?;
    let list = if document.is_object() { Value::Array(vec![document]) } else { document };
    // A list would be read as the values of an object.
    if list.as_array().is_some_and(|list| list.iter().any(Value::is_array)) {
        return Err(Error::unusable("not a list of approvals: an approval is a list"));
    }
    let list: Vec<ApprovalIn> = serde_json::from_value(list).map_err(wrong)?;
    let approval = |it: ApprovalIn| Approval {
        report: it.reportuuid,
        scope: it.scopeuuid,
        version: it.version,
        test_case: it.check,
        approved: it.approval,
    };
    Ok(list.into_iter().map(approval).collect())
}
