//! What all rules say about an inventory, and what that means for the versions of a scope.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use regex::Regex;
use scs_certificates::{
    EvaluationOptions, GivenResult, Module, Scope, ScopeVersion, Target, UnknownVersion, Validity,
};
use scs_k8s_policy::KubernetesFacts;
use scs_standards::catalog::Catalog;
use scs_standards::{
    Answer, Context, DocumentId, Finding, Level, Profile, State, Strength, TestCase, Verdict,
};
use serde::Serialize;
use thiserror::Error;

use crate::age::Age;
use crate::coverage::Coverage;
use crate::decision::Decision;
use crate::domain::{Asked, DomainAnswers, RuleInfo};
use crate::domains::DOMAINS;
use crate::inventory::{Inventory, Kind};
use crate::registry::Registry;

/// How to check.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CheckOptions<'a> {
    /// The scope.
    pub scope: &'a Scope,
    /// "Now".
    pub at: Timestamp,
    /// Which reading decides.
    pub profile: Profile,
    /// The version that decides, where it is not the newest effective one.
    pub version: Option<String>,
    /// The targets that decide, where it is not *main*.
    pub targets: Vec<Target>,
    /// The test cases to look at, where it is not all of them.
    pub only: Option<Regex>,
    /// Whether MUST rules of included documents that no test case covers decide where they could not be answered, too.
    pub all_rules: bool,
    /// Whether documents count that no version asks for and that are drafts.
    pub include_drafts: bool,
    /// What is known of Kubernetes, where it is not what the program knows.
    pub facts: &'a KubernetesFacts,
    /// How many days ahead to look for images that become outdated.
    pub horizon_days: Option<u32>,
}

impl<'a> CheckOptions<'a> {
    /// All test cases of a scope.
    #[must_use]
    pub fn new(scope: &'a Scope, at: Timestamp, profile: Profile) -> Self {
        Self {
            scope,
            at,
            profile,
            version: None,
            targets: Vec::new(),
            only: None,
            all_rules: false,
            include_drafts: false,
            facts: KubernetesFacts::embedded(),
            horizon_days: None,
        }
    }
}

/// Why a check cannot be made as asked for.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CheckError {
    /// The scope does not have the version.
    #[error(transparent)]
    Version(#[from] UnknownVersion),
    /// The version does not have the target.
    #[error("{version} has no target `{target}`; it has {known}")]
    Target {
        /// The version.
        version: String,
        /// The target that was asked for.
        target: String,
        /// Those that it has.
        known: String,
    },
    /// No test case of the version is selected.
    #[error("no test case of {version} matches `{only}`")]
    Only {
        /// The version.
        version: String,
        /// The expression.
        only: String,
    },
}

/// What came out for a version of the scope.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct CheckedVersion {
    /// What the version is good for.
    pub validity: Validity,
    /// The topmost result of the test cases that decide.
    pub verdict: Verdict,
    /// Every target.
    pub targets: BTreeMap<String, Verdict>,
    /// Every test case.
    pub results: BTreeMap<String, Verdict>,
    /// The MUST rules of the version's documents that are not PASS and decide without a deciding test case.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub deciding_rules: Vec<&'static str>,
    /// Test cases whose result does not count, each with the reason.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub outdated: BTreeMap<String, String>,
    /// When the oldest evidence of a test case came about, where that was not when the inventory was collected.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[cfg_attr(feature = "schemars", schemars(with = "BTreeMap<String, String>"))]
    pub evidence_at: BTreeMap<String, Timestamp>,
    /// Why it is not known what the version asks for: an error of the scope file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Why nothing passes, whatever the results say: what the version asks for is not known, or the inventory is of a later time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub because: Option<String>,
}

impl CheckedVersion {
    /// Nothing was tested.
    fn abort(&mut self) {
        let results = self.results.values_mut().chain(self.targets.values_mut());
        results.for_each(|result| *result = Verdict::Dnf);
        self.verdict = Verdict::Dnf;
    }
}

/// What came out for an inventory.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The versions, the newest first.
    pub versions: Vec<(String, CheckedVersion)>,
    /// The version that decides; `None` where the timeline has no effective one.
    pub deciding: Option<String>,
    /// The answers of the rules that the deciding version and the documents beside the scope state.
    pub answers: Vec<(RuleInfo, Answer)>,
    /// Which of them decide.
    pub decision: Decision,
    /// When the verdict next changes by time alone, where that is known.
    pub changes_at: Option<Timestamp>,
    /// The test cases that no rule answers yet, each with the reason.
    pub unanswered: Vec<(String, &'static str)>,
    /// What came out.
    pub verdict: Verdict,
    /// What the reader should know.
    pub notices: Vec<String>,
}

