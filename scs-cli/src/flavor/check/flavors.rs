//! Checks flavors with all that a source tells of them: Nova's JSON, the OpenStack client's JSON, flavor-manager's YAML.

use std::collections::BTreeMap;

use scs_flavor_naming::{FlavorFormat, FlavorList, FlavorSet, adapt_fixes, flavor_rules, flavor_test_cases};
use scs_registry::{Decision, RuleInfo};
use scs_standards::{Answer, Context, Strength, Verdict};

use super::{Check, InputChoice};
use crate::Exit;
use crate::checked::{self, Checked, Kind};
use crate::cli::Common;
use crate::failure::Failure;
use crate::files;
use crate::flavor::source;
use crate::input::Opened;
use crate::output::Output;

/// Checks each input as a cloud of its own.
pub(super) fn run(inputs: Vec<Opened>, check: &Check, common: &Common) -> Result<Exit, Failure> {
    let declarations = files::declarations(check.declarations.as_ref())?;
    let context =
        Context { at: crate::at::now(common.at), profile: common.profile(), declarations: &declarations };
    let mut all = Vec::with_capacity(inputs.len());
    for input in inputs {
        let name = input.name.clone();
        let list = source::flavors(input)?;
        refuse_other_kind(&name, list.format, check.input)?;
        all.push(judged(name, list, check, &context));
    }
    let mut output = Output::open(common.output.as_deref())?;
    checked::write(&mut output, &all, check.format, check.all, common, &context)?;
    output.finish()?;
    Ok(Exit::success_if(all.iter().all(|one| one.verdict == Verdict::Pass)))
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

fn judged(name: String, list: FlavorList, check: &Check, context: &Context<'_>) -> Checked {
    let (format, flavors, mut notices) = (list.format, list.flavors.len(), list.notices.clone());
    notices.extend(context.declarations.unusable().map(ToString::to_string));
    let documents = check.documents();
    let set = FlavorSet::from(list);
    let answers: Vec<(RuleInfo, Answer)> = flavor_rules()
        .map(|rule| (RuleInfo::from(rule), rule))
        .filter(|(info, _)| info.is_stated_by(&documents))
        .map(|(info, rule)| (info, adapt_fixes(&set, rule.answer(&set, context))))
        .collect();
    let cases = flavor_test_cases().filter(|case| {
        check.include.iter().any(|include| include.takes(case)) || case.level.strength() == Strength::Must
    });
    let results: BTreeMap<_, _> =
        cases.filter_map(|case| Some((case.id, (case.level, case.verdict(all(&answers))?)))).collect();
    // Recommended cases are shown where they are asked for and decide nothing.
    let deciding = results.values().filter(|(level, _)| level.strength() == Strength::Must);
    let mandatory = flavor_test_cases().filter(|case| case.level.strength() == Strength::Must).copied();
    let decision = Decision::of_standards(context.profile, &documents, mandatory);
    let by_rules = decision.of_rules(answers.iter().map(|(rule, answer)| (rule, answer)));
    // Without any result nothing has been passed.
    let verdict = Verdict::topmost(deciding.map(|(_, verdict)| *verdict).chain(by_rules));
    let advisory = results.iter().filter(|(_, (level, _))| level.strength() != Strength::Must);
    let advisory = advisory.map(|(id, _)| *id).collect();
    let results = results.into_iter().map(|(id, (_, verdict))| (id, verdict)).collect();
    Checked {
        name,
        is_one_file: true,
        kind: Kind::Flavor,
        format: format.to_string(),
        count: flavors,
        notices,
        answers,
        decision,
        results,
        advisory,
        versions: BTreeMap::new(),
        verdict: verdict.unwrap_or(Verdict::Miss),
    }
}

fn all(answers: &[(RuleInfo, Answer)]) -> impl Iterator<Item = &Answer> {
    answers.iter().map(|(_, answer)| answer)
}
