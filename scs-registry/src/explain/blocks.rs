//! The content of an explanation as blocks.

use std::fmt::Write;

use scs_standards::catalog::DocumentKind;
use scs_standards::wording::quoted;
use scs_standards::{Fix, Profile};

use super::document::{DocumentTopic, StandardTopic};
use super::example::Example;
use super::wording::{cases, counted, finding_line, fix_lines, list, rule_line, sentence};
use super::written::Block;
use super::{
    DeclarationTopic, DifferenceTopic, FactsTopic, LevelTopic, ModuleTopic, PartTopic, ProbeTopic, RuleTopic,
    TestCaseTopic, Topic,
};

impl Topic {
    /// The content in the order in which it is shown; the first block is the heading.
    ///
    /// ```
    /// use jiff::civil::date;
    /// use scs_registry::explain::{Block, explain};
    ///
    /// let explanation = explain("scs-0104-v1", date(2026, 11, 24))?;
    /// let blocks = explanation.topics[0].blocks();
    /// assert!(matches!(&blocks[0], Block::Heading(0, title) if title.starts_with("scs-0104-v1: ")));
    /// # Ok::<(), scs_registry::explain::UnknownIdError>(())
    /// ```
    #[must_use]
    pub fn blocks(&self) -> Vec<Block> {
        match self {
            Self::TestCase(case) => case.blocks(),
            Self::Rule(rule) => rule.blocks(),
            Self::Standard(standard) => standard.blocks(),
            Self::Document(document) => document.blocks(),
            Self::Difference(difference) => difference.blocks(),
            Self::Facts(facts) => facts.blocks(),
            Self::Level(level) => level.blocks(),
            Self::Module(module) => module.blocks(),
            Self::Declaration(topic) => topic.blocks(),
            Self::Probe(probe) => probe.blocks(),
            Self::Part(part) => part.blocks(),
        }
    }
}

impl RuleTopic {
    /// With the heading.
    pub(super) fn blocks(&self) -> Vec<Block> {
        let mut blocks = vec![
            Block::Heading(0, format!("Rule `{}`: {}", self.id, self.level)),
            Block::Text(self.requirement()),
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
        blocks.push(Block::Field("Counts in", counted(&self.counted, "document included, no test case")));
        if !self.differences.is_empty() {
            blocks.push(Block::Field("Differences", quoted(&self.differences)));
        }
        if let Some(example) = &self.passing {
            blocks.extend(example_blocks("Passes", example));
        }
        if let Some(example) = &self.failing {
            blocks.extend(example_blocks("Fails", example));
            blocks.push(Block::Heading(1, "Repair".to_owned()));
        }
        blocks.extend(self.repairs());
        blocks
    }

    /// The proposition as a sentence.
    #[must_use]
    pub fn requirement(&self) -> String {
        sentence(&self.asks)
    }

    /// What the check finds in the failing example; nothing without an example.
    #[must_use]
    pub fn violations(&self) -> Vec<Block> {
        self.failing.as_ref().map(|example| said(example).collect()).unwrap_or_default()
    }

    /// How the failing example is fixed; nothing without an example.
    #[must_use]
    pub fn repairs(&self) -> Vec<Block> {
        self.failing.as_ref().map(repairs).unwrap_or_default()
    }
}

/// An example: the subject and its findings.
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
    blocks.extend(said(example));
    blocks
}

/// The findings that decide the result of an example.
fn said(example: &Example) -> impl Iterator<Item = Block> {
    let deciding = example.findings.iter().filter(|finding| finding.result == example.result);
    deciding.map(|finding| Block::Item(finding_line(finding)))
}

/// The fixes for the findings of an example.
fn repairs(example: &Example) -> Vec<Block> {
    let failing = example.findings.iter().filter(|finding| finding.result == example.result);
    let mut fixes: Vec<&Fix> = Vec::new();
    for fix in failing.filter_map(|finding| finding.fix.as_ref()) {
        if !fixes.contains(&fix) {
            fixes.push(fix);
        }
    }
    let mut blocks = Vec::new();
    if fixes.is_empty() {
        let text = if example.subject.contains("\ndeclarations:") {
            "No command: correct the declared value."
        } else {
            "No command; see the finding for the fix."
        };
        blocks.push(Block::Text(text.to_owned()));
    }
    blocks.extend(fixes.into_iter().map(|fix| Block::Item(fix_lines(fix))));
    blocks
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
        blocks.push(Block::Field("Counts in", counted(&self.counted, "document included, no test case")));
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
            blocks.push(Block::Text("This document has no rules.".to_owned()));
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
            Block::Field("Text", or(&self.text, "not defined")),
            Block::Field("Official", or(&self.official, "not checked")),
        ]
    }
}

