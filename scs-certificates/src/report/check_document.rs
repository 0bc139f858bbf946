//! Reads check results in the JSON format `scs/check/2`.

use std::collections::BTreeMap;

use jiff::Timestamp;
use scs_standards::wording::truncated;
use scs_standards::{DocumentId, Verdict};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::{Collection, Report, ReportScope, by_age, time};
use crate::results::GivenResult;

/// The supported schema.
const SCHEMA: &str = "scs/check/2";

/// The maximum length of a quoted value in a message.
const LONGEST: usize = 80;

/// The results of a check of one subject.
///
/// ```
/// use scs_certificates::report::CheckDocument;
///
/// let document = serde_json::json!({
///     "schema": "scs/check/2", "subject": "my-cluster", "checked_at": "2026-10-20T00:00:00Z",
///     "scope": {"name": "SCS-compatible KaaS", "uuid": "1fffebe6-fd4b-44d3-a36c-fc58b4bb0180"},
///     "results": {"version-policy-check": "PASS", "cncf-k8s-conformance": "PASS"},
///     "evidence_at": {"cncf-k8s-conformance": "2026-10-10T09:00:00Z"},
/// });
/// let reports = CheckDocument::read(&document)?.reports();
/// // A result is as old as its evidence, and a report has a single time.
/// let times: Vec<String> = reports.iter().map(|report| report.checked_at.to_string()).collect();
/// assert_eq!(times, ["2026-10-20T00:00:00Z", "2026-10-10T09:00:00Z"]);
/// # Ok::<(), String>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CheckDocument {
    /// The subject.
    pub subject: String,
    /// The scope.
    pub scope: ReportScope,
    /// How the inventory was collected, if the document says so.
    pub collection: Option<Collection>,
    /// The time of the check.
    pub checked_at: Timestamp,
    /// The result of each test case, with the time of its evidence. Unreadable results count as DNF.
    pub results: BTreeMap<String, GivenResult>,
    /// The answer of each evaluated rule.
    pub rules: Vec<CheckedRule>,
    /// Irregularities of the document.
    pub warnings: Vec<String>,
}

/// The answer of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedRule {
    /// The rule.
    pub rule: String,
    /// The document that states it.
    pub document: DocumentId,
    /// The result, with the time of its evidence.
    pub given: GivenResult,
    /// Whether it affects the verdict.
    pub decides: bool,
}

impl CheckDocument {
    /// Whether a document claims one of our schemas, this one or another.
    #[must_use]
    pub fn has_schema(document: &Value) -> bool {
        document.get("schema").is_some_and(Value::is_string)
    }

    /// Reads a document.
    ///
    /// # Errors
    ///
    /// If the schema is different or a required part is missing, with the reason.
    pub fn read(document: &Value) -> Result<Self, String> {
        let document = document.as_object().ok_or("not a mapping")?;
        let schema = document.get("schema").map(brief).unwrap_or_default();
        if document.get("schema").and_then(Value::as_str) != Some(SCHEMA) {
            return Err(format!("`schema` is {schema}, expected `{SCHEMA}`"));
        }
        let about = document.get("scope").and_then(Value::as_object).ok_or("`scope` is missing")?;
        let checked_at = moment(document.get("checked_at").unwrap_or(&Value::Null))
            .map_err(|problem| format!("`checked_at` is {problem}"))?;
        let mut read = Self {
            subject: text(document, "subject").ok_or("`subject` is missing")?,
            scope: ReportScope {
                uuid: text(about, "uuid").ok_or("`scope.uuid` is missing")?,
                name: text(about, "name").unwrap_or_default(),
                url: text(about, "url").unwrap_or_default(),
            },
            collection: collection(document),
            checked_at,
            results: BTreeMap::new(),
            rules: Vec::new(),
            warnings: Vec::new(),
        };
        read.read_results(document)?;
        for row in document.get("rules").and_then(Value::as_array).into_iter().flatten() {
            let rule =
                rule(row, checked_at).ok_or_else(|| format!("an entry of `rules` is {}", brief(row)))?;
            read.rules.push(rule);
        }
        Ok(read)
    }

