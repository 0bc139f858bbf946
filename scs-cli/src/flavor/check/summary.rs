//! What is kept of a whole check: counts, the first names for each remark, and the verdicts that follow.

use std::fmt::Write;

use scs_flavor_naming::Remark;
use scs_standards::{Severity, Verdict};
use serde_json::{Map, Value, json};

use super::report::severity_colour;
use super::rules::{SYNTAX_CHECK, rule_of};
use super::scan::{EXAMPLES, Found, Totals};
use crate::colour::Palette;
use crate::diagnostic::visible;

/// A name for a remark.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Example {
    /// The order of the input among several.
    input: usize,
    block: u64,
    /// The line in the block.
    line: u32,
    name: Box<[u8]>,
}

/// The sum of all blocks.
#[derive(Debug, Default)]
pub(super) struct Summary {
    pub(super) totals: Totals,
    remarks: [u64; Remark::ALL.len()],
    examples: [Vec<Example>; Remark::ALL.len()],
    /// Per input its name and the lines before each of its blocks.
    inputs: Vec<(String, Vec<u64>)>,
}

impl Summary {
    /// Adds what was found in a block, blocks in any order.
    pub(super) fn add(&mut self, input: usize, block: u64, found: &mut Found) {
        self.totals.add(&found.totals);
        for (index, new) in found.examples.iter_mut().enumerate() {
            self.remarks[index] += found.remarks[index];
            if new.is_empty() {
                continue;
            }
            let kept = &mut self.examples[index];
            kept.extend(new.drain(..).map(|it| Example { input, block, line: it.line, name: it.name }));
            kept.sort_unstable();
            kept.truncate(EXAMPLES);
        }
    }

    /// Adds an input that is done.
    pub(super) fn add_input(&mut self, name: String, lines_before: Vec<u64>) {
        self.inputs.push((name, lines_before));
    }

    /// The result of the official test case: no name breaks the syntax.
    pub(super) const fn verdict(&self) -> Verdict {
        if self.totals.invalid == 0 { Verdict::Pass } else { Verdict::Fail }
    }

    /// `results`, `rules`, `verdict` and counts.
    pub(super) fn to_json(&self) -> Map<String, Value> {
        let verdict = self.verdict().name();
        let mut rules = Map::new();
        rules.insert(SYNTAX_CHECK.to_owned(), json!(verdict));
        for remark in Remark::ALL {
            let rule = rule_of(remark);
            if rule.id != SYNTAX_CHECK {
                let result = if self.remarks[remark as usize] == 0 { Verdict::Pass } else { rule.result };
                rules.insert(rule.id.to_owned(), json!(result.name()));
            }
        }
        let Totals { lines, valid, invalid, not_scs, empty } = self.totals;
        let mut summary = Map::new();
        summary.insert("results".to_owned(), json!({ SYNTAX_CHECK: verdict }));
        summary.insert("rules".to_owned(), Value::Object(rules));
        summary.insert(
            "counts".to_owned(),
            json!({ "lines": lines, "valid": valid, "invalid": invalid, "not_scs": not_scs, "empty": empty }),
        );
        summary.insert("verdict".to_owned(), json!(verdict));
        summary
    }

    /// For people: the remarks by rule, the counts, and what to do next.
    pub(super) fn to_text(&self, palette: &Palette, remarks_are_listed: bool, profile_option: &str) -> String {
        let mut text = String::new();
        if self.totals.invalid > 0 || remarks_are_listed && self.remarks.iter().any(|&count| count > 0) {
            text.push('\n');
        }
        if !remarks_are_listed {
            self.write_remarks(&mut text, palette);
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
        let colour = if invalid == 0 { palette.good } else { palette.bad };
        let _ = writeln!(text, "\n{SYNTAX_CHECK}: {colour}{}{colour:#}", self.verdict());
        let hint = palette.hint;
        let _ = match (invalid, valid) {
            (0, 0) => writeln!(text, "{hint}hint{hint:#}: no name starts with `SCS-`, so the standard has nothing to say about them"),
            (0, _) => Ok(()),
            _ => writeln!(
                text,
                "{hint}next{hint:#}: OpenStack cannot rename a flavor; create one with the right name, move servers over, and delete \
                 the old one.\n      `scs flavor parse{profile_option} NAME` explains a single name."
            ),
        };
        text
    }

    fn write_remarks(&self, text: &mut String, palette: &Palette) {
        let order = |severity| Remark::ALL.into_iter().filter(move |remark| rule_of(*remark).severity == severity);
        let by_weight = order(Severity::Error).chain(order(Severity::Warning)).chain(order(Severity::Info));
        for remark in by_weight {
            let (rule, count) = (rule_of(remark), self.remarks[remark as usize]);
            if count == 0 {
                continue;
            }
            let colour = severity_colour(rule.severity, palette);
            let _ = writeln!(
                text,
                "{colour}{}{colour:#}: {} name{} {} [{}, {}]",
                rule.severity,
                grouped(count),
                plural(count),
                rule.summary,
                rule.id,
                rule.level
            );
            for example in &self.examples[remark as usize] {
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
            let shown = self.examples[remark as usize].len() as u64;
            if count > shown {
                let _ = writeln!(text, "  … and {} more; --all lists them", grouped(count - shown));
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
