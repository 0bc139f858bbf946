//! What results say about a scope at a moment (scs-0003-v1, *Basic concepts*; scs-0003-v2, *Concept definitions*).

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::{DateTime, Time};
use jiff::tz::TimeZone;
use scs_standards::{Profile, Verdict};
use serde::{Deserialize, Serialize};

use crate::scope::{Scope, ScopeVersion, Target, Validity};

/// The result of a test case, and when it was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GivenResult {
    /// What came out.
    pub result: Verdict,
    /// When; a result without a time does not expire.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checked_at: Option<Timestamp>,
}

impl From<Verdict> for GivenResult {
    fn from(result: Verdict) -> Self {
        Self { result, checked_at: None }
    }
}

/// How to evaluate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct EvaluationOptions {
    /// By the text, or as the compliance monitor does.
    pub profile: Profile,
    /// Whether drafts count as passed, as in the monitor's view for the privileged.
    pub include_drafts: bool,
}

impl EvaluationOptions {
    /// By a profile, without drafts.
    #[must_use]
    pub const fn new(profile: Profile) -> Self {
        Self { profile, include_drafts: false }
    }

    /// With drafts.
    #[must_use]
    pub const fn with_drafts(mut self) -> Self {
        self.include_drafts = true;
        self
    }
}

/// The test cases of a target by their results.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct TargetOutcome {
    /// The topmost result.
    pub result: Verdict,
    /// Those that passed.
    #[serde(rename = "PASS")]
    pub passed: Vec<String>,
    /// Those that failed.
    #[serde(rename = "FAIL")]
    pub failed: Vec<String>,
    /// Those that did not finish.
    #[serde(rename = "DNF")]
    pub unfinished: Vec<String>,
    /// Those without a result, or with one that has expired.
    #[serde(rename = "MISS")]
    pub missing: Vec<String>,
}

/// What came out for a version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct VersionOutcome {
    /// What the version is good for.
    pub validity: Validity,
    /// The result of its target *main*; none where the timeline does not name it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Verdict>,
    /// Every target.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub targets: BTreeMap<String, TargetOutcome>,
    /// What must be said with it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// What results say about a scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evaluation {
    /// All versions in the order of the scope.
    pub versions: Vec<(String, VersionOutcome)>,
    /// The versions that were passed, the newest first.
    pub passed: Vec<String>,
    /// The newest one that was passed and can be certified against.
    pub best: Option<String>,
    /// What came out.
    pub verdict: Verdict,
    /// When the verdict next changes by expiry or timeline alone.
    pub changes_at: Option<Timestamp>,
    /// What is odd about the results.
    pub warnings: Vec<String>,
}

/// Evaluates results.
///
/// ```
/// use std::collections::BTreeMap;
///
/// use scs_certificates::{EvaluationOptions, GivenResult, Scope, evaluate};
/// use scs_standards::{Profile, Verdict};
///
/// let checked_at = Some("2026-11-20T08:00:00Z".parse()?);
/// let passed = GivenResult { result: Verdict::Pass, checked_at };
/// let results: BTreeMap<String, GivenResult> = ["cncf-k8s-conformance", "version-policy-check", "kaas-networking-check"]
///     .into_iter()
///     .map(|case| (case.to_owned(), passed))
///     .collect();
/// let options = EvaluationOptions::new(Profile::Text);
/// let evaluation = evaluate(Scope::compatible_kaas(), &results, "2026-11-24T00:00:00Z".parse()?, options);
/// assert_eq!(evaluation.best.as_deref(), Some("v1"));
/// // A result of version-policy-check is good for a week.
/// assert_eq!(evaluation.changes_at.unwrap().to_string(), "2026-11-30T00:00:00Z");
/// # Ok::<(), jiff::Error>(())
/// ```
#[must_use]
pub fn evaluate(
    scope: &Scope,
    results: &BTreeMap<String, GivenResult>,
    at: Timestamp,
    options: EvaluationOptions,
) -> Evaluation {
    let mut evaluation = evaluate_at(scope, results, at, options);
    let unknown = results.keys().filter(|id| scope.test_case(id).is_none());
    evaluation.warnings.extend(unknown.map(|id| format!("{} has no test case `{id}`", scope.name())));
    let future: Vec<&str> = results
        .iter()
        .filter(|(id, given)| {
            scope.test_case(id).is_some() && given.checked_at.is_some_and(|checked_at| checked_at > at)
        })
        .map(|(id, _)| id.as_str())
        .collect();
    match future.as_slice() {
        [] => {}
        [id] => evaluation.warnings.push(format!("the result of `{id}` lies in the future")),
        [id, ..] => evaluation.warnings.push(format!(
            "the results of {} test cases lie in the future, such as that of `{id}`",
            future.len()
        )),
    }
    evaluation.changes_at = changes(scope, results, at)
        .into_iter()
        .find(|moment| evaluate_at(scope, results, *moment, options).verdict != evaluation.verdict);
    evaluation
}

/// The moments after this one at which a result expires or an entry of the timeline begins, in their order.
fn changes(scope: &Scope, results: &BTreeMap<String, GivenResult>, at: Timestamp) -> Vec<Timestamp> {
    let expiries = results.iter().filter_map(|(id, given)| expires(scope, id, given));
    let entries = scope.timeline().entries().iter().filter_map(|entry| {
        TimeZone::UTC.to_timestamp(DateTime::from_parts(entry.date, Time::midnight())).ok()
    });
    let mut moments: Vec<Timestamp> = expiries.chain(entries).filter(|moment| *moment > at).collect();
    moments.sort();
    moments.dedup();
    moments
}

