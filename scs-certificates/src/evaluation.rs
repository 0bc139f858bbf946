//! Evaluates the results for a scope at a point in time (scs-0003-v1, *Basic concepts*; scs-0003-v2, *Concept definitions*).

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use scs_standards::{Profile, Verdict};
use serde::{Serialize, Serializer};

use crate::results::Results;
use crate::scope::{Scope, ScopeVersion, Target, Validity};

/// Options of an evaluation; by default by the text and without drafts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct EvaluationOptions {
    /// The interpretation: the text, or the behavior of the compliance monitor.
    pub profile: Profile,
    /// Whether drafts count as passed, as in the monitor's view for privileged users.
    pub include_drafts: bool,
}

impl EvaluationOptions {
    /// Options for a profile, without drafts.
    #[must_use]
    pub const fn new(profile: Profile) -> Self {
        Self { profile, include_drafts: false }
    }

    /// Includes drafts.
    #[must_use]
    pub const fn with_drafts(mut self) -> Self {
        self.include_drafts = true;
        self
    }
}

/// The test cases of a target, grouped by result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct TargetOutcome {
    /// The topmost result.
    pub result: Verdict,
    /// The passed test cases.
    #[serde(rename = "PASS")]
    pub passed: Vec<String>,
    /// The failed test cases.
    #[serde(rename = "FAIL")]
    pub failed: Vec<String>,
    /// The test cases that did not finish.
    #[serde(rename = "DNF")]
    pub unfinished: Vec<String>,
    /// The test cases without a result, or with an expired one.
    #[serde(rename = "MISS")]
    pub missing: Vec<String>,
}

/// The outcome for a version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct VersionOutcome {
    /// The validity of the version.
    pub validity: Validity,
    /// The result of the target *main*; `None` if the timeline does not name the version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Verdict>,
    /// All targets.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub targets: BTreeMap<String, TargetOutcome>,
    /// The violated MUST rules of its documents that no test case of the version covers, if rule answers were
    /// given. By the text, they fail the version.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub broken_rules: Vec<String>,
    /// Remarks for the reader.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// The outcome for a scope.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Evaluation {
    /// All versions, in the order of the scope; serialized as a mapping from version to outcome.
    #[serde(serialize_with = "as_mapping")]
    #[cfg_attr(feature = "schemars", schemars(with = "BTreeMap<String, VersionOutcome>"))]
    pub versions: Vec<(String, VersionOutcome)>,
    /// The passed versions, newest first.
    pub passed: Vec<String>,
    /// The newest passed version that can be certified against.
    pub best: Option<String>,
    /// The overall verdict.
    pub verdict: Verdict,
    /// The next time the verdict changes through expiry or the timeline.
    #[cfg_attr(feature = "schemars", schemars(with = "Option<String>", extend("format" = "date-time")))]
    pub changes_at: Option<Timestamp>,
    /// Irregularities of the results.
    pub warnings: Vec<String>,
}

