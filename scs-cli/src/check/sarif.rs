//! Findings as SARIF 2.1.0, which code hosting sites show beside a change.

use std::collections::BTreeMap;

use scs_registry::Standing;
use scs_standards::catalog::Catalog;
use scs_standards::{DocumentId, Finding, Severity, Verdict};
use serde_json::{Value, json};

use super::Subject;
use crate::checked::{fix_in_one_line, heading};

/// The log: one run for each subject.
pub(super) fn log(subjects: &[Subject<'_>]) -> Value {
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": subjects.iter().map(run).collect::<Vec<_>>(),
    })
}

fn run(subject: &Subject<'_>) -> Value {
    let mut rules: BTreeMap<&str, Value> = BTreeMap::new();
    for (rule, _) in &subject.checked.answers {
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
    // Notes are for people who ask for them.
    let mut results: Vec<Value> = subject
        .checked
        .decided_findings()
        .filter(|(finding, _)| finding.severity != Severity::Info)
        .map(|(finding, decides)| result(subject, finding, decides, &places))
        .collect();
    if subject.checked.verdict != Verdict::Pass && results.iter().all(|result| result["level"] != "error") {
        results.push(of_verdict(subject));
    }
    json!({
        "tool": {"driver": {
            "name": "scs",
            "version": env!("CARGO_PKG_VERSION"),
            "informationUri": "https://docs.scs.community/standards",
            "rules": rules.into_values().collect::<Vec<_>>(),
        }},
        "automationDetails": {"id": format!("{}/{}", subject.scope.slug(), subject.name)},
        "results": results,
    })
}

/// The verdict itself, where no finding is an error although nothing was passed.
fn of_verdict(subject: &Subject<'_>) -> Value {
    let because = subject.checked.decided_by().and_then(|version| version.because.as_deref());
    let reason = because.unwrap_or("what the scope asks for was not answered");
    json!({
        "level": "error",
        "kind": "fail",
        "message": {"text": format!("{}: {reason}", subject.checked.verdict)},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": uri(subject.origin.path())}}}],
    })
}

/// The page of a document.
fn page_of(document: DocumentId) -> String {
    let known = Catalog::embedded().get(document);
    known.map_or_else(
        || "https://docs.scs.community/standards".to_owned(),
        scs_standards::catalog::Document::url,
    )
}

fn result(subject: &Subject<'_>, finding: &Finding, decides: bool, places: &BTreeMap<&str, usize>) -> Value {
    let standing = Standing::of(finding, decides);
    // What does not block the certificate does not break a build either.
    let level = match standing {
        Standing::Blocks => "error",
        Standing::Advice if finding.severity == Severity::Info => "note",
        Standing::Violates | Standing::Open | Standing::Advice => "warning",
    };
    let kind = if finding.result == Verdict::Pass { "informational" } else { "fail" };
    let mut message = format!("{}: {} [{}]", finding.subject, finding.message, heading(standing));
    if let Some(fix) = finding.fix.as_ref().map(fix_in_one_line) {
        message.extend([" (", &fix, ")"]);
    }
    json!({
        "ruleId": finding.rule,
        "ruleIndex": places.get(&*finding.rule),
        // A result of another kind than `fail` has no level of its own.
        "level": if kind == "fail" { level } else { "none" },
        "kind": kind,
        "message": {"text": message},
        "locations": [{
            "physicalLocation": {"artifactLocation": {"uri": uri(subject.origin.path())}},
            "logicalLocations": [{"name": finding.subject, "kind": "resource"}],
        }],
        "properties": {
            "result": finding.result,
            "standing": standing,
            "document": finding.document,
            "section": finding.section,
        },
    })
}

/// A path as a relative reference: a colon or a blank in it would make it another thing.
fn uri(path: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    path.bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}
