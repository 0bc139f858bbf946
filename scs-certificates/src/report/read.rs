//! Reads reports of the official suite.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use scs_standards::Verdict;
use scs_standards::yaml;
use serde_json::{Map, Value};
use thiserror::Error;

use super::{Report, ReportScope};

/// Error: not a report.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ReadReportError {
    /// Not YAML.
    #[error("not valid YAML: {0}")]
    Yaml(String),
    /// The file is empty.
    #[error("not a report: the file is empty")]
    Empty,
    /// The file contains several reports.
    #[error("expected one report in the file, found {0}")]
    Several(usize),
    /// A required part is missing or invalid.
    #[error("not a report: `{key}` {problem}")]
    Field {
        /// The key, with its parents.
        key: &'static str,
        /// The problem with it.
        problem: String,
    },
}

impl Report {
    /// Reads the single report of a file.
    ///
    /// # Errors
    ///
    /// If it is not a report, or there are several.
    pub fn read(text: &str) -> Result<Self, ReadReportError> {
        let mut reports = Self::read_all(text)?;
        match (reports.pop(), reports.len()) {
            (Some(report), 0) => Ok(report),
            (Some(_), more) => Err(ReadReportError::Several(more + 1)),
            (None, _) => Err(ReadReportError::Empty),
        }
    }

    /// Reads all reports of a file with one or more documents.
    ///
    /// # Errors
    ///
    /// If any document is not a report.
    pub fn read_all(text: &str) -> Result<Vec<Self>, ReadReportError> {
        // A subject may be called `N`, which is not a boolean.
        let options = serde_saphyr::options! { strict_booleans: true };
        let documents: Vec<Value> =
            serde_saphyr::from_multiple_with_options(text.trim_start_matches('\u{feff}'), options)
                .map_err(|error| ReadReportError::Yaml(yaml::reason(&error)))?;
        let reports: Vec<Self> = documents
            .iter()
            .filter(|document| !document.is_null())
            .map(Self::from_value)
            .collect::<Result<_, _>>()?;
        if reports.is_empty() { Err(ReadReportError::Empty) } else { Ok(reports) }
    }

    /// Reads a report that is already parsed.
    ///
    /// # Errors
    ///
    /// If it is not a report.
    pub fn from_value(document: &Value) -> Result<Self, ReadReportError> {
        report(document)
    }
}

/// The maximum length of a quoted value in a message.
const LONGEST: usize = 80;

fn wrong(key: &'static str, problem: impl Into<String>) -> ReadReportError {
    ReadReportError::Field { key, problem: problem.into() }
}

fn missing(key: &'static str) -> ReadReportError {
    wrong(key, "is missing")
}

fn object<'v>(
    value: Option<&'v Value>,
    key: &'static str,
) -> Result<&'v Map<String, Value>, ReadReportError> {
    match value {
        None | Some(Value::Null) => Err(missing(key)),
        Some(Value::Object(map)) => Ok(map),
        Some(_) => Err(wrong(key, "is not a mapping")),
    }
}

fn text(map: &Map<String, Value>, name: &str, key: &'static str) -> Result<String, ReadReportError> {
    match map.get(name) {
        None | Some(Value::Null) => Err(missing(key)),
        Some(Value::String(text)) => Ok(text.clone()),
        // YAML reads a subject such as 2024 as a number.
        Some(Value::Number(number)) => Ok(number.to_string()),
        Some(_) => Err(wrong(key, "is not a string")),
    }
}

fn uuid(map: &Map<String, Value>, key: &'static str) -> Result<String, ReadReportError> {
    let text = text(map, "uuid", key)?;
    match uuid::Uuid::try_parse(&text) {
        Ok(_) => Ok(text),
        Err(_) => {
            Err(wrong(key, format!("is `{}`, not a UUID", text.chars().take(LONGEST).collect::<String>())))
        }
    }
}

