//! Explanations as text and as Markdown.

use std::fmt::Write;

use scs_standards::catalog::DocumentKind;
use scs_standards::written::markdown;
use scs_standards::{Applicability, DocumentId, Finding, Fix, Profile};

use super::counted::Counted;
use super::document::{DocumentTopic, RuleRow, StandardTopic};
use super::example::Example;
use super::{DifferenceTopic, Explanation, FactsTopic, RuleTopic, TestCaseTopic, Topic};
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

impl Topic {
    pub(super) fn blocks(&self) -> Vec<Block> {
        match self {
            Self::TestCase(case) => case.blocks(),
            Self::Rule(rule) => rule.blocks(),
            Self::Standard(standard) => standard.blocks(),
            Self::Document(document) => document.blocks(),
            Self::Difference(difference) => difference.blocks(),
            Self::Facts(facts) => facts.blocks(),
        }
    }
}

impl RuleTopic {
    /// With the heading.
    pub(super) fn blocks(&self) -> Vec<Block> {
        let mut blocks = vec![
            Block::Heading(0, format!("Rule `{}`: {}", self.id, self.level)),
            Block::Text(sentence(&self.asks)),
        ];
        if let Some(reason) = &self.reason {
            blocks.push(Block::Field("Why", reason.trim().to_owned()));
        }
        let place = format!("{}, section \"{}\"", list(&self.documents), self.section);
        blocks.push(Block::Where(place, self.url.clone()));
        if !self.test_cases.is_empty() {
            blocks.push(Block::Field("Test case", cases(&self.test_cases)));
        }
        if let Some(asked) = &self.declaration {
            let kind = if asked.is_topic { "topic" } else { "rule" };
            blocks.push(Block::Field(
                "Declare",
                format!("{kind} `{}`: {}, such as `{}`", asked.name, asked.values, asked.example),
            ));
        }
        blocks.push(Block::Field(
            "Counts in",
            counted(&self.counted, "document included, no test case counts it"),
        ));
        if !self.differences.is_empty() {
            blocks.push(Block::Field("Differences", quoted(&self.differences)));
        }
        if let Some(example) = &self.passing {
            blocks.extend(example_blocks("Passes", example));
        }
        if let Some(example) = &self.failing {
            blocks.extend(example_blocks("Fails", example));
            blocks.extend(repairs(example));
        }
        blocks
    }
}

/// A subject with what its rule says about it.
fn example_blocks(title: &str, example: &Example) -> Vec<Block> {
    let official = if example.profile == Profile::Official { ", by the official suite" } else { "" };
    let time = example.at.to_string();
    let time = time.strip_suffix("T00:00:00Z").unwrap_or(&time);
    let mut blocks = vec![Block::Heading(1, format!("{title} ({time}{official})"))];
    match &example.excerpt {
        Some(excerpt) => {
            blocks.push(Block::Code(example.format, excerpt.clone()));
            blocks.push(Block::Text("Fields that are not shown conform to the standard.".to_owned()));
        }
        None => blocks.push(Block::Code(example.format, example.subject.clone())),
    }
    if let Some(facts) = &example.facts {
        blocks.push(Block::Text("With these facts about Kubernetes:".to_owned()));
        blocks.push(Block::Code("yaml", facts.clone()));
    }
    let said = example.findings.iter().filter(|finding| finding.result == example.result);
    blocks.extend(said.map(|finding| Block::Item(finding_line(finding))));
    blocks
}

fn finding_line(finding: &Finding) -> String {
    let other = finding
        .other_profile
        .map(|other| format!(" (other profile: {}, {})", other.result, other.difference));
    format!("{} {}: {}{}", finding.result, finding.subject, finding.message, other.unwrap_or_default())
}

/// How the findings of an example are repaired.
fn repairs(example: &Example) -> Vec<Block> {
    let failing = example.findings.iter().filter(|finding| finding.result == example.result);
    let mut fixes: Vec<&Fix> = Vec::new();
    for fix in failing.filter_map(|finding| finding.fix.as_ref()) {
        if !fixes.contains(&fix) {
            fixes.push(fix);
        }
    }
    let mut blocks = vec![Block::Heading(1, "Repair".to_owned())];
    if fixes.is_empty() {
        let text = if example.subject.contains("\ndeclarations:") {
            "There is no command: change what the declaration states, then declare it again."
        } else {
            "There is no command: change what the finding names."
        };
        blocks.push(Block::Text(text.to_owned()));
    }
    blocks.extend(fixes.into_iter().map(|fix| Block::Item(fix_lines(fix))));
    blocks
}

