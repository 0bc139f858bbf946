//! Findings about names, as text or JSON.

use scs_flavor_naming::Parser;
use scs_registry::ReportedFinding;
use scs_standards::{Context, Finding, Profile};

use super::Stream;
use super::rules::{Answers, Deciding, findings, invalid_line};
use crate::app::color::Palette;
use crate::app::diagnostic::{Place, visible};
use crate::command::flavor::reading::Reading;
use crate::command::flavor::text;
use crate::source::names::Given;

/// The number of invalid names that are drawn; the others get one line each.
pub(super) const DRAWN: u64 = 20;

/// Formats findings in memory; they are written to the output in order.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reporter<'a> {
    pub(super) stream: Stream,
    pub(super) context: Context<'a>,
    pub(super) deciding: &'a Deciding,
    pub(super) colored: bool,
    /// The name of the input.
    pub(super) input: &'a str,
    /// Whether findings name their input.
    pub(super) several_inputs: bool,
}

/// The findings of a thread that are not printed yet.
#[derive(Debug, Default)]
pub(super) struct Reported {
    pub(super) bytes: Vec<u8>,
    pub(super) answers: Answers,
}

impl Reporter<'_> {
    /// Reports an invalid name; `number` is the number of earlier ones.
    pub(super) fn invalid(&self, out: &mut Reported, name: &[u8], cut: bool, line: u64, number: u64) {
        let profile = self.context.profile;
        let place = Place { input: self.input, line };
        let given = Given { bytes: name, cut, place: Some(place) };
        if self.stream != Stream::Text
            && !cut
            && let Ok(name) = std::str::from_utf8(name)
        {
            return self.findings(out, findings(name, &self.context), line);
        }
        let reading = Reading::of(given, &Parser::new(profile), profile);
        let Reading::Invalid { name: shown, error, .. } = &reading else { return };
        if self.stream != Stream::Text {
            return self.findings(out, invalid_line(shown.clone().into_owned(), error.message.clone()), line);
        }
        let elsewhere_valid = !cut && Parser::new(profile.other()).accept(name).is_some();
        if number < DRAWN {
            out.bytes.extend_from_slice(text::drawing(shown, error, Some(place), self.colored).as_bytes());
            out.bytes.push(b'\n');
        } else {
            let line = format!("{}:{line}: {}\n", visible(self.input), text::error_line(shown, error));
            out.bytes.extend_from_slice(line.as_bytes());
        }
        if elsewhere_valid {
            let hint = Palette::new(self.colored).hint;
            let who = match profile {
                Profile::Text => "the official test suite accepts this name",
                Profile::Official => "the wording of the standard allows this name",
            };
            out.bytes.extend_from_slice(format!("{hint}note{hint:#}: {who}\n").as_bytes());
        }
        if number < DRAWN {
            out.bytes.push(b'\n');
        }
    }

    /// Reports the remarks about a valid name.
    pub(super) fn valid(&self, out: &mut Reported, name: &[u8], line: u64) {
        if let Ok(name) = std::str::from_utf8(name) {
            self.findings(out, findings(name, &self.context), line);
        }
    }

    fn findings(&self, out: &mut Reported, findings: impl IntoIterator<Item = Finding>, line: u64) {
        for finding in &findings.into_iter().collect::<Vec<_>>() {
            out.answers.add(finding);
            // Every finding starts with its separator; the sink drops the first one.
            match self.stream {
                Stream::Text => self.line(&mut out.bytes, finding, line),
                Stream::Json => out.bytes.extend_from_slice(b",\n"),
                Stream::Jsonl => out.bytes.push(b'\n'),
            }
            if self.stream != Stream::Text {
                let file = self.several_inputs.then_some(self.input);
                // Writing to memory does not fail, and all keys are strings.
                let decides = self.deciding.decides(finding);
                let finding = ReportedFinding::new(finding.clone(), decides).at(file, line);
                let _ = serde_json::to_writer(&mut out.bytes, &finding);
            }
        }
    }

    fn line(&self, out: &mut Vec<u8>, finding: &Finding, line: u64) {
        let color = Palette::new(self.colored).of_severity(finding.severity);
        let Finding { severity, subject, message, rule, .. } = finding;
        let input = visible(self.input);
        let line = format!("{color}{severity}{color:#}: {input}:{line}: {subject}: {message} [{rule}]\n");
        out.extend_from_slice(line.as_bytes());
    }
}
