//! Findings about single names, as text or JSON.

use scs_flavor_naming::Parser;
use scs_registry::ReportedFinding;
use scs_standards::{Context, Finding, Profile};

use super::Format;
use super::rules::{Answers, decides, findings, no_name};
use crate::app::color::Palette;
use crate::app::diagnostic::{Place, visible};
use crate::command::flavor::reading::Reading;
use crate::command::flavor::text;
use crate::source::names::Given;

/// How many invalid names are drawn; of the others a line has to do.
pub(super) const DRAWN: u64 = 20;

/// Writes findings into memory, from where they go to the output in their order.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reporter<'a> {
    pub(super) format: Format,
    pub(super) context: Context<'a>,
    pub(super) colored: bool,
    /// What the input is called.
    pub(super) input: &'a str,
    /// Whether findings say in which input they are.
    pub(super) several_inputs: bool,
}

/// What a thread has reported and not printed yet.
#[derive(Debug, Default)]
pub(super) struct Reported {
    pub(super) bytes: Vec<u8>,
    pub(super) answers: Answers,
}

impl Reporter<'_> {
    /// Reports an invalid name; `number` is how many there were before.
    pub(super) fn invalid(&self, out: &mut Reported, name: &[u8], cut: bool, line: u64, number: u64) {
        let profile = self.context.profile;
        let place = Place { input: self.input, line };
        let given = Given { bytes: name, cut, place: Some(place) };
        if self.format != Format::Text
            && !cut
            && let Ok(name) = std::str::from_utf8(name)
        {
            return self.findings(out, findings(name, &self.context), line);
        }
        let reading = Reading::of(given, &Parser::new(profile), profile);
        let Reading::Invalid { name: shown, error, .. } = &reading else { return };
        if self.format != Format::Text {
            return self.findings(out, no_name(shown.clone().into_owned(), error.message.clone()), line);
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
                Profile::Text => "the official test suite accepts this name all the same",
                Profile::Official => "the standard's text allows this name all the same",
            };
            out.bytes.extend_from_slice(format!("{hint}note{hint:#}: {who}\n").as_bytes());
        }
        if number < DRAWN {
            out.bytes.push(b'\n');
        }
    }

    /// Reports what there is to say about a valid name.
    pub(super) fn valid(&self, out: &mut Reported, name: &[u8], line: u64) {
        if let Ok(name) = std::str::from_utf8(name) {
            self.findings(out, findings(name, &self.context), line);
        }
    }

    fn findings(&self, out: &mut Reported, findings: impl IntoIterator<Item = Finding>, line: u64) {
        for finding in &findings.into_iter().collect::<Vec<_>>() {
            out.answers.add(finding);
            // Every finding begins with what separates it from the one before; the sink drops the first of these.
            match self.format {
                Format::Text => self.line(&mut out.bytes, finding, line),
                Format::Json => out.bytes.extend_from_slice(b",\n"),
                Format::Jsonl => out.bytes.push(b'\n'),
            }
            if self.format != Format::Text {
                let file = self.several_inputs.then_some(self.input);
                // Writing to memory does not fail, and every key is a string.
                let decides = decides(finding, self.context.profile);
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