/// Serializes the versions as a mapping.
fn as_mapping<S: Serializer>(
    versions: &[(String, VersionOutcome)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(versions.iter().map(|(name, outcome)| (name, outcome)))
}

/// Evaluates results.
///
/// ```
/// use scs_certificates::{EvaluationOptions, GivenResult, Results, Scope, evaluate};
/// use scs_standards::{Profile, Verdict};
///
/// let checked_at = Some("2026-11-20T08:00:00Z".parse()?);
/// let passed = GivenResult { result: Verdict::Pass, checked_at };
/// let results: Results = ["cncf-k8s-conformance", "version-policy-check", "kaas-networking-check"]
///     .into_iter()
///     .map(|case| (case, passed))
///     .collect();
/// let options = EvaluationOptions::new(Profile::Text);
/// let evaluation = evaluate(Scope::compatible_kaas(), &results, "2026-11-24T00:00:00Z".parse()?, options);
/// assert_eq!(evaluation.best.as_deref(), Some("v1"));
/// // A result of version-policy-check is valid until the end of the following week.
/// assert_eq!(evaluation.changes_at.unwrap().to_string(), "2026-11-30T00:00:00Z");
/// # Ok::<(), jiff::Error>(())
/// ```
#[must_use]
pub fn evaluate(scope: &Scope, results: &Results, at: Timestamp, options: EvaluationOptions) -> Evaluation {
    let moment = Evaluator { scope, results, at, options };
    let version_verdicts = moment.version_verdicts();
    let decision = moment.decide(&version_verdicts);
    let name = |place: &usize| scope.versions().get(*place).map(|version| version.name().to_owned());
    let mut validities = vec![None; scope.versions().len()];
    for standing in &version_verdicts {
        validities[standing.place] = Some(standing.validity);
    }
    let versions = scope.versions().iter().zip(validities);
    Evaluation {
        versions: versions
            .map(|(version, validity)| (version.name().to_owned(), moment.outcome(version, validity)))
            .collect(),
        passed: decision.passed.iter().filter_map(name).collect(),
        best: decision.best.as_ref().and_then(name),
        verdict: decision.verdict,
        changes_at: changes_at(moment, decision.verdict),
        warnings: moment.warnings(),
    }
}

/// The limit for lookups of test cases when determining the next change. A typical scope takes some thousand.
const MOST_LOOKUPS: usize = 20_000_000;

/// The next time the verdict changes without new results. If that takes too long to compute, a lower bound.
fn changes_at(now: Evaluator<'_>, verdict: Verdict) -> Option<Timestamp> {
    let mut left = MOST_LOOKUPS;
    now.changes().into_iter().find(|at| {
        let then = Evaluator { at: *at, ..now };
        let version_verdicts = then.version_verdicts();
        let cases = |standing: &VersionVerdict| {
            now.scope.versions().get(standing.place).map_or(0, |version| version.target(&Target::Main).len())
        };
        let effort: usize = version_verdicts.iter().map(|standing| cases(standing) + 1).sum();
        left = left.saturating_sub(effort);
        left == 0 || then.decide(&version_verdicts).verdict != verdict
    })
}

/// The results at a point in time.
#[derive(Clone, Copy)]
struct Evaluator<'a> {
    scope: &'a Scope,
    results: &'a Results,
    at: Timestamp,
    options: EvaluationOptions,
}

/// The outcome of a version named by the timeline.
struct VersionVerdict {
    /// The index in the scope.
    place: usize,
    validity: Validity,
    verdict: Verdict,
}

/// The combined outcome.
struct Decision {
    passed: Vec<usize>,
    best: Option<usize>,
    verdict: Verdict,
}

