//! Findings of a rule about a subject.

use std::borrow::Cow;
use std::fmt;

use crate::document::DocumentId;
use crate::fix::Fix;
use crate::hint::Hint;
use crate::level::Level;
pub use crate::severity::Severity;
use crate::verdict::Verdict;
use crate::written::visible;

/// The reason for a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "kebab-case"))]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub enum Cause {
    /// The requirement is broken.
    Broken,
    /// The required data were not given.
    NotGiven,
    /// The provider has not declared the fact.
    Undeclared,
    /// The given data cannot be used.
    Unusable,
    /// The requirement is met; the finding adds information.
    Note,
}

impl Cause {
    /// The default cause for a result.
    #[must_use]
    pub const fn of(result: Verdict) -> Self {
        match result {
            Verdict::Fail => Self::Broken,
            Verdict::Miss => Self::NotGiven,
            Verdict::Dnf => Self::Unusable,
            Verdict::Pass => Self::Note,
        }
    }
}

/// The verdict of the profile that was not selected.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct OtherProfile {
    /// The result for the same subject.
    pub result: Verdict,
    /// The key of the difference between text and test suite, such as `C-025`.
    pub difference: Cow<'static, str>,
}

/// A statement of a rule about one subject.
///
/// `Display` prints one line: severity, subject, message and rule. The line of a note or of a missing declaration looks the
/// same, so select by [`Finding::result`] or [`Finding::cause`] first. Line breaks and other control characters in names are
/// escaped.
///
/// ```
/// use scs_standards::{Context, DocumentId, Heading, Level, Recorder, Rule};
///
/// const SYNTAX: Heading = Heading { documents: &[DocumentId::version(999, 1)], section: "Syntax" };
/// static RULES: &[Rule<str>] = &[SYNTAX.rule("scs-0999-short", Level::Must, "a name is short", short)];
///
/// fn short(name: &str, rec: &mut Recorder<'_, str>) {
///     if name.len() > 8 {
///         rec.fail(name, "too long");
///     }
/// }
/// let answer = RULES[0].answer("a long name", &Context::at("2026-11-24T00:00:00Z".parse()?));
/// assert_eq!(answer.findings[0].to_string(), "error: a long name: too long [scs-0999-short]");
/// # Ok::<(), jiff::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Finding {
    /// The rule id.
    pub rule: Cow<'static, str>,
    /// The official test case that it counts for, if any.
    pub test_case: Option<Cow<'static, str>>,
    /// The level of the rule.
    pub level: Level,
    /// The document that the rule comes from.
    pub document: DocumentId,
    /// The section within that document.
    pub section: Cow<'static, str>,
    /// The weight of the finding.
    pub severity: Severity,
    /// The result for the rule; PASS for a mere note.
    pub result: Verdict,
    /// The reason for the finding.
    pub cause: Cause,
    /// The subject, such as the name of a flavor.
    pub subject: String,
    /// The message for the operator.
    pub message: String,
    /// The required state.
    pub expected: Option<String>,
    /// The actual state.
    pub actual: Option<String>,
    /// The fix, if there is one.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub fix: Option<Fix>,
    /// The input that was missing or outdated, if the caller can provide it.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub hint: Option<Hint>,
    /// The verdict of the other profile, where it differs.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub other_profile: Option<OtherProfile>,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (subject, message) = (visible(&self.subject), visible(&self.message));
        write!(f, "{}: {subject}: {message} [{}]", self.severity, self.rule)
    }
}
