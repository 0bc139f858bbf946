//! A subject with the findings about it.

use jiff::Timestamp;
use scs_standards::{Finding, Profile, Verdict};
use serde::Serialize;

/// A subject and the findings of the rule.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Example {
    /// The time of the check.
    #[cfg_attr(feature = "schemars", schemars(with = "String", extend("format" = "date-time")))]
    pub at: Timestamp,
    /// The profile.
    pub profile: Profile,
    /// The format of the subject: `yaml` for an inventory or a scope file, `markdown` for documents, `diff` for changes of a scope
    /// file.
    pub format: &'static str,
    /// The subject.
    pub subject: String,
    /// The shown part of the subject, if the rest only conforms to the standard.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub excerpt: Option<String>,
    /// Facts that differ from the built-in ones, in YAML.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub facts: Option<String>,
    /// The result of the rule.
    pub result: Verdict,
    /// The findings.
    pub findings: Vec<Finding>,
}