fn report(document: &Value) -> Result<Report, ReadReportError> {
    let Value::Object(top) = document else {
        return Err(ReadReportError::Field {
            key: "spec",
            problem: "is missing: the file is not a mapping".to_owned(),
        });
    };
    let spec = object(top.get("spec"), "spec")?;
    let run = object(top.get("run"), "run")?;
    let checked_at = text(top, "checked_at", "checked_at")?;
    let mut report = Report {
        scope: ReportScope {
            uuid: uuid(spec, "spec.uuid")?,
            name: text(spec, "name", "spec.name").unwrap_or_default(),
            url: text(spec, "url", "spec.url").unwrap_or_default(),
        },
        subject: text(top, "subject", "subject")?,
        checked_at: time(&checked_at).ok_or_else(|| {
            let checked_at: String = checked_at.chars().take(LONGEST).collect();
            wrong("checked_at", format!("is `{checked_at}`, not a time such as 2026-11-24 08:30:00"))
        })?,
        reference_date: None,
        creator: text(top, "creator", "creator").ok(),
        // A key of ours: what is unusable there does not affect the results.
        collection: top.get("collection").and_then(|it| serde_json::from_value(it.clone()).ok()),
        run: uuid(run, "run.uuid")?,
        commands: Vec::new(),
        results: std::collections::BTreeMap::new(),
        unusable: Vec::new(),
        log: [Vec::new(), Vec::new()],
        warnings: Vec::new(),
    };
    if let Some(day) = top.get("reference_date").filter(|day| !day.is_null()) {
        report.reference_date = day.as_str().and_then(|day| day.parse::<Date>().ok());
        if report.reference_date.is_none() {
            report.warnings.push(format!("`reference_date` is {day}, not a date"));
        }
    }
    // Older reports group the results by version of the scope, and the monitor reads those.
    let versions = top.get("versions").and_then(Value::as_object);
    for (id, invocation) in object(run.get("invocations"), "run.invocations")? {
        let Value::Object(invocation) = invocation else {
            report.warnings.push(format!("the invocation {id} is not a mapping; ignored"));
            continue;
        };
        read_invocation(&mut report, id, invocation, versions.is_some());
    }
    for (version, cases) in versions.into_iter().flatten() {
        for (case, entry) in cases.as_object().into_iter().flatten() {
            let result = entry.get("result").unwrap_or(entry);
            record_result(&mut report, case, result, &format!("for {version}"));
        }
    }
    let Report { results, unusable, .. } = &mut report;
    unusable.retain(|case| !results.contains_key(case));
    unusable.sort();
    unusable.dedup();
    Ok(report)
}

fn read_invocation(report: &mut Report, id: &str, invocation: &Map<String, Value>, by_version: bool) {
    if let Some(command) = invocation.get("cmd").and_then(Value::as_str) {
        report.commands.push(command.to_owned());
    }
    for (place, name) in ["stdout", "stderr"].into_iter().enumerate() {
        let lines = invocation.get(name).and_then(Value::as_array).into_iter().flatten();
        report.log[place].extend(lines.filter_map(Value::as_str).map(str::to_owned));
    }
    match invocation.get("results") {
        Some(Value::Object(results)) => {
            for (case, value) in results {
                record_result(report, case, value, "in a later invocation");
            }
        }
        _ if by_version => {}
        _ => report.warnings.push(format!("the invocation {id} has no results")),
    }
}

/// Records a result; of two that differ, the later one counts.
fn record_result(report: &mut Report, case: &str, value: &Value, place: &str) {
    let Some(result) = verdict(value) else {
        let value: String = value.to_string().chars().take(LONGEST).collect();
        let warning = format!("the result of `{case}` is {value}, not 1, 0 or -1; ignored");
        report.warnings.push(warning);
        report.unusable.push(case.to_owned());
        return;
    };
    if let Some(before) = report.results.insert(case.to_owned(), result).filter(|before| *before != result) {
        report.warnings.push(format!("`{case}` is {before}, but {result} {place}; the latter counts"));
    }
}

/// Accepts the numbers of the suite and the words of the standards.
fn verdict(value: &Value) -> Option<Verdict> {
    match value {
        Value::Number(number) => match number.as_i64()? {
            1 => Some(Verdict::Pass),
            0 => Some(Verdict::Dnf),
            -1 => Some(Verdict::Fail),
            _ => None,
        },
        Value::String(word) => word.to_ascii_uppercase().parse().ok(),
        _ => None,
    }
}

