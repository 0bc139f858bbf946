//! The pages of the official monitor: as Markdown, as a fragment of HTML, or as a whole page.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};

use super::account::Account;
use super::error::Error;
use crate::bootstrap::Role;
use crate::page::{DetailPage, Links, OverviewPage, ReportPage, ScopePage, redacted};
use crate::service::{Service, View};

/// The form of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ViewType {
    Markdown,
    Fragment,
    Page,
}

impl ViewType {
    fn read(name: &str) -> Result<Self, Error> {
        match name {
            "markdown" => Ok(Self::Markdown),
            "fragment" => Ok(Self::Fragment),
            "page" => Ok(Self::Page),
            _ => Err(Error::invalid(
                ["path", "view_type"],
                name,
                "Input should be 'markdown', 'page' or 'fragment'",
            )),
        }
    }
}

#[derive(Template)]
#[template(path = "markdown/overview.md")]
struct OverviewMarkdown<'p> {
    page: &'p OverviewPage,
}

#[derive(Template)]
#[template(path = "fragment/overview.html")]
struct OverviewFragment<'p> {
    page: &'p OverviewPage,
}

#[derive(Template)]
#[template(path = "markdown/detail.md")]
struct DetailMarkdown<'p> {
    page: &'p DetailPage,
}

#[derive(Template)]
#[template(path = "fragment/detail.html")]
struct DetailFragment<'p> {
    page: &'p DetailPage,
}

#[derive(Template)]
#[template(path = "markdown/scope.md")]
struct ScopeMarkdown<'p> {
    page: &'p ScopePage,
}

#[derive(Template)]
#[template(path = "fragment/scope.html")]
struct ScopeFragment<'p> {
    page: &'p ScopePage,
}

#[derive(Template)]
#[template(path = "markdown/report.md")]
struct ReportMarkdown<'p> {
    page: &'p ReportPage,
}

#[derive(Template)]
#[template(path = "fragment/report.html")]
struct ReportFragment<'p> {
    page: &'p ReportPage,
}

#[derive(Template)]
#[template(path = "page.html")]
struct WholePage<'p> {
    title: &'p str,
    fragment: &'p str,
}

/// Renders a page in a form.
fn rendered(
    view_type: ViewType,
    title: &str,
    markdown: &impl Template,
    fragment: &impl Template,
) -> Result<Response, Error> {
    let failed = |error: askama::Error| {
        tracing::error!("a page cannot be written: {error}");
        Error::new(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error")
    };
    Ok(match view_type {
        ViewType::Markdown => (MARKDOWN, markdown.render().map_err(failed)?).into_response(),
        ViewType::Fragment => (HTML, fragment.render().map_err(failed)?).into_response(),
        ViewType::Page => {
            let fragment = fragment.render().map_err(failed)?;
            let page = WholePage { title, fragment: &fragment };
            (HTML, page.render().map_err(failed)?).into_response()
        }
    })
}

const MARKDOWN: [(HeaderName, &str); 1] = [(CONTENT_TYPE, "text/markdown; charset=utf-8")];
const HTML: [(HeaderName, &str); 1] = [(CONTENT_TYPE, "text/html; charset=utf-8")];

/// The table of compatible clouds
#[utoipa::path(
    get,
    path = "/{view_type}/table",
    tag = "Pages",
    params(("view_type" = String, Path, description = "markdown, fragment or page")),
    responses((status = 200, description = "The table"), (status = 422, description = "Another view type")),
)]
pub(super) async fn table(
    State(service): State<Service>,
    Path(view_type): Path<String>,
) -> Result<Response, Error> {
    overview(&service, &view_type, false).await
}

/// The table of compatible clouds with drafts
#[utoipa::path(
    get,
    path = "/{view_type}/table_full",
    tag = "Pages",
    params(("view_type" = String, Path, description = "markdown, fragment or page")),
    responses((status = 200, description = "The table"), (status = 422, description = "Another view type")),
)]
pub(super) async fn table_full(
    State(service): State<Service>,
    Path(view_type): Path<String>,
) -> Result<Response, Error> {
    overview(&service, &view_type, true).await
}

async fn overview(service: &Service, view_type: &str, with_drafts: bool) -> Result<Response, Error> {
    let view_type = ViewType::read(view_type)?;
    let view = service.view().await?;
    let page = OverviewPage::new(&view, &links(service, with_drafts), with_drafts);
    let title =
        if with_drafts { "SCS compliance overview (incl. drafts)" } else { "SCS compliance overview" };
    rendered(view_type, title, &OverviewMarkdown { page: &page }, &OverviewFragment { page: &page })
}

fn links(service: &Service, with_drafts: bool) -> Links {
    Links::new(&service.settings().base_url, with_drafts)
}