/// When a result expires; a result of a test case that the scope does not have, and one without a time, do not.
fn expires(scope: &Scope, id: &str, given: &GivenResult) -> Option<Timestamp> {
    Some(scope.test_case(id)?.lifetime.expires(given.checked_at?))
}

fn evaluate_at(
    scope: &Scope,
    results: &BTreeMap<String, GivenResult>,
    at: Timestamp,
    options: EvaluationOptions,
) -> Evaluation {
    let today = at.to_zoned(TimeZone::UTC).date();
    let result_of = |id: &str| {
        let given = results.get(id)?;
        let valid = expires(scope, id, given).is_none_or(|expires| at < expires);
        valid.then_some(given.result)
    };
    let versions: Vec<(String, VersionOutcome)> = scope
        .versions()
        .iter()
        .map(|version| {
            let validity = scope.timeline().validity(version.name(), today);
            (version.name().to_owned(), version_outcome(version, validity, &result_of))
        })
        .collect();
    let mut evaluation = Evaluation {
        versions,
        passed: Vec::new(),
        best: None,
        verdict: Verdict::Miss,
        changes_at: None,
        warnings: Vec::new(),
    };
    match options.profile {
        Profile::Text => by_text(scope, &mut evaluation, today, options.include_drafts),
        Profile::Official => as_the_monitor(&mut evaluation, options.include_drafts),
    }
    evaluation
}

fn version_outcome(
    version: &ScopeVersion,
    validity: Option<Validity>,
    result_of: &impl Fn(&str) -> Option<Verdict>,
) -> VersionOutcome {
    let Some(validity) = validity else {
        let notes = vec!["the timeline does not name it".to_owned()];
        return VersionOutcome {
            validity: Validity::Deprecated,
            verdict: None,
            targets: BTreeMap::new(),
            notes,
        };
    };
    let targets: BTreeMap<String, TargetOutcome> = version
        .targets()
        .iter()
        .map(|(target, cases)| (target.name().to_owned(), target_outcome(cases, result_of)))
        .collect();
    let mut notes = Vec::new();
    // Without a target *main* there is nothing to pass.
    let mut verdict = targets.get(Target::Main.name()).map_or(Verdict::Miss, |target| target.result);
    if let Some(reason) = version.incomplete() {
        notes.push(reason.to_owned());
        verdict = verdict.min(Verdict::Dnf);
    }
    if validity == Validity::Warn && verdict == Verdict::Pass {
        notes.push("this version is about to expire".to_owned());
    }
    VersionOutcome { validity, verdict: Some(verdict), targets, notes }
}

fn target_outcome(cases: &[String], result_of: &impl Fn(&str) -> Option<Verdict>) -> TargetOutcome {
    let with = |wanted: Verdict| -> Vec<String> {
        cases.iter().filter(|id| result_of(id).unwrap_or(Verdict::Miss) == wanted).cloned().collect()
    };
    let results = cases.iter().map(|id| result_of(id).unwrap_or(Verdict::Miss));
    TargetOutcome {
        // A target without test cases is passed by nobody.
        result: Verdict::topmost(results).unwrap_or(Verdict::Miss),
        passed: with(Verdict::Pass),
        failed: with(Verdict::Fail),
        unfinished: with(Verdict::Dnf),
        missing: with(Verdict::Miss),
    }
}

/// A version is passed when all test cases of its target *main* are (scs-0004-v1, *Regulations*).
fn by_text(scope: &Scope, evaluation: &mut Evaluation, today: jiff::civil::Date, include_drafts: bool) {
    let counts = |outcome: &VersionOutcome| {
        outcome.validity.is_certifiable() || include_drafts && outcome.validity == Validity::Draft
    };
    evaluation.passed = evaluation
        .versions
        .iter()
        .filter(|(_, outcome)| counts(outcome) && outcome.verdict == Some(Verdict::Pass))
        .map(|(name, _)| name.clone())
        .collect();
    let outcome_of =
        |name: &str| evaluation.versions.iter().find(|(known, _)| known == name).map(|(_, outcome)| outcome);
    let is_certifiable =
        |name: &&String| outcome_of(name).is_some_and(|outcome| outcome.validity.is_certifiable());
    evaluation.best = evaluation.passed.iter().find(is_certifiable).cloned();
    let newest = scope.newest_effective(today).and_then(|version| outcome_of(version.name()));
    evaluation.verdict = match (&evaluation.best, newest) {
        (Some(_), _) => Verdict::Pass,
        (None, Some(newest)) => newest.verdict.unwrap_or(Verdict::Miss),
        (None, None) => Verdict::Miss,
    };
}

/// The monitor takes the versions in the order of the file and stops at the first that is no draft and has no FAIL; also
/// one with nothing but missing results.
fn as_the_monitor(evaluation: &mut Evaluation, include_drafts: bool) {
    evaluation.verdict = Verdict::Fail;
    for (name, outcome) in &evaluation.versions {
        let Some(verdict) = outcome.verdict else { continue };
        if outcome.validity == Validity::Draft && !include_drafts {
            continue;
        }
        evaluation.verdict = verdict;
        if verdict != Verdict::Fail {
            evaluation.passed.push(name.clone());
            if outcome.validity != Validity::Draft {
                evaluation.best = Some(name.clone());
                break;
            }
        }
    }
}
