//! Addresses of pages.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::language::Language;
use crate::selection::group;

/// Addresses of other pages.
#[derive(Clone, Debug)]
pub(crate) struct Links {
    /// The address of the service; it ends with a slash.
    base: String,
    /// Whether drafts are shown.
    with_drafts: bool,
    /// The language that the visitor has chosen.
    language: Option<Language>,
}

impl Links {
    /// Links of a service.
    pub(crate) fn new(base: &str, with_drafts: bool) -> Self {
        Self { base: base.to_owned(), with_drafts, language: None }
    }

    /// The same to pages in a language.
    pub(crate) fn in_language(self, language: Option<Language>) -> Self {
        Self { language, ..self }
    }

    /// The same with or without drafts.
    pub(crate) fn with_drafts(&self, with_drafts: bool) -> Self {
        Self { with_drafts, ..self.clone() }
    }

    /// The address of a path without leading slash.
    pub(crate) fn to(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    fn page(&self, path: &str) -> String {
        let query = self.language.map(|language| format!("?lang={}", language.tag()));
        format!("{}page/{path}{}", self.base, query.unwrap_or_default())
    }

    /// The address of a page with a parameter.
    pub(crate) fn with(page: &str, parameter: (&str, &str)) -> String {
        let mark = if page.contains('?') { '&' } else { '?' };
        format!("{page}{mark}{}", query([parameter]))
    }

    pub(crate) fn overview(&self) -> String {
        self.page(if self.with_drafts { "table_full" } else { "table" })
    }

    pub(crate) fn detail(&self, subject: &str, scope: &str) -> String {
        let page = if self.with_drafts { "detail_full" } else { "detail" };
        self.page(&format!("{page}/{}/{}", encoded(subject), encoded(scope)))
    }

    pub(crate) fn history(&self, subject: &str, scope: &str) -> String {
        self.page(&format!("history/{}/{}", encoded(subject), encoded(scope)))
    }

    /// The history as JSON.
    pub(crate) fn history_data(&self, subject: &str, scope: &str) -> String {
        self.to(&format!("history/{}/{}", encoded(subject), encoded(scope)))
    }

    /// The history as a picture.
    pub(crate) fn chart(&self, subject: &str, scope: &str) -> String {
        format!("{}.svg", self.history_data(subject, scope))
    }

    /// The page with what changed from a report to another one.
    pub(crate) fn changes(&self, uuid: &str, other: &str) -> String {
        self.page(&format!("changes/{}/{}", encoded(uuid), encoded(other)))
    }

    pub(crate) fn certificates(&self) -> String {
        self.page("certificates")
    }

    pub(crate) fn standards(&self) -> String {
        self.page("standards")
    }

    /// The page that explains a standard, document, rule or test case.
    pub(crate) fn explanation(&self, id: &str) -> String {
        self.page(&format!("standard/{}", encoded(id)))
    }

    /// The feed about a subject or a group in a scope.
    pub(crate) fn feed(&self, name: &str, scope: &str) -> String {
        self.to(&format!("feed.atom?{}", selection(name, scope)))
    }

    /// The calendar about a subject or a group in a scope.
    pub(crate) fn calendar(&self, name: &str, scope: &str) -> String {
        self.to(&format!("calendar.ics?{}", selection(name, scope)))
    }

    pub(crate) fn badge(&self, subject: &str, scope: &str) -> String {
        self.to(&format!("badge/{}/{}.svg", encoded(subject), encoded(scope)))
    }

    pub(crate) fn scope(&self, uuid: &str) -> String {
        self.page(&format!("scope/{}", encoded(uuid)))
    }

    pub(crate) fn report(&self, uuid: &str) -> String {
        self.page(&format!("report/{}", encoded(uuid)))
    }

    pub(crate) fn report_full(&self, uuid: &str) -> String {
        self.page(&format!("report_full/{}", encoded(uuid)))
    }

    pub(crate) fn download(&self, uuid: &str) -> String {
        self.to(&format!("reports/{}", encoded(uuid)))
    }
}

/// A segment of a path.
fn encoded(segment: &str) -> String {
    const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
    utf8_percent_encode(segment, KEPT).to_string()
}

/// The query that selects a subject, or a group as `group-NAME`, in a scope.
fn selection(name: &str, scope: &str) -> String {
    let subject = group(name).map_or(("subject", name), |group| ("group", group));
    query([subject, ("scope", scope)])
}

/// A query of parameters, without question mark.
pub(crate) fn query<'a>(parameters: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish()
}