/// The results of a subject, or of all subjects of a group
#[utoipa::path(
    get,
    path = "/{view_type}/detail/{subject}/{scope}",
    tag = "Pages",
    params(
        ("view_type" = String, Path, description = "markdown, fragment or page"),
        ("subject" = String, Path, description = "A subject, or `group-` with the name of a group"),
        ("scope" = String, Path, description = "The UUID or the name of a scope"),
    ),
    responses(
        (status = 200, description = "The results"),
        (status = 404, description = "There is no such scope"),
        (status = 422, description = "Another view type"),
    ),
)]
pub(super) async fn detail(
    State(service): State<Service>,
    Path((view_type, subject, scope)): Path<(String, String, String)>,
) -> Result<Response, Error> {
    details(&service, &view_type, &subject, &scope, false).await
}

/// The results of a subject, or of all subjects of a group, with drafts
#[utoipa::path(
    get,
    path = "/{view_type}/detail_full/{subject}/{scope}",
    tag = "Pages",
    params(
        ("view_type" = String, Path, description = "markdown, fragment or page"),
        ("subject" = String, Path, description = "A subject, or `group-` with the name of a group"),
        ("scope" = String, Path, description = "The UUID or the name of a scope"),
    ),
    responses(
        (status = 200, description = "The results"),
        (status = 404, description = "There is no such scope"),
        (status = 422, description = "Another view type"),
    ),
)]
pub(super) async fn detail_full(
    State(service): State<Service>,
    Path((view_type, subject, scope)): Path<(String, String, String)>,
) -> Result<Response, Error> {
    details(&service, &view_type, &subject, &scope, true).await
}

async fn details(
    service: &Service,
    view_type: &str,
    subject: &str,
    scope: &str,
    with_drafts: bool,
) -> Result<Response, Error> {
    let view_type = ViewType::read(view_type)?;
    let view: View = service.view().await?;
    let scope = view.config.scopes.find(scope).ok_or_else(Error::not_found)?;
    let page = DetailPage::new(&view, subject, scope, &links(service, with_drafts), with_drafts);
    rendered(view_type, &page.title, &DetailMarkdown { page: &page }, &DetailFragment { page: &page })
}

/// A report without output that may be confidential
#[utoipa::path(
    get,
    path = "/{view_type}/report/{uuid}",
    tag = "Pages",
    params(
        ("view_type" = String, Path, description = "markdown, fragment or page"),
        ("uuid" = String, Path, description = "The UUID of its run"),
    ),
    responses(
        (status = 200, description = "The report"),
        (status = 404, description = "There is no such report"),
        (status = 422, description = "Another view type"),
    ),
)]
pub(super) async fn report(
    State(service): State<Service>,
    Path((view_type, uuid)): Path<(String, String)>,
) -> Result<Response, Error> {
    let view_type = ViewType::read(&view_type)?;
    let (_, document) = service.store().report(&uuid).await?.ok_or_else(Error::not_found)?;
    let page = ReportPage::new(&redacted(document), &links(&service, false));
    let title = format!("Report {uuid} (redacted)");
    rendered(view_type, &title, &ReportMarkdown { page: &page }, &ReportFragment { page: &page })
}

/// A report with all of its output
#[utoipa::path(
    get,
    path = "/{view_type}/report_full/{uuid}",
    tag = "Pages",
    params(
        ("view_type" = String, Path, description = "markdown, fragment or page"),
        ("uuid" = String, Path, description = "The UUID of its run"),
    ),
    responses(
        (status = 200, description = "The report"),
        (status = 401, description = "Not allowed"),
        (status = 404, description = "There is no such report"),
        (status = 422, description = "Another view type"),
    ),
    security(("basic" = [])),
)]
pub(super) async fn report_full(
    account: Account,
    State(service): State<Service>,
    Path((view_type, uuid)): Path<(String, String)>,
) -> Result<Response, Error> {
    let view_type = ViewType::read(&view_type)?;
    let (subject, document) = service.store().report(&uuid).await?.ok_or_else(Error::not_found)?;
    account.require(Some(&subject), Role::ReadAny)?;
    let page = ReportPage::new(&document, &links(&service, false));
    let title = format!("Report {uuid} (full)");
    rendered(view_type, &title, &ReportMarkdown { page: &page }, &ReportFragment { page: &page })
}

/// The versions of a scope and their modules
#[utoipa::path(
    get,
    path = "/{view_type}/scope/{scope}",
    tag = "Pages",
    params(
        ("view_type" = String, Path, description = "markdown, fragment or page"),
        ("scope" = String, Path, description = "The UUID or the name of a scope"),
    ),
    responses(
        (status = 200, description = "The scope"),
        (status = 404, description = "There is no such scope"),
        (status = 422, description = "Another view type"),
    ),
)]
pub(super) async fn scope(
    State(service): State<Service>,
    Path((view_type, scope)): Path<(String, String)>,
) -> Result<Response, Error> {
    let view_type = ViewType::read(&view_type)?;
    let config = service.config();
    let scope = config.scopes.find(&scope).ok_or_else(Error::not_found)?;
    let page = ScopePage::new(scope, service.now());
    rendered(view_type, &page.name, &ScopeMarkdown { page: &page }, &ScopeFragment { page: &page })
}
