//! The JSON of `/status`.

use std::collections::{BTreeMap, BTreeSet};

use scs_certificates::{Evaluation, Scope, Target, Validity};
use serde::Serialize;
use utoipa::ToSchema;

use super::number;
use super::summary::{best_validity, passed_text};
use crate::standing::Standing;
use crate::store::LatestResult;
use crate::time::civil;

/// The standing of a subject in a scope.
#[derive(Serialize, ToSchema)]
pub(crate) struct ScopeResult<'s> {
    /// The name of the scope.
    name: &'s str,
    /// All test cases of the scope.
    testcases: BTreeMap<&'s str, TestCaseOut<'s>>,
    /// The newest result of each test case that has not expired.
    results: BTreeMap<&'s str, ResultOut<'s>>,
    /// The test cases of the relevant versions by result: `1`, `0`, `-1`, or `null` without a result.
    buckets: BTreeMap<&'static str, Vec<&'s str>>,
    /// The versions that the timeline names.
    versions: BTreeMap<&'s str, VersionOut<'s>>,
    /// The versions that were looked at to find the best passed one.
    relevant: Vec<&'s str>,
    /// The result of the last of them.
    result: Option<i8>,
    /// The passed ones.
    passed: Vec<&'s str>,
    /// The same as text, with marks.
    passed_str: String,
    /// The place of the best passed one in the scope file.
    best_passed: Option<usize>,
    /// Its validity.
    #[schema(value_type = String)]
    validity: Validity,
}

/// A test case as the scope file describes it.
#[derive(Serialize, ToSchema)]
struct TestCaseOut<'s> {
    id: &'s str,
    /// The lifetime of a result, if the file gives one.
    #[serde(skip_serializing_if = "Option::is_none")]
    lifetime: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    section: Option<&'s str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'s str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'s str>,
    /// The number of stabilized versions that require it.
    attn: usize,
}

/// A result that counts.
#[derive(Serialize, ToSchema)]
struct ResultOut<'s> {
    result: Option<i8>,
    checked_at: String,
    /// The UUID of its report.
    report: &'s str,
}

/// The outcome for a version.
#[derive(Serialize, ToSchema)]
struct VersionOut<'s> {
    /// Its place in the scope file.
    _idx: usize,
    result: Option<i8>,
    targets: BTreeMap<&'s str, TargetOut<'s>>,
    /// The target of each test case.
    tc_target: BTreeMap<&'s str, &'s str>,
    #[schema(value_type = String)]
    validity: Validity,
}

/// The outcome for a target.
#[derive(Serialize, ToSchema)]
struct TargetOut<'s> {
    testcases: &'s [String],
    result: Option<i8>,
}

/// The versions that are looked at to find the best passed one: those that the timeline names, up to the best one.
pub(crate) fn relevant(evaluation: &Evaluation, with_drafts: bool) -> Vec<&str> {
    let mut relevant = Vec::new();
    for (name, outcome) in &evaluation.versions {
        if outcome.verdict.is_none() || outcome.validity == Validity::Draft && !with_drafts {
            continue;
        }
        relevant.push(name.as_str());
        if evaluation.best.as_deref() == Some(name) {
            break;
        }
    }
    relevant
}

/// The number of stabilized versions that require a test case.
pub(crate) fn attention(scope: &Scope, test_case: &str) -> usize {
    let requires = |cases: &[String]| cases.iter().any(|case| case == test_case);
    let stabilized = scope.versions().iter().filter(|version| version.stabilized_at().is_some());
    stabilized.filter(|version| requires(version.target(&Target::Main))).count()
}

/// The test cases of the relevant versions by result, most wanted ones first.
pub(crate) fn buckets<'s>(
    scope: &'s Scope,
    relevant: &[&str],
    results: &BTreeMap<String, LatestResult>,
) -> BTreeMap<Option<i8>, Vec<&'s str>> {
    let versions = scope.versions().iter().filter(|version| relevant.contains(&version.name()));
    let cases: BTreeSet<&str> =
        versions.flat_map(|version| version.targets().values().flatten().map(String::as_str)).collect();
    let mut buckets: BTreeMap<Option<i8>, Vec<&str>> = BTreeMap::new();
    for case in cases {
        buckets.entry(results.get(case).and_then(|result| result.result)).or_default().push(case);
    }
    for cases in buckets.values_mut() {
        cases.sort_by_key(|case| (attention(scope, case) == 0, *case));
    }
    buckets
}

impl<'s> ScopeResult<'s> {
    /// The JSON of a standing.
    pub(crate) fn new(scope: &'s Scope, standing: &'s Standing) -> Self {
        let evaluation = &standing.official;
        let relevant = relevant(evaluation, false);
        let place = |name: &str| scope.versions().iter().position(|version| version.name() == name);
        Self {
            name: scope.name(),
            testcases: test_cases(scope),
            results: standing.results.iter().map(|(case, it)| (case.as_str(), result(it))).collect(),
            buckets: buckets(scope, &relevant, &standing.results)
                .into_iter()
                .map(|(result, cases)| (bucket_name(result), cases))
                .collect(),
            versions: versions(scope, evaluation),
            relevant,
            result: number(evaluation.verdict),
            passed: evaluation.passed.iter().map(String::as_str).collect(),
            passed_str: passed_text(evaluation),
            best_passed: evaluation.best.as_deref().and_then(place),
            validity: best_validity(evaluation),
        }
    }
}

const fn bucket_name(result: Option<i8>) -> &'static str {
    match result {
        Some(1) => "1",
        Some(-1) => "-1",
        Some(_) => "0",
        None => "null",
    }
}

fn test_cases(scope: &Scope) -> BTreeMap<&str, TestCaseOut<'_>> {
    scope
        .test_cases()
        .map(|case| {
            let out = TestCaseOut {
                id: &case.id,
                lifetime: (!case.has_default_lifetime).then(|| case.lifetime.to_string()),
                section: case.section.as_deref(),
                description: case.description.as_deref(),
                url: case.url.as_deref(),
                attn: attention(scope, &case.id),
            };
            (case.id.as_str(), out)
        })
        .collect()
}

fn result(result: &LatestResult) -> ResultOut<'_> {
    ResultOut { result: result.result, checked_at: civil(result.checked_at), report: &result.report }
}

fn versions<'s>(scope: &'s Scope, evaluation: &'s Evaluation) -> BTreeMap<&'s str, VersionOut<'s>> {
    let versions = scope.versions().iter().zip(&evaluation.versions).enumerate();
    versions
        .filter_map(|(place, (version, (_, outcome)))| {
            let targets = version.targets().iter().map(|(target, cases)| {
                let result = outcome.targets.get(target.name()).and_then(|target| number(target.result));
                (target.name(), TargetOut { testcases: cases, result })
            });
            let out = VersionOut {
                _idx: place,
                result: number(outcome.verdict?),
                targets: targets.collect(),
                tc_target: targets_of_cases(version),
                validity: outcome.validity,
            };
            Some((version.name(), out))
        })
        .collect()
}

/// The target of each test case of a version; of several the last one in the order of the file counts.
fn targets_of_cases(version: &scs_certificates::ScopeVersion) -> BTreeMap<&str, &str> {
    let targets = version.targets().iter();
    targets.flat_map(|(target, cases)| cases.iter().map(|case| (case.as_str(), target.name()))).collect()
}