impl Checked {
    /// The results of the deciding version.
    #[must_use]
    pub fn results(&self) -> BTreeMap<String, Verdict> {
        self.decided_by().map(|version| version.results.clone()).unwrap_or_default()
    }

    /// All findings.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.answers.iter().flat_map(|(_, answer)| &answer.findings)
    }

    /// All findings, and whether each is a reason for the verdict.
    pub fn decided_findings(&self) -> impl Iterator<Item = (&Finding, bool)> {
        self.answers.iter().flat_map(|(rule, answer)| {
            answer.findings.iter().map(|finding| (finding, self.decision.of_finding(rule, finding)))
        })
    }

    /// The deciding version.
    #[must_use]
    pub fn decided_by(&self) -> Option<&CheckedVersion> {
        let decides = |(name, _): &&(String, CheckedVersion)| Some(name) == self.deciding.as_ref();
        self.versions.iter().find(decides).map(|(_, version)| version)
    }

    /// Why a test case of the deciding version has the result that it has, where no finding says it.
    #[must_use]
    pub fn reason(&self, case: &str) -> Option<&str> {
        let outdated = self.decided_by().and_then(|version| version.outdated.get(case));
        let unanswered =
            || self.unanswered.iter().find(|(known, _)| known == case).map(|(_, reason)| *reason);
        outdated.map(String::as_str).or_else(unanswered)
    }
}

/// Checks an inventory.
///
/// # Errors
///
/// When the scope has no such version, the version no such target, or no test case is selected.
///
/// ```
/// use scs_certificates::Scope;
/// use scs_registry::{CheckOptions, Inventory, check};
/// use scs_standards::{Profile, Verdict};
///
/// let inventory = Inventory::read("{kind: cloud, flavors: [{name: SCS-2iT-4, vcpus: 2, ram: 4096, disk: 0}]}")?;
/// let options = CheckOptions::new(Scope::compatible_iaas(), "2026-11-24T00:00:00Z".parse()?, Profile::Text);
/// let checked = check(&inventory, &options)?;
/// assert_eq!(checked.deciding.as_deref(), Some("v5.1"));
/// assert_eq!(checked.results()["scs-0100-syntax-check"], Verdict::Fail);
/// // There are no images in the inventory.
/// assert_eq!(checked.results()["scs-0102-prop-min_disk"], Verdict::Miss);
/// assert_eq!(checked.verdict, Verdict::Fail);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn check(inventory: &Inventory, options: &CheckOptions<'_>) -> Result<Checked, CheckError> {
    let registry = Registry::new();
    let context =
        Context { at: options.at, profile: options.profile, declarations: inventory.declarations() };
    let today = context.date();
    let scope = options.scope;
    let mut notices = Vec::new();
    let deciding = match &options.version {
        Some(name) => {
            let version = scope.version(name)?;
            if version.name() != name {
                notices.push(format!("`{name}` is called {} in the scope file", version.name()));
            }
            Some(version)
        }
        None => scope.newest_effective(today),
    };
    let versions = versions(deciding, options, today);
    if let Some(version) = deciding {
        selection(version, options)?;
    }
    let beside = beside(&registry, inventory.kind(), options, today);
    let mut wanted: Vec<DocumentId> =
        versions.iter().flat_map(|(version, _)| Registry::documents_of(scope, version)).collect();
    wanted.extend(&beside);
    let mut answers: Vec<(RuleInfo, Answer)> = Vec::new();
    let asked = Asked {
        inventory,
        context: &context,
        documents: &wanted,
        facts: options.facts,
        horizon_days: options.horizon_days,
    };
    for domain in DOMAINS.iter().filter(|domain| domain.kind() == inventory.kind()) {
        let DomainAnswers { answers: own, notices: about } = domain.answers(&asked);
        answers.extend(own);
        notices.extend(about);
    }
    let abort = official_abort(inventory).filter(|_| inventory.kind() == Kind::Cloud);
    let aborted = abort.is_some() && options.profile == Profile::Official;
    notices.extend(abort);
    let age = Age::new(inventory.time_of_collection().clone(), options.at);
    let outcomes: Vec<(String, CheckedVersion)> = versions
        .iter()
        .map(|(version, validity)| {
            let mut outcome = outcome(&registry, &answers, version, *validity, &age, options);
            if aborted {
                outcome.abort();
            }
            (version.name().to_owned(), outcome)
        })
        .collect();
    let decision = deciding
        .map_or_else(|| Decision::new(options.profile, []), |version| decision(&registry, version, options));
    let documents: Vec<DocumentId> = deciding
        .map(|version| Registry::documents_of(scope, version))
        .unwrap_or_default()
        .into_iter()
        .chain(beside)
        .collect();
    if options.include_drafts {
        notices.extend(not_asked(&registry, inventory.kind(), &documents, today));
    }
    answers.retain(|(rule, _)| {
        rule.is_stated_by(&documents) && deciding.is_none_or(|version| !asks_another(scope, version, rule))
    });
    if let Some(only) = &options.only {
        let rules = rules_of(&registry, only);
        answers.retain(|(rule, _)| rules.contains(rule.id));
    }
    let deciding = deciding.map(|version| version.name().to_owned());
    let outcome_of = |name: &String| outcomes.iter().find(|(known, _)| known == name).map(|(_, it)| it);
    let decided = deciding.as_ref().and_then(outcome_of);
    let verdict = decided.map_or(Verdict::Miss, |outcome| outcome.verdict);
    if deciding.is_none() {
        notices.push(format!(
            "no version of {} is effective on {today}, so nothing can be passed",
            scope.name()
        ));
    }
    let unanswered = decided
        .into_iter()
        .flat_map(|outcome| outcome.results.keys())
        .filter_map(|id| match registry.coverage(id) {
            Coverage::NotCovered(case) => Some((id.clone(), case.reason)),
            Coverage::Unknown => Some((id.clone(), "no rule is known for it")),
            Coverage::Covered(_) => None,
        })
        .collect();
    let empty = BTreeMap::new();
    notices.extend(age.notice(decided.map_or(&empty, |outcome| &outcome.outdated)));
    let error = decided.and_then(|outcome| outcome.error.as_ref());
    notices
        .extend(error.map(|error| format!("the scope file has an error that touches this version: {error}")));
    let changes_at = decided
        .filter(|_| options.version.is_none())
        .and_then(|outcome| changes_at(scope, outcome, &age, options));
    notices.extend(inventory.notices().iter().cloned());
    notices.extend(crate::statements::notices(inventory.declarations(), &registry, today));
    Ok(Checked { versions: outcomes, deciding, answers, decision, changes_at, unanswered, verdict, notices })
}

