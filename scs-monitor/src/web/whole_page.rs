//! Whole pages: the content between header and footer, in the language of the visitor.

use askama::Template;
use axum::http::header::{CONTENT_LANGUAGE, VARY};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;

use super::error::Error;
use super::markup::{HTML, written};
use crate::findings::ReportFinding;
use crate::history::{Gap, Share};
use crate::page::{
    CertificateRow, CertificatesPage, ChangesPage, DetailPage, ErrorPage, ExplanationPage, Filter, Frame,
    HistoryPage, Links, OverviewPage, OverviewSection, Problem, ReportPage, ScopePage, Section, Sort,
    StandardsPage, State, SubjectDetail, Visit, fill, percent, query,
};
use crate::scopes::Scopes;
use crate::service::Service;

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

/// A history.
#[derive(Template)]
#[template(path = "page/history.html")]
pub(super) struct HistoryHtml<'p> {
    pub(super) frame: &'p Frame,
    pub(super) page: &'p HistoryPage,
}

impl HistoryHtml<'_> {
    /// A share of days in percent; a dash if no day counts.
    fn percent(&self, share: &Share) -> String {
        percent(share.conforming, share.counted, self.frame.language).unwrap_or_else(|| "–".to_owned())
    }

    fn share_of(&self, share: &Share) -> String {
        let text = fill(self.frame.texts.history_share_of, "conforming", share.conforming);
        fill(&text, "counted", share.counted)
    }

    fn days(&self, gap: &Gap) -> String {
        match gap.days {
            1 => self.frame.texts.history_gap_day.to_owned(),
            days => fill(self.frame.texts.history_gap_days, "days", days),
        }
    }
}

/// The certificates.
#[derive(Template)]
#[template(path = "page/certificates.html")]
pub(super) struct CertificatesHtml<'p> {
    pub(super) frame: &'p Frame,
    pub(super) page: &'p CertificatesPage,
}

impl CertificatesHtml<'_> {
    /// The lists with their anchors, their titles, and what is said about an empty one.
    fn lists(&self) -> [(&'static str, &'static str, &'static str, &[CertificateRow]); 2] {
        let (texts, page) = (self.frame.texts, self.page);
        [
            ("issued", texts.certificates_issued, texts.certificates_none, &page.issued),
            ("revoked", texts.certificates_revoked, texts.certificates_none_revoked, &page.revoked),
        ]
    }
}

/// What changed between two reports.
#[derive(Template)]
#[template(path = "page/changes.html")]
pub(super) struct ChangesHtml<'p> {
    pub(super) frame: &'p Frame,
    pub(super) page: &'p ChangesPage,
}

impl ChangesHtml<'_> {
    /// The lists of findings with their titles, if they are shown.
    fn findings(&self) -> Option<[(&'static str, &[ReportFinding]); 2]> {
        let texts = self.frame.texts;
        let (new, resolved) = self.page.findings.as_ref()?;
        Some([(texts.changes_new, new), (texts.changes_resolved, resolved)])
    }
}

/// The standards.
#[derive(Template)]
#[template(path = "page/standards.html")]
pub(super) struct StandardsHtml<'p> {
    pub(super) frame: &'p Frame,
    pub(super) page: &'p StandardsPage,
}

/// An explanation.
#[derive(Template)]
#[template(path = "page/explanation.html")]
pub(super) struct ExplanationHtml<'p> {
    pub(super) frame: &'p Frame,
    pub(super) page: &'p ExplanationPage,
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

/// Links to pages in the language that the visitor has chosen.
pub(super) fn links(service: &Service, visit: &Visit) -> Links {
    let chosen = visit.is_language_chosen.then_some(visit.language);
    Links::new(&service.settings().base_url, false).in_language(chosen)
}

/// The answer with a page.
pub(super) fn answered(visit: &Visit, page: &impl Template) -> Result<Response, Error> {
    let text = written(page)?;
    let headers = [(VARY, "accept-language"), (CONTENT_LANGUAGE, visit.language.tag())];
    Ok((headers, HTML, text).into_response())
}
