//! `scs entropy check`: a sample VM against scs-0101.

use std::collections::{BTreeMap, BTreeSet};

use clap::Args;
use scs_entropy::{
    ConsoleOutput, ENTROPY_DOCUMENTS, EntropyEvidence, EntropyRevision, HostFacts, Listed, entropy_rules,
    entropy_test_cases,
};
use scs_flavor_naming::FlavorList;
use scs_image_metadata::ImageList;
use scs_registry::{Decision, RuleInfo};
use scs_standards::{Answer, Context, Given, Strength, TestCase, Verdict};

use crate::Exit;
use crate::checked::{self, Checked, Format, Kind};
use crate::cli::Common;
use crate::failure::Failure;
use crate::files::{self, Limit};
use crate::input::Source;
use crate::output::Output;

/// Consoles have some hundred KiB; Nova keeps no more by itself.
const LIMIT: Limit = Limit {
    bytes: 256 << 20,
    what: "no console output",
    hint: "give its end: `openstack console log show --lines 10000 VM`",
};

/// `scs entropy check`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  openstack console log show VM | scs entropy check -
  scs entropy check console-output.txt             of a VM started with `scs entropy userdata`
  scs entropy probe -f json | scs entropy check -  what a probe has found
  scs entropy check --host-facts hosts.json console-output.txt
                                                   do VMs see the instructions of the hosts?
  scs entropy check --revision 1.0 --flavors flavors.json --images images.json vm.txt

A file is the text of a console, what Nova returns, or what `scs entropy probe -f json` prints.
Revision 1.1 of scs-0101-v1 counts from 2026-06-25; what only 1.0 asks for passes then.
Exit status: 0 the verdict is PASS, 1 it is not, 2 the input could not be read.")]
pub(crate) struct Check {
    /// What to check; `-` is standard input
    #[arg(value_name = "FILE", required = true)]
    files: Vec<Source>,

    /// Which revision of scs-0101-v1 decides, where it is not that of the day: 1.0 or 1.1
    #[arg(long, value_name = "REVISION")]
    revision: Option<EntropyRevision>,

    /// The compute nodes: a JSON list of objects with `name`, `architecture` and `cpu_flags`
    #[arg(long, value_name = "FILE")]
    host_facts: Option<Source>,

    /// The cloud's flavors, for revision 1.0
    #[arg(long, value_name = "FILE")]
    flavors: Option<Source>,

    /// The cloud's images, for revision 1.0
    #[arg(long, value_name = "FILE")]
    images: Option<Source>,

    /// What the provider states about things that no API shows
    #[arg(long, value_name = "FILE")]
    declarations: Option<Source>,

    /// List every note, too
    #[arg(long)]
    all: bool,

    /// How to print
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

impl Check {
    pub(crate) fn run(&self, common: &Common) -> Result<Exit, Failure> {
        let declarations = files::declarations(self.declarations.as_ref())?;
        let context =
            Context { at: crate::at::now(common.at), profile: common.profile(), declarations: &declarations };
        let mut all = Vec::with_capacity(self.files.len());
        for file in &self.files {
            let bytes = files::bytes(file.open()?, LIMIT)?;
            let console = ConsoleOutput::from_file(&bytes).map_err(|error| {
                Failure::new(format!("{}: {error}", file.name())).hint(
                    "start a VM with the user data of `scs entropy userdata`, wait for the line `_scs-test-end`, and take `openstack console log show VM`",
                )
            })?;
            let evidence = self.with_optional_inputs(EntropyEvidence::from_console(console))?;
            all.push(checked(file.name(), "console output", &evidence, &context));
        }
        let mut output = Output::open(common.output.as_deref())?;
        checked::write(&mut output, &all, self.format, self.all, common, &context)?;
        output.finish()?;
        Ok(Exit::success_if(all.iter().all(|one| one.verdict == Verdict::Pass)))
    }

    /// What is known besides the console.
    fn with_optional_inputs(&self, mut evidence: EntropyEvidence) -> Result<EntropyEvidence, Failure> {
        evidence.revision = self.revision;
        if let Some(file) = &self.host_facts {
            evidence.host_facts = Given::Data(read::<HostFacts>(file)?);
        }
        if let Some(file) = &self.flavors {
            let list = read::<FlavorList>(file)?;
            let broken = list.broken.iter().map(ToString::to_string);
            let broken = broken.chain(list.incomplete.as_ref().map(ToString::to_string)).collect();
            evidence.flavors = Given::Data(Listed { entries: list.flavors, broken });
        }
        if let Some(file) = &self.images {
            let list = read::<ImageList>(file)?;
            let broken = list.broken.iter().map(ToString::to_string);
            let broken = broken.chain(list.incomplete.as_ref().map(ToString::to_string)).collect();
            let entries = list.images.into_iter().map(|(_, image)| image).collect();
            evidence.images = Given::Data(Listed { entries, broken });
        }
        Ok(evidence)
    }
}

fn read<T: std::str::FromStr<Err: std::fmt::Display>>(file: &Source) -> Result<T, Failure> {
    let text = files::text(file.open()?, files::WRITTEN)?;
    text.parse().map_err(|error| Failure::new(format!("{}: {error}", file.name())))
}

/// Asks all rules.
pub(super) fn checked(
    name: String,
    format: &str,
    evidence: &EntropyEvidence,
    context: &Context<'_>,
) -> Checked {
    let answers: Vec<(RuleInfo, Answer)> =
        entropy_rules().map(|rule| (RuleInfo::from(rule), rule.answer(evidence, context))).collect();
    let all = || answers.iter().map(|(_, answer)| answer);
    // Those that are of no target of a scope any more. Where nobody asks for them, they have no result.
    let withdrawn = |case: &TestCase| case.level.strength() != Strength::Must;
    let revision = evidence.revision.unwrap_or_else(|| EntropyRevision::at(context.date()));
    let results: BTreeMap<&'static str, Verdict> = entropy_test_cases()
        .filter(|case| revision == EntropyRevision::V1_0 || !withdrawn(case))
        .filter_map(|case| Some((case.id, case.verdict(all())?)))
        .collect();
    let advisory: BTreeSet<&'static str> =
        entropy_test_cases().filter(|case| withdrawn(case)).map(|case| case.id).collect();
    let deciding = results.iter().filter(|(id, _)| !advisory.contains(*id)).map(|(_, verdict)| *verdict);
    let mandatory = entropy_test_cases().filter(|case| !withdrawn(case)).copied();
    let decision = Decision::of_standards(context.profile, &ENTROPY_DOCUMENTS, mandatory);
    let by_rules = decision.of_rules(answers.iter().map(|(rule, answer)| (rule, answer)));
    Checked {
        name,
        is_one_file: true,
        kind: Kind::Machine,
        format: format.to_owned(),
        count: 1,
        notices: evidence.problems().map(str::to_owned).collect(),
        verdict: Verdict::topmost(deciding.chain(by_rules)).unwrap_or(Verdict::Miss),
        answers,
        decision,
        results,
        advisory,
        versions: BTreeMap::new(),
    }
}
