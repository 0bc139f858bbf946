//! What results say about a scope at a moment (scs-0003-v1, *Basic concepts*; scs-0003-v2, *Concept definitions*).

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use scs_standards::{Profile, Verdict};
use serde::Serialize;

use crate::results::Results;
use crate::scope::{Scope, ScopeVersion, Target, Validity};

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
    /// The MUST rules of its documents that are broken though no test case of the version covers them, where answers of rules were
    /// given. They fail the version by the text.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub broken_rules: Vec<String>,
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
/// // A result of version-policy-check is good for a week.
/// assert_eq!(evaluation.changes_at.unwrap().to_string(), "2026-11-30T00:00:00Z");
/// # Ok::<(), jiff::Error>(())
/// ```
#[must_use]
pub fn evaluate(scope: &Scope, results: &Results, at: Timestamp, options: EvaluationOptions) -> Evaluation {
    let moment = Moment { scope, results, at, options };
    let standings = moment.standings();
    let decision = moment.decide(&standings);
    let name = |place: &usize| scope.versions().get(*place).map(|version| version.name().to_owned());
    let mut validities = vec![None; scope.versions().len()];
    for standing in &standings {
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

/// How many test cases are looked up to find when the verdict changes. Any scope of ours takes some thousand.
const MOST_LOOKUPS: usize = 20_000_000;

/// When the verdict changes by time alone. Where that takes too long to find, the first moment up to which it does not.
fn changes_at(now: Moment<'_>, verdict: Verdict) -> Option<Timestamp> {
    let mut left = MOST_LOOKUPS;
    now.changes().into_iter().find(|at| {
        let then = Moment { at: *at, ..now };
        let standings = then.standings();
        let cases = |standing: &Standing| {
            now.scope.versions().get(standing.place).map_or(0, |version| version.target(&Target::Main).len())
        };
        let effort: usize = standings.iter().map(|standing| cases(standing) + 1).sum();
        left = left.saturating_sub(effort);
        left == 0 || then.decide(&standings).verdict != verdict
    })
}

/// Results at a moment.
#[derive(Clone, Copy)]
struct Moment<'a> {
    scope: &'a Scope,
    results: &'a Results,
    at: Timestamp,
    options: EvaluationOptions,
}

/// What a version that the timeline names comes to.
struct Standing {
    /// Its place in the scope.
    place: usize,
    validity: Validity,
    verdict: Verdict,
}

/// What that means together.
struct Decision {
    passed: Vec<usize>,
    best: Option<usize>,
    verdict: Verdict,
}

impl Moment<'_> {
    fn today(&self) -> Date {
        self.at.to_zoned(TimeZone::UTC).date()
    }

    /// The result of a test case; none where there is none, or it has expired.
    fn result_of(&self, id: &str) -> Option<Verdict> {
        let given = self.results.newest(id, self.at, self.options.profile)?;
        let expires = self.expires(id, given.checked_at);
        expires.is_none_or(|expires| self.at < expires).then_some(given.result)
    }

    /// When a result expires; a result of a test case that the scope does not have, and one without a time, do not.
    fn expires(&self, id: &str, checked_at: Option<Timestamp>) -> Option<Timestamp> {
        Some(self.scope.test_case(id)?.lifetime.expires(checked_at?))
    }

    /// The moments after this one at which a result begins to count or expires, or an entry of the timeline begins, in their
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

    /// The versions that the timeline names, in the order of the scope.
    fn standings(&self) -> Vec<Standing> {
        let validities = self.scope.timeline().validities(self.today());
        let place = |(name, validity): (&str, Validity)| {
            let place = self.scope.place_of(name)?;
            let verdict = self.verdict(self.scope.versions().get(place)?);
            Some(Standing { place, validity, verdict })
        };
        let mut standings: Vec<Standing> = validities.into_iter().filter_map(place).collect();
        standings.sort_by_key(|standing| standing.place);
        standings
    }

    /// The result of a version: that of its target *main* (scs-0004-v1, *Regulations*), unless it is not known what the version
    /// asks for, or a rule is broken.
    fn verdict(&self, version: &ScopeVersion) -> Verdict {
        // Without a target *main* there is nothing to pass.
        let main = version.targets().get(&Target::Main).map_or(Verdict::Miss, |cases| self.topmost(cases));
        let unknown = version.incomplete().is_some() || self.error(version).is_some();
        let broken = self.broken_rules(version).next().map(|_| Verdict::Fail);
        let all = [Some(main), unknown.then_some(Verdict::Dnf), broken];
        Verdict::topmost(all.into_iter().flatten()).unwrap_or(main)
    }

    /// The error of the scope file that touches a version. The official suite refuses such files as a whole, so nothing is
    /// evaluated with them.
    fn error(&self, version: &ScopeVersion) -> Option<&crate::ScopeProblem> {
        self.scope.first_error_for(version).filter(|_| self.options.profile == Profile::Text)
    }

    /// The MUST rules that are broken though no test case covers them.
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
            // A target without test cases is passed by nobody; the official suite sees nothing that it would lack.
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
                notes: vec!["the timeline does not name it".to_owned()],
            };
        };
        let verdict = self.verdict(version);
        let mut notes: Vec<String> = version.incomplete().map(str::to_owned).into_iter().collect();
        notes.extend(self.error(version).map(|error| format!("the scope file is wrong: {error}")));
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

    fn decide(&self, standings: &[Standing]) -> Decision {
        match self.options.profile {
            Profile::Text => self.by_text(standings),
            Profile::Official => self.by_compliance_monitor(standings),
        }
    }

    /// A version is passed when all test cases of its target *main* are (scs-0004-v1, *Regulations*).
    fn by_text(&self, standings: &[Standing]) -> Decision {
        let counts = |standing: &&Standing| {
            standing.validity.is_certifiable()
                || self.options.include_drafts && standing.validity == Validity::Draft
        };
        let passed = || standings.iter().filter(counts).filter(|standing| standing.verdict == Verdict::Pass);
        let best =
            passed().find(|standing| standing.validity.is_certifiable()).map(|standing| standing.place);
        // The newest effective version: the one that was stabilized last.
        let newest = standings
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

    /// The monitor takes the versions in the order of the file and stops at the first that is not a draft and has no FAIL; also
    /// one with nothing but missing results.
    fn by_compliance_monitor(&self, standings: &[Standing]) -> Decision {
        let mut decision = Decision { passed: Vec::new(), best: None, verdict: Verdict::Fail };
        for standing in standings {
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

    /// What is odd about the results.
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
            Profile::Text => "it does not count",
            Profile::Official => "it counts all the same (C-109)",
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

/// How many things of a kind are told one by one.
const TOLD: usize = 20;

/// The beginning of a text that somebody put into a file.
fn brief(text: &str) -> String {
    text.chars().take(80).collect()
}

/// A sentence for each, and how many there are beyond some.
fn some_of(ids: &[&str], sentence: impl Fn(&str) -> String) -> Vec<String> {
    let mut sentences: Vec<String> = ids.iter().take(TOLD).map(|id| sentence(id)).collect();
    if let (Some(last), more @ 1..) = (sentences.last_mut(), ids.len().saturating_sub(TOLD)) {
        *last = format!("{last} (and {more} more of this kind)");
    }
    sentences
}
