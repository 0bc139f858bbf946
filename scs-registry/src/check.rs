//! The check: evaluates the rules for a subject, and the result for each version of a selection.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;
use jiff::{Timestamp, ToSpan};
use scs_certificates::report::ReportScope;
use scs_certificates::{EvaluationOptions, GivenResult, Scope};
use scs_standards::roles::{NotOrdinary, not_ordinary};
use scs_standards::{Answer, Context, Profile, TestCase, Verdict};

use crate::age::Age;
use crate::coverage::Coverage;
use crate::decision::Decision;
use crate::domain::{DomainAnswers, RuleInfo};
use crate::inventory::{Inventory, Kind};
use crate::registry::Registry;
use crate::report::{Report, ReportedFinding, RuleReport, VersionReport};
use crate::selection::{ScopeChoice, SelectedCase, SelectedVersion, Selection, SelectionError};
use crate::statements;
use crate::subject::Subject;

/// Checks a subject, with the declarations of the inventory and of the context.
///
/// ```
/// use scs_certificates::Scope;
/// use scs_registry::{Inventory, ScopeChoice, Selection, Subject, check};
/// use scs_standards::{Context, Verdict};
///
/// let inventory: Inventory = "{kind: cloud, flavors: [{name: SCS-2iT-4, vcpus: 2, ram: 4096, disk: 0}]}".parse()?;
/// let context = Context::at("2026-11-24T00:00:00Z".parse()?);
/// let choice = ScopeChoice::default();
/// let selection = Selection::of_scope(Scope::compatible_iaas(), inventory.kind(), context.date(), &choice)?;
/// let report = check(&Subject::inventory("my-cloud", &inventory), &selection, &context);
/// assert_eq!(report.verdict, Verdict::Fail);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn check(subject: &Subject<'_>, selection: &Selection<'_>, context: &Context<'_>) -> Report {
    let registry = Registry::new();
    let declarations = subject.declarations(context.declarations);
    let context = &Context { declarations: &declarations, ..*context };
    let documents = selection.documents();
    let DomainAnswers { mut answers, notices: part_notices } = subject.answers(&documents, context);
    let abort = official_abort(subject.as_inventory());
    let aborted = abort.is_some() && context.profile == Profile::Official;
    let age = subject.collected_at().map(|collected_at| Age::new(collected_at, context.at));
    let evaluation = Evaluation { registry: &registry, selection, context, age: age.as_ref() };
    let mut versions: IndexMap<String, VersionReport> = selection
        .versions
        .iter()
        .map(|version| {
            let mut outcome = evaluation.version(version, &answers);
            if aborted {
                outcome.abort();
            }
            (version.name.clone(), outcome)
        })
        .collect();
    let deciding = selection.deciding();
    let empty = Decision::new(context.profile, []);
    let decision = deciding.map_or(empty, |version| selection.decision(version, &registry, context.profile));
    let belongs = |rule: &RuleInfo| {
        rule.is_stated_by(&selection.beside) || deciding.is_some_and(|version| version.asks(rule))
    };
    evaluation.add_own_rules(&mut versions, &answers, belongs);
    answers.retain(|(rule, _)| {
        belongs(rule) && selection.only.as_ref().is_none_or(|only| only.contains(rule.id))
    });

    let decided_by = selection.deciding_version().map(str::to_owned);
    let decided = decided_by.as_ref().and_then(|name| versions.get(name));
    let mut notices = [selection.notices.as_slice(), &subject.notices, &part_notices].concat();
    notices.extend(abort);
    if let Some(age) = &age {
        let outdated = BTreeMap::new();
        notices.extend(age.notice(decided.map_or(&outdated, |version| &version.outdated)));
    }
    notices
        .extend(deciding.zip(decided).and_then(|(version, report)| evaluation.untold_age(version, report)));
    let error = decided.and_then(|version| version.error.as_ref());
    notices
        .extend(error.map(|error| format!("the scope file has an error that affects this version: {error}")));
    notices.extend(subject.as_inventory().into_iter().flat_map(Inventory::notices).cloned());
    notices.extend(statements::notices(&declarations, &registry, context.date()));

    let results = decided.map(|version| version.results.clone()).unwrap_or_default();
    let collected_at = subject.as_inventory().and_then(Inventory::collected_at);
    let questions = statements::open_questions(&answers, &declarations, context.date());
    let exceptions = statements::exceptions(&results, &answers, &declarations, context.date());
    let (rules, findings) = reported(answers, &decision);
    let changes_at = decided.and_then(|version| evaluation.changes_at(version)).into_iter();
    let lifetimes =
        deciding.zip(decided).and_then(|(version, report)| evaluation.first_expiry(version, report));
    let changes_at = changes_at.chain(lifetimes);
    // Answers of rules end after the moment, results of test cases at it.
    let ends = rules.iter().filter(|row| row.decides && row.result == Verdict::Pass);
    let ends = ends.filter_map(|row| row.holds_until?.checked_add(1.second()).ok());
    let changes_at = changes_at.chain(ends).min();
    let is_advisory = |case: &&SelectedCase| {
        !deciding.is_some_and(|version| version.cases.iter().any(|it| it.decides && it.id == case.id))
    };
    let cases = || deciding.into_iter().flat_map(|version| &version.cases);
    Report {
        checked_at: collected_at.unwrap_or(context.at),
        collected_at,
        changes_at,
        scope: selection.scope.map(ReportScope::from),
        selection: selection.chosen.clone(),
        collected_from: subject.as_inventory().and_then(Inventory::collected_from).cloned(),
        unavailable: subject
            .as_inventory()
            .into_iter()
            .flat_map(Inventory::unavailable)
            .map(|(part, reason)| (part.to_owned(), reason.to_owned()))
            .collect(),
        parts: subject.as_inventory().into_iter().flat_map(Inventory::parts).map(str::to_owned).collect(),
        count: subject.count(),
        format: subject.format.clone(),
        verdict: decided.map_or(Verdict::Miss, |version| version.verdict),
        not_covered: results.keys().filter_map(|id| Some((id.clone(), unanswered(&registry, id)?))).collect(),
        evidence_at: decided.map(|version| version.evidence_at.clone()).unwrap_or_default(),
        advisory: cases()
            .filter(is_advisory)
            .map(|case| case.id.clone())
            .filter(|id| results.contains_key(id))
            .collect(),
        // A single set of rules is not a version.
        decided_by: decided_by.filter(|name| !name.is_empty()),
        versions: if versions.keys().all(String::is_empty) { IndexMap::new() } else { versions },
        results,
        rules,
        notices,
        findings,
        questions,
        exceptions,
        ..Report::unanswered(&subject.name, subject.kind(), context)
    }
}

