//! The style of generated documentation tables.

use scs_standards::catalog::Document;
use thiserror::Error;

/// The base URL of links, and the level of headings.
///
/// ```
/// use jiff::civil::date;
/// use scs_registry::docs::{DocsStyle, DocsTable};
///
/// let style = DocsStyle::default().with_base_url("/standards")?.with_heading_level(4)?;
/// let table = DocsTable::Standards.written(date(2026, 11, 24), &style);
/// assert!(table.starts_with("#### Global\n"));
/// assert!(table.contains("[v3](/standards/scs-0100-v3-flavor-naming)"));
/// # Ok::<(), scs_registry::docs::StyleError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocsStyle {
    base_url: String,
    heading_level: Option<usize>,
}

/// An option of [`DocsStyle`] with an invalid value.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum StyleError {
    /// A base URL that would end the link in Markdown.
    #[error(
        "`{0}` is not a base URL: it is empty, or has a space, a control character, `(`, `)`, `<`, `>`, `|` or a backslash"
    )]
    BaseUrl(String),
    /// Markdown has six levels of headings.
    #[error("a heading has a level from 1 to 6, not {0}")]
    HeadingLevel(usize),
}

impl Default for DocsStyle {
    /// Links to the published site; headings of level 2, or one level below the previous heading of a page.
    fn default() -> Self {
        Self { base_url: "https://docs.scs.community/standards/".to_owned(), heading_level: None }
    }
}

impl DocsStyle {
    /// Sets the base URL of links, such as `/standards/`; the final slash is optional.
    ///
    /// # Errors
    ///
    /// If a link with this base URL would be broken.
    pub fn with_base_url(mut self, base_url: &str) -> Result<Self, StyleError> {
        let ends_link =
            |letter: char| letter.is_whitespace() || letter.is_control() || "()<>|\\".contains(letter);
        if base_url.is_empty() || base_url.contains(ends_link) {
            return Err(StyleError::BaseUrl(base_url.chars().take(80).collect()));
        }
        self.base_url = format!("{}/", base_url.trim_end_matches('/'));
        Ok(self)
    }

    /// Sets the level of the topmost headings.
    ///
    /// # Errors
    ///
    /// If the level is not between 1 and 6.
    pub fn with_heading_level(mut self, level: usize) -> Result<Self, StyleError> {
        if !(1..=6).contains(&level) {
            return Err(StyleError::HeadingLevel(level));
        }
        self.heading_level = Some(level);
        Ok(self)
    }

    /// The level of the topmost headings.
    #[must_use]
    pub fn heading_level(&self) -> usize {
        self.heading_level.unwrap_or(2)
    }

    /// Increases the heading level by one.
    pub(super) fn deeper(&self) -> Self {
        Self { heading_level: Some((self.heading_level() + 1).min(6)), ..self.clone() }
    }

    /// Sets the level below a heading of a page, unless a level is set. Level 0 means a page without headings.
    pub(super) fn below_heading(&self, level: usize) -> Self {
        let below = if level == 0 { 2 } else { (level + 1).min(6) };
        Self { heading_level: Some(self.heading_level.unwrap_or(below)), ..self.clone() }
    }

    /// The URL of a document.
    #[must_use]
    pub fn url(&self, document: &Document) -> String {
        self.below(document.file_name().trim_end_matches(".md"))
    }

    /// The URL of a page below the base URL.
    #[must_use]
    pub fn below(&self, page: &str) -> String {
        format!("{}{page}", self.base_url)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_url_cannot_end_its_link() {
        for wrong in ["", " ", "a b", "x)", "<x>", "a|b", "a\nb"] {
            assert!(DocsStyle::default().with_base_url(wrong).is_err(), "{wrong:?}");
        }
        for (given, url) in [
            ("/standards", "/standards/x"),
            ("/standards/", "/standards/x"),
            ("/", "/x"),
            ("https://e.org//", "https://e.org/x"),
        ] {
            assert_eq!(
                DocsStyle::default().with_base_url(given).map(|style| style.below("x")).as_deref(),
                Ok(url)
            );
        }
    }

    #[test]
    fn headings_have_six_levels() {
        assert!(
            [0, 7, usize::MAX]
                .into_iter()
                .all(|level| DocsStyle::default().with_heading_level(level).is_err())
        );
    }
}
