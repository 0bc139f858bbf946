//! The totals of a check: counts, the first names for each note, and the verdicts.

use std::fmt::Write;

use scs_flavor_naming::flavor_rule;
use scs_registry::{NameCounts, Report};
use scs_standards::{Profile, Severity, Verdict};

use super::report::DRAWN;
use super::rules::{Answers, Deciding, Note, SYNTAX_CHECK};
use super::scan::{EXAMPLES, Found, Totals};
use crate::app::color::Palette;
use crate::app::diagnostic::visible;

/// A name with a note.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Example {
    /// The index of the input.
    input: usize,
    block: u64,
    /// The index of the line in the block.
    line: u32,
    name: Box<[u8]>,
}

/// The sum of all blocks.
#[derive(Debug, Default)]
pub(super) struct Summary {
    pub(super) totals: Totals,
    /// The results of the rules; known only if every finding is reported.
    pub(super) answers: Answers,
    notes: [u64; Note::COUNT],
    examples: [Vec<Example>; Note::COUNT],
    /// For each input, its name and the number of lines before each block.
    inputs: Vec<(String, Vec<u64>)>,
}

impl Summary {
    /// Adds the results of a block; blocks may come in any order.
    pub(super) fn add(&mut self, input: usize, block: u64, found: &mut Found) {
        self.totals.add(&found.totals);
        let notes = found.notes();
        for (index, new) in found.examples.iter_mut().enumerate() {
            self.notes[index] += notes[index];
            if new.is_empty() {
                continue;
            }
            let kept = &mut self.examples[index];
            kept.extend(new.drain(..).map(|it| Example { input, block, line: it.line, name: it.name }));
            kept.sort_unstable();
            kept.truncate(EXAMPLES);
        }
    }

    /// Adds a finished input.
    pub(super) fn add_input(&mut self, name: String, lines_before: Vec<u64>) {
        self.inputs.push((name, lines_before));
    }

    /// The result of the official test case: PASS if no name breaks the syntax.
    pub(super) const fn verdict(&self) -> Verdict {
        if self.totals.invalid == 0 { Verdict::Pass } else { Verdict::Fail }
    }

    /// The report for programs.
    pub(super) fn report(&self, mut report: Report, deciding: &Deciding) -> Report {
        let Totals { lines, valid, invalid, not_scs, empty, .. } = self.totals;
        report.counts = Some(NameCounts { lines, valid, invalid, not_scs, empty });
        report.results = [(SYNTAX_CHECK.to_owned(), self.verdict())].into();
        report.rules = deciding.results(&self.answers);
        report.verdict = self.verdict();
        report
    }

    /// For people: the notes by rule, the counts, and what to do next.
    pub(super) fn to_text(&self, palette: &Palette, notes_are_listed: bool, profile: Profile) -> String {
        let mut text = String::new();
        let profile_option = if profile == Profile::Official { " --profile official" } else { "" };
        if self.totals.invalid > DRAWN || notes_are_listed && self.notes.iter().any(|&count| count > 0) {
            text.push('\n');
        }
        if !notes_are_listed {
            self.write_notes(&mut text, palette, profile);
        }
        let Totals { valid, invalid, not_scs, empty, .. } = self.totals;
        let names = valid + invalid + not_scs;
        let _ = write!(
            text,
            "{} name{}: {} valid, {} invalid, {} not SCS",
            grouped(names),
            plural(names),
            grouped(valid),
            grouped(invalid),
            grouped(not_scs)
        );
        if empty > 0 {
            let _ = write!(text, "; {} empty line{}", grouped(empty), plural(empty));
        }
        let color = if invalid == 0 { palette.good } else { palette.bad };
        let _ = writeln!(text, "\n{SYNTAX_CHECK}: {color}{}{color:#}", self.verdict());
        let hint = palette.hint;
        let _ = match (invalid, valid) {
            (0, 0) => writeln!(
                text,
                "{hint}hint{hint:#}: no name starts with `SCS-`, so the standard has nothing to say about them"
            ),
            (0, _) => writeln!(
                text,
                "{hint}hint{hint:#}: figures, properties and standard flavors need the full list: \
                 `openstack flavor list --long -f json | scs flavor check{profile_option} -`"
            ),
            _ => writeln!(
                text,
                "{hint}next{hint:#}: OpenStack cannot rename a flavor; create one with the right name and delete the old one; \
                 existing servers are not affected.\n      `scs flavor parse{profile_option} NAME` explains a single name."
            ),
        };
        text
    }

    fn write_notes(&self, text: &mut String, palette: &Palette, profile: Profile) {
        let order = |severity| Note::all().filter(move |note| note.severity(profile) == severity);
        for note in order(Severity::Warning).chain(order(Severity::Info)) {
            let count = self.notes[note.index()];
            if count == 0 {
                continue;
            }
            let severity = note.severity(profile);
            let color = palette.of_severity(severity);
            // A mere note beside a MUST is not to look like one.
            let level =
                flavor_rule(note.rule()).map(|rule| rule.level).filter(|level| level.severity() == severity);
            let level = level.map_or(String::new(), |level| format!(", {level}"));
            let _ = writeln!(
                text,
                "{color}{severity}{color:#}: {} name{} {} [{}{level}]",
                grouped(count),
                plural(count),
                note.words(),
                note.rule(),
            );
            for example in &self.examples[note.index()] {
                let (input, lines_before) = match self.inputs.get(example.input) {
                    Some((name, before)) => (name.as_str(), before),
                    None => continue,
                };
                let block = usize::try_from(example.block).unwrap_or(usize::MAX);
                let line = lines_before.get(block).copied().unwrap_or(0) + u64::from(example.line) + 1;
                let name = String::from_utf8_lossy(&example.name);
                let shown: String = name.chars().take(120).collect();
                let _ = writeln!(text, "  {}:{line}: {shown}", visible(input));
            }
            let shown = self.examples[note.index()].len() as u64;
            if count > shown {
                let _ = writeln!(text, "  … and {} more; `--all` lists them", grouped(count - shown));
            }
            text.push('\n');
        }
    }
}

const fn plural(count: u64) -> &'static str {
    if count == 1 { "" } else { "s" }
}

/// `1234567` as `1 234 567`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(' ');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    #[test]
    fn groups_of_three() {
        assert_eq!([0, 999, 1000, 1_234_567].map(super::grouped), ["0", "999", "1 000", "1 234 567"]);
    }
}