/// Checks an inventory against the scope for its kind, SCS-compatible `IaaS` or `KaaS`; the subject is that of the inventory.
///
/// # Errors
///
/// If the scope does not have the chosen version, target or test cases.
///
/// ```
/// use scs_registry::{Inventory, ScopeChoice, check_inventory};
/// use scs_standards::{Context, Verdict};
///
/// let inventory: Inventory = "{kind: cluster, subject: prod}".parse()?;
/// let context = Context::at("2026-11-24T00:00:00Z".parse()?);
/// let report = check_inventory(&inventory, &ScopeChoice::default(), &context)?;
/// assert_eq!((report.subject.as_str(), report.verdict), ("prod", Verdict::Miss));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn check_inventory(
    inventory: &Inventory,
    choice: &ScopeChoice,
    context: &Context<'_>,
) -> Result<Report, SelectionError> {
    let kind = inventory.kind();
    let selection = Selection::of_scope(kind.scope(), kind, context.date(), choice)?;
    let name = inventory.subject().map_or_else(|| kind.to_string(), str::to_owned);
    Ok(check(&Subject::inventory(name, inventory), &selection, context))
}

/// Converts answers to rows of the report.
fn reported(
    answers: Vec<(RuleInfo, Answer)>,
    decision: &Decision,
) -> (Vec<RuleReport>, Vec<ReportedFinding>) {
    let mut rules = Vec::with_capacity(answers.len());
    let mut findings = Vec::new();
    for (rule, answer) in answers {
        rules.push(RuleReport::of(&rule, &answer, decision));
        findings.extend(answer.findings.into_iter().map(|finding| {
            let decides = decision.of_finding(&rule, &finding);
            ReportedFinding::new(finding, decides)
        }));
    }
    (rules, findings)
}

impl RuleReport {
    fn of(rule: &RuleInfo, answer: &Answer, decision: &Decision) -> Self {
        Self {
            evidence_at: answer.evidence_at,
            facts_as_of: answer.facts_as_of,
            holds_until: answer.holds_until,
            ..Self::new(rule, answer.verdict, decision.of_answer(rule, answer))
        }
    }

