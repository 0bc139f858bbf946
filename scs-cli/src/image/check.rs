//! `scs image check`: images against scs-0102 and scs-0104.

use std::collections::{BTreeMap, BTreeSet};

use clap::Args;
use scs_image_metadata::{ImageOptions, ImageSet, image_rules, image_test_cases};
use scs_registry::{Decision, RuleInfo};
use scs_standards::{Answer, Context, DocumentId, Profile, Rule, Strength, TestCase, Verdict};

use super::source::Given;
use super::{StandardVersion, days};
use crate::Exit;
use crate::checked::{self, Checked, Format, Kind, RuleResult, VersionOutcome};
use crate::cli::Common;
use crate::failure::Failure;
use crate::files;
use crate::input::Source;
use crate::output::Output;

/// `scs image check`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  scs image check images.json                      what Glance's API returns: GET /v2/images
  openstack image show -f json 'Ubuntu 24.04' | scs image check -
  scs image check etc/images                       definitions of openstack-image-manager, all of one cloud
  scs image check --horizon 30d images.json        also what breaks its promise within a month
  scs image check --standard v2 images.json        by the drafts of the next versions
  scs image check --profile official images.json   as the official test suite decides
  scs image check -f json -o report.json images.json

Both versions of the standards are evaluated; `versions` in the JSON output has both, version 1 decides.
Exit status: 0 the verdict is PASS, 1 it is not, 2 the input could not be read.")]
pub(crate) struct Check {
    /// What to check; `-` is standard input
    #[arg(value_name = "FILE", required = true)]
    files: Vec<Source>,

    /// Which version decides
    #[arg(long, value_name = "VERSION", default_value = "v1")]
    standard: StandardVersion,

    /// Warn of images that break their promise within so many days
    #[arg(long, value_name = "DAYS", value_parser = days)]
    horizon: Option<u32>,

    /// Take any `os_distro`
    #[arg(long)]
    any_distro: bool,

    /// Want one generic image of each system among community images as well
    #[arg(long)]
    unique_in_community: bool,

    #[command(flatten)]
    given: Given,

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
        let mut options = ImageOptions::default();
        options.horizon_days = self.horizon;
        options.any_distro = self.any_distro;
        options.unique_in_community = self.unique_in_community;
        let sets = self.given.sets(&self.files, options)?;
        let together = sets.len() < self.files.len();
        let all: Vec<Checked> = sets
            .into_iter()
            .map(|(name, set, mut notices)| {
                notices.extend(declarations.unusable().map(ToString::to_string));
                let checked = checked(name, &set, notices, self.standard, &context);
                // The process ends soon, and gives all memory back at once.
                std::mem::forget(set);
                Checked { is_one_file: !together, ..checked }
            })
            .collect();
        let mut output = Output::open(common.output.as_deref())?;
        checked::write(&mut output, &all, self.format, self.all, common, &context)?;
        output.finish()?;
        Ok(Exit::success_if(all.iter().all(|one| one.verdict == Verdict::Pass)))
    }
}

