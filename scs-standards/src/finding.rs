//! What a rule reports about a subject.

use std::borrow::Cow;
use std::fmt;

use crate::document::DocumentId;
use crate::fix::Fix;
use crate::level::Level;
use crate::verdict::Verdict;

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "lowercase"))]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub enum Severity {
    /// A MUST is broken, or could not be answered.
    Error,
    /// A SHOULD is not followed, or could not be answered.
    Warning,
    /// Good to know.
    Info,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
        })
    }
}

/// Why a rule says something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "kebab-case"))]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub enum Cause {
    /// The requirement is broken.
    Broken,
    /// The data that would answer were not given.
    NotGiven,
    /// The provider has not declared it.
    Undeclared,
    /// Data were given and cannot be used.
    Unusable,
    /// The requirement is met; this is beside it.
    Note,
}

impl Cause {
    /// What a result says where nothing more is known.
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

/// How the profile that was not asked for decides.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct OtherProfile {
    /// Its result for the same subject.
    pub result: Verdict,
    /// The key of the difference, `C-025`.
    pub difference: Cow<'static, str>,
}

/// One thing that a rule says about one subject.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Finding {
    /// The rule's id.
    pub rule: Cow<'static, str>,
    /// The official test case that it counts for.
    pub test_case: Option<Cow<'static, str>>,
    /// The rule's level.
    pub level: Level,
    /// The document that the rule comes from.
    pub document: DocumentId,
    /// The section of that document.
    pub section: Cow<'static, str>,
    /// How much it weighs.
    pub severity: Severity,
    /// What it means for the rule: PASS for a mere note.
    pub result: Verdict,
    /// Why it is said.
    pub cause: Cause,
    /// What it is about, such as a flavor's name.
    pub subject: String,
    /// The sentence for the operator.
    pub message: String,
    /// What the rule asks for.
    pub expected: Option<String>,
    /// What was found.
    pub actual: Option<String>,
    /// What removes it.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub fix: Option<Fix>,
    /// The other profile's answer, where it differs.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub other_profile: Option<OtherProfile>,
}