impl Evaluator<'_> {
    fn today(&self) -> Date {
        self.at.to_zoned(TimeZone::UTC).date()
    }

    /// The result of a test case; `None` if it is missing or expired.
    fn result_of(&self, id: &str) -> Option<Verdict> {
        let given = self.results.newest(id, self.at, self.options.profile)?;
        let expires = self.expires(id, given.checked_at);
        expires.is_none_or(|expires| self.at < expires).then_some(given.result)
    }

    /// The time a result expires; results of unknown test cases and results without a time do not expire.
    fn expires(&self, id: &str, checked_at: Option<Timestamp>) -> Option<Timestamp> {
        Some(self.scope.test_case(id)?.lifetime.expires(checked_at?))
    }

    /// All later times at which a result begins to count or expires or a timeline entry takes effect, in
    /// order.
    fn changes(&self) -> BTreeSet<Timestamp> {
        let mut moments = BTreeSet::new();
        let mut counts = |at: Timestamp, expires: Timestamp| {
            if self.options.profile == Profile::Text {
                moments.insert(at);
            }
            moments.insert(expires);
        };
        for case in self.scope.test_cases() {
            for at in self.results.times(&case.id) {
                counts(at, case.lifetime.expires(at));
            }
        }
        for at in self.results.times_of_rules() {
            counts(at, crate::scope::Lifetime::default().expires(at));
        }
        let entries = self.scope.timeline().entries().iter();
        moments.extend(entries.filter_map(|entry| {
            TimeZone::UTC.to_timestamp(DateTime::from_parts(entry.date, Time::midnight())).ok()
        }));
        moments.split_off(&self.at).into_iter().filter(|moment| *moment > self.at).collect()
    }

    /// The versions named by the timeline, in the order of the scope.
    fn version_verdicts(&self) -> Vec<VersionVerdict> {
        let validities = self.scope.timeline().validities(self.today());
        let place = |(name, validity): (&str, Validity)| {
            let place = self.scope.place_of(name)?;
            let verdict = self.verdict(self.scope.versions().get(place)?);
            Some(VersionVerdict { place, validity, verdict })
        };
        let mut version_verdicts: Vec<VersionVerdict> = validities.into_iter().filter_map(place).collect();
        version_verdicts.sort_by_key(|standing| standing.place);
        version_verdicts
    }

    /// The result of a version: that of the target *main* (scs-0004-v1, *Regulations*), unless its requirements are unknown
    /// or a rule is violated.
    fn verdict(&self, version: &ScopeVersion) -> Verdict {
        // Without a target *main*, there is nothing to pass.
        let main = version.targets().get(&Target::Main).map_or(Verdict::Miss, |cases| self.topmost(cases));
        let unknown = version.incomplete().is_some() || self.error(version).is_some();
        let broken = self.broken_rules(version).next().map(|_| Verdict::Fail);
        let all = [Some(main), unknown.then_some(Verdict::Dnf), broken];
        Verdict::topmost(all.into_iter().flatten()).unwrap_or(main)
    }

    /// The error of the scope file that affects a version. The official suite rejects such files as a whole, so nothing is
    /// evaluated with them.
    fn error(&self, version: &ScopeVersion) -> Option<&crate::ScopeProblem> {
        self.scope.first_error_for(version).filter(|_| self.options.profile == Profile::Text)
    }

    /// The violated MUST rules that no test case covers.
    fn broken_rules(&self, version: &ScopeVersion) -> impl Iterator<Item = String> {
        let is_text = self.options.profile == Profile::Text;
        let documents: BTreeSet<_> = version
            .includes()
            .iter()
            .filter(|_| is_text)
            .filter_map(|include| self.scope.module(&include.module)?.document())
            .collect();
        documents.into_iter().flat_map(|document| {
            self.results.broken(document, self.at).map(move |rule| format!("{rule} ({document})"))
        })
    }

    fn topmost(&self, cases: &[String]) -> Verdict {
        let results = cases.iter().map(|id| self.result_of(id).unwrap_or(Verdict::Miss));
        Verdict::topmost(results).unwrap_or(match self.options.profile {
            // A target without test cases cannot be passed; for the official suite, nothing is missing.
            Profile::Text => Verdict::Miss,
            Profile::Official => Verdict::Pass,
        })
    }

    fn outcome(&self, version: &ScopeVersion, validity: Option<Validity>) -> VersionOutcome {
        let Some(validity) = validity else {
            return VersionOutcome {
                validity: Validity::Deprecated,
                verdict: None,
                targets: BTreeMap::new(),
                broken_rules: Vec::new(),
                notes: vec!["not in the timeline".to_owned()],
            };
        };
        let verdict = self.verdict(version);
        let mut notes: Vec<String> = version.incomplete().map(str::to_owned).into_iter().collect();
        notes.extend(self.error(version).map(|error| format!("error in the scope file: {error}")));
        if validity == Validity::Warn && verdict == Verdict::Pass {
            notes.push("this version is about to expire".to_owned());
        }
        VersionOutcome {
            validity,
            verdict: Some(verdict),
            targets: version
                .targets()
                .iter()
                .map(|(target, cases)| (target.name().to_owned(), self.target(cases)))
                .collect(),
            broken_rules: self.broken_rules(version).collect(),
            notes,
        }
    }

    fn target(&self, cases: &[String]) -> TargetOutcome {
        let mut outcome = TargetOutcome {
            result: self.topmost(cases),
            passed: Vec::new(),
            failed: Vec::new(),
            unfinished: Vec::new(),
            missing: Vec::new(),
        };
        for id in cases {
            let with = match self.result_of(id).unwrap_or(Verdict::Miss) {
                Verdict::Pass => &mut outcome.passed,
                Verdict::Fail => &mut outcome.failed,
                Verdict::Dnf => &mut outcome.unfinished,
                Verdict::Miss => &mut outcome.missing,
            };
            with.push(id.clone());
        }
        outcome
    }

    fn decide(&self, version_verdicts: &[VersionVerdict]) -> Decision {
        match self.options.profile {
            Profile::Text => self.by_text(version_verdicts),
            Profile::Official => self.by_compliance_monitor(version_verdicts),
        }
    }

    /// A version is passed when all test cases of its target *main* are (scs-0004-v1, *Regulations*).
    fn by_text(&self, version_verdicts: &[VersionVerdict]) -> Decision {
        let counts = |standing: &&VersionVerdict| {
            standing.validity.is_certifiable()
                || self.options.include_drafts && standing.validity == Validity::Draft
        };
        let passed =
            || version_verdicts.iter().filter(counts).filter(|standing| standing.verdict == Verdict::Pass);
        let best =
            passed().find(|standing| standing.validity.is_certifiable()).map(|standing| standing.place);
        // The newest effective version is the one stabilized last.
        let newest = version_verdicts
            .iter()
            .rev()
            .filter(|standing| standing.validity == Validity::Effective)
            .max_by_key(|standing| self.scope.versions().get(standing.place)?.stabilized_at());
        let verdict = match (best, newest) {
            (Some(_), _) => Verdict::Pass,
            (None, Some(newest)) => newest.verdict,
            (None, None) => Verdict::Miss,
        };
        Decision { passed: passed().map(|standing| standing.place).collect(), best, verdict }
    }

    /// The monitor goes through the versions in file order and stops at the first that is not a draft and has no FAIL, even
    /// if all its results are missing.
    fn by_compliance_monitor(&self, version_verdicts: &[VersionVerdict]) -> Decision {
        let mut decision = Decision { passed: Vec::new(), best: None, verdict: Verdict::Fail };
        for standing in version_verdicts {
            if standing.validity == Validity::Draft && !self.options.include_drafts {
                continue;
            }
            decision.verdict = standing.verdict;
            if standing.verdict != Verdict::Fail {
                decision.passed.push(standing.place);
                if standing.validity != Validity::Draft {
                    decision.best = Some(standing.place);
                    break;
                }
            }
        }
        decision
    }

    /// Irregularities of the results.
    fn warnings(&self) -> Vec<String> {
        let known = |id: &&str| self.scope.test_case(id).is_some();
        let unknown: Vec<&str> = self.results.test_cases().filter(|id| !known(id)).collect();
        let future: Vec<&str> = self
            .results
            .test_cases()
            .filter(known)
            .filter(|id| self.results.times(id).any(|time| time > self.at))
            .collect();
        let undecided: Vec<&str> =
            self.results.test_cases().filter(known).filter(|id| self.results.is_undecided(id)).collect();
        let counts = match self.options.profile {
            Profile::Text => "ignored",
            Profile::Official => "still counted (C-109)",
        };
        [
            some_of(&unknown, |id| format!("{} has no test case `{}`", self.scope.name(), brief(id))),
            some_of(&future, |id| format!("a result of `{id}` is dated after {}; {counts}", self.at)),
            some_of(&undecided, |id| {
                format!(
                    "`{id}` has a result without a time and another one with a time; the worse one counts"
                )
            }),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// The maximum number of similar warnings reported individually.
const MAX_REPORTED: usize = 20;

/// The beginning of an untrusted text.
fn brief(text: &str) -> String {
    text.chars().take(80).collect()
}

/// A sentence for each id, with the number of omitted ones.
fn some_of(ids: &[&str], sentence: impl Fn(&str) -> String) -> Vec<String> {
    let mut sentences: Vec<String> = ids.iter().take(MAX_REPORTED).map(|id| sentence(id)).collect();
    if let (Some(last), more @ 1..) = (sentences.last_mut(), ids.len().saturating_sub(MAX_REPORTED)) {
        *last = format!("{last} (and {more} more like this)");
    }
    sentences
}