/// The versions to look at: the one that was asked for, or those that the timeline names.
fn versions<'s>(
    deciding: Option<&ScopeVersion>,
    options: &CheckOptions<'s>,
    today: Date,
) -> Vec<(&'s ScopeVersion, Validity)> {
    let of_version = |version: &'s ScopeVersion| {
        let named = options.scope.timeline().validity(version.name(), today);
        match &options.version {
            None => Some((version, named?)),
            Some(_) if Some(version) == deciding => Some((version, named.unwrap_or(Validity::Deprecated))),
            Some(_) => None,
        }
    };
    options.scope.versions().iter().filter_map(of_version).collect()
}

/// When the results alone will say something else, if no further ones come.
fn changes_at(
    scope: &Scope,
    outcome: &CheckedVersion,
    age: &Age,
    options: &CheckOptions<'_>,
) -> Option<Timestamp> {
    let given = |(id, result): (&String, &Verdict)| {
        let checked_at = age.checked_at(outcome.evidence_at.get(id).copied());
        (id.clone(), GivenResult { result: *result, checked_at: Some(checked_at) })
    };
    let results = outcome.results.iter().map(given).collect();
    let evaluation =
        scs_certificates::evaluate(scope, &results, options.at, EvaluationOptions::new(options.profile));
    // What rules decide without a test case, no time changes.
    evaluation.changes_at.filter(|_| evaluation.verdict == outcome.verdict)
}

/// The rules of the test cases that match: those that answer them, and those whose findings name them.
fn rules_of(registry: &Registry, only: &Regex) -> BTreeSet<&'static str> {
    let answering = registry.test_cases().filter(|case| only.is_match(case.id)).flat_map(|case| case.rules);
    let naming = registry.rules().filter(|rule| rule.test_case.is_some_and(|case| only.is_match(case)));
    answering.copied().chain(naming.map(|rule| rule.id)).collect()
}

