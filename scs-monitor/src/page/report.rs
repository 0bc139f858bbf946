//! A report.

use std::collections::BTreeSet;

use scs_certificates::report::CheckDocument;
use serde_json::Value;

use super::Links;
use crate::findings::{ReportFinding, findings};

/// A report. Everything in it comes from the account that posted it.
#[derive(Clone, Debug)]
pub(crate) struct ReportPage {
    pub(crate) uuid: String,
    pub(crate) download: String,
    pub(crate) subject: String,
    pub(crate) scope: String,
    pub(crate) scope_url: String,
    /// The page of the subject in the scope.
    pub(crate) detail: String,
    pub(crate) checked_at: String,
    /// The assignment of variables.
    pub(crate) assignment: Vec<(String, String)>,
    pub(crate) invocations: Vec<Invocation>,
    /// What failed, why, and how to fix it; only for accounts that may see all of the report.
    pub(crate) findings: Vec<ReportFinding>,
}

/// A run of a script.
#[derive(Clone, Debug)]
pub(crate) struct Invocation {
    pub(crate) id: String,
    /// Its place in a whole page: its id, unless that is not a name, or the name of a test case.
    pub(crate) anchor: String,
    pub(crate) command: String,
    pub(crate) exit_status: String,
    /// The number of messages by severity.
    pub(crate) channels: Vec<(&'static str, String)>,
    pub(crate) results: Vec<ReportedResult>,
    pub(crate) stdout: Vec<String>,
    pub(crate) stderr: Vec<ErrorLine>,
    /// Whether there are messages to look at.
    pub(crate) has_messages: bool,
    /// The page with everything, if this one has not.
    pub(crate) unredacted: Option<String>,
}

/// A result of a test case.
#[derive(Clone, Debug)]
pub(crate) struct ReportedResult {
    pub(crate) test_case: String,
    pub(crate) result: ResultClass,
    /// Whether it is the first one with this name in the report, to which links lead.
    pub(crate) is_first: bool,
}

/// What a report says about a test case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ResultClass {
    Passed,
    Failed,
    /// Not finished, or nothing that can be read.
    Unfinished,
}

impl ResultClass {
    pub(crate) const fn symbol(self) -> &'static str {
        match self {
            Self::Passed => "✔",
            Self::Failed => "✘",
            Self::Unfinished => "⚠",
        }
    }

    /// The class in style sheets.
    pub(crate) const fn class(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Unfinished => "unfinished",
        }
    }
}

/// A line of standard error.
#[derive(Clone, Debug)]
pub(crate) struct ErrorLine {
    pub(crate) text: String,
    pub(crate) is_message: bool,
}

const CHANNELS: [&str; 3] = ["critical", "error", "warning"];

impl ReportPage {
    /// A report as JSON, all of it or a redacted one.
    pub(crate) fn new(uuid: &str, report: &Value, is_whole: bool, links: &Links) -> Self {
        let text = |path: &str| report.pointer(path).map(plain).unwrap_or_default();
        if CheckDocument::has_schema(report) {
            let invocation = of_check(report, (!is_whole).then(|| links.report_full(uuid)));
            return Self {
                uuid: uuid.to_owned(),
                download: links.download(uuid),
                subject: text("/subject"),
                scope: text("/scope/name"),
                detail: links.detail(&text("/subject"), &text("/scope/uuid")),
                scope_url: links.scope(&text("/scope/uuid")),
                checked_at: text("/checked_at"),
                assignment: Vec::new(),
                invocations: with_anchors(vec![invocation]),
                findings: if is_whole { findings(report) } else { Vec::new() },
            };
        }
        let entries = |path: &str| report.pointer(path).and_then(Value::as_object).into_iter().flatten();
        Self {
            uuid: uuid.to_owned(),
            download: links.download(uuid),
            subject: text("/subject"),
            scope: text("/spec/name"),
            detail: links.detail(&text("/subject"), &text("/spec/uuid")),
            scope_url: links.scope(&text("/spec/uuid")),
            checked_at: text("/checked_at"),
            assignment: entries("/run/assignment").map(|(key, value)| (key.clone(), plain(value))).collect(),
            invocations: with_anchors(
                entries("/run/invocations").map(|(id, it)| invocation(id, it, uuid, links)).collect(),
            ),
            findings: Vec::new(),
        }
    }
}

