//! The explanation of a standard, document, rule or test case.

use std::collections::BTreeSet;

use scs_registry::explain::{Block, Explanation, Topic};
use scs_standards::written::{Span, spans, visible};

use super::Links;
use crate::explanations::is_explained;

/// An explanation.
#[derive(Clone, Debug)]
pub(crate) struct ExplanationPage {
    /// The id that is explained.
    pub(crate) id: String,
    /// The title, if the id has one meaning.
    pub(crate) title: Option<Line>,
    /// The list of standards.
    pub(crate) list: String,
    /// What the id is a part of, outermost first.
    pub(crate) above: Vec<(String, String)>,
    pub(crate) sections: Vec<Section>,
}

/// A part of an explanation.
#[derive(Clone, Debug)]
pub(crate) enum Section {
    /// A heading, from 2 on.
    Heading(usize, Line),
    Text(Lines),
    Fields(Vec<Field>),
    Code(String),
    Items(Vec<Lines>),
}

/// A label with its value.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    pub(crate) label: &'static str,
    pub(crate) value: Lines,
    /// Where the value is found.
    pub(crate) url: Option<String>,
}

/// Running text.
pub(crate) type Line = Vec<Words>;

/// Words or code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Words {
    pub(crate) text: String,
    pub(crate) is_code: bool,
    /// The page that explains it.
    pub(crate) url: Option<String>,
}

/// Lines of a text, and the list below them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Lines {
    pub(crate) lines: Vec<Line>,
    pub(crate) items: Vec<Line>,
}

impl ExplanationPage {
    /// The page of an explanation.
    pub(crate) fn new(explanation: &Explanation, links: &Links) -> Self {
        let mut title = None;
        let mut topics: Vec<Vec<Block>> = explanation.topics.iter().map(Topic::blocks).collect();
        if let [blocks] = topics.as_mut_slice()
            && let Some(Block::Heading(0, _)) = blocks.first()
            && let Block::Heading(_, text) = blocks.remove(0)
        {
            title = Some(line(&text, &explanation.id, links));
        }
        topics.extend(explanation.topics.iter().filter_map(current));
        Self {
            id: explanation.id.clone(),
            title,
            list: links.standards(),
            above: above(explanation, links),
            sections: topics.iter().flat_map(|blocks| sections(blocks, 2, &explanation.id, links)).collect(),
        }
    }
}

/// The document in force of a standard, or the newest one.
fn current(topic: &Topic) -> Option<Vec<Block>> {
    let Topic::Standard(standard) = topic else { return None };
    standard.current().map(|document| Topic::Document(document.clone()).blocks())
}

/// The pages that lead to an explanation, by their ids.
fn above(explanation: &Explanation, links: &Links) -> Vec<(String, String)> {
    let documents: BTreeSet<_> = explanation
        .topics
        .iter()
        .flat_map(|topic| match topic {
            Topic::Rule(rule) => rule.documents.first().copied().into_iter().collect(),
            Topic::TestCase(case) => case.rules.iter().map(|rule| rule.document).collect(),
            Topic::Document(document) => vec![document.id],
            _ => Vec::new(),
        })
        .collect();
    let standards: BTreeSet<String> =
        documents.iter().map(|document| document.standard().to_string()).collect();
    let documents: BTreeSet<String> = documents.iter().map(ToString::to_string).collect();
    let all = standards.into_iter().chain(documents).filter(|id| *id != explanation.id);
    all.map(|id| (id.clone(), links.explanation(&id))).collect()
}

/// The parts of blocks, with headings from a level on.
pub(crate) fn sections(blocks: &[Block], level: usize, id: &str, links: &Links) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    let text = |text: &str| Lines::new(text, id, links);
    for block in blocks {
        let field = match block {
            Block::Field(label, value) => Some(Field { label, value: text(value), url: None }),
            Block::Where(place, url) => Some(Field { label: "Where", value: text(place), url: url.clone() }),
            _ => None,
        };
        match (block, field, sections.last_mut()) {
            (_, Some(field), Some(Section::Fields(fields))) => fields.push(field),
            (_, Some(field), _) => sections.push(Section::Fields(vec![field])),
            (Block::Item(item), _, Some(Section::Items(items))) => items.push(text(item)),
            (Block::Item(item), ..) => sections.push(Section::Items(vec![text(item)])),
            (Block::Heading(depth, title), ..) => {
                sections.push(Section::Heading(level + depth, line(title, id, links)));
            }
            (Block::Text(words), ..) => sections.push(Section::Text(text(words))),
            (Block::Code(_, code), ..) => sections.push(Section::Code(code.clone())),
            (Block::Field(..) | Block::Where(..), ..) => {}
        }
    }
    sections
}

/// A line of an explanation of an id: other ids in it become links.
pub(crate) fn line(text: &str, id: &str, links: &Links) -> Line {
    let words = spans(text).map(|span| match span {
        Span::Words(words) => Words { text: visible(words).into_owned(), is_code: false, url: None },
        Span::Code(code) => Words {
            text: visible(code).into_owned(),
            is_code: true,
            // Words such as `architecture` are topics of declarations, but here they are mostly names of properties.
            url: (code != id && code.contains('-') && is_explained(code)).then(|| links.explanation(code)),
        },
    });
    words.collect()
}

impl Lines {
    /// The lines of a text; those that begin with `- ` are a list.
    pub(crate) fn new(text: &str, id: &str, links: &Links) -> Self {
        let mut read = Self::default();
        for it in text.lines() {
            match it.strip_prefix("- ") {
                Some(item) => read.items.push(line(item, id, links)),
                None => read.lines.push(line(it, id, links)),
            }
        }
        read
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_become_links_unless_the_page_is_about_them() {
        let links = Links::new("/", false);
        let words = line("see `scs-0100-v3`, `<b>` and `scs-0100`", "scs-0100", &links);
        let urls: Vec<Option<&str>> = words.iter().map(|words| words.url.as_deref()).collect();
        assert_eq!(urls, [None, Some("/page/standard/scs-0100-v3"), None, None, None, None]);
        assert!(words[3].is_code && words[3].text == "<b>");
    }

    #[test]
    fn neighboring_items_and_fields_belong_together() {
        let links = Links::new("/", false);
        let blocks = [
            Block::Heading(1, "Repair".to_owned()),
            Block::Item("one:\n- two".to_owned()),
            Block::Item("three".to_owned()),
            Block::Field("State", "draft".to_owned()),
            Block::Where("here".to_owned(), None),
        ];
        let sections = sections(&blocks, 2, "", &links);
        assert!(
            matches!(&sections[..], [Section::Heading(3, _), Section::Items(items), Section::Fields(fields)]
            if items.len() == 2 && items[0].items.len() == 1 && fields.len() == 2)
        );
    }
}
