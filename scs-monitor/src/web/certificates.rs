//! `/certificates`: who holds a certificate, and which were revoked.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::error::Error;
use super::query::Path;
use super::select::Selection;
use crate::certificates::CertificateOut;
use crate::service::Service;

/// All certificates.
#[derive(Serialize, ToSchema)]
pub(super) struct CertificatesOut {
    /// Those that are not revoked, newest first.
    certificates: Vec<CertificateOut>,
    /// Those that are, newest first.
    revoked: Vec<CertificateOut>,
}

/// The certificates and the list of revoked ones
#[utoipa::path(
    get,
    path = "/certificates",
    tag = "More",
    params(Selection),
    responses(
        (status = 200, description = "The certificates", body = CertificatesOut),
        (status = 404, description = "There is no such scope"),
    ),
)]
pub(super) async fn list(
    State(service): State<Service>,
    selection: Selection,
) -> Result<Json<CertificatesOut>, Error> {
    let view = service.view().await?;
    let selected = selection.in_view(&view)?;
    let all = view.config.certificates.iter().rev();
    let all = all.filter(|it| selected.contains(it.certificate.subject(), &it.scope));
    let (revoked, certificates) =
        all.filter_map(|it| Some(it.judged(&view)?.out())).partition(CertificateOut::is_revoked);
    Ok(Json(CertificatesOut { certificates, revoked }))
}

/// The certificates of a subject for a scope, newest first, and whether their conditions hold
#[utoipa::path(
    get,
    path = "/certificates/{subject}/{scope}",
    tag = "More",
    params(
        ("subject" = String, Path, description = "The subject"),
        ("scope" = String, Path, description = "The UUID or the name of a scope"),
    ),
    responses(
        (status = 200, description = "The certificates", body = Vec<CertificateOut>),
        (status = 404, description = "There is no such scope, or no certificate"),
    ),
)]
pub(super) async fn show(
    State(service): State<Service>,
    Path((subject, scope)): Path<(String, String)>,
) -> Result<Json<Vec<CertificateOut>>, Error> {
    let view = service.view().await?;
    let scope = view.config.scopes.find(&scope).ok_or_else(Error::not_found)?;
    let of = view.config.certificates.iter().rev();
    let of = of.filter(|it| it.is_of(&subject, scope));
    let certificates: Vec<CertificateOut> = of.filter_map(|it| Some(it.judged(&view)?.out())).collect();
    if certificates.is_empty() { Err(Error::not_found()) } else { Ok(Json(certificates)) }
}