/// What decides for a version.
fn decision(registry: &Registry, version: &ScopeVersion, options: &CheckOptions<'_>) -> Decision {
    let mut decision = Decision::new(options.profile, Registry::documents_of(options.scope, version))
        .with_all_rules(options.all_rules)
        .with_cases_alone(!decides(&Target::Main, options))
        .with_only(options.only.as_ref().map(|only| rules_of(registry, only)))
        .with_asked(version.targets().values().flatten().cloned());
    for (target, cases) in version.targets().iter().filter(|(target, _)| decides(target, options)) {
        for id in cases.iter().filter(|id| is_selected(id, options)) {
            if let Coverage::Covered(case) = registry.coverage(id) {
                decision = decision.with_case(case, level_of(target, case));
            }
        }
    }
    decision
}

/// Whether the results of a target decide.
fn decides(target: &Target, options: &CheckOptions<'_>) -> bool {
    match options.targets.as_slice() {
        [] => *target == Target::Main,
        asked => asked.contains(target),
    }
}

/// Whether a test case is looked at.
fn is_selected(case: &str, options: &CheckOptions<'_>) -> bool {
    options.only.as_ref().is_none_or(|only| only.is_match(case))
}

/// Whether a rule is for a test case that this version does not ask for, and that the main target of another module about
/// the same document does: the standard image of an earlier list, which is none any more.
fn asks_another(scope: &Scope, version: &ScopeVersion, rule: &RuleInfo) -> bool {
    let Some(case) = rule.test_case else { return false };
    let has = |module: &Module| {
        module.targets.get(&Target::Main).is_some_and(|cases| cases.iter().any(|id| id == case))
    };
    let about =
        |module: &&Module| Registry::document_of(module).is_some_and(|it| rule.documents.contains(&it));
    let included = |module: &Module| version.includes().iter().any(|include| include.module == module.id);
    let mut modules = scope.modules().iter().filter(about).peekable();
    let here = version.targets().values().flatten().any(|id| id == case);
    !here && modules.any(|module| has(module) && !included(module))
}

/// Documents of standards that the scope is not about: those that are no drafts, unless these were asked for.
fn beside(registry: &Registry, kind: Kind, options: &CheckOptions<'_>, today: Date) -> Vec<DocumentId> {
    registry
        .documents_beside(options.scope, kind)
        .into_iter()
        .filter(|document| options.include_drafts || !is_draft(*document, today))
        .collect()
}

/// Which drafts are not asked although drafts are: another edition of theirs is part of the version.
fn not_asked(registry: &Registry, kind: Kind, asked: &[DocumentId], today: Date) -> Option<String> {
    let is_other_edition = |document: &DocumentId| {
        !asked.contains(document) && asked.iter().any(|known| known.standard() == document.standard())
    };
    let drafts: Vec<String> = registry
        .documents_over(kind)
        .into_iter()
        .filter(|document| is_other_edition(document) && is_draft(*document, today))
        .map(|document| document.to_string())
        .collect();
    (!drafts.is_empty()).then(|| {
        format!("not asked: {}; drafts of standards that count here in another edition", drafts.join(", "))
    })
}

/// Whether a document is a draft on a day.
fn is_draft(document: DocumentId, today: Date) -> bool {
    let known = Catalog::embedded().get(document);
    known.is_none_or(|document| document.state_on(today) == State::Draft)
}

/// Whether a version has the targets and test cases that were asked for.
fn selection(version: &ScopeVersion, options: &CheckOptions<'_>) -> Result<(), CheckError> {
    for target in &options.targets {
        if !version.targets().contains_key(target) {
            let known: Vec<&str> = version.targets().keys().map(Target::name).collect();
            return Err(CheckError::Target {
                version: version.name().to_owned(),
                target: target.to_string(),
                known: if known.is_empty() { "none".to_owned() } else { known.join(", ") },
            });
        }
    }
    if let Some(only) = &options.only
        && !version.targets().values().flatten().any(|id| only.is_match(id))
    {
        return Err(CheckError::Only { version: version.name().to_owned(), only: only.to_string() });
    }
    Ok(())
}

