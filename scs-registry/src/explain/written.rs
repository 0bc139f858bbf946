//! Explanations as text and Markdown.

use std::fmt::Write;

use scs_standards::written::markdown;

use super::Explanation;
use crate::docs::DocsStyle;
use crate::docs::page::{Page, plain};

/// A block of an explanation, for renderers. In its texts, words between backticks are code (see [`spans`]), and lines are
/// separate.
///
/// [`spans`]: scs_standards::written::spans
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A heading; a topic has depth 0.
    Heading(usize, String),
    /// A sentence or two.
    Text(String),
    /// A label and a value.
    Field(&'static str, String),
    /// A place in a document, and its URL.
    Where(String, Option<String>),
    /// Code in a language.
    Code(&'static str, String),
    /// A list item.
    Item(String),
}

impl Explanation {
    /// The explanation as text for a terminal.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        for (index, topic) in self.topics.iter().enumerate() {
            if index > 0 {
                text.push('\n');
            }
            push_text(&mut text, &topic.blocks());
        }
        text
    }

    /// The explanation as Markdown.
    #[must_use]
    pub fn markdown(&self, style: &DocsStyle) -> String {
        let mut page = Page::new(style);
        for topic in &self.topics {
            push_markdown(&mut page, 0, &topic.blocks());
        }
        page.finish()
    }
}

/// The width of field labels.
const LABEL: usize = 13;

fn push_text(text: &mut String, blocks: &[Block]) {
    let mut was_item = false;
    for (index, block) in blocks.iter().enumerate() {
        let is_item = matches!(block, Block::Field(..) | Block::Where(..) | Block::Item(_));
        if index > 0 && !(is_item && was_item) {
            text.push('\n');
        }
        was_item = is_item;
        let field = |label: &str, value: &str| {
            format!("{:<LABEL$}{}\n", format!("{label}:"), value.replace('\n', &format!("\n{:LABEL$}", "")))
        };
        // Writing to a string does not fail.
        let _ = match block {
            Block::Heading(_, title) | Block::Text(title) => writeln!(text, "{title}"),
            Block::Field(label, value) => text.write_str(&field(label, value)),
            Block::Where(what, None) => text.write_str(&field("Where", what)),
            Block::Where(what, Some(url)) => text.write_str(&field("Where", &format!("{what}\n{url}"))),
            Block::Code(_, code) => {
                code.lines().try_for_each(|line| writeln!(text, "{}", format!("    {line}").trim_end()))
            }
            Block::Item(item) => writeln!(text, "- {}", item.replace('\n', "\n  ")),
        };
    }
}

/// Adds blocks to a page, with their headings `depth` levels deeper.
pub(super) fn push_markdown(page: &mut Page<'_>, depth: usize, blocks: &[Block]) {
    let written = |text: &str| {
        let lines = text.lines().map(|line| match line.strip_prefix("- ") {
            Some(item) => format!("- {}", plain(&markdown::text(item))),
            None => plain(&markdown::text(line)),
        });
        lines.collect::<Vec<_>>().join("\n")
    };
    for block in blocks {
        match block {
            Block::Heading(deeper, title) => page.heading(depth + deeper, &written(title)),
            Block::Text(text) => page.text(&written(text)),
            Block::Field(label, value) => page.item(&format!("{label}: {}", written(value))),
            Block::Where(what, None) => page.item(&format!("Where: {}", written(what))),
            Block::Where(what, Some(url)) => page.item(&format!("Where: [{}]({url})", written(what))),
            Block::Code(language, code) => page.code(language, code),
            Block::Item(item) => page.item(&written(item)),
        }
    }
}
