//! Findings as SARIF 2.1.0, which code hosts show next to a change.

use std::collections::BTreeMap;
use std::io::Write;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use scs_registry::{Registry, Report, ReportedFinding, Standing};
use scs_standards::catalog::{Catalog, Document};
use scs_standards::{DocumentId, Severity, Verdict};
use serde_json::{Value, json};

use crate::fixes::remedy;
use crate::text::coverage;
use crate::wording::heading;
use crate::{Options, RenderError, Shown};

const STANDARDS: &str = "https://docs.scs.community/standards";

/// The log: one run for each subject.
pub(crate) fn write(shown: &[Shown<'_>], options: &Options, out: &mut dyn Write) -> Result<(), RenderError> {
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": shown.iter().map(|shown| run(shown, options)).collect::<Vec<_>>(),
    });
    serde_json::to_writer_pretty(&mut *out, &log)?;
    Ok(out.write_all(b"\n")?)
}

fn run(shown: &Shown<'_>, options: &Options) -> Value {
    let report = shown.report;
    let registry = Registry::new();
    let mut rules: BTreeMap<&str, Value> = BTreeMap::new();
    for row in &report.rules {
        let Some(rule) = registry.rule(&row.rule).into_iter().find(|rule| rule.documents[0] == row.document)
        else {
            continue;
        };
        rules.entry(rule.id).or_insert_with(|| {
            json!({
                "id": rule.id,
                "shortDescription": {"text": rule.summary},
                "helpUri": page_of(rule.documents[0]),
                "properties": {
                    "level": rule.level,
                    "documents": rule.documents.iter().map(ToString::to_string).collect::<Vec<_>>(),
                    "section": rule.section,
                },
            })
        });
    }
    let places: BTreeMap<&str, usize> = rules.keys().enumerate().map(|(place, id)| (*id, place)).collect();
    // Notes are left out.
    let mut results: Vec<Value> = report
        .findings
        .iter()
        .filter(|finding| finding.severity != Severity::Info || is_a_reason(report, finding))
        .map(|finding| result(shown, finding, &places, options))
        .collect();
    if report.verdict != Verdict::Pass && results.iter().all(|result| result["level"] != "error") {
        results.push(verdict_result(shown));
    }
    let (name, version) = options.creator;
    let subject = match &report.scope {
        Some(scope) => scope.slug(),
        None => report.kind.to_string(),
    };
    json!({
        "tool": {"driver": {
            "name": name,
            "version": version,
            "informationUri": STANDARDS,
            "rules": rules.into_values().collect::<Vec<_>>(),
        }},
        "automationDetails": {"id": format!("{subject}/{}", report.subject)},
        "results": results,
        "properties": properties(report),
    })
}

/// How the inventory was collected.
fn properties(report: &Report) -> Value {
    let mut properties = json!({});
    if !report.parts.is_empty() {
        properties["coverage"] = json!(coverage(report));
    }
    if let Some(from) = &report.collected_from {
        properties["collected_from"] = json!(from);
    }
    properties
}

/// Whether a note is a reason why the report is not accepted.
fn is_a_reason(report: &Report, finding: &ReportedFinding) -> bool {
    let fail_on = report.acceptance.as_ref().filter(|it| !it.accepted).and_then(|it| it.fail_on);
    finding.is_rejected_by(fail_on)
}

/// A result for the verdict itself, if there is no error although the check did not pass.
fn verdict_result(shown: &Shown<'_>) -> Value {
    let because = shown.report.deciding_version().and_then(|version| version.because.as_deref());
    let reason = because.unwrap_or("test cases of the scope are unanswered");
    json!({
        "level": "error",
        "kind": "fail",
        "message": {"text": format!("{}: {reason}", shown.report.verdict)},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": uri(shown, None)}}}],
    })
}

/// The page of a document.
fn page_of(document: DocumentId) -> String {
    Catalog::embedded().get(document).map_or_else(|| STANDARDS.to_owned(), Document::url)
}

fn result(
    shown: &Shown<'_>,
    finding: &ReportedFinding,
    places: &BTreeMap<&str, usize>,
    options: &Options,
) -> Value {
    // Findings that do not block the certificate do not break a build either.
    let level = match finding.standing {
        Standing::Blocks => "error",
        Standing::Advice if finding.severity == Severity::Info => "note",
        Standing::Violates | Standing::Open | Standing::Advice => "warning",
    };
    let kind = if finding.result == Verdict::Pass { "informational" } else { "fail" };
    let heading = heading(finding.standing, shown.report.is_about_certificate());
    let mut message = format!("{}: {} [{heading}]", finding.subject, finding.message);
    let remedy = remedy(finding, options);
    if !remedy.is_empty() {
        message.extend([" (", &remedy, ")"]);
    }
    let mut place = json!({"artifactLocation": {"uri": uri(shown, finding.file.as_deref())}});
    if let Some(line) = finding.line {
        place["region"] = json!({"startLine": line});
    }
    let mut result = json!({
            "ruleId": finding.rule,
            "ruleIndex": places.get(&*finding.rule),
    // Only results of kind `fail` have a level.
            "level": if kind == "fail" { level } else { "none" },
            "kind": kind,
            "message": {"text": message},
            "locations": [{
                "physicalLocation": place,
                "logicalLocations": [{"name": finding.subject, "kind": "resource"}],
            }],
            "properties": {
                "result": finding.result,
                "standing": finding.standing,
                "document": finding.document,
                "section": finding.section,
            },
        });
    if shown.report.acceptance.as_ref().is_some_and(|acceptance| acceptance.baseline) {
        result["baselineState"] = json!(if finding.known { "unchanged" } else { "new" });
    }
    result
}

/// The characters allowed in a relative reference; a colon or a space would change its meaning.
const OUTSIDE_PATHS: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// The file as a relative reference.
fn uri(shown: &Shown<'_>, file: Option<&str>) -> String {
    let path = file.or(shown.file.as_deref()).unwrap_or(&shown.report.subject);
    utf8_percent_encode(path, OUTSIDE_PATHS).to_string()
}
