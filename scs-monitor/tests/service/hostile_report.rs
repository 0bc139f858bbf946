//! A report of someone who means harm.

use serde_json::{Value, json};

use crate::support::{KAAS, report};

/// Texts that do harm where they are taken for markup.
pub(crate) const TEXTS: [&str; 9] = [
    "<script>alert('script')</script>",
    "\"><img src=x onerror=alert(1)>",
    "javascript:alert(1)",
    "[link](javascript:alert(1))",
    "</code></pre></details></main><h1>owned</h1>",
    "\u{202e}gnirts desrever\u{2066} \u{200b}",
    "👩\u{200d}💻 🏴\u{e0067}\u{e0062}",
    "{{ 7 * 7 }} {% raw %} ${x} ]]> -->",
    "\u{1}\u{1b}[31m\r\n\tcontrol",
];

/// A report that has hostile texts wherever it may have texts.
pub(crate) fn hostile_report(number: u32, subject: &str) -> Value {
    let mut report = report(number, subject, KAAS, "2026-11-23 08:00:00", &[("version-policy-check", -1)]);
    let long = "long".repeat(100);
    let texts: Vec<String> = TEXTS.iter().map(|text| (*text).to_owned()).chain([long]).collect();
    report["spec"]["name"] = json!(texts[0]);
    report["spec"]["url"] = json!("javascript:alert(1)");
    let run = &mut report["run"];
    run["assignment"] = texts.iter().map(|text| (text.clone(), json!(text))).collect();
    for (place, text) in texts.iter().enumerate() {
        let results: Value = texts.iter().map(|text| (text.clone(), json!(1))).collect();
        let lines: Vec<String> =
            texts.iter().flat_map(|text| [format!("{text}: PASS"), format!("ERROR: {text}")]).collect();
        run["invocations"][text] = json!({
            "id": text, "cmd": text, "rc": text, "critical": 1, "error": text, "warning": {"a": text},
            "stdout": lines, "stderr": lines, "results": if place % 2 == 0 { results } else { json!({"version-policy-check": -1}) },
        });
    }
    report
}
