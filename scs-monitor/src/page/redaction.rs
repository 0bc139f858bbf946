//! What of a report anyone may see.

use serde_json::{Value, json};

/// The line in front of redacted output.
const NOTICE: &str = "(the following has been redacted)";

/// Removes the lines of the output that are neither results nor warnings.
pub(crate) fn redacted(mut report: Value) -> Value {
    let invocations = report.pointer_mut("/run/invocations").and_then(Value::as_object_mut);
    for invocation in invocations.into_iter().flat_map(|it| it.values_mut()) {
        let results = redact(invocation, "stdout", is_result);
        let warnings = redact(invocation, "stderr", is_warning);
        if let (true, Some(invocation)) = (results || warnings, invocation.as_object_mut()) {
            invocation.insert("redacted".to_owned(), json!(true));
        }
    }
    report
}

/// Keeps the wanted lines; returns whether there are others. What is not a list of lines is removed.
fn redact(invocation: &mut Value, channel: &str, is_wanted: fn(&str) -> bool) -> bool {
    let Some(output) = invocation.get_mut(channel).filter(|output| !output.is_null()) else { return false };
    let lines = output.as_array().map(Vec::as_slice).unwrap_or_default();
    let kept: Vec<Value> =
        lines.iter().filter(|line| line.as_str().is_some_and(is_wanted)).cloned().collect();
    if output.is_array() && kept.len() == lines.len() {
        return false;
    }
    *output = std::iter::once(json!(NOTICE)).chain(kept).collect();
    true
}

fn is_result(line: &str) -> bool {
    let last = line.rsplit_once(": ").map_or(line, |(_, last)| last);
    matches!(last, "PASS" | "ABORT" | "FAIL")
}

fn is_warning(line: &str) -> bool {
    line.starts_with("WARNIN") || line.starts_with("ERROR:")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_results_and_warnings_are_public() {
        let report = json!({"run": {"invocations": {"a": {
            "stdout": ["secret", "case: PASS", "PASS"], "stderr": ["WARNING: w", "ERROR: e", "DEBUG: d"],
        }, "b": {"stdout": ["case: FAIL"]}, "c": {"stdout": "all of it"}}}});
        let redacted = redacted(report);
        let invocations = &redacted["run"]["invocations"];
        assert_eq!(invocations["a"]["stdout"], json!([NOTICE, "case: PASS", "PASS"]));
        assert_eq!(invocations["a"]["stderr"], json!([NOTICE, "WARNING: w", "ERROR: e"]));
        assert_eq!(invocations["b"], json!({"stdout": ["case: FAIL"]}));
        assert_eq!(invocations["c"]["stdout"], json!([NOTICE]));
    }
}