    /// A result without separate evidence or facts.
    #[must_use]
    pub const fn new(rule: &RuleInfo, result: Verdict, decides: bool) -> Self {
        Self {
            rule: std::borrow::Cow::Borrowed(rule.id),
            document: rule.documents[0],
            result,
            decides,
            evidence_at: None,
            facts_as_of: None,
            holds_until: None,
        }
    }
}

/// The reason why no rule answers a test case.
fn unanswered(registry: &Registry, case: &str) -> Option<String> {
    let is_unknown = matches!(registry.coverage(case), Coverage::Unknown);
    is_unknown.then(|| "no rule covers this test case".to_owned())
}

/// The inputs for evaluating a version.
struct Evaluation<'a> {
    registry: &'a Registry,
    selection: &'a Selection<'a>,
    context: &'a Context<'a>,
    age: Option<&'a Age>,
}

impl Evaluation<'_> {
    /// Evaluates a version.
    fn version(&self, version: &SelectedVersion<'_>, answers: &[(RuleInfo, Answer)]) -> VersionReport {
        let own: Vec<&(RuleInfo, Answer)> = answers.iter().filter(|(rule, _)| version.asks(rule)).collect();
        let mut results: BTreeMap<String, Verdict> = BTreeMap::new();
        let mut targets: BTreeMap<String, Verdict> = BTreeMap::new();
        let mut outdated: BTreeMap<String, String> = BTreeMap::new();
        let mut evidence: BTreeMap<String, Timestamp> = BTreeMap::new();
        let mut deciding: BTreeSet<Verdict> = BTreeSet::new();
        for case in &version.cases {
            let mut evidence_at = None;
            let mut verdict = match self.registry.coverage(&case.id) {
                Coverage::Covered(known) => {
                    evidence_at = evidence_of(known, &own);
                    let known = TestCase { level: case.level(known), ..*known };
                    match known.verdict(own.iter().map(|(_, answer)| answer)) {
                        Some(verdict) => verdict,
                        None if case.target.is_none() => continue,
                        None => Verdict::Miss,
                    }
                }
                // Test cases without rules have no result.
                Coverage::Unknown => Verdict::Miss,
            };
            if let Some(moment) = evidence_at {
                evidence.insert(case.id.clone(), moment);
            }
            if verdict == Verdict::Pass
                && let Some((instead, reason)) = self.expired(case, evidence_at)
            {
                verdict = instead;
                outdated.insert(case.id.clone(), reason);
            }
            results.insert(case.id.clone(), verdict);
            if let Some(target) = &case.target {
                let topmost = targets.entry(target.name().to_owned()).or_insert(Verdict::Pass);
                *topmost = verdict.min(*topmost);
            }
            if case.decides {
                deciding.insert(verdict);
            }
        }
        let decision = self.selection.decision(version, self.registry, self.context.profile);
        let by_rules = decision.of_rules(own.iter().map(|(rule, answer)| (rule, answer)));
        let decides_alone = |rule: &RuleInfo, answer: &Answer| {
            let of_case = rule.test_case.is_some_and(|case| decision.has_case(case));
            !of_case && decision.of_rules([(rule, answer)]).is_some()
        };
        let deciding_rules = own.iter().filter(|(rule, answer)| decides_alone(rule, answer));
        let because = self.reason_against(version);
        let all = deciding.into_iter().chain(by_rules).chain(because.as_ref().map(|_| Verdict::Dnf));
        // With no rules to check, all of them pass; if there should have been rules, nothing passes.
        let nothing = if self.selection.rules_decide { Verdict::Pass } else { Verdict::Miss };
        VersionReport {
            validity: version.validity,
            verdict: Verdict::topmost(all).unwrap_or(nothing),
            targets,
            results,
            deciding_rules: deciding_rules.map(|(rule, _)| rule.id.to_owned()).collect(),
            outdated,
            evidence_at: evidence,
            error: version.error.clone(),
            because,
            documents: version.documents.clone(),
            rules: Vec::new(),
        }
    }

    /// The reason why a PASS of a test case no longer counts, and the verdict that counts instead. The official suite checks a live
    /// cloud and has no old inventories; an inventory with an unusable time never counts as live.
    fn expired(&self, case: &SelectedCase, evidence_at: Option<Timestamp>) -> Option<(Verdict, String)> {
        let (instead, reason) = self.age?.invalidates(case.lifetime, evidence_at)?;
        (self.context.profile == Profile::Text || instead == Verdict::Dnf).then_some((instead, reason))
    }

    /// A notice about results that have expired, if the profile ignores that.
    fn untold_age(&self, version: &SelectedVersion<'_>, report: &VersionReport) -> Option<String> {
        let age = self.age.filter(|_| self.context.profile == Profile::Official)?;
        let expired = |case: &&SelectedCase| {
            let evidence = report.evidence_at.get(&case.id).copied();
            report.results.get(&case.id) == Some(&Verdict::Pass)
                && matches!(age.invalidates(case.lifetime, evidence), Some((Verdict::Miss, _)))
        };
        let count = version.cases.iter().filter(expired).count();
        let plural = if count == 1 { "" } else { "s" };
        (count > 0).then(|| {
            format!(
                "the results of {count} test case{plural} have expired by {}; this check passes them, but a certificate needs new ones",
                self.context.at
            )
        })
    }

    /// The reason why nothing passes, regardless of the results.
    fn reason_against(&self, version: &SelectedVersion<'_>) -> Option<String> {
        let unknown = version.error.clone().filter(|_| self.context.profile == Profile::Text);
        // A later inventory says nothing about this time (C-109).
        let later = self.age.and_then(Age::future).map(|collected_at| {
            format!("the inventory was collected on {collected_at}, after {}", self.context.at)
        });
        version.incomplete.clone().or(unknown).or(later)
    }

    /// Adds the rules found only in a version.
    fn add_own_rules(
        &self,
        versions: &mut IndexMap<String, VersionReport>,
        answers: &[(RuleInfo, Answer)],
        belongs: impl Fn(&RuleInfo) -> bool,
    ) {
        for version in &self.selection.versions {
            let Some(report) = versions.get_mut(&version.name) else { continue };
            let decision = self.selection.decision(version, self.registry, self.context.profile);
            report.rules = answers
                .iter()
                .filter(|(rule, _)| version.asks(rule) && !belongs(rule))
                .map(|(rule, answer)| RuleReport::of(rule, answer, &decision))
                .collect();
        }
    }

    /// The time at which the first deciding result expires, whatever else was selected.
    fn first_expiry(&self, version: &SelectedVersion<'_>, report: &VersionReport) -> Option<Timestamp> {
        let age =
            self.age.filter(|_| self.context.profile == Profile::Text && report.verdict == Verdict::Pass)?;
        let passed =
            |case: &&SelectedCase| case.decides && report.results.get(&case.id) == Some(&Verdict::Pass);
        let expiry = |case: &SelectedCase| {
            let checked_at = age.checked_at(report.evidence_at.get(&case.id).copied()).min(self.context.at);
            Some(case.lifetime?.expires(checked_at))
        };
        version.cases.iter().filter(passed).filter_map(expiry).min()
    }

    /// The next time at which the verdict changes without new results.
    fn changes_at(&self, version: &VersionReport) -> Option<Timestamp> {
        let scope: &Scope = self.selection.scope.filter(|_| !self.selection.is_version_chosen)?;
        let age = self.age?;
        let given = |(id, result): (&String, &Verdict)| {
            // An inventory of the same day may have a later time.
            let checked_at = age.checked_at(version.evidence_at.get(id).copied()).min(self.context.at);
            (id.clone(), GivenResult { result: *result, checked_at: Some(checked_at) })
        };
        let results = version.results.iter().map(given).collect();
        let options = EvaluationOptions::new(self.context.profile);
        let evaluation = scs_certificates::evaluate(scope, &results, self.context.at, options);
        // Verdicts based on rules without a test case do not change over time.
        evaluation.changes_at.filter(|_| evaluation.verdict == version.verdict)
    }
}

/// The time of the oldest evidence for a test case.
fn evidence_of(case: &TestCase, answers: &[&(RuleInfo, Answer)]) -> Option<Timestamp> {
    let own = answers.iter().filter(|(rule, _)| case.rules.contains(&rule.id));
    own.filter_map(|(_, answer)| answer.evidence_at).min()
}

/// The reason why the official suite has no results at all: it checks the user's roles first. `None` if the roles are unknown.
fn official_abort(inventory: Option<&Inventory>) -> Option<String> {
    let inventory = inventory.filter(|inventory| inventory.kind() == Kind::Cloud)?;
    let roles: Vec<String> =
        inventory.given("roles").data().and_then(|json| serde_json::from_str(json).ok())?;
    Some(match not_ordinary(&roles)? {
        NotOrdinary::Privileged(privileged) => format!(
            "the user has the role {}; the official suite aborts all test cases for such a user",
            privileged.join(" and ")
        ),
        NotOrdinary::NoMember => {
            "the user lacks the role member; the official suite aborts all test cases".to_owned()
        }
    })
}
