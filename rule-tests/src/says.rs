//! Compares the findings of an answer with the expected message.

use scs_standards::{Answer, Verdict};

/// Describes a mismatch: a wrong verdict, or no finding with this verdict and the expected text. Everything except
/// PASS requires an expected text.
#[must_use]
pub fn wrong(answer: &Answer, expected: Verdict, says: Option<&str>) -> Option<String> {
    let findings = || answer.findings.iter().map(|it| (it.result, format!("{}: {}", it.subject, it.message)));
    let found =
        || findings().map(|(result, text)| format!("\n  {result} {text}")).collect::<Vec<_>>().concat();
    if answer.verdict != expected {
        return Some(format!("{} instead of {expected}{}", answer.verdict, found()));
    }
    let Some(says) = says else {
        return (expected != Verdict::Pass).then(|| format!("`says` is missing{}", found()));
    };
    let said = findings()
        .any(|(result, text)| (result == expected || expected == Verdict::Pass) && text.contains(says));
    (!said).then(|| format!("nothing {expected} says `{says}`{}", found()))
}
