//! What pages show, as data: Markdown, fragments and whole pages are written from the same values.

mod detail;
mod markdown;
mod overview;
mod redaction;
mod report;
mod scope;

pub(crate) use detail::DetailPage;
pub(crate) use markdown::{anchor, cell, code, inline, line, text};
pub(crate) use overview::OverviewPage;
pub(crate) use redaction::redacted;
pub(crate) use report::ReportPage;
pub(crate) use scope::ScopePage;

/// Addresses of other pages.
#[derive(Clone, Debug)]
pub(crate) struct Links {
    /// The address of the service; it ends with a slash.
    base: String,
    /// Whether drafts are shown.
    with_drafts: bool,
}

impl Links {
    /// Links of a service.
    pub(crate) fn new(base: &str, with_drafts: bool) -> Self {
        Self { base: base.to_owned(), with_drafts }
    }

    pub(crate) fn detail(&self, subject: &str, scope: &str) -> String {
        let page = if self.with_drafts { "detail_full" } else { "detail" };
        format!("{}page/{page}/{}/{}", self.base, encoded(subject), encoded(scope))
    }

    pub(crate) fn scope(&self, uuid: &str) -> String {
        format!("{}page/scope/{}", self.base, encoded(uuid))
    }

    pub(crate) fn report(&self, uuid: &str) -> String {
        format!("{}page/report/{}", self.base, encoded(uuid))
    }

    pub(crate) fn report_full(&self, uuid: &str) -> String {
        format!("{}page/report_full/{}", self.base, encoded(uuid))
    }

    pub(crate) fn download(&self, uuid: &str) -> String {
        format!("{}reports/{}", self.base, encoded(uuid))
    }
}

/// A segment of a path.
fn encoded(segment: &str) -> String {
    use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
    const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
    utf8_percent_encode(segment, KEPT).to_string()
}
