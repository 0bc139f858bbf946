//! `/reports/{uuid}/changes/{other}` and `/reports/{uuid}/findings`: what reports say beyond their results.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::account::{Account, Anyone};
use super::error::Error;
use super::query::Path;
use super::reports::stored;
use crate::bootstrap::Role;
use crate::changes::{BothResults, BothVersions, Comparison};
use crate::findings::{ReportFinding, findings};
use crate::service::Service;
use crate::store::StoredCheck;
use crate::time::civil;

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
    let Comparison { subject, scope, reports, changed, unchanged, software, findings, .. } =
        compared(&service, account.as_ref(), &uuid, &other).await?;
    let (new_findings, resolved_findings) = findings.unzip();
    Ok(Json(ChangesOut {
        checked_at: reports.map(|(_, checked_at)| civil(checked_at)),
        subject,
        scope,
        changed,
        unchanged,
        software,
        new_findings,
        resolved_findings,
    }))
}

/// Compares two reports. Without an account, there are no findings; an account must be allowed to read both.
pub(super) async fn compared(
    service: &Service,
    account: Option<&Account>,
    uuid: &str,
    other: &str,
) -> Result<Comparison, Error> {
    let first = check(service, uuid).await?;
    let second = check(service, other).await?;
    if let Some(account) = account {
        for it in [&first, &second] {
            account.require(Some(&it.counted.report.subject), Role::ReadAny)?;
        }
    }
    Comparison::new(&first, &second, account.is_some())
        .ok_or_else(|| Error::unusable("the reports are of different subjects or scopes"))
}

async fn check(service: &Service, uuid: &str) -> Result<StoredCheck, Error> {
    service.store().check(uuid).await?.ok_or_else(Error::not_found)
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
    let (subject, document) = stored(&service, &uuid).await?;
    account.require(Some(&subject), Role::ReadAny)?;
    Ok(Json(findings(&document)))
}
