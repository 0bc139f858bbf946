//! Explanations as text and as Markdown.

use std::fmt::Write;

use scs_standards::written::markdown;

use super::Explanation;
use crate::docs::DocsStyle;
use crate::docs::page::{Page, plain};

/// A piece of an explanation. Words between backticks are code.
pub(super) enum Block {
    /// A heading; depth 0 is that of a topic.
    Heading(usize, String),
    /// A sentence or two.
    Text(String),
    /// A label and what belongs to it.
    Field(&'static str, String),
    /// Where something is published: what, and the address.
    Where(String, Option<String>),
    /// A subject, in a language.
    Code(&'static str, String),
    /// A line of a list.
    Item(String),
}

impl Explanation {
    /// The explanation for people to read in a terminal.
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

/// How wide the labels of fields are.
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

/// Adds blocks to a page, their headings so much deeper.
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
