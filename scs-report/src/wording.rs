//! Wording shared by several renderers.

use std::borrow::Cow;

use scs_registry::Standing;
use scs_standards::Verdict;
use scs_standards::wording::truncated;
pub use scs_standards::wording::{and, counted};
use scs_standards::written::visible;

/// The maximum length of a printed name or message. Nova allows 255 characters in a name.
const LONGEST: usize = 400;

/// A text for people: control characters are escaped, and very long texts are truncated.
///
/// ```
/// assert_eq!(scs_report::brief("a\nb"), r"a\nb");
/// assert!(scs_report::brief(&"x".repeat(9000)).len() < 500);
/// ```
#[must_use]
pub fn brief(text: &str) -> Cow<'_, str> {
    match truncated(text, LONGEST) {
        Cow::Borrowed(text) => visible(text),
        Cow::Owned(text) => Cow::Owned(visible(&text).into_owned()),
    }
}

/// `54 test cases: 50 PASS, 4 FAIL`.
///
/// ```
/// use scs_standards::Verdict;
///
/// assert_eq!(scs_report::test_case_counts([Verdict::Pass, Verdict::Fail]), "2 test cases: 1 PASS, 1 FAIL");
/// ```
#[must_use]
pub fn test_case_counts(results: impl IntoIterator<Item = Verdict>) -> String {
    let results: Vec<Verdict> = results.into_iter().collect();
    let count = |wanted: Verdict| results.iter().filter(|verdict| **verdict == wanted).count();
    let counts: Vec<String> = [Verdict::Pass, Verdict::Fail, Verdict::Dnf, Verdict::Miss]
        .into_iter()
        .filter(|verdict| count(*verdict) > 0)
        .map(|verdict| format!("{} {verdict}", count(verdict)))
        .collect();
    let all = counted(results.len(), "test case");
    if counts.is_empty() { all } else { format!("{all}: {}", counts.join(", ")) }
}

/// The heading of the findings of a standing.
pub(crate) const fn heading(standing: Standing, is_about_certificate: bool) -> &'static str {
    match (standing, is_about_certificate) {
        (Standing::Blocks, true) => "Blocks the certificate",
        (Standing::Blocks, false) => "Errors",
        (Standing::Violates, true) => "Breaks a standard, but no test case covers it",
        (Standing::Violates, false) => "Other errors",
        (Standing::Open, _) => "Open questions",
        (Standing::Advice, true) => "Advice",
        (Standing::Advice, false) => "Warnings and notes",
    }
}
