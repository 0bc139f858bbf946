//! The pages of the official monitor: as Markdown, as a fragment of HTML, or as a whole page.

use askama::Template;
use axum::extract::State;
use axum::http::HeaderName;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use serde_json::Value;
use utoipa::ToSchema;

use super::account::{Account, FindingsReader};
use super::error::{Error, Invalid};
use super::pages::blocking;
use super::query::Path;
use super::reports::stored;
use super::whole_page::{self, DetailHtml, OverviewHtml, ReportHtml, ScopeHtml};
use crate::badge::day;
use crate::bootstrap::Role;
use crate::findings::{findings, has_findings};
use crate::page::{
    DetailPage, Filter, Links, OverviewPage, ReportPage, ScopePage, Visit, WITH_FINDINGS, fill, redacted,
    texts,
};
use crate::service::{Service, View};

/// The form of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ToSchema)]
#[schema(rename_all = "lowercase")]
enum ViewType {
    Markdown,
    Fragment,
    Page,
}

impl ViewType {
    fn read(name: &str) -> Result<Self, Invalid> {
        match name {
            "markdown" => Ok(Self::Markdown),
            "fragment" => Ok(Self::Fragment),
            "page" => Ok(Self::Page),
            _ => Err(Invalid::choice(["path", "view_type"], name, "'markdown', 'page' or 'fragment'")),
        }
    }
}

#[derive(Template)]
#[template(path = "markdown/overview.md.txt")]
struct OverviewMarkdown<'p> {
    page: &'p OverviewPage,
}

#[derive(Template)]
#[template(path = "fragment/overview.html")]
struct OverviewFragment<'p> {
    page: &'p OverviewPage,
}

#[derive(Template)]
#[template(path = "markdown/detail.md.txt")]
struct DetailMarkdown<'p> {
    page: &'p DetailPage,
}

#[derive(Template)]
#[template(path = "fragment/detail.html")]
struct DetailFragment<'p> {
    page: &'p DetailPage,
}

#[derive(Template)]
#[template(path = "markdown/scope.md.txt")]
struct ScopeMarkdown<'p> {
    page: &'p ScopePage,
}

#[derive(Template)]
#[template(path = "fragment/scope.html")]
struct ScopeFragment<'p> {
    page: &'p ScopePage,
}

#[derive(Template)]
#[template(path = "markdown/report.md.txt")]
struct ReportMarkdown<'p> {
    page: &'p ReportPage,
}

#[derive(Template)]
#[template(path = "fragment/report.html")]
struct ReportFragment<'p> {
    page: &'p ReportPage,
}

/// Renders a page in a form.
fn rendered(
    view_type: ViewType,
    markdown: &impl Template,
    fragment: &impl Template,
    page: impl FnOnce() -> Result<Response, Error>,
) -> Result<Response, Error> {
    Ok(match view_type {
        ViewType::Markdown => (MARKDOWN, written(markdown)?).into_response(),
        ViewType::Fragment => (HTML, written(fragment)?).into_response(),
        ViewType::Page => page()?,
    })
}

/// The text of a template.
pub(super) fn written(template: &impl Template) -> Result<String, Error> {
    template.render().map_err(|error| {
        tracing::error!("a page cannot be written: {error}");
        Error::internal()
    })
}

const MARKDOWN: [(HeaderName, &str); 1] = [(CONTENT_TYPE, "text/markdown; charset=utf-8")];
pub(super) const HTML: [(HeaderName, &str); 1] = [(CONTENT_TYPE, "text/html; charset=utf-8")];

/// The table of compatible clouds
#[utoipa::path(
    get,
    path = "/{view_type}/table",
    tag = "Pages",
    params(("view_type" = inline(ViewType), Path, description = "The form of the page")),
    responses((status = 200, description = "The table"), (status = 422, description = "Another view type")),
)]
pub(super) async fn table(
    State(service): State<Service>,
    Path(view_type): Path<String>,
    visit: Visit,
) -> Result<Response, Error> {
    overview(&service, &view_type, &visit, false).await
}

/// The table of compatible clouds with drafts
#[utoipa::path(
    get,
    path = "/{view_type}/table_full",
    tag = "Pages",
    params(("view_type" = inline(ViewType), Path, description = "The form of the page")),
    responses((status = 200, description = "The table"), (status = 422, description = "Another view type")),
)]
pub(super) async fn table_full(
    State(service): State<Service>,
    Path(view_type): Path<String>,
    visit: Visit,
) -> Result<Response, Error> {
    overview(&service, &view_type, &visit, true).await
}