fn fix_lines(fix: &Fix) -> String {
    let command = |way: &scs_standards::Way| {
        let mark = if way.destructive { " (destructive)" } else { "" };
        let lines: Vec<String> = way
            .command
            .lines()
            .filter(|line| !line.trim().is_empty())
            .map(|line| format!("`{line}`"))
            .collect();
        (lines.join(", then "), mark)
    };
    match fix {
        Fix::Safe(way) => {
            let (command, mark) = command(way);
            format!("{}{mark}: {command}", word(Applicability::Safe))
        }
        Fix::Choose { question, ways } => {
            let ways = ways.iter().map(|way| {
                let (command, mark) = command(way);
                let when = way.when.as_ref().map(|when| format!("if {when}: ")).unwrap_or_default();
                format!("\n- {when}{command}{mark}")
            });
            format!("{}: {question}{}", word(Applicability::Choose), ways.collect::<String>())
        }
        Fix::Advice(advice) => format!("{}: {advice}", word(Applicability::Advice)),
    }
}

/// How far a repair may be trusted.
const fn word(applicability: Applicability) -> &'static str {
    match applicability {
        Applicability::Safe => "Safe to run",
        Applicability::Choose => "Your choice",
        Applicability::Advice => "Advice",
    }
}

impl TestCaseTopic {
    fn blocks(&self) -> Vec<Block> {
        let mut blocks = vec![
            Block::Heading(0, format!("Test case `{}`: {}", self.id, self.level)),
            Block::Text(
                "The official test suite publishes results under this id. Rules that decide it:".to_owned(),
            ),
        ];
        blocks.extend(self.rules.iter().map(|rule| Block::Item(rule_line(rule))));
        blocks.push(Block::Field(
            "Counts in",
            counted(&self.counted, "document included, no test case counts it"),
        ));
        blocks
    }
}

impl DocumentTopic {
    fn blocks(&self) -> Vec<Block> {
        let mut blocks = vec![Block::Heading(0, format!("{}: {}", self.id, self.title))];
        blocks.extend(self.reason.iter().map(|reason| Block::Text(reason.trim().to_owned())));
        let mut state = format!("{}, track {}, {}", self.document_kind, self.track, self.state);
        if let Some(day) = self.stabilized_at {
            let _ = write!(state, ", stable since {day}");
        }
        if let Some(day) = self.deprecated_at {
            let _ = write!(state, ", deprecated after {day}");
        }
        blocks.push(Block::Field("State", state));
        for (label, documents) in [
            ("Replaces", &self.replaces),
            ("Replaced by", &self.replaced_by),
            ("Supplements", &self.supplements),
        ] {
            if !documents.is_empty() {
                blocks.push(Block::Field(label, list(documents)));
            }
        }
        blocks.push(Block::Where(self.id.to_string(), Some(self.url.clone())));
        blocks.push(Block::Field("Counts in", counted(&self.counted, "")));
        if !self.differences.is_empty() {
            blocks.push(Block::Field("Differences", quoted(&self.differences)));
        }
        if self.rules.is_empty() {
            blocks.push(Block::Text("It has no rules: it is background or notes.".to_owned()));
        } else {
            blocks.push(Block::Heading(1, "Rules".to_owned()));
            blocks.extend(self.rules.iter().map(|rule| Block::Item(rule_line(rule))));
        }
        blocks
    }
}

impl StandardTopic {
    fn blocks(&self) -> Vec<Block> {
        let mut blocks = vec![Block::Heading(0, format!("{}: {}", self.id, self.title))];
        blocks.extend(self.reason.iter().map(|reason| Block::Text(reason.trim().to_owned())));
        let versions = self.documents.iter().map(|document| {
            let rules = match document.rules.len() {
                0 => "no rules".to_owned(),
                1 => "1 rule".to_owned(),
                count => format!("{count} rules"),
            };
            let state = match document.document_kind {
                DocumentKind::Supplement => "supplement".to_owned(),
                _ => document.state.to_string(),
            };
            Block::Item(format!("`{}`, {state}: {}; {rules}", document.id, document.title))
        });
        blocks.extend(versions);
        blocks
    }
}

