//! Whole pages: the content between header and footer, in the language of the visitor.

use askama::Template;
use axum::http::header::{CONTENT_LANGUAGE, VARY};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;

use super::error::Error;
use super::markup::{HTML, written};
use crate::page::{
    DetailPage, ErrorPage, Filter, Frame, Links, OverviewPage, OverviewSection, Problem, ReportPage,
    ScopePage, Sort, State, SubjectDetail, Visit, query,
};
use crate::scopes::Scopes;

/// The overview.
#[derive(Template)]
#[template(path = "page/overview.html")]
pub(super) struct OverviewHtml<'p> {
    pub(super) frame: &'p Frame,
    pub(super) page: &'p OverviewPage,
    pub(super) filter: &'p Filter,
    /// The language that the visitor has chosen.
    pub(super) language: Option<&'static str>,
}

/// A column of a table.
struct Column<'s> {
    title: &'s str,
    /// What it can be sorted by.
    sort: Option<Sort>,
    /// The query that sorts by it.
    query: Option<String>,
    /// The direction, if it is sorted by it.
    direction: Option<&'static str>,
}

/// The number of environments of a state.
struct Total {
    state: State,
    count: usize,
    /// The query that shows them.
    query: String,
}

impl OverviewHtml<'_> {
    fn columns<'s>(&self, section: &'s OverviewSection) -> Vec<Column<'s>> {
        let texts = self.frame.texts;
        let columns = [
            (Some(Sort::Name), texts.column_name),
            (None, texts.column_description),
            (Some(Sort::Operator), texts.column_operator),
            (Some(Sort::State), section.scope.as_str()),
        ];
        let links = section.links.as_deref().map(|links| (None, links));
        let column = |(sort, title)| Column {
            title,
            sort,
            query: sort.map(|sort| query(self.language().chain(self.filter.sorted_by(sort)))),
            direction: sort.and_then(|sort| self.filter.direction(sort)),
        };
        columns.into_iter().chain(links).map(column).collect()
    }

    fn totals(&self) -> [Total; 3] {
        State::ALL.map(|state| Total {
            state,
            count: self.page.count(state),
            query: query(self.language().chain([("state", state.name())])),
        })
    }

    fn language(&self) -> std::option::IntoIter<(&'static str, &'static str)> {
        self.language.map(|language| ("lang", language)).into_iter()
    }
}

/// The details of a subject or a group.
#[derive(Template)]
#[template(path = "page/detail.html")]
pub(super) struct DetailHtml<'p> {
    pub(super) frame: &'p Frame,
    pub(super) page: &'p DetailPage,
}

impl DetailHtml<'_> {
    /// The lists of problems with their headings and what to do.
    fn problem_lists<'s>(
        &self,
        subject: &'s SubjectDetail,
    ) -> [(&'static str, &'static str, &'s [Problem]); 3] {
        let (texts, problems) = (self.frame.texts, &subject.problems);
        [
            (texts.problems_fail, texts.problems_fail_hint, &problems.failed),
            (texts.problems_dnf, texts.problems_dnf_hint, &problems.unfinished),
            (texts.problems_missing, texts.problems_missing_hint, &problems.missing),
        ]
    }
}

/// A report.
#[derive(Template)]
#[template(path = "page/report.html")]
pub(super) struct ReportHtml<'p> {
    pub(super) frame: &'p Frame,
    pub(super) page: &'p ReportPage,
}

/// A scope.
#[derive(Template)]
#[template(path = "page/scope.html")]
pub(super) struct ScopeHtml<'p> {
    pub(super) frame: &'p Frame,
    pub(super) page: &'p ScopePage,
}

/// An error.
#[derive(Template)]
#[template(path = "page/error.html")]
pub(super) struct ErrorHtml<'p> {
    pub(super) frame: &'p Frame,
    pub(super) page: &'p ErrorPage,
}

/// The frame of a page.
pub(super) fn frame(title: String, visit: &Visit, links: &Links, scopes: &Scopes, now: Timestamp) -> Frame {
    Frame::new(title, visit, links, scopes, now)
}

/// The answer with a page.
pub(super) fn answered(visit: &Visit, page: &impl Template) -> Result<Response, Error> {
    let text = written(page)?;
    let headers = [(VARY, "accept-language"), (CONTENT_LANGUAGE, visit.language.tag())];
    Ok((headers, HTML, text).into_response())
}