async fn overview(
    service: &Service,
    view_type: &str,
    visit: &Visit,
    with_drafts: bool,
) -> Result<Response, Error> {
    let view_type = ViewType::read(view_type)?;
    let view = service.view().await?;
    let links = links(service, view_type, visit, with_drafts);
    let overview = || OverviewPage::new(&view, &links, with_drafts);
    let bodies = &view.snapshot.bodies;
    match view_type {
        ViewType::Markdown => {
            let name = if with_drafts { "markdown/table_full" } else { "markdown/table" };
            let body = bodies.get_or_write(name, || written(&OverviewMarkdown { page: &overview() }))?;
            Ok((MARKDOWN, body).into_response())
        }
        ViewType::Fragment => {
            let name = if with_drafts { "fragment/table_full" } else { "fragment/table" };
            let body = bodies.get_or_write(name, || written(&OverviewFragment { page: &overview() }))?;
            Ok((HTML, body).into_response())
        }
        ViewType::Page => {
            let filter = Filter::new(visit);
            let mut page = overview();
            page.apply(&filter);
            let texts = texts(visit.language);
            let mut title = texts.overview_title.to_owned();
            if with_drafts {
                title = format!("{title} ({})", texts.with_drafts);
            }
            let frame = whole_page::frame(title, visit, &links, &view.config.scopes, view.now);
            let language = visit.is_language_chosen.then(|| visit.language.tag());
            let html = OverviewHtml { frame: &frame, page: &page, filter: &filter, language };
            whole_page::answered(visit, &html)
        }
    }
}

/// Links to pages. Those of whole pages keep the language that the visitor has chosen.
fn links(service: &Service, view_type: ViewType, visit: &Visit, with_drafts: bool) -> Links {
    match view_type {
        ViewType::Page => whole_page::links(service, visit).with_drafts(with_drafts),
        ViewType::Markdown | ViewType::Fragment => Links::new(&service.settings().base_url, with_drafts),
    }
}

/// The results of a subject, or of all subjects of a group
#[utoipa::path(
    get,
    path = "/{view_type}/detail/{subject}/{scope}",
    tag = "Pages",
    params(
        ("view_type" = inline(ViewType), Path, description = "The form of the page"),
        ("subject" = String, Path, description = "A subject, or `group-` with the name of a group"),
        ("scope" = String, Path, description = "The UUID or the name of a scope"),
        ("findings" = Option<String>, Query, description = "`show` for a page with the findings of failed test cases; requires a login"),
    ),
    responses(
        (status = 200, description = "The results"),
        (status = 401, description = "Findings are not for this account"),
        (status = 404, description = "There is no such scope"),
        (status = 422, description = "Another view type"),
    ),
    security((), ("basic" = [])),
)]
pub(super) async fn detail(
    reader: FindingsReader,
    State(service): State<Service>,
    Path((view_type, subject, scope)): Path<(String, String, String)>,
    visit: Visit,
) -> Result<Response, Error> {
    details(&service, &view_type, (&subject, &scope), &visit, &reader, false).await
}

/// The results of a subject, or of all subjects of a group, with drafts
#[utoipa::path(
    get,
    path = "/{view_type}/detail_full/{subject}/{scope}",
    tag = "Pages",
    params(
        ("view_type" = inline(ViewType), Path, description = "The form of the page"),
        ("subject" = String, Path, description = "A subject, or `group-` with the name of a group"),
        ("scope" = String, Path, description = "The UUID or the name of a scope"),
        ("findings" = Option<String>, Query, description = "`show` for a page with the findings of failed test cases; requires a login"),
    ),
    responses(
        (status = 200, description = "The results"),
        (status = 401, description = "Findings are not for this account"),
        (status = 404, description = "There is no such scope"),
        (status = 422, description = "Another view type"),
    ),
    security((), ("basic" = [])),
)]
pub(super) async fn detail_full(
    reader: FindingsReader,
    State(service): State<Service>,
    Path((view_type, subject, scope)): Path<(String, String, String)>,
    visit: Visit,
) -> Result<Response, Error> {
    details(&service, &view_type, (&subject, &scope), &visit, &reader, true).await
}

async fn details(
    service: &Service,
    view_type: &str,
    (subject, scope): (&str, &str),
    visit: &Visit,
    reader: &FindingsReader,
    with_drafts: bool,
) -> Result<Response, Error> {
    let view_type = ViewType::read(view_type)?;
    let view: View = service.view().await?;
    // The official monitor does not have paths with an empty part.
    let scope = view.config.scopes.find(scope).filter(|_| !subject.is_empty());
    let scope = scope.ok_or_else(Error::not_found)?;
    let links = links(service, view_type, visit, with_drafts);
    let mut page = DetailPage::new(&view, subject, scope, &links, with_drafts);
    if view_type == ViewType::Page {
        page = with_explanations(page, day(view.now), &links).await?;
        add_findings(service, &mut page, reader, visit, &links).await?;
    }
    rendered(view_type, &DetailMarkdown { page: &page }, &DetailFragment { page: &page }, || {
        let title = page.title(texts(visit.language));
        let frame = whole_page::frame(title, visit, &links, &view.config.scopes, view.now);
        whole_page::answered(visit, &DetailHtml { frame: &frame, page: &page })
    })
}