impl DifferenceTopic {
    fn blocks(&self) -> Vec<Block> {
        let or = |text: &str, none: &str| if text.is_empty() { none.to_owned() } else { text.to_owned() };
        vec![
            Block::Heading(0, format!("Difference {}", self.key)),
            Block::Text(sentence(&self.what)),
            Block::Field("About", self.about.clone()),
            Block::Field("Text", or(&self.text, "says nothing")),
            Block::Field("Official", or(&self.official, "does nothing about it")),
        ]
    }
}

impl FactsTopic {
    fn blocks(&self) -> Vec<Block> {
        let mut blocks = vec![Block::Heading(0, format!("Facts `{}`", self.name))];
        blocks.extend(self.about.iter().map(|paragraph| Block::Text(paragraph.clone())));
        blocks.push(Block::Field("File", format!("`{}`", self.file)));
        blocks.extend(self.as_of.map(|day| Block::Field("As of", day.to_string())));
        blocks.extend(self.complete_until.map(|day| Block::Field("Complete", format!("until {day}"))));
        blocks
    }
}

fn rule_line(rule: &RuleRow) -> String {
    format!("`{}` ({}, {}): {}", rule.id, rule.level, rule.document, rule.asks)
}

fn list(documents: &[DocumentId]) -> String {
    documents.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn quoted(ids: &[String]) -> String {
    ids.iter().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(", ")
}

/// Many test cases by what their ids have in common.
fn cases(ids: &[String]) -> String {
    match ids {
        [first, rest @ ..] if rest.len() > 2 => {
            let common = rest.iter().fold(first.as_str(), |common, id| {
                let same = common.char_indices().zip(id.chars()).take_while(|((_, one), other)| one == other);
                let end = same.last().map_or(0, |((start, letter), _)| start + letter.len_utf8());
                common.get(..end).unwrap_or_default()
            });
            format!("`{common}…` ({} test cases)", ids.len())
        }
        _ => quoted(ids),
    }
}

/// The scope versions, those with the same test cases in one line.
fn counted(counted: &[Counted], without_case: &str) -> String {
    /// A scope, a target, and the test cases in it.
    type Key<'c> = (&'c str, Option<&'c str>, Vec<String>);
    let mut lines: Vec<(Key<'_>, Vec<String>)> = Vec::new();
    let mut versions: Vec<(Key<'_>, &Counted)> = Vec::new();
    for entry in counted {
        let case = entry.test_case.clone();
        let known = versions.iter_mut().find(|((scope, target, _), known)| {
            *scope == entry.scope && *target == entry.target.as_deref() && known.version == entry.version
        });
        match known {
            Some(((_, _, cases), _)) => cases.extend(case),
            None => {
                versions.push(((&entry.scope, entry.target.as_deref(), case.into_iter().collect()), entry))
            }
        }
    }
    for (key, entry) in versions {
        let version = format!("{} ({})", entry.version, entry.validity);
        match lines.iter_mut().find(|(known, _)| *known == key) {
            Some((_, versions)) => versions.push(version),
            None => lines.push((key, vec![version])),
        }
    }
    if lines.is_empty() {
        return "no scope version".to_owned();
    }
    let lines: Vec<String> = lines
        .iter()
        .map(|((scope, target, ids), versions)| {
            let how = match target {
                Some(target) => format!("target {target}, {}", cases(ids)),
                None => without_case.to_owned(),
            };
            let colon = if how.is_empty() { "" } else { ": " };
            format!("{scope} {}{colon}{how}", versions.join(", "))
        })
        .collect();
    lines.join("\n")
}

/// With a capital and a full stop.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let Some(first) = letters.next() else { return String::new() };
    let end = if text.ends_with(['.', '?', '!']) { "" } else { "." };
    format!("{}{}{end}", first.to_uppercase(), letters.as_str())
}
