//! Which finding a subject is about.

use scs_standards::{Answer, Verdict};

/// What is wrong with an answer: its verdict, or that no finding of this verdict says, behind its subject and a colon, what the
/// subject of the test names. Whatever does not pass has to name one.
#[must_use]
pub fn wrong(answer: &Answer, expected: Verdict, says: Option<&str>) -> Option<String> {
    let findings = || answer.findings.iter().map(|it| (it.result, format!("{}: {}", it.subject, it.message)));
    let found =
        || findings().map(|(result, text)| format!("\n  {result} {text}")).collect::<Vec<_>>().concat();
    if answer.verdict != expected {
        return Some(format!("{} and not {expected}{}", answer.verdict, found()));
    }
    let Some(says) = says else {
        return (expected != Verdict::Pass).then(|| format!("`says` is missing{}", found()));
    };
    let said = findings()
        .any(|(result, text)| (result == expected || expected == Verdict::Pass) && text.contains(says));
    (!said).then(|| format!("nothing {expected} says `{says}`{}", found()))
}