    /// Reads the results of the newest effective version, plus those of other versions for test cases that it does not require.
    fn read_results(&mut self, document: &Map<String, Value>) -> Result<(), String> {
        let of_deciding =
            document.get("results").and_then(Value::as_object).ok_or("`results` are missing")?;
        let evidence = document.get("evidence_at").and_then(Value::as_object);
        let versions = document.get("versions").and_then(Value::as_object);
        let of_others = versions
            .into_iter()
            .flat_map(Map::values)
            .filter_map(|version| version.get("results").and_then(Value::as_object))
            .flatten()
            .filter(|(case, _)| !of_deciding.contains_key(*case));
        for (case, value) in of_deciding.iter().chain(of_others) {
            let result = value.as_str().and_then(|word| word.parse().ok()).unwrap_or_else(|| {
                self.warnings.push(unusable(
                    case,
                    &format!("{} is not one of PASS, FAIL, DNF and MISS", brief(value)),
                ));
                Verdict::Dnf
            });
            let time = match evidence.and_then(|evidence| evidence.get(case)).map(moment) {
                None => self.checked_at,
                Some(Ok(evidence)) => evidence.min(self.checked_at),
                Some(Err(problem)) => {
                    self.warnings.push(unusable(case, &format!("`evidence_at` is {problem}")));
                    self.results.insert(case.clone(), Verdict::Dnf.into());
                    continue;
                }
            };
            // If two versions disagree, the topmost result counts.
            let given =
                self.results.entry(case.clone()).or_insert(GivenResult { result, checked_at: Some(time) });
            given.result = given.result.min(result);
        }
        Ok(())
    }

    /// Converts to reports, one for each age of results, newest first.
    #[must_use]
    pub fn reports(&self) -> Vec<Report> {
        let results = self.results.iter().map(|(case, given)| (case.clone(), given.result, given.checked_at));
        let parts = by_age(self.checked_at, results);
        let report = |(checked_at, results): (Timestamp, BTreeMap<String, Verdict>)| {
            let text = format!("{} {checked_at} {results:?}", self.subject);
            let namespace = Uuid::try_parse(&self.scope.uuid).unwrap_or(Uuid::NAMESPACE_OID);
            Report {
                scope: self.scope.clone(),
                subject: self.subject.clone(),
                creator: None,
                collection: self.collection.clone(),
                checked_at,
                reference_date: None,
                run: Uuid::new_v5(&namespace, text.as_bytes()).to_string(),
                commands: Vec::new(),
                results: results.into_iter().filter(|(_, result)| *result != Verdict::Miss).collect(),
                unusable: Vec::new(),
                log: [Vec::new(), Vec::new()],
                warnings: Vec::new(),
            }
        };
        let mut reports: Vec<Report> = parts.into_iter().map(report).collect();
        if let Some(first) = reports.first_mut() {
            first.warnings.clone_from(&self.warnings);
        }
        reports
    }
}

fn rule(row: &Value, checked_at: Timestamp) -> Option<CheckedRule> {
    let word = |key: &str| row.get(key).and_then(Value::as_str);
    let time = match row.get("evidence_at").filter(|at| !at.is_null()) {
        None => checked_at,
        Some(at) => moment(at).ok()?.min(checked_at),
    };
    Some(CheckedRule {
        rule: word("rule")?.to_owned(),
        document: word("document")?.parse().ok()?,
        given: GivenResult { result: word("result")?.parse().ok()?, checked_at: Some(time) },
        decides: row.get("decides")?.as_bool()?,
    })
}

/// How the inventory was collected, of an inventory that says so.
fn collection(document: &Map<String, Value>) -> Option<Collection> {
    let from = document.get("collected_from").and_then(Value::as_object);
    let missing: Vec<String> = match document.get("unavailable").and_then(Value::as_object) {
        Some(unavailable) => unavailable.keys().cloned().collect(),
        None => Vec::new(),
    };
    if from.is_none() && missing.is_empty() {
        return None;
    }
    let word = |key: &str| from.and_then(|from| text(from, key));
    let parts = document.get("parts").and_then(Value::as_array).map_or(0, Vec::len);
    Some(Collection {
        server: word("server"),
        context: word("context"),
        user: word("user"),
        parts,
        parts_read: parts.saturating_sub(missing.len()),
        missing,
    })
}

fn text(map: &Map<String, Value>, key: &str) -> Option<String> {
    map.get(key).and_then(Value::as_str).map(str::to_owned)
}

/// The message for an unusable result.
#[must_use]
pub fn unusable(test_case: &str, problem: &str) -> String {
    format!("the result of `{}` cannot be used: {problem}", truncated(test_case, LONGEST))
}

/// Parses a timestamp.
///
/// # Errors
///
/// If it is not a timestamp; the message contains the value.
pub fn moment(value: &Value) -> Result<Timestamp, String> {
    let text = value.as_str().unwrap_or_default();
    let example = "`2026-11-29T08:30:00Z`";
    match time(text) {
        Some(moment) => Ok(moment),
        None if text.parse::<jiff::civil::Date>().is_ok() => {
            Err(format!("{}, without a time of day such as {example}", brief(value)))
        }
        None => Err(format!("{}, not a time such as {example}", brief(value))),
    }
}

/// The beginning of a value as JSON.
#[must_use]
pub fn brief(value: &Value) -> String {
    match value {
        Value::Null => "missing".to_owned(),
        Value::String(text) => format!("`{}`", truncated(text, LONGEST)),
        Value::Array(list) => format!("a list with {} entries", list.len()),
        Value::Object(map) => format!("a mapping with {} keys", map.len()),
        other => truncated(&other.to_string(), LONGEST).into_owned(),
    }
}
