//! What is posted: a signature and one or more reports.

use std::collections::BTreeMap;

use jiff::Timestamp;
use scs_certificates::report::signature::{Signers, verify};
use scs_certificates::report::{CheckDocument, CheckedRule, Report};
use scs_registry::Registry;
use scs_standards::wording::truncated;
use scs_standards::{Verdict, yaml};
use serde_json::Value;
use thiserror::Error;
use uuid::Uuid;

use crate::official::number as number_of;
use crate::store::{NewReport, RuleAnswer};

/// The end of the signature; curl puts an ampersand between two files.
const SEPARATOR: &str = "-----END SSH SIGNATURE-----\n&";

/// The version of results that do not depend on one.
const ANY_VERSION: &str = "*";

/// The maximum length in bytes of the name of a subject, version, test case or rule, which are keys of the database.
const MAX_NAME: usize = 500;

/// The maximum number of results of a report.
const MAX_RESULTS: usize = 5_000;

/// The maximum length of a quoted value in a message.
const LONGEST: usize = 80;

/// The format of the reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// One JSON document.
    Json,
    /// One or more YAML documents.
    Yaml,
}

/// Error: nothing of a submission is taken.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(crate) enum SubmissionError {
    /// There is no signature.
    #[error("missing signature")]
    NoSignature,
    /// No key of the account verifies it.
    #[error("verification failed")]
    Signature,
    /// The body is not UTF-8.
    #[error("the body is not UTF-8")]
    Encoding,
    /// A document is not a report.
    #[error("{0}")]
    Document(String),
}

/// Splits a body into its signature and the signed text, and verifies the signature.
pub(crate) fn verified<'b>(
    body: &'b [u8],
    signers: &[Signers],
    now: Timestamp,
) -> Result<&'b str, SubmissionError> {
    let body = str::from_utf8(body).map_err(|_| SubmissionError::Encoding)?;
    let end = body.find(SEPARATOR).ok_or(SubmissionError::NoSignature)? + SEPARATOR.len();
    let (signature, text) = body.split_at_checked(end).ok_or(SubmissionError::NoSignature)?;
    let signature = signature.strip_suffix('&').unwrap_or(signature);
    let is_signed = signers.iter().any(|it| verify(text.as_bytes(), signature, it, None, now).is_ok());
    if is_signed { Ok(text) } else { Err(SubmissionError::Signature) }
}

/// Reads the reports of a text.
pub(crate) fn read(text: &str, format: Format) -> Result<Vec<NewReport>, SubmissionError> {
    let documents = match format {
        Format::Json => vec![serde_json::from_str(text).map_err(|error| wrong(error.to_string()))?],
        Format::Yaml => {
            // A subject may be called `N`, which is not a boolean.
            let options = serde_saphyr::options! { strict_booleans: true };
            let documents: Vec<Value> = serde_saphyr::from_multiple_with_options(text, options)
                .map_err(|error| wrong(yaml::reason(&error)))?;
            documents.into_iter().filter(|document| !document.is_null()).collect()
        }
    };
    documents.into_iter().flat_map(checks).map(|document| limited(report(document)?)).collect()
}

/// A report whose names can be stored, and whose UUIDs have their usual form, by which they are found.
fn limited(mut report: NewReport) -> Result<NewReport, SubmissionError> {
    for uuid in [&mut report.uuid, &mut report.scope] {
        let parsed = Uuid::try_parse(uuid);
        *uuid =
            parsed.map_err(|_| wrong(format!("`{}` is not a UUID", truncated(uuid, LONGEST))))?.to_string();
    }
    let results =
        report.results.iter().flat_map(|(version, cases)| cases.keys().map(move |case| (version, case)));
    let names = results.clone().flat_map(|(version, case)| [version, case]);
    let rules = report.rules.iter().map(|answer| &answer.rule);
    if let Some(name) = names.chain(rules).chain([&report.subject]).find(|name| name.len() > MAX_NAME) {
        return Err(wrong(format!("the name `{}` has more than {MAX_NAME} bytes", truncated(name, LONGEST))));
    }
    if results.count() + report.rules.len() > MAX_RESULTS {
        return Err(wrong(format!("the report has more than {MAX_RESULTS} results")));
    }
    // Of several answers of the same rule and time the topmost counts.
    report.rules.sort_by(|a, b| a.key().cmp(&b.key()).then(a.result.cmp(&b.result)));
    report.rules.dedup_by(|later, first| later.key() == first.key());
    Ok(report)
}

/// The documents of `scs check` for several subjects, which are a list; anything else is one document.
fn checks(document: Value) -> Vec<Value> {
    match document {
        Value::Array(list) if !list.is_empty() && list.iter().all(CheckDocument::has_schema) => list,
        document => vec![document],
    }
}

