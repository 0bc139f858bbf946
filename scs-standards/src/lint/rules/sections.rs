//! Sections of a document.

use super::super::folder::DocumentFolder;
use super::considered::{Rec, lenient, readable};
use crate::catalog::DocumentKind;

/// A required section.
enum Section {
    /// A section with these words in its heading.
    Named(&'static str, &'static str),
    /// The decision.
    Decision,
}

/// Words that identify the heading of a decision.
const DECISION: &[&str] = &[
    "decision",
    "decisions",
    "regulation",
    "regulations",
    "standard",
    "standards",
    "guideline",
    "guidelines",
    "solution",
    "proposal",
    "specification",
    "requirements",
];

/// Words that identify sections about something other than the decision: other sections of the text, alternatives and
/// earlier versions, and notes.
const ASIDE: &[&str] = &[
    "abstract",
    "acknowledgements",
    "alternatives",
    "appendix",
    "conformance",
    "consequences",
    "considerations",
    "considered",
    "context",
    "documents",
    "example",
    "examples",
    "history",
    "implementation",
    "introduction",
    "motivation",
    "open",
    "options",
    "previous",
    "references",
    "related",
    "scope",
    "terminology",
    "versions",
];

/// Whether one of the sections is about the decision, judging by its heading and the headings above it.
fn has_decision(headings: &[(usize, String)]) -> bool {
    // A single top-level heading above all others is the page title, which contains all sections.
    let is_first = headings.first().is_some_and(|(level, _)| *level == 1);
    let has_title = is_first && headings.iter().filter(|(level, _)| *level == 1).count() == 1;
    let mut aside: Option<usize> = None;
    headings.iter().any(|(level, heading)| {
        let words: Vec<String> = heading
            .split(|letter: char| !letter.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
            .collect();
        let has = |known: &[&str]| words.iter().any(|word| known.contains(&word.as_str()));
        if aside.is_some_and(|outer| *level <= outer) {
            aside = None;
        }
        let is_title = has_title && *level == 1;
        if aside.is_none() && !is_title && has(ASIDE) {
            aside = Some(*level);
        }
        // On its own, it introduces the key words of RFC 2119 or the criteria for a decision.
        let is_preface = words == ["requirements"];
        aside.is_none() && !is_title && !is_preface && has(DECISION)
    })
}

fn sections(folder: &DocumentFolder, rec: &mut Rec<'_>, of: DocumentKind, wanted: &[Section]) {
    for file in readable(folder, rec) {
        if file.text("type") != Some(of.name()) {
            continue;
        }
        let missing: Vec<&str> = wanted
            .iter()
            .filter_map(|section| match section {
                Section::Named(name, words) => {
                    let has = |(_, heading): &(usize, String)| heading.to_lowercase().contains(words);
                    (!file.headings.iter().any(has)).then_some(*name)
                }
                Section::Decision => (!has_decision(&file.headings)).then_some("Decision"),
            })
            .collect();
        if !missing.is_empty() {
            let message = format!("missing sections: {}", missing.join(", "));
            // Most documents lack some, so it is only a warning.
            rec.split(lenient("C-099"), &file.place, message)
                .with_severity(crate::finding::Severity::Warning);
        }
    }
}

pub(super) fn sections_standard(folder: &DocumentFolder, rec: &mut Rec<'_>) {
    let wanted = [
        Section::Named("Introduction", "introduction"),
        Section::Named("Motivation", "motivation"),
        Section::Decision,
        Section::Named("Conformance Tests", "conformance test"),
    ];
    sections(folder, rec, DocumentKind::Standard, &wanted);
}

pub(super) fn sections_record(folder: &DocumentFolder, rec: &mut Rec<'_>) {
    let wanted =
        [Section::Named("Abstract", "abstract"), Section::Named("Context", "context"), Section::Decision];
    sections(folder, rec, DocumentKind::DecisionRecord, &wanted);
}