fn invocation(id: &str, it: &Value, uuid: &str, links: &Links) -> Invocation {
    let text = |key: &str| it.get(key).map(plain).unwrap_or_default();
    let output = |key: &str| -> Vec<String> {
        it.get(key).and_then(Value::as_array).into_iter().flatten().map(plain).collect()
    };
    let count = |name: &str| it.get(name).filter(|value| is_something(value));
    let results = it.get("results").and_then(Value::as_object).into_iter().flatten();
    let is_redacted = it.get("redacted").is_some_and(is_something);
    Invocation {
        id: id.to_owned(),
        anchor: String::new(),
        command: text("cmd"),
        exit_status: text("rc"),
        channels: CHANNELS
            .into_iter()
            .map(|name| (name, count(name).map_or_else(|| "–".to_owned(), plain)))
            .collect(),
        results: results
            .map(|(case, result)| ReportedResult {
                test_case: case.clone(),
                result: class(result),
                is_first: false,
            })
            .collect(),
        stdout: output("stdout"),
        stderr: output("stderr").into_iter().map(error_line).collect(),
        has_messages: CHANNELS.into_iter().any(|name| count(name).is_some()),
        unredacted: is_redacted.then(|| links.report_full(uuid)),
    }
}

/// The results of a check document as those of a single run.
fn of_check(report: &Value, unredacted: Option<String>) -> Invocation {
    let results = report.get("results").and_then(Value::as_object).into_iter().flatten();
    let result = |(case, result): (&String, &Value)| ReportedResult {
        test_case: case.clone(),
        result: match result.as_str() {
            Some("PASS") => ResultClass::Passed,
            Some("FAIL") => ResultClass::Failed,
            _ => ResultClass::Unfinished,
        },
        is_first: false,
    };
    Invocation {
        id: "scs check".to_owned(),
        anchor: String::new(),
        command: "scs check".to_owned(),
        exit_status: String::new(),
        channels: Vec::new(),
        results: results.map(result).collect(),
        stdout: Vec::new(),
        stderr: Vec::new(),
        has_messages: false,
        unredacted,
    }
}

/// Marks the first result of each test case whose name can be one of a place in a page.
fn with_anchors(mut invocations: Vec<Invocation>) -> Vec<Invocation> {
    let is_name = |text: &str| !text.is_empty() && !text.contains(char::is_whitespace);
    let mut known = BTreeSet::new();
    for result in invocations.iter_mut().flat_map(|invocation| &mut invocation.results) {
        result.is_first = is_name(&result.test_case) && known.insert(result.test_case.clone());
    }
    for (place, invocation) in invocations.iter_mut().enumerate() {
        let is_free = is_name(&invocation.id) && known.insert(invocation.id.clone());
        invocation.anchor = if is_free { invocation.id.clone() } else { format!("invocation-{}", place + 1) };
    }
    invocations
}

fn error_line(text: String) -> ErrorLine {
    let kind = text.split(':').next().unwrap_or_default().to_ascii_lowercase();
    ErrorLine { is_message: CHANNELS.contains(&kind.as_str()), text }
}

fn class(result: &Value) -> ResultClass {
    match result.as_i64() {
        Some(1) => ResultClass::Passed,
        Some(-1) => ResultClass::Failed,
        _ => ResultClass::Unfinished,
    }
}

/// A value as text.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

fn is_something(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(list) => !list.is_empty(),
        Value::Object(map) => !map.is_empty(),
        Value::Bool(true) => true,
    }
}