fn wrong(problem: impl Into<String>) -> SubmissionError {
    SubmissionError::Document(problem.into())
}

fn report(document: Value) -> Result<NewReport, SubmissionError> {
    if has_nul(&document) {
        // PostgreSQL stores none in texts.
        return Err(wrong("a text of the report has a NUL character"));
    }
    if CheckDocument::has_schema(&document) {
        return check(document);
    }
    let report = Report::from_value(&document).map_err(|error| wrong(error.to_string()))?;
    Ok(NewReport {
        uuid: report.run,
        subject: report.subject,
        scope: report.scope.uuid,
        checked_at: report.checked_at,
        results: results(&document)?,
        evidence: BTreeMap::new(),
        rules: Vec::new(),
        document,
    })
}

/// Reads the output of `scs check -f json`. A result is as old as its evidence.
fn check(document: Value) -> Result<NewReport, SubmissionError> {
    let checked = CheckDocument::read(&document).map_err(wrong)?;
    let run = checked.reports().into_iter().next().map(|report| report.run).unwrap_or_default();
    let registry = Registry::new();
    let is_covered = |rule: &str| {
        let mut cases = registry.test_cases();
        cases.any(|case| case.rules.contains(&rule) && checked.results.contains_key(case.id))
    };
    let answer = |CheckedRule { rule, document, given, decides, .. }: &CheckedRule| {
        let counts = !is_covered(rule) && (*decides || given.result == Verdict::Pass);
        let checked_at = given.checked_at.unwrap_or(checked.checked_at);
        // A rule that could not be checked does not take back that it was violated.
        let result = number_of(given.result).filter(|result| counts && *result != 0)?;
        Some(RuleAnswer::new(document.to_string(), rule.clone(), checked_at, result))
    };
    let rules = checked.rules.iter().filter_map(answer).collect();
    let results = checked.results.iter().map(|(case, given)| (case.clone(), number_of(given.result)));
    let results = BTreeMap::from([(ANY_VERSION.to_owned(), results.collect())]);
    let older = checked.results.iter().filter_map(|(case, given)| {
        Some((case.clone(), given.checked_at.filter(|at| *at < checked.checked_at)?))
    });
    let evidence = older.collect();
    let CheckDocument { subject, scope, checked_at, .. } = checked;
    Ok(NewReport { uuid: run, subject, scope: scope.uuid, checked_at, results, evidence, rules, document })
}

/// The results by version: those of `versions` in older reports, otherwise those of the invocations.
fn results(document: &Value) -> Result<BTreeMap<String, BTreeMap<String, Option<i8>>>, SubmissionError> {
    let mut results: BTreeMap<String, BTreeMap<String, Option<i8>>> = BTreeMap::new();
    if let Some(versions) = document.get("versions") {
        for (version, cases) in mapping(versions, "versions")? {
            let of_version = results.entry(version.clone()).or_default();
            for (case, entry) in mapping(cases, "versions")? {
                of_version.insert(case.clone(), number(case, entry.get("result").unwrap_or(entry))?);
            }
        }
        return Ok(results);
    }
    let invocations = document.pointer("/run/invocations").unwrap_or(&Value::Null);
    let of_any = results.entry(ANY_VERSION.to_owned()).or_default();
    for (_, invocation) in mapping(invocations, "run.invocations")? {
        let cases = invocation.get("results").unwrap_or(&Value::Null);
        for (case, value) in mapping(cases, "run.invocations.results")? {
            of_any.insert(case.clone(), number(case, value)?);
        }
    }
    Ok(results)
}

fn has_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(list) => list.iter().any(has_nul),
        Value::Object(map) => map.iter().any(|(key, value)| key.contains('\0') || has_nul(value)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

fn mapping<'v>(value: &'v Value, key: &str) -> Result<&'v serde_json::Map<String, Value>, SubmissionError> {
    value.as_object().ok_or_else(|| wrong(format!("not a report: `{key}` is not a mapping")))
}

/// The number of a result; the suite knows no others.
fn number(case: &str, value: &Value) -> Result<Option<i8>, SubmissionError> {
    match value {
        Value::Null => Ok(None),
        Value::Number(number) => {
            let number = number.as_i64().and_then(|number| i8::try_from(number).ok());
            number.filter(|number| (-1..=1).contains(number)).map(Some).ok_or_else(|| unusable(case, value))
        }
        _ => Err(unusable(case, value)),
    }
}

fn unusable(case: &str, value: &Value) -> SubmissionError {
    let (case, value) = (truncated(case, LONGEST), value.to_string());
    wrong(format!("the result of `{case}` is {}, not 1, 0 or -1", truncated(&value, LONGEST)))
}
