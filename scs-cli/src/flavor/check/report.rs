//! Findings about single names, as text or JSON.

use scs_flavor_naming::{Parser, Remark, Remarks};
use scs_standards::{DocumentId, Level, Profile, Severity, Verdict};
use serde::Serialize;

use super::Format;
use super::rules::{NameRule, SYNTAX, rule_of};
use crate::colour::Palette;
use crate::diagnostic::{Place, visible};
use crate::flavor::names::Given;
use crate::flavor::reading::{NameError, Reading};
use crate::flavor::text;

/// How many invalid names are drawn; of the others a line has to do.
const DRAWN: u64 = 20;

/// Writes findings into memory, from where they go to the output in their order.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reporter<'a> {
    pub(super) format: Format,
    pub(super) parser: Parser,
    pub(super) profile: Profile,
    pub(super) coloured: bool,
    /// What the input is called.
    pub(super) input: &'a str,
    /// Whether findings say in which input they are.
    pub(super) several_inputs: bool,
}

/// A finding, in the shape of the interface.
#[derive(Serialize)]
struct Finding<'a> {
    rule: &'static str,
    test_case: Option<&'static str>,
    level: Level,
    document: DocumentId,
    section: &'static str,
    severity: Severity,
    result: Verdict,
    subject: &'a str,
    message: String,
    expected: Option<String>,
    actual: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    suggestion: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
    line: u64,
}

impl Reporter<'_> {
    /// Reports an invalid name; `number` is how many there were before.
    pub(super) fn invalid(&self, out: &mut Vec<u8>, name: &[u8], cut: bool, line: u64, number: u64) {
        let place = Place { input: self.input, line };
        let reading = Reading::of(Given { bytes: name, cut, place: Some(place) }, &self.parser, self.profile);
        let Reading::Invalid { name, error, .. } = &reading else { return };
        match self.format {
            Format::Text if number < DRAWN => {
                out.extend_from_slice(text::drawing(name, error, Some(place), self.coloured).as_bytes());
                out.extend_from_slice(b"\n\n");
            }
            Format::Text => {
                let line = format!("{}:{line}: {}\n", visible(self.input), text::error_line(name, error));
                out.extend_from_slice(line.as_bytes());
            }
            Format::Json | Format::Jsonl => {
                let (expected, actual) = compared(name, error);
                let suggestion = error.suggestion.as_deref();
                self.finding(out, &SYNTAX, name, error.message.clone(), expected, actual, suggestion, line);
            }
        }
    }

    /// Reports what there is to say about a valid name.
    pub(super) fn remarks(&self, out: &mut Vec<u8>, name: &[u8], remarks: Remarks, line: u64) {
        let Some(parsed) = self.parser.accept(name) else { return };
        let Ok(name) = std::str::from_utf8(name) else { return };
        for remark in remarks.iter() {
            let rule = rule_of(remark);
            let message = remark.message(&parsed);
            if self.format == Format::Text {
                let palette = Palette::new(self.coloured);
                let colour = severity_colour(rule.severity, &palette);
                let input = visible(self.input);
                let line =
                    format!("{colour}{}{colour:#}: {input}:{line}: {name}: {message} [{}]\n", rule.severity, rule.id);
                out.extend_from_slice(line.as_bytes());
            } else {
                let expected = match remark {
                    Remark::OldSyntax | Remark::GenerationZero | Remark::NotCanonical => parsed.name.to_string(),
                    Remark::HalfGibLarge => "a whole number of GiB".to_owned(),
                    Remark::UnscheduledDisk => "5, 10, 20, 50, 100, 200, 500 or 1000 GB".to_owned(),
                    Remark::UnknownGpuGeneration => "a GPU generation that exists".to_owned(),
                    Remark::UnknownCard => "units and video memory of a card of the table".to_owned(),
                    _ => "at most 63 characters, with a letter or digit at the end".to_owned(),
                };
                self.finding(out, &rule, name, message, expected, name.to_owned(), None, line);
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "each is a field of the finding")]
    fn finding(
        &self,
        out: &mut Vec<u8>,
        rule: &NameRule,
        subject: &str,
        message: String,
        expected: String,
        actual: String,
        suggestion: Option<&str>,
        line: u64,
    ) {
        let finding = Finding {
            rule: rule.id,
            test_case: rule.test_case,
            level: rule.level,
            document: rule.document,
            section: rule.section,
            severity: rule.severity,
            result: rule.result,
            subject,
            message,
            expected: Some(expected),
            actual: Some(actual),
            suggestion,
            file: self.several_inputs.then_some(self.input),
            line,
        };
        // Every finding begins with what separates it from the one before; the sink drops the first of these.
        let separator: &[u8] = if self.format == Format::Json { b",\n" } else { b"\n" };
        out.extend_from_slice(separator);
        // Writing to memory does not fail, and every key is a string.
        let _ = serde_json::to_writer(out, &finding);
    }
}

/// What was expected and what stands there.
fn compared(name: &str, error: &NameError) -> (String, String) {
    let expected = match &error.expected[..] {
        [] => "a name of scs-0100".to_owned(),
        tokens => tokens.join(", "),
    };
    let found: String = name.get(error.start..error.end).unwrap_or_default().chars().take(80).collect();
    (expected, if found.is_empty() { "end of name".to_owned() } else { found })
}

/// The colour of a severity.
pub(super) const fn severity_colour(severity: Severity, palette: &Palette) -> anstyle::Style {
    match severity {
        Severity::Error => palette.bad,
        Severity::Warning => palette.warning,
        Severity::Info => palette.hint,
    }
}