/// Asks the rules of both versions, those that they share once.
fn checked(
    name: String,
    set: &ImageSet,
    mut notices: Vec<String>,
    standard: StandardVersion,
    context: &Context<'_>,
) -> Checked {
    let private = set.images().len() - set.offered().count();
    if private > 0 {
        notices.push(format!("{private} private or shared images are not looked at"));
    }
    notices.extend(set.broken().iter().map(|reason| format!("not read: {reason}")));
    let mut rules: Vec<&'static Rule<ImageSet>> = Vec::new();
    for version in StandardVersion::ALL {
        for rule in version.documents().into_iter().flat_map(image_rules) {
            if !rules.iter().any(|known| std::ptr::eq(*known, rule)) {
                rules.push(rule);
            }
        }
    }
    let answers = scs_image_metadata::answers(rules.clone(), set, context);
    let mut asked: Vec<(&'static Rule<ImageSet>, Option<Answer>)> =
        rules.into_iter().zip(answers.into_iter().map(Some)).collect();
    let versions: BTreeMap<_, _> = StandardVersion::ALL
        .into_iter()
        .map(|version| (version.name(), outcome(version, &asked, context.profile)))
        .collect();
    let deciding = standard.documents();
    let answers: Vec<(RuleInfo, Answer)> = asked
        .iter_mut()
        .map(|(rule, answer)| (RuleInfo::from(*rule), answer))
        .filter(|(info, _)| info.is_stated_by(&deciding) && !is_of_a_former_list(info))
        .filter_map(|(info, answer)| Some((info, answer.take()?)))
        .collect();
    let (results, verdict) = versions.get(standard.name()).map_or_else(
        || (BTreeMap::new(), Verdict::Miss),
        |version| (version.results.clone(), version.verdict),
    );
    let advisory: BTreeSet<_> =
        image_test_cases().filter(|case| !decides(case, standard)).map(|case| case.id).collect();
    Checked {
        name,
        is_one_file: true,
        kind: Kind::Image,
        format: set.format().to_string(),
        count: set.images().len(),
        notices,
        answers,
        decision: decision(standard, context.profile),
        results,
        advisory,
        versions,
        verdict,
    }
}

/// What comes out by one version.
fn outcome(
    version: StandardVersion,
    asked: &[(&'static Rule<ImageSet>, Option<Answer>)],
    profile: Profile,
) -> VersionOutcome {
    let documents: Vec<DocumentId> = version.documents();
    let belongs = |rule: &Rule<ImageSet>| rule.documents.iter().any(|document| documents.contains(document));
    let other = StandardVersion::ALL
        .into_iter()
        .filter(|other| *other != version)
        .flat_map(StandardVersion::documents);
    let others: Vec<DocumentId> = other.collect();
    let own: Vec<(RuleInfo, &Answer)> = asked
        .iter()
        .filter(|(rule, _)| belongs(rule))
        .filter_map(|(rule, answer)| Some((RuleInfo::from(*rule), answer.as_ref()?)))
        .collect();
    let answers = || own.iter().map(|(_, answer)| *answer);
    let cases =
        image_test_cases().filter(|case| case.id != MAIN_IN_IAAS_V4).map(|case| strengthened(case, version));
    let results: BTreeMap<&'static str, Verdict> =
        cases.filter_map(|case| Some((case.id, case.verdict(answers())?))).collect();
    let deciding = results
        .iter()
        .filter(|(id, _)| scs_image_metadata::image_test_case(id).is_some_and(|case| decides(case, version)));
    let decision = decision(version, profile);
    let of_today = own.iter().filter(|(rule, _)| !is_of_a_former_list(rule));
    let by_rules = decision.of_rules(of_today.map(|(rule, answer)| (rule, *answer)));
    let verdict =
        Verdict::topmost(deciding.map(|(_, verdict)| *verdict).chain(by_rules)).unwrap_or(Verdict::Miss);
    let rules = own
        .iter()
        .filter(|(rule, _)| !rule.is_stated_by(&others) && !is_of_a_former_list(rule))
        .map(|(rule, answer)| RuleResult::of(rule, answer, decision.of_answer(rule, answer)))
        .collect();
    VersionOutcome { documents, verdict, results, rules }
}

/// What decides by a version.
fn decision(version: StandardVersion, profile: Profile) -> Decision {
    let cases = image_test_cases().filter(|case| decides(case, version));
    let cases = cases.map(|case| strengthened(case, version));
    Decision::of_standards(profile, &version.documents(), cases)
}

/// The cases that are of target *main* with version 2 of the metadata only.
const MAIN_IN_V2: [&str; 2] = ["scs-0102-prop-os_purpose", "scs-0102-os_purpose-uniqueness"];
/// Of target *main* in SCS-compatible IaaS v4 alone, which is deprecated: `scs check --scope-version v4` asks for it.
pub(super) const MAIN_IN_IAAS_V4: &str = "scs-0104-image-ubuntu-2204";

/// Whether a rule is about an image that no list in force asks for any more.
fn is_of_a_former_list(rule: &RuleInfo) -> bool {
    rule.test_case == Some(MAIN_IN_IAAS_V4)
}

/// A case with its level by a version.
fn strengthened(case: &TestCase, version: StandardVersion) -> TestCase {
    let level = if version == StandardVersion::V2 && MAIN_IN_V2.contains(&case.id) {
        scs_standards::Level::Must
    } else {
        case.level
    };
    TestCase { level, ..*case }
}

/// Whether a case is one of target *main*: of SCS-compatible IaaS v5.1 for version 1, of next for version 2.
fn decides(case: &TestCase, version: StandardVersion) -> bool {
    strengthened(case, version).level.strength() == Strength::Must && case.id != MAIN_IN_IAAS_V4
}
