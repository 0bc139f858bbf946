//! `/reports/{uuid}/changes/{other}` and `/reports/{uuid}/findings`: what reports say beyond their results.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{FromRequestParts, Path, State};
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use serde::Serialize;
use utoipa::ToSchema;

use super::account::Account;
use super::error::Error;
use crate::bootstrap::Role;
use crate::changes::{BothResults, BothVersions, changes};
use crate::findings::{ReportFinding, findings};
use crate::service::Service;
use crate::store::StoredCheck;
use crate::time::civil;

/// The account of a request that has credentials; wrong ones are an error.
pub(super) struct Anyone(Option<Account>);

impl FromRequestParts<Service> for Anyone {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, service: &Service) -> Result<Self, Error> {
        if parts.headers.contains_key(AUTHORIZATION) {
            return Account::from_request_parts(parts, service).await.map(|account| Self(Some(account)));
        }
        Ok(Self(None))
    }
}

/// What changed between two reports.
#[derive(Serialize, ToSchema)]
pub(super) struct ChangesOut {
    subject: String,
    /// The UUID of the scope.
    scope: String,
    /// When the reports were made, the first one first.
    checked_at: [String; 2],
    /// The test cases with different results.
    changed: BTreeMap<String, BothResults>,
    /// The number of test cases with the same result.
    unchanged: usize,
    /// The software that wrote the reports.
    software: BothVersions,
    /// What the second report finds and the first does not; only for those who may read both.
    #[serde(skip_serializing_if = "Option::is_none")]
    new_findings: Option<Vec<ReportFinding>>,
    /// What the first report finds and the second does not; only for those who may read both.
    #[serde(skip_serializing_if = "Option::is_none")]
    resolved_findings: Option<Vec<ReportFinding>>,
}

/// What changed from one report to another one of the same subject and scope
///
/// Everyone sees the results of test cases; findings are for accounts that may read the reports.
#[utoipa::path(
    get,
    path = "/reports/{uuid}/changes/{other}",
    tag = "Reports",
    params(
        ("uuid" = String, Path, description = "The UUID of the first run"),
        ("other" = String, Path, description = "The UUID of the second run"),
    ),
    responses(
        (status = 200, description = "The changes", body = ChangesOut),
        (status = 401, description = "Not allowed"),
        (status = 404, description = "There is no such report"),
        (status = 422, description = "The reports are of different subjects or scopes"),
    ),
    security((), ("basic" = [])),
)]
pub(super) async fn show(
    Anyone(account): Anyone,
    State(service): State<Service>,
    Path((uuid, other)): Path<(String, String)>,
) -> Result<Json<ChangesOut>, Error> {
    let first = service.store().check(&uuid).await?.ok_or_else(Error::not_found)?;
    let second = service.store().check(&other).await?.ok_or_else(Error::not_found)?;
    let about =
        |check: &StoredCheck| (check.counted.report.subject.clone(), check.counted.report.scope.clone());
    let (subject, scope) = about(&first);
    if let Some(account) = &account {
        for it in [&first, &second] {
            account.require(Some(&it.counted.report.subject), Role::ReadAny)?;
        }
    }
    if (&subject, &scope) != (&about(&second).0, &about(&second).1) {
        return Err(Error::unusable("the reports are of different subjects or scopes"));
    }
    let (changed, unchanged) = changes(&first.counted, &second.counted);
    let found = [findings(&first.document), findings(&second.document)];
    let only = |of: usize, not: usize| {
        let others = found.get(not).map(Vec::as_slice).unwrap_or_default();
        let of = found.get(of).into_iter().flatten();
        of.filter(|finding| !others.contains(finding)).cloned().collect::<Vec<_>>()
    };
    Ok(Json(ChangesOut {
        checked_at: [&first, &second].map(|it| civil(it.counted.report.checked_at)),
        software: BothVersions::new(&first.document, &second.document),
        new_findings: account.is_some().then(|| only(1, 0)),
        resolved_findings: account.is_some().then(|| only(0, 1)),
        subject,
        scope,
        changed,
        unchanged,
    }))
}

/// The findings of a report in the format `scs/check/2`, with their messages and repairs
#[utoipa::path(
    get,
    path = "/reports/{uuid}/findings",
    tag = "Reports",
    params(("uuid" = String, Path, description = "The UUID of its run")),
    responses(
        (status = 200, description = "The findings; none for reports of the official suite", body = Vec<ReportFinding>),
        (status = 401, description = "Not allowed"),
        (status = 404, description = "There is no such report"),
    ),
    security(("basic" = [])),
)]
pub(super) async fn list_findings(
    account: Account,
    State(service): State<Service>,
    Path(uuid): Path<String>,
) -> Result<Json<Vec<ReportFinding>>, Error> {
    let (subject, document) = service.store().report(&uuid).await?.ok_or_else(Error::not_found)?;
    account.require(Some(&subject), Role::ReadAny)?;
    Ok(Json(findings(&document)))
}
