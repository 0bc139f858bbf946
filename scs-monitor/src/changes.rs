//! What changed between two reports, and between the versions of the software that wrote them.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::findings::{ReportFinding, findings, has_findings};
use crate::official::number;
use crate::standing::verdict;
use crate::store::{CountedReport, StoredCheck};

/// What changed from a report to another one of the same subject and scope.
#[derive(Clone, Debug)]
pub(crate) struct Comparison {
    pub(crate) subject: String,
    /// The UUID of the scope.
    pub(crate) scope: String,
    /// The UUIDs of the reports with the times of the checks.
    pub(crate) reports: [(String, Timestamp); 2],
    /// The test cases with different results.
    pub(crate) changed: BTreeMap<String, BothResults>,
    /// The number of test cases with the same result.
    pub(crate) unchanged: usize,
    pub(crate) software: BothVersions,
    /// What only the second report finds, and only the first; for those who may read both.
    pub(crate) findings: Option<(Vec<ReportFinding>, Vec<ReportFinding>)>,
    /// Whether a report is in a format that has findings.
    pub(crate) may_have_findings: bool,
}

impl Comparison {
    /// Compares two reports, with their findings or without them; `None` if they are of different subjects or scopes.
    pub(crate) fn new(first: &StoredCheck, second: &StoredCheck, with_findings: bool) -> Option<Self> {
        let (before, after) = (&first.counted.report, &second.counted.report);
        if (&before.subject, &before.scope) != (&after.subject, &after.scope) {
            return None;
        }
        let (changed, unchanged) = changes(&first.counted, &second.counted);
        Some(Self {
            subject: before.subject.clone(),
            scope: before.scope.clone(),
            reports: [before, after].map(|report| (report.uuid.clone(), report.checked_at)),
            changed,
            unchanged,
            software: BothVersions::new(&first.document, &second.document),
            findings: with_findings.then(|| {
                let found = [findings(&first.document), findings(&second.document)];
                let only = |of: &[ReportFinding], others: &[ReportFinding]| {
                    of.iter().filter(|finding| !others.contains(finding)).cloned().collect()
                };
                (only(&found[1], &found[0]), only(&found[0], &found[1]))
            }),
            may_have_findings: [first, second].iter().any(|it| has_findings(&it.document)),
        })
    }
}

/// The results of a test case in two reports; the name of a result, or nothing for a MISS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct BothResults {
    pub(crate) before: Option<&'static str>,
    pub(crate) after: Option<&'static str>,
}

/// The software that wrote two reports, as far as they say it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct BothVersions {
    pub(crate) before: Option<String>,
    pub(crate) after: Option<String>,
    /// Whether both are known and differ, so that the suite may have changed and not the cloud.
    pub(crate) differ: bool,
}

impl BothVersions {
    /// The versions of two reports.
    pub(crate) fn new(before: &Value, after: &Value) -> Self {
        let (before, after) = (software(before), software(after));
        Self { differ: before.is_some() && after.is_some() && before != after, before, after }
    }
}

/// The results by test case; of several versions of the scope, the topmost.
fn by_case(report: &CountedReport) -> BTreeMap<&str, i8> {
    let mut results: BTreeMap<&str, i8> = BTreeMap::new();
    for (case, result) in report.report.results.values().flatten() {
        if let Some(result) = *result {
            let known = results.entry(case).or_insert(result);
            *known = result.min(*known);
        }
    }
    results
}

/// The test cases whose results differ, and the number of the others.
fn changes(before: &CountedReport, after: &CountedReport) -> (BTreeMap<String, BothResults>, usize) {
    let (before, after) = (by_case(before), by_case(after));
    let name = |result: Option<&i8>| result.map(|result| name(*result));
    let mut cases: Vec<&str> = before.keys().chain(after.keys()).copied().collect();
    cases.sort_unstable();
    cases.dedup();
    let all = cases.len();
    let changed: BTreeMap<String, BothResults> = cases
        .into_iter()
        .map(|case| (case, BothResults { before: name(before.get(case)), after: name(after.get(case)) }))
        .filter(|(_, both)| both.before != both.after)
        .map(|(case, both)| (case.to_owned(), both))
        .collect();
    let same = all - changed.len();
    (changed, same)
}

/// The name of a result.
pub(crate) fn name(result: i8) -> &'static str {
    let verdict = verdict(result);
    match number(verdict) {
        Some(1) => "PASS",
        Some(-1) => "FAIL",
        Some(_) => "DNF",
        None => "MISS",
    }
}

/// The longest text that is shown.
const LONGEST: usize = 120;

/// The name and version of the software that wrote a report, if it says so.
pub(crate) fn software(document: &Value) -> Option<String> {
    let text = |path: &str| document.pointer(path).and_then(Value::as_str);
    let named = |path: &str| {
        let program = document.pointer(path)?;
        let part = |key: &str| program.get(key).and_then(Value::as_str);
        Some(format!("{} {}", part("name")?, part("version").unwrap_or_default()).trim().to_owned())
    };
    let found = ["/creator", "/run/creator", "/run/version", "/version"].into_iter().find_map(text);
    let found = found.map(str::to_owned).or_else(|| ["/creator", "/program"].into_iter().find_map(named));
    found.map(|text| text.chars().take(LONGEST).collect())
}