impl FactsTopic {
    fn blocks(&self) -> Vec<Block> {
        let mut blocks = vec![Block::Heading(0, format!("Facts `{}`", self.name))];
        blocks.extend(self.about.iter().map(|paragraph| Block::Text(paragraph.clone())));
        blocks.push(Block::Field("File", format!("`{}`", self.file)));
        blocks.extend(self.as_of.map(|day| Block::Field("As of", day.to_string())));
        blocks.extend(self.complete_until.map(|day| Block::Field("Complete", format!("through {day}"))));
        blocks
    }
}

impl LevelTopic {
    fn blocks(&self) -> Vec<Block> {
        let mut blocks = vec![Block::Heading(0, format!("Level {}", self.name))];
        let about = if self.regulated {
            "Scopes and their test cases decide it."
        } else {
            "It is only presented: no scope or test decides it."
        };
        blocks.push(Block::Text(about.to_owned()));
        blocks.extend(self.below.as_ref().map(|below| Block::Field("Builds on", below.clone())));
        if !self.scopes.is_empty() {
            blocks.push(Block::Field("Scopes", self.scopes.join(", ")));
        }
        blocks.push(Block::Field("Source", self.source.clone()));
        if !self.items.is_empty() {
            blocks.push(Block::Heading(1, "Requirements".to_owned()));
        }
        let items = self.items.iter().map(|item| Block::Item(format!("`{}`: {}", item.topic, item.asks)));
        blocks.extend(items);
        blocks
    }
}

impl ModuleTopic {
    fn blocks(&self) -> Vec<Block> {
        let name = self.name.as_ref().map(|name| format!(": {name}")).unwrap_or_default();
        let mut blocks = vec![
            Block::Heading(0, format!("Module `{}`{name}", self.id)),
            Block::Text("A scope version that includes it requires its test cases.".to_owned()),
            Block::Field("Scope", self.scope.clone()),
        ];
        blocks.extend(self.document.map(|document| Block::Field("Implements", document.to_string())));
        blocks.extend(self.url.as_ref().map(|url| Block::Field("Text", url.clone())));
        if !self.parameters.is_empty() {
            blocks.push(Block::Field("Parameters", quoted(&self.parameters)));
        }
        blocks.push(Block::Field("Included in", counted(&self.included_in, "")));
        for (target, cases) in &self.targets {
            blocks.push(Block::Heading(1, format!("Target {target}")));
            blocks.extend(cases.iter().map(|case| Block::Item(format!("`{case}`"))));
        }
        blocks
    }
}

impl DeclarationTopic {
    fn blocks(&self) -> Vec<Block> {
        let mut blocks = vec![Block::Heading(0, format!("Topic of declarations `{}`", self.name))];
        blocks.extend(self.about.as_ref().map(|about| Block::Text(sentence(about))));
        for question in &self.questions {
            blocks.push(Block::Field("Values", question.values.clone()));
            blocks.push(Block::Field("Example", format!("`{}`", question.example)));
        }
        if !self.rules.is_empty() {
            blocks.push(Block::Heading(1, "Rules that judge it".to_owned()));
        }
        blocks.extend(self.rules.iter().map(|rule| Block::Item(rule_line(rule))));
        blocks
    }
}

impl ProbeTopic {
    fn blocks(&self) -> Vec<Block> {
        let mut blocks = vec![Block::Heading(0, format!("Probe `{}` of a {}", self.name, self.about))];
        if !self.plan.is_empty() {
            blocks.push(Block::Text(sentence(&self.plan)));
        }
        blocks.push(Block::Field("Fills", format!("the part `{}` of the inventory", self.part)));
        if !self.cleanup.is_empty() {
            blocks.push(Block::Field("Cleanup", self.cleanup.clone()));
        }
        if !self.rights.is_empty() {
            blocks.push(Block::Heading(1, "Rights that it needs".to_owned()));
        }
        blocks.extend(self.rights.iter().map(|right| Block::Item(right.clone())));
        blocks.push(Block::Heading(1, "Rules that its result answers".to_owned()));
        blocks.extend(self.rules.iter().map(|rule| Block::Item(rule_line(rule))));
        blocks
    }
}

impl PartTopic {
    fn blocks(&self) -> Vec<Block> {
        let mut blocks =
            vec![Block::Heading(0, format!("Part `{}` of the inventory of a {}", self.name, self.about))];
        blocks.extend(
            self.probe.as_ref().map(|probe| Block::Field("Filled by", format!("the probe `{probe}`"))),
        );
        if self.rules.is_empty() {
            blocks.push(Block::Text("Every rule can be decided without it.".to_owned()));
        } else {
            blocks.push(Block::Heading(1, "Rules that cannot be decided without it".to_owned()));
        }
        blocks.extend(self.rules.iter().map(|rule| Block::Item(rule_line(rule))));
        blocks
    }
}