/// What the answers mean for a version.
fn outcome(
    registry: &Registry,
    answers: &[(RuleInfo, Answer)],
    version: &ScopeVersion,
    validity: Validity,
    age: &Age,
    options: &CheckOptions<'_>,
) -> CheckedVersion {
    let documents = Registry::documents_of(options.scope, version);
    let own: Vec<&(RuleInfo, Answer)> = answers
        .iter()
        .filter(|(rule, _)| rule.is_stated_by(&documents) && !asks_another(options.scope, version, rule))
        .collect();
    let mut results: BTreeMap<String, Verdict> = BTreeMap::new();
    let mut targets: BTreeMap<String, Verdict> = BTreeMap::new();
    let mut outdated: BTreeMap<String, String> = BTreeMap::new();
    let mut evidence: BTreeMap<String, Timestamp> = BTreeMap::new();
    let mut deciding: BTreeSet<Verdict> = BTreeSet::new();
    for (target, cases) in version.targets() {
        let verdicts: Vec<Verdict> = cases
            .iter()
            .filter(|id| is_selected(id, options))
            .map(|id| {
                let mut evidence_at = None;
                let mut verdict = match registry.coverage(id) {
                    Coverage::Covered(case) => {
                        evidence_at = evidence_of(case, &own);
                        let case = TestCase { level: level_of(target, case), ..*case };
                        case.verdict(own.iter().map(|(_, answer)| answer)).unwrap_or(Verdict::Miss)
                    }
                    // What no rule answers has no result.
                    Coverage::NotCovered(_) | Coverage::Unknown => Verdict::Miss,
                };
                if let Some(moment) = evidence_at {
                    evidence.insert(id.clone(), moment);
                }
                if let Some((instead, reason)) = age
                    .invalidates(options.scope, id, evidence_at)
                    // The suite looks at a cloud and knows no old inventory; one of no known time is never that cloud.
                    .filter(|(instead, _)| options.profile == Profile::Text || *instead == Verdict::Dnf)
                    .filter(|_| verdict == Verdict::Pass)
                {
                    verdict = instead;
                    outdated.insert(id.clone(), reason);
                }
                results.insert(id.clone(), verdict);
                verdict
            })
            .collect();
        if let Some(topmost) = Verdict::topmost(verdicts) {
            targets.insert(target.name().to_owned(), topmost);
            if decides(target, options) {
                deciding.insert(topmost);
            }
        }
    }
    let decision = decision(registry, version, options);
    let by_rules = decision.of_rules(own.iter().map(|(rule, answer)| (rule, answer)));
    let deciding_rules = own
        .iter()
        .filter(|(rule, answer)| {
            let of_case = rule.test_case.is_some_and(|case| decision.has_case(case));
            !of_case && decision.of_rules([(rule, answer)]).is_some()
        })
        .map(|(rule, _)| rule.id)
        .collect();
    // What the version asks for may be something else than the file says.
    let error = options.scope.first_error_for(version).map(ToString::to_string);
    let unknown = error.clone().filter(|_| options.profile == Profile::Text);
    // What a later inventory shows is told, and passes nothing at this time (C-109).
    let later = age.future().map(|collected_at| {
        format!("the inventory was collected on {collected_at}, which is after {}", options.at)
    });
    let because = version.incomplete().map(str::to_owned).or(unknown).or(later);
    let all = deciding.into_iter().chain(by_rules).chain(because.as_ref().map(|_| Verdict::Dnf));
    let verdict = Verdict::topmost(all).unwrap_or(Verdict::Miss);
    CheckedVersion {
        validity,
        verdict,
        targets,
        results,
        deciding_rules,
        outdated,
        evidence_at: evidence,
        error,
        because,
    }
}

/// When the oldest evidence of a test case came about.
fn evidence_of(case: &TestCase, answers: &[&(RuleInfo, Answer)]) -> Option<Timestamp> {
    let own = answers.iter().filter(|(rule, _)| case.rules.contains(&rule.id));
    own.filter_map(|(_, answer)| answer.evidence_at).min()
}

/// How strong a test case is as one of a target: what a certificate needs is a MUST, whatever else it is. A case of what may be
/// left out stays one among the recommended ones, where its own findings decide it.
fn level_of(target: &Target, case: &TestCase) -> Level {
    match target {
        Target::Main => Level::Must,
        Target::Recommended if case.level.strength() == Strength::May => case.level,
        Target::Recommended => Level::Should,
        Target::Preview => Level::May,
        Target::Other(_) => case.level,
    }
}

/// Why the official suite gives no result at all (it looks at the roles of the user first), where the roles are known.
fn official_abort(inventory: &Inventory) -> Option<String> {
    let roles: Vec<String> =
        inventory.given("roles").data().and_then(|json| serde_json::from_str(json).ok())?;
    let privileged: Vec<&str> =
        roles.iter().map(String::as_str).filter(|role| matches!(*role, "admin" | "manager")).collect();
    if !privileged.is_empty() {
        return Some(format!(
            "the user has the role {}; the official suite aborts all test cases for such a user",
            privileged.join(" and ")
        ));
    }
    let member = roles.iter().any(|role| role == "member");
    (!member).then(|| "the user lacks the role member; the official suite aborts all test cases".to_owned())
}
