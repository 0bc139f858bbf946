//! Scripts of fixes: the active commands, and what needs a decision commented out, with the reasons as comments.

use std::collections::HashMap;

use scs_standards::written::{Comment, CommentedOut};
use scs_standards::{Finding, Fix, Way};

use crate::app::diagnostic::brief;

/// A script under construction.
#[derive(Debug)]
pub(crate) struct Script {
    text: String,
    /// The mark of commands that delete something.
    destructive: &'static str,
}

/// The text of an option in the script: its command, or the equivalent changes of a file.
type Text<'t> = &'t dyn Fn(&Way) -> String;

impl Script {
    pub(crate) const fn new(destructive: &'static str) -> Self {
        Self { text: String::new(), destructive }
    }

    pub(crate) fn finish(self) -> String {
        self.text
    }

    pub(crate) fn line(&mut self, line: &str) {
        self.text.extend([line, "\n"]);
    }

    pub(crate) fn comment(&mut self, text: &str) {
        self.line(&Comment(text).to_string());
    }

    pub(crate) fn section(&mut self, title: &str) {
        self.line("");
        self.comment(title);
    }

    /// The subject of the script, and notices about the input.
    pub(crate) fn title(&mut self, title: &str, notices: &[String]) {
        self.comment(title);
        for notice in notices {
            self.comment(&format!("note: {}", brief(notice)));
        }
    }

    /// Adds a command.
    pub(crate) fn active(&mut self, text: &str) {
        self.line(text.trim_end_matches('\n'));
    }

    pub(crate) fn reason(&mut self, subject: &str, message: &str, rules: &[&str]) {
        self.comment(&format!("{}: {} [{}]", brief(subject), brief(message), rules.join(", ")));
    }

    pub(crate) fn reason_of(&mut self, group: &FixGroup<'_>) {
        self.reason(&group.finding.subject, &group.finding.message, &group.rules);
    }

    /// Fixes that no certificate requires.
    pub(crate) fn recommended(&mut self, groups: &[FixGroup<'_>], text: Text<'_>) {
        if groups.is_empty() {
            return;
        }
        self.section("Recommended; `--include recommended` makes these active.");
        for group in groups {
            self.reason_of(group);
            for way in group.ways() {
                self.commented_out(&text(way));
            }
        }
    }

    /// Fixes that need a decision.
    pub(crate) fn choices(&mut self, groups: &[FixGroup<'_>], text: Text<'_>) {
        if groups.is_empty() {
            return;
        }
        self.section("To decide: remove the `#` in front of the right command.");
        for group in groups {
            self.line("");
            self.reason_of(group);
            if let Some(question) = group.words() {
                self.comment(&brief(question));
            }
            for way in group.ways() {
                let marks = [way.when.as_deref(), way.destructive.then_some(self.destructive)];
                let marks: Vec<&str> = marks.into_iter().flatten().collect();
                if !marks.is_empty() {
                    self.comment(&format!("  {}:", brief(&marks.join(", "))));
                }
                self.commented_out(&text(way));
            }
        }
    }

    /// Findings without a command.
    pub(crate) fn by_hand(&mut self, groups: &[FixGroup<'_>]) {
        if groups.is_empty() {
            return;
        }
        self.section("To do by hand:");
        for group in groups {
            self.reason_of(group);
            if let Some(advice) = group.words() {
                self.comment(&format!("  {}", brief(advice)));
            }
        }
    }

    fn commented_out(&mut self, text: &str) {
        self.line(&CommentedOut(text.trim_end_matches('\n')).to_string());
    }
}

/// Findings about one subject that one entry of the script settles.
#[derive(Debug)]
pub(crate) struct FixGroup<'a> {
    pub(crate) finding: &'a Finding,
    rules: Vec<&'a str>,
}

impl<'a> FixGroup<'a> {
    /// Groups the findings of each subject with the same key, such as the command or the message.
    pub(crate) fn by(findings: &'a [Finding], key: fn(&Finding) -> &str) -> Vec<Self> {
        let mut groups: Vec<Self> = Vec::new();
        let mut places: HashMap<(&str, &str), usize> = HashMap::new();
        for finding in findings {
            let place = *places.entry((&finding.subject, key(finding))).or_insert(groups.len());
            match groups.get_mut(place) {
                Some(same) if same.rules.contains(&&*finding.rule) => {}
                Some(same) => same.rules.push(&finding.rule),
                None => groups.push(Self { finding, rules: vec![&finding.rule] }),
            }
        }
        groups
    }

    pub(crate) fn ways(&self) -> &'a [Way] {
        self.finding.fix.as_ref().map_or(&[], Fix::ways)
    }

    /// The question or the advice.
    fn words(&self) -> Option<&'a str> {
        self.finding.fix.as_ref().and_then(Fix::words)
    }
}
