//! Checks flavors with all that a source tells of them: Nova's JSON, the OpenStack client's JSON, flavor-manager's YAML.

use std::collections::BTreeMap;
use std::io::Write;

use scs_flavor_naming::{FlavorFormat, FlavorList, FlavorSet, check_flavors, flavor_test_cases};
use scs_standards::{Answer, Context, Profile, Strength, Verdict};
use serde::Serialize;

use super::document::{Document, Head, Line, Located, Outcome as CameOut, Summary};
use super::{AnyFormat, Check, InputChoice, flavors_text};
use crate::Outcome;
use crate::cli::Common;
use crate::colour::Palette;
use crate::failure::Failure;
use crate::flavor::source;
use crate::input::Opened;
use crate::output::Output;

/// What came out for one source.
pub(super) struct Checked {
    /// What the source is called.
    pub(super) name: String,
    /// The format that it turned out to have.
    pub(super) format: FlavorFormat,
    /// How many flavors it has.
    pub(super) flavors: usize,
    /// What the reader should know of the source as a whole.
    pub(super) notices: Vec<String>,
    /// What the rules say.
    pub(super) answers: Vec<Answer>,
    /// The official test cases that were asked for.
    pub(super) results: BTreeMap<&'static str, Verdict>,
    /// The topmost result of the MUST test cases.
    pub(super) verdict: Verdict,
}

/// Checks each input as a cloud of its own.
pub(super) fn run(inputs: Vec<Opened>, check: &Check, common: &Common) -> Result<Outcome, Failure> {
    let declarations = source::declarations(check.declarations.as_ref())?;
    let context =
        Context { at: crate::at::now(common.at), profile: common.profile(), declarations: &declarations };
    let mut all = Vec::with_capacity(inputs.len());
    for input in inputs {
        let name = input.name.clone();
        let list = source::flavors(input)?;
        refuse_other_kind(&name, list.format, check.input)?;
        all.push(checked(name, list, check, &context));
    }
    let mut output = Output::open(common.output.as_deref())?;
    write(&mut output, &all, check, common, &context)?;
    output.finish()?;
    Ok(Outcome::fine_if(all.iter().all(|one| one.verdict == Verdict::Pass)))
}

/// `--input` names the kind that the file must have.
fn refuse_other_kind(name: &str, format: FlavorFormat, choice: InputChoice) -> Result<(), Failure> {
    let fits = match choice {
        InputChoice::Auto | InputChoice::Names => true,
        InputChoice::Nova => format == FlavorFormat::Nova,
        InputChoice::Osc => format == FlavorFormat::Osc,
        InputChoice::FlavorManager => {
            matches!(format, FlavorFormat::FlavorManager | FlavorFormat::FlavorGroups)
        }
    };
    if fits {
        return Ok(());
    }
    Err(Failure::new(format!("{name} holds flavors as {format} writes them")).hint("leave out `--input`"))
}

fn checked(name: String, list: FlavorList, check: &Check, context: &Context<'_>) -> Checked {
    let (format, flavors, notices) = (list.format, list.flavors.len(), list.notices.clone());
    let answers = check_flavors(&FlavorSet::from(list), context, &check.documents());
    let cases = flavor_test_cases().filter(|case| {
        check.include.iter().any(|include| include.takes(case)) || case.level.strength() == Strength::Must
    });
    let results: BTreeMap<_, _> =
        cases.filter_map(|case| Some((case.id, (case.level, case.verdict(&answers)?)))).collect();
    // Recommended cases are shown where they are asked for and decide nothing.
    let deciding = results.values().filter(|(level, _)| level.strength() == Strength::Must);
    // Without any result nothing has been passed.
    let verdict = Verdict::topmost(deciding.map(|(_, verdict)| *verdict)).unwrap_or(Verdict::Miss);
    let results = results.into_iter().map(|(id, (_, verdict))| (id, verdict)).collect();
    Checked { name, format, flavors, notices, answers, results, verdict }
}

fn write(
    output: &mut Output,
    all: &[Checked],
    check: &Check,
    common: &Common,
    context: &Context<'_>,
) -> Result<(), Failure> {
    match check.format {
        AnyFormat::Text => {
            let palette = Palette::new(common.colours_results(output));
            for one in all {
                output.write_all(
                    flavors_text::in_words(one, check.all, context.profile, &palette).as_bytes(),
                )?;
            }
        }
        AnyFormat::Json | AnyFormat::Yaml => {
            let yaml = check.format == AnyFormat::Yaml;
            match all {
                [one] => source::write_document(output, &one.document(context), yaml)?,
                several => {
                    let documents: Vec<_> = several.iter().map(|one| one.document(context)).collect();
                    source::write_document(output, &documents, yaml)?;
                }
            }
        }
        AnyFormat::Jsonl => {
            for one in all {
                for finding in one.findings() {
                    line(output, &Line::Finding(finding))?;
                }
                let Document { head, outcome, .. } = one.document(context);
                line(output, &Line::Summary(Summary { head, outcome }))?;
            }
        }
        AnyFormat::Markdown => {
            for one in all {
                output.write_all(flavors_text::as_markdown(one, check.all).as_bytes())?;
            }
        }
    }
    Ok(())
}

fn line(output: &mut Output, value: &impl Serialize) -> Result<(), Failure> {
    serde_json::to_writer(&mut *output, value)?;
    Ok(output.write_all(b"\n")?)
}

impl Checked {
    fn findings(&self) -> impl Iterator<Item = Located<'_>> {
        self.answers.iter().flat_map(|answer| &answer.findings).map(Located::from)
    }

    /// The document of the interface.
    fn document(&self, context: &Context<'_>) -> Document<'_> {
        Document {
            head: Head::new(Some(&self.name), context),
            outcome: CameOut {
                flavors: Some(self.flavors),
                counts: None,
                notices: Some(&self.notices),
                results: self.results.clone(),
                rules: self.answers.iter().map(|answer| (answer.rule, answer.verdict)).collect(),
                verdict: self.verdict,
            },
            findings: self.findings().collect(),
        }
    }
}

/// The profile as an option for a further command.
pub(super) const fn profile_option(profile: Profile) -> &'static str {
    match profile {
        Profile::Text => "",
        Profile::Official => " --profile official",
    }
}
