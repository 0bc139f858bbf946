//! Pages that the official monitor does not have: history, changes, certificates and standards.

use axum::extract::State;
use axum::response::Response;
use jiff::civil::Date;

use super::account::{Account, Anyone, FindingsReader};
use super::changes::compared;
use super::error::Error;
use super::history::of_name;
use super::query::Path;
use super::select::Selection;
use super::whole_page::{
    CertificatesHtml, ChangesHtml, ExplanationHtml, HistoryHtml, StandardsHtml, answered, frame, links,
};
use crate::badge::day;
use crate::certificates::Judged;
use crate::explanations::{explained, standards as all_standards};
use crate::history::first_day_shown;
use crate::page::{
    ALL_REPORTS, CertificatesPage, ChangesPage, ExplanationPage, HistoryPage, StandardsPage, Visit, fill,
    texts,
};
use crate::selection::subjects;
use crate::service::Service;

/// The history of a subject or a group: chart, shares of conforming days, changes of the verdict, and reports
#[utoipa::path(
    get,
    path = "/page/history/{subject}/{scope}",
    tag = "Pages",
    params(
        ("subject" = String, Path, description = "A subject, or `group-` with the name of a group"),
        ("scope" = String, Path, description = "The UUID or the name of a scope"),
        ("reports" = Option<String>, Query, description = "`all` for all reports of the last 18 months"),
    ),
    responses(
        (status = 200, description = "The history"),
        (status = 404, description = "There is no such subject or scope"),
    ),
)]
pub(super) async fn history(
    State(service): State<Service>,
    Path((name, scope)): Path<(String, String)>,
    visit: Visit,
) -> Result<Response, Error> {
    let view = service.view().await?;
    let scope = view.config.scopes.find(&scope).ok_or_else(Error::not_found)?;
    let members = subjects(&view, &name).ok_or_else(Error::not_found)?;
    let history = of_name(&service, &view, &name, scope).await?;
    // A group has no reports of its own.
    let reports = match members.as_slice() {
        [subject] if *subject == name => {
            let from = first_day_shown(view.now);
            service.store().report_times(subject, scope.uuid(), from, view.now).await?
        }
        _ => Vec::new(),
    };
    let (key, all) = ALL_REPORTS;
    let shows_all =
        visit.parameters.iter().any(|(name, value)| (name.as_str(), value.as_str()) == (key, all));
    let links = links(&service, &visit);
    let page = HistoryPage::new(&name, &members, scope, history.as_deref(), &reports, shows_all, &links);
    let texts = texts(visit.language);
    let title = if page.is_group { texts.history_of_group } else { texts.history_of_subject };
    let title = fill(title, "name", &page.name);
    let frame = frame(title, &visit, &links, &view.config.scopes, view.now);
    answered(&visit, &HistoryHtml { frame: &frame, page: &page })
}

/// The account of a visitor of the page with changes: with credentials or `?findings=show`.
pub(super) struct ChangesReader(Option<Account>);

impl axum::extract::FromRequestParts<Service> for ChangesReader {
    type Rejection = Error;

    async fn from_request_parts(
        parts: &mut axum::http::request::Parts,
        service: &Service,
    ) -> Result<Self, Error> {
        let Anyone(account) = Anyone::from_request_parts(parts, service).await?;
        match account {
            Some(account) => Ok(Self(Some(account))),
            None => FindingsReader::from_request_parts(parts, service).await.map(|it| Self(it.0)),
        }
    }
}

/// What changed from a report to another one of the same subject and scope
///
/// Everyone sees the results of test cases; findings are for accounts that may read the reports.
#[utoipa::path(
    get,
    path = "/page/changes/{uuid}/{other}",
    tag = "Pages",
    params(
        ("uuid" = String, Path, description = "The UUID of the first run"),
        ("other" = String, Path, description = "The UUID of the second run"),
        ("findings" = Option<String>, Query, description = "`show` for findings; requires a login"),
    ),
    responses(
        (status = 200, description = "The changes"),
        (status = 401, description = "Not allowed"),
        (status = 404, description = "There is no such report"),
        (status = 422, description = "The reports are of different subjects or scopes"),
    ),
    security((), ("basic" = [])),
)]
pub(super) async fn changes(
    ChangesReader(account): ChangesReader,
    State(service): State<Service>,
    Path((uuid, other)): Path<(String, String)>,
    visit: Visit,
) -> Result<Response, Error> {
    let comparison = compared(&service, account.as_ref(), &uuid, &other).await?;
    let (config, links) = (service.config(), links(&service, &visit));
    let scope = config.scopes.get(&comparison.scope);
    let page = ChangesPage::new(comparison, scope, &links);
    let title = texts(visit.language).changes_title.to_owned();
    let frame = frame(title, &visit, &links, &config.scopes, service.now());
    answered(&visit, &ChangesHtml { frame: &frame, page: &page })
}

/// The certificates, whether their conditions still hold, and the revoked ones
#[utoipa::path(
    get,
    path = "/page/certificates",
    tag = "Pages",
    params(Selection),
    responses(
        (status = 200, description = "The certificates"),
        (status = 404, description = "There is no such scope"),
    ),
)]
pub(super) async fn certificates(
    State(service): State<Service>,
    selection: Selection,
    visit: Visit,
) -> Result<Response, Error> {
    let view = service.view().await?;
    let selected = selection.in_view(&view)?;
    let all = view.config.certificates.iter().rev();
    let all = all.filter(|it| selected.contains(it.certificate.subject(), &it.scope));
    let judged: Vec<Judged<'_>> = all.filter_map(|it| it.judged(&view)).collect();
    let links = links(&service, &visit);
    let page = CertificatesPage::new(&view, &judged, &links);
    let title = texts(visit.language).certificates.to_owned();
    let frame = frame(title, &visit, &links, &view.config.scopes, view.now);
    answered(&visit, &CertificatesHtml { frame: &frame, page: &page })
}

/// All standards
#[utoipa::path(
    get,
    path = "/page/standards",
    tag = "Pages",
    responses((status = 200, description = "The standards")),
)]
pub(super) async fn standards(State(service): State<Service>, visit: Visit) -> Result<Response, Error> {
    let today = day(service.now());
    let standards = blocking(move || all_standards(today)).await?;
    let links = links(&service, &visit);
    let page = StandardsPage::new(&standards, &links);
    let title = texts(visit.language).standards.to_owned();
    let frame = frame(title, &visit, &links, &service.config().scopes, service.now());
    answered(&visit, &StandardsHtml { frame: &frame, page: &page })
}

/// The explanation of a standard, a document, a rule or a test case, as `scs explain` prints it
#[utoipa::path(
    get,
    path = "/page/standard/{id}",
    tag = "Pages",
    params(("id" = String, Path, description = "The id of a standard, document, rule, test case or difference")),
    responses(
        (status = 200, description = "The explanation"),
        (status = 404, description = "Nothing has the id"),
    ),
)]
pub(super) async fn standard(
    State(service): State<Service>,
    Path(id): Path<String>,
    visit: Visit,
) -> Result<Response, Error> {
    let today: Date = day(service.now());
    let explanation = blocking(move || explained(&id, today)).await?.ok_or_else(Error::not_found)?;
    let links = links(&service, &visit);
    let page = ExplanationPage::new(&explanation, &links);
    let frame = frame(page.id.clone(), &visit, &links, &service.config().scopes, service.now());
    answered(&visit, &ExplanationHtml { frame: &frame, page: &page })
}

/// Runs what takes a while, so that other requests do not wait for it.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Error> {
    tokio::task::spawn_blocking(work).await.map_err(|_| Error::internal())
}
