//! What a check of flavors, images or a machine says, to people and to programs.

mod document;
mod draft;
mod standing;
mod text;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use clap::ValueEnum;
use scs_registry::{Decision, RuleInfo};
use scs_standards::{Answer, Context, Finding, Profile, Verdict};
use serde::Serialize;

pub(crate) use document::{
    Counts, Document, Head, Line, Located, Outcome, RuleResult, Summary, VersionOutcome,
};
pub(crate) use draft::FindingRow;
pub(crate) use standing::{Told, heading};
pub(crate) use text::{
    counts_in_words, findings_as_markdown, findings_in_words, fix_in_one_line, severity_color, verdict_color,
};

use crate::cli::Common;
use crate::color::Palette;
use crate::failure::Failure;
use crate::files;
use crate::output::Output;

/// How a check is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Text,
    /// One document with `findings`, `results` and `verdict`
    Json,
    /// One finding per line, then one line with the results
    Jsonl,
    /// As json, in YAML
    Yaml,
    /// Tables
    Markdown,
}

/// What is checked: the word that stands in commands and sentences.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Flavor,
    Image,
    /// A sample VM.
    Machine,
}

impl Kind {
    pub(crate) const fn noun(self) -> &'static str {
        match self {
            Self::Flavor => "flavor",
            Self::Image => "image",
            Self::Machine => "machine",
        }
    }
}

/// What came out for one source.
pub(crate) struct Checked {
    /// What the source is called.
    pub(crate) name: String,
    /// Whether that is one file, which a further command can be given.
    pub(crate) is_one_file: bool,
    pub(crate) kind: Kind,
    /// The format that it turned out to have.
    pub(crate) format: String,
    /// How many flavors or images it has; of a machine, 1.
    pub(crate) count: usize,
    /// What the reader should know of the source as a whole.
    pub(crate) notices: Vec<String>,
    /// What the rules say.
    pub(crate) answers: Vec<(RuleInfo, Answer)>,
    /// Which of it decides.
    pub(crate) decision: Decision,
    /// The official test cases that were asked for.
    pub(crate) results: BTreeMap<&'static str, Verdict>,
    /// Those of them that decide nothing.
    pub(crate) advisory: BTreeSet<&'static str>,
    /// The verdict and the results by the versions of a standard.
    pub(crate) versions: BTreeMap<&'static str, VersionOutcome>,
    /// The topmost result of the test cases that decide.
    pub(crate) verdict: Verdict,
}

impl Checked {
    /// All findings, each with whether it is a reason for the verdict.
    fn findings(&self) -> impl Iterator<Item = (&Finding, bool)> {
        self.answers.iter().flat_map(|(rule, answer)| {
            answer.findings.iter().map(|finding| (finding, self.decision.of_finding(rule, finding)))
        })
    }

    fn located(&self) -> impl Iterator<Item = Located<'_>> {
        self.findings().map(|(finding, decides)| Located::new(finding, decides))
    }

    /// All findings with what they mean for a certificate.
    fn told(&self) -> Vec<Told<'_>> {
        self.findings().map(|(finding, decides)| Told::decided(finding, decides)).collect()
    }

    /// The document of the interface.
    fn document(&self, context: &Context<'_>) -> Document<'_> {
        let count = |kind| (self.kind == kind).then_some(self.count);
        Document {
            head: Head::new(Some(&self.name), context),
            outcome: Outcome {
                flavors: count(Kind::Flavor),
                images: count(Kind::Image),
                notices: Some(&self.notices),
                results: self.results.clone(),
                versions: self.versions.clone(),
                rules: rule_results(&self.answers, &self.decision),
                ..Outcome::of(self.verdict)
            },
            findings: self.located().collect(),
        }
    }
}

/// What the rules say, each under its document.
pub(crate) fn rule_results(answers: &[(RuleInfo, Answer)], decision: &Decision) -> Vec<RuleResult> {
    let result =
        |(rule, answer): &(RuleInfo, Answer)| RuleResult::of(rule, answer, decision.of_answer(rule, answer));
    answers.iter().map(result).collect()
}

/// Prints what came out for all sources; `every` prints also what is merely good to know.
pub(crate) fn write(
    output: &mut Output,
    all: &[Checked],
    format: Format,
    every: bool,
    common: &Common,
    context: &Context<'_>,
) -> Result<(), Failure> {
    match format {
        Format::Text => {
            let palette = Palette::new(common.colors_results(output));
            for one in all {
                output.write_text(&text::in_words(one, every, context.profile, &palette))?;
            }
        }
        Format::Json | Format::Yaml => {
            let yaml = format == Format::Yaml;
            match all {
                [one] => files::write_document(output, &one.document(context), yaml)?,
                several => {
                    let documents: Vec<_> = several.iter().map(|one| one.document(context)).collect();
                    files::write_document(output, &documents, yaml)?;
                }
            }
        }
        Format::Jsonl => {
            for one in all {
                for finding in one.located() {
                    line(output, &Line::Finding(finding))?;
                }
                let Document { head, outcome, .. } = one.document(context);
                line(output, &Line::Summary(Summary { head, outcome }))?;
            }
        }
        Format::Markdown => {
            for one in all {
                output.write_text(&text::as_markdown(one, every))?;
            }
        }
    }
    Ok(())
}

fn line(output: &mut Output, value: &impl Serialize) -> Result<(), Failure> {
    serde_json::to_writer(&mut *output, value)?;
    Ok(output.write_all(b"\n")?)
}

/// The profile as an option for a further command.
pub(crate) const fn profile_option(profile: Profile) -> &'static str {
    match profile {
        Profile::Text => "",
        Profile::Official => " --profile official",
    }
}
