//! The page of an error.

use super::Links;
use super::texts::Texts;

/// An error for people.
#[derive(Clone, Debug)]
pub(crate) struct ErrorPage {
    pub(crate) status: u16,
    pub(crate) title: &'static str,
    /// What the visitor can do.
    pub(crate) hint: Option<&'static str>,
    /// What the service says, in English, unless it says no more than the title.
    pub(crate) detail: Option<String>,
    pub(crate) overview: String,
}

impl ErrorPage {
    /// The page of a status code with the detail for programs.
    pub(crate) fn new(status: u16, detail: Option<String>, texts: &'static Texts, links: &Links) -> Self {
        let (title, hint) = match status {
            404 => (texts.error_not_found, Some(texts.error_not_found_hint)),
            400 | 422 => (texts.error_invalid, Some(texts.error_invalid_hint)),
            401 => (texts.error_unauthorized, Some(texts.error_unauthorized_hint)),
            429 => (texts.error_limited, Some(texts.error_unavailable_hint)),
            408 | 503 => (texts.error_unavailable, Some(texts.error_unavailable_hint)),
            _ => (texts.error_other, None),
        };
        let detail = detail.filter(|_| status != 404);
        Self { status, title, hint, detail, overview: links.overview() }
    }
}
