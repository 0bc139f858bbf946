//! Findings as SARIF 2.1.0, which code hosting sites show beside a change.

use std::collections::BTreeMap;

use scs_standards::{Finding, Severity};
use serde_json::{Value, json};

use super::Subject;
use crate::checked::fix_in_one_line;

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
                "helpUri": "https://docs.scs.community/standards",
                "properties": {
                    "level": rule.level,
                    "documents": rule.documents.iter().map(ToString::to_string).collect::<Vec<_>>(),
                    "section": rule.section,
                },
            })
        });
    }
    let places: BTreeMap<&str, usize> = rules.keys().enumerate().map(|(place, id)| (*id, place)).collect();
    let results: Vec<Value> =
        subject.checked.findings().map(|finding| result(subject, finding, &places)).collect();
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

fn result(subject: &Subject<'_>, finding: &Finding, places: &BTreeMap<&str, usize>) -> Value {
    let level = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    };
    let kind = if finding.result == scs_standards::Verdict::Pass { "informational" } else { "fail" };
    let mut message = format!("{}: {}", finding.subject, finding.message);
    if let Some(fix) = finding.fix.as_ref().map(fix_in_one_line) {
        message.extend([" (", &fix, ")"]);
    }
    json!({
        "ruleId": finding.rule,
        "ruleIndex": places.get(finding.rule),
        // A result of another kind than `fail` has no level of its own.
        "level": if kind == "fail" { level } else { "none" },
        "kind": kind,
        "message": {"text": message},
        "locations": [{
            "physicalLocation": {"artifactLocation": {"uri": uri(subject.origin.path())}},
            "logicalLocations": [{"name": finding.subject, "kind": "resource"}],
        }],
        "properties": {"result": finding.result, "document": finding.document, "section": finding.section},
    })
}

/// A path as a relative reference: a colon or a blank in it would make it another thing.
fn uri(path: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    path.bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}
