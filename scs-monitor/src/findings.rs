//! The findings of a report in the format `scs/check/2`: what failed, why, and how to fix it.

use scs_certificates::report::CheckDocument;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// A finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct ReportFinding {
    pub(crate) rule: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) test_case: Option<String>,
    /// MUST, SHOULD or MAY.
    pub(crate) level: String,
    /// The document that states the rule.
    pub(crate) document: String,
    /// The section of the document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) section: Option<String>,
    /// FAIL, DNF or MISS.
    pub(crate) result: String,
    /// The object, such as a flavor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) object: Option<String>,
    pub(crate) message: String,
    /// Whether it affects the verdict.
    pub(crate) decides: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) repair: Option<Repair>,
}

/// How to fix a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Repair {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) command: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) advice: Option<String>,
    /// Whether it deletes, restarts or denies something.
    pub(crate) destructive: bool,
}

/// Whether a report is in a format that has findings.
pub(crate) fn has_findings(document: &Value) -> bool {
    CheckDocument::has_schema(document)
}

/// The findings of a report; none if it has another format. Everything in them comes from the account that posted the report.
pub(crate) fn findings(document: &Value) -> Vec<ReportFinding> {
    if !has_findings(document) {
        return Vec::new();
    }
    document.get("findings").and_then(Value::as_array).into_iter().flatten().filter_map(finding).collect()
}

fn finding(value: &Value) -> Option<ReportFinding> {
    let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
    let flag = |value: &Value, key: &str| value.get(key).and_then(Value::as_bool).unwrap_or_default();
    let repair = value.get("fix").filter(|fix| fix.is_object()).map(|fix| Repair {
        command: text(fix, "command"),
        advice: text(fix, "advice"),
        destructive: flag(fix, "destructive"),
    });
    Some(ReportFinding {
        rule: text(value, "rule")?,
        test_case: text(value, "test_case"),
        level: text(value, "level").unwrap_or_default(),
        document: text(value, "document").unwrap_or_default(),
        section: text(value, "section"),
        result: text(value, "result")?,
        object: text(value, "subject"),
        message: text(value, "message")?,
        decides: flag(value, "decides"),
        repair,
    })
}
