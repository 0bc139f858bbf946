//! Writes Markdown pages.

use std::fmt::{Display, Write};

use super::DocsStyle;

/// A page of Markdown. Writing to its text does not fail.
pub(crate) struct Page<'s> {
    text: String,
    /// Whether the last block is a list item.
    is_list: bool,
    pub(crate) style: &'s DocsStyle,
}

impl<'s> Page<'s> {
    pub(crate) const fn new(style: &'s DocsStyle) -> Self {
        Self { text: String::new(), is_list: false, style }
    }

    /// A heading; depth 0 is the topmost.
    pub(crate) fn heading(&mut self, depth: usize, title: &str) {
        self.gap();
        let level = (self.style.heading_level() + depth).min(6);
        let _ = writeln!(self.text, "{} {title}", "#".repeat(level));
    }

    pub(crate) fn text(&mut self, text: &str) {
        self.gap();
        let _ = writeln!(self.text, "{text}");
    }

    /// Adds Markdown as it is.
    pub(crate) fn raw(&mut self, markdown: &str) {
        self.gap();
        self.text.push_str(markdown);
    }

    /// A block of code.
    pub(crate) fn code(&mut self, language: &str, code: &str) {
        self.gap();
        let longest = code.split(|letter| letter != '`').map(str::len).max().unwrap_or_default();
        let fence = "`".repeat(longest.max(2) + 1);
        let _ = writeln!(self.text, "{fence}{language}\n{}\n{fence}", code.trim_end_matches('\n'));
    }

    /// A list item; further lines are indented.
    pub(crate) fn item(&mut self, text: &str) {
        if !self.is_list {
            self.gap();
        }
        let _ = writeln!(self.text, "- {}", text.replace('\n', "\n  "));
        self.is_list = true;
    }

    pub(crate) fn head(&mut self, columns: &[&str]) {
        self.gap();
        let _ = writeln!(self.text, "| {} |\n|{}", columns.join(" | "), " --- |".repeat(columns.len()));
    }

    pub(crate) fn row(&mut self, cells: &[&dyn Display]) {
        self.text.push('|');
        for cell in cells {
            let cell = cell_of(&cell.to_string());
            let _ = if cell.is_empty() { write!(self.text, " |") } else { write!(self.text, " {cell} |") };
        }
        self.text.push('\n');
    }

    pub(crate) fn finish(self) -> String {
        self.text
    }

    /// Adds a blank line before the next block.
    fn gap(&mut self) {
        self.is_list = false;
        if !self.text.is_empty() {
            self.text.push('\n');
        }
    }
}

/// A table cell: escapes bars and replaces line breaks.
fn cell_of(text: &str) -> String {
    plain(&text.replace('|', "\\|").replace(['\n', '\r'], " "))
}

/// Text with `{` and `<` outside of code escaped, because they start JavaScript and elements in MDX.
pub(crate) fn plain(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    let mut is_code = false;
    let mut before = None;
    for letter in text.chars() {
        is_code ^= letter == '`' && before != Some('\\');
        if !is_code && matches!(letter, '{' | '<') && before != Some('\\') {
            written.push('\\');
        }
        written.push(letter);
        before = Some(letter);
    }
    written
}

pub(crate) fn code(text: impl Display) -> String {
    format!("`{text}`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_line_ends_and_empty_cells() {
        let style = DocsStyle::default();
        let mut page = Page::new(&style);
        page.heading(0, "Title");
        page.head(&["a", "b", "c"]);
        page.row(&[&"x|y\nz", &"", &""]);
        assert_eq!(page.finish(), "## Title\n\n| a | b | c |\n| --- | --- | --- |\n| x\\|y z | | |\n");
    }

    #[test]
    fn nothing_is_an_element_or_an_expression_to_mdx() {
        assert_eq!(plain("<N> of `<N>` {x}"), r"\<N> of `<N>` \{x}");
        assert_eq!(plain(r"\<N>"), r"\<N>");
    }

    #[test]
    fn a_fence_is_longer_than_what_it_holds() {
        let style = DocsStyle::default();
        let mut page = Page::new(&style);
        page.code("md", "```\nx\n```\n");
        assert_eq!(page.finish(), "````md\n```\nx\n```\n````\n");
    }
}
