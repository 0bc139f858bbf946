//! Events in words, in English and German.

use serde_json::Value;

use crate::bootstrap::Language;

/// The title and the text of an event.
pub(super) fn of(
    kind: &str,
    subject: &str,
    scope: &str,
    body: &Value,
    language: Language,
) -> (String, String) {
    let is_german = language == Language::De;
    let word = |english: &'static str, german: &'static str| if is_german { german } else { english };
    let text = |path: &str| body.pointer(path).map(plain).unwrap_or_default();
    let list = |path: &str| {
        let items = body.pointer(path).and_then(Value::as_array).into_iter().flatten().map(plain);
        items.map(|item| format!("- {item}")).collect::<Vec<_>>().join("\n")
    };
    match kind {
        "failed" => {
            let (case, failures) = (text("/test_case"), text("/failures"));
            let title = if is_german {
                format!("{subject}: {case} ist {failures}-mal in Folge fehlgeschlagen")
            } else {
                format!("{subject}: {case} failed {failures} times in a row")
            };
            let of = |side: &str| {
                let result = text(&format!("/{side}/result"));
                if result.is_empty() {
                    return word("no result", "kein Ergebnis").to_owned();
                }
                let software = text(&format!("/software/{side}"));
                let software = if software.is_empty() {
                    word("unknown software", "unbekannte Software").to_owned()
                } else {
                    software
                };
                format!("{result}, {}, {software}", text(&format!("/{side}/checked_at")))
            };
            let [previous, current] = ["before", "after"].map(of);
            let hint = if body.pointer("/software/differ") == Some(&Value::Bool(true)) {
                word(
                    "The checking software changed in between, so the cause may be the software.",
                    "Die prüfende Software hat sich dazwischen geändert, die Ursache kann also die Software sein.",
                )
            } else {
                ""
            };
            let (was, new) = (word("before", "vorher"), word("now", "jetzt"));
            (title, format!("{scope}\n{was}: {previous}\n{new}: {current}\n{hint}").trim_end().to_owned())
        }
        "expires" => {
            let at = text("/expires_at");
            let title = if is_german {
                format!("{subject}: Ergebnisse für {scope} laufen ab ({at})")
            } else {
                format!("{subject}: results for {scope} expire ({at})")
            };
            let lead = word(
                "Without a new report, these test cases have no valid result from then on:",
                "Ohne neuen Bericht haben diese Testfälle ab dann kein gültiges Ergebnis:",
            );
            (title, format!("{lead}\n{}", list("/test_cases")))
        }
        _ => {
            let (before, after) = (text("/before"), text("/after"));
            let title = if is_german {
                format!("{subject}: {scope} ist jetzt {after}, war {before}")
            } else {
                format!("{subject}: {scope} is now {after}, was {before}")
            };
            let lead = word(
                "No new report came in: results have expired, or other versions of the scope are in effect. Expired results:",
                "Ohne neuen Bericht: Ergebnisse sind abgelaufen, oder andere Versionen gelten. Abgelaufene Ergebnisse:",
            );
            (title, format!("{lead}\n{}", list("/expired")))
        }
    }
}

/// A value without quotes.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