/// Adds the explanations of failed test cases, which take a while for the first time on a day.
async fn with_explanations(mut page: DetailPage, day: Date, links: &Links) -> Result<DetailPage, Error> {
    let links = links.clone();
    let explain = move || {
        page.explain(day, &links);
        page
    };
    blocking(explain).await
}

/// Adds the findings of the reports with failed test cases, if the reader may read them; otherwise a link to the page with them.
///
/// # Errors
///
/// If the reader has an account but may read none of the subjects.
async fn add_findings(
    service: &Service,
    page: &mut DetailPage,
    reader: &FindingsReader,
    visit: &Visit,
    links: &Links,
) -> Result<(), Error> {
    if let FindingsReader(Some(account)) = reader {
        let subjects = page.subjects.iter().map(|it| it.subject.as_str());
        account.require_any(subjects, Role::ReadAny)?;
    }
    for subject in &mut page.subjects {
        for uuid in subject.reports_of_failures() {
            let document = match (stored(service, &uuid).await, &reader.0) {
                (Ok((_, document)), _) => document,
                (Err(error), Some(_)) => return Err(error),
                // Without a link to findings, the page can be shown while the database does not answer.
                (Err(_), None) => continue,
            };
            if !has_findings(&document) {
                continue;
            }
            match &reader.0 {
                Some(account) if account.require(Some(&subject.subject), Role::ReadAny).is_ok() => {
                    subject.add_findings(&uuid, &findings(&document));
                }
                Some(_) => {}
                None => {
                    let page = links.to(&visit.path);
                    let chosen = visit.is_language_chosen.then(|| ("lang", visit.language.tag()));
                    let page = chosen.map_or_else(|| page.clone(), |language| Links::with(&page, language));
                    subject.with_findings = Some(Links::with(&page, WITH_FINDINGS));
                }
            }
        }
    }
    Ok(())
}

/// A report without output that may be confidential
#[utoipa::path(
    get,
    path = "/{view_type}/report/{uuid}",
    tag = "Pages",
    params(
        ("view_type" = inline(ViewType), Path, description = "The form of the page"),
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
    visit: Visit,
) -> Result<Response, Error> {
    let view_type = ViewType::read(&view_type)?;
    let (_, document) = stored(&service, &uuid).await?;
    reported(&service, view_type, &visit, (&uuid, &redacted(document)), false)
}

/// A report with all of its output
#[utoipa::path(
    get,
    path = "/{view_type}/report_full/{uuid}",
    tag = "Pages",
    params(
        ("view_type" = inline(ViewType), Path, description = "The form of the page"),
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
    visit: Visit,
) -> Result<Response, Error> {
    let view_type = ViewType::read(&view_type)?;
    let (subject, document) = stored(&service, &uuid).await?;
    account.require(Some(&subject), Role::ReadAny)?;
    reported(&service, view_type, &visit, (&uuid, &document), true)
}

fn reported(
    service: &Service,
    view_type: ViewType,
    visit: &Visit,
    (uuid, report): (&str, &Value),
    is_whole: bool,
) -> Result<Response, Error> {
    let links = links(service, view_type, visit, false);
    let page = ReportPage::new(uuid, report, is_whole, &links);
    rendered(view_type, &ReportMarkdown { page: &page }, &ReportFragment { page: &page }, || {
        let texts = texts(visit.language);
        let title = if is_whole { texts.report_full } else { texts.report_redacted };
        let title = fill(title, "uuid", &page.uuid);
        let frame = whole_page::frame(title, visit, &links, &service.config().scopes, service.now());
        whole_page::answered(visit, &ReportHtml { frame: &frame, page: &page })
    })
}

/// The versions of a scope and their modules
#[utoipa::path(
    get,
    path = "/{view_type}/scope/{scope}",
    tag = "Pages",
    params(
        ("view_type" = inline(ViewType), Path, description = "The form of the page"),
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
    visit: Visit,
) -> Result<Response, Error> {
    let view_type = ViewType::read(&view_type)?;
    let config = service.config();
    let scope = config.scopes.find(&scope).ok_or_else(Error::not_found)?;
    let page = ScopePage::new(scope, service.now());
    rendered(view_type, &ScopeMarkdown { page: &page }, &ScopeFragment { page: &page }, || {
        let links = links(&service, view_type, &visit, false);
        let frame = whole_page::frame(page.name.clone(), &visit, &links, &config.scopes, service.now());
        whole_page::answered(&visit, &ScopeHtml { frame: &frame, page: &page })
    })
}