/// Parses a YAML time; without a zone, it is UTC. Hours may have one digit; zones may be abbreviated and follow a space.
#[must_use]
pub fn time(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(time) = text.parse() {
        return Some(time);
    }
    let (day, rest) = text.split_once(['T', 't', ' '])?;
    let rest = rest.trim_start();
    let end = rest.find(['+', '-', 'Z', 'z', ' ']).unwrap_or(rest.len());
    let (clock, zone) = rest.split_at(end);
    let zone = zone.trim();
    let padded = |text: &str| {
        let is_short = text.split(':').next().is_some_and(|part| part.len() == 1);
        format!("{}{text}", if is_short { "0" } else { "" })
    };
    let clock = padded(clock);
    if zone.is_empty() {
        let time: DateTime = format!("{day}T{clock}").parse().ok()?;
        return TimeZone::UTC.to_timestamp(time).ok();
    }
    let zone = match zone.split_at_checked(1)? {
        (sign @ ("+" | "-"), offset) => {
            let offset = padded(offset);
            format!("{sign}{offset}{}", if offset.len() == 2 { ":00" } else { "" })
        }
        _ => "Z".to_owned(),
    };
    format!("{day}T{clock}{zone}").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "\
spec: {uuid: 50393e6f-2ae1-4c5c-a62c-3b75f2abef3f, name: SCS-compatible IaaS, url: https://example.com}
checked_at: 2026-11-24 08:30:00
subject: my-cloud
run:
  uuid: 5a8de2bf-1d5e-4c68-9c1c-0a2b65c4ff9b
  invocations:
    one: {results: {a: 1, b: 0, c: ABORT}}
    two: {results: {b: -1, d: 7}}
";

    #[test]
    fn the_last_invocation_counts() {
        let report = Report::read(GOOD).unwrap();
        let results: Vec<(&str, Verdict)> =
            report.results.iter().map(|(case, result)| (case.as_str(), *result)).collect();
        assert_eq!(results, [("a", Verdict::Pass), ("b", Verdict::Fail), ("c", Verdict::Dnf)]);
        assert_eq!(
            report.warnings,
            [
                "`b` is DNF, but FAIL in a later invocation; the latter counts",
                "the result of `d` is 7, not 1, 0 or -1; ignored"
            ]
        );
    }

    #[test]
    fn errors_name_the_key() {
        for (from, to, message) in [
            ("subject: my-cloud\n", "", "not a report: `subject` is missing"),
            (
                "50393e6f-",
                "50393e6-",
                "not a report: `spec.uuid` is `50393e6-2ae1-4c5c-a62c-3b75f2abef3f`, not a UUID",
            ),
            (
                "2026-11-24 08:30:00",
                "yesterday",
                "not a report: `checked_at` is `yesterday`, not a time such as 2026-11-24 08:30:00",
            ),
            ("run:\n", "walk:\n", "not a report: `run` is missing"),
        ] {
            assert_eq!(Report::read(&GOOD.replacen(from, to, 1)).unwrap_err().to_string(), message);
        }
        assert_eq!(Report::read("").unwrap_err(), ReadReportError::Empty);
        assert_eq!(Report::read(&format!("{GOOD}---\n{GOOD}")).unwrap_err(), ReadReportError::Several(2));
        assert!(matches!(Report::read("a: ["), Err(ReadReportError::Yaml(_))));
    }

    #[test]
    fn yaml_times_are_parsed() {
        for (text, read) in [
            ("2026-11-24 08:30:00", "2026-11-24T08:30:00Z"),
            ("2026-11-24 8:30:00.25", "2026-11-24T08:30:00.25Z"),
            ("2026-11-24 08:30:00 +02:00", "2026-11-24T06:30:00Z"),
            ("2026-11-24T08:30:00+2", "2026-11-24T06:30:00Z"),
            ("2026-11-24t08:30:00 z", "2026-11-24T08:30:00Z"),
        ] {
            assert_eq!(time(text).map(|time| time.to_string()).as_deref(), Some(read), "{text}");
        }
        assert_eq!(time("2026-11-24"), None);
    }

    #[test]
    fn older_reports_have_results_by_version() {
        let text = GOOD
            .replace("{results: {a: 1, b: 0, c: ABORT}}", "{cmd: x}")
            .replace("{results: {b: -1, d: 7}}", "{cmd: y}")
            + "versions: {v4: {a: {result: 1, invocation: one}}, v5: {a: {result: -1}, b: {result: 0}}}\n";
        let report = Report::read(&text).unwrap();
        let results: Vec<_> = report.results.into_iter().collect();
        assert_eq!(results, [("a".to_owned(), Verdict::Fail), ("b".to_owned(), Verdict::Dnf)]);
        assert_eq!(report.warnings, ["`a` is PASS, but FAIL for v5; the latter counts"]);
    }

    #[test]
    fn a_subject_may_be_named_like_a_yaml_boolean() {
        assert_eq!(Report::read(&GOOD.replace("my-cloud", "N")).unwrap().subject, "N");
    }
}
