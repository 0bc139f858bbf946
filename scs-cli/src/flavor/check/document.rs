//! The shape `scs/check/1`: what a check says to programs, of names and of flavors alike.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use scs_standards::{Context, Finding, Profile, Verdict};
use serde::Serialize;

use crate::machine::in_given_order;

/// What was checked, and how.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Head<'a> {
    #[schemars(extend("const" = "scs/check/1"))]
    schema: &'static str,
    /// The source of the flavors; left out for names, which may come from several.
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<&'a str>,
    profile: Profile,
    /// The time that counted as now.
    #[schemars(extend("format" = "date-time"))]
    at: String,
}

impl<'a> Head<'a> {
    pub(super) fn new(subject: Option<&'a str>, context: &Context<'_>) -> Self {
        Self { schema: "scs/check/1", subject, profile: context.profile, at: context.at.to_string() }
    }
}

/// What came out.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Outcome<'a> {
    /// How many flavors the source has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) flavors: Option<usize>,
    /// How many names are what; left out for flavors.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) counts: Option<Counts>,
    /// What to know of the source as a whole; left out for names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) notices: Option<&'a [String]>,
    /// The official test cases.
    pub(super) results: BTreeMap<&'static str, Verdict>,
    /// All rules that were asked.
    #[serde(serialize_with = "in_given_order")]
    #[schemars(with = "BTreeMap<String, Verdict>")]
    pub(super) rules: Vec<(&'static str, Verdict)>,
    /// The topmost result of the test cases that a certificate asks for.
    pub(super) verdict: Verdict,
}

/// How many names are what.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub(crate) struct Counts {
    pub(super) lines: u64,
    pub(super) valid: u64,
    pub(super) invalid: u64,
    /// Names that do not start with `SCS-`, which are not wrong.
    pub(super) not_scs: u64,
    /// Empty lines.
    pub(super) empty: u64,
}

/// A finding with its place.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Located<'a> {
    #[serde(flatten)]
    pub(super) finding: &'a Finding,
    /// The file, where several files of names were checked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) file: Option<&'a str>,
    /// The line, where names were checked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) line: Option<u64>,
}

impl<'a> From<&'a Finding> for Located<'a> {
    fn from(finding: &'a Finding) -> Self {
        Self { finding, file: None, line: None }
    }
}

/// A whole check, as `-f json` prints it. Of names, which may be more than memory holds, the parts are written as they
/// come.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(
    title = "scs/check/1",
    description = "What `scs flavor check -f json` prints; a list of these for several files of flavors."
)]
pub(crate) struct Document<'a> {
    #[serde(flatten)]
    pub(super) head: Head<'a>,
    #[serde(flatten)]
    pub(super) outcome: Outcome<'a>,
    pub(super) findings: Vec<Located<'a>>,
}

/// The last line of a check.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Summary<'a> {
    #[serde(flatten)]
    pub(super) head: Head<'a>,
    #[serde(flatten)]
    pub(super) outcome: Outcome<'a>,
}

/// A line of a check, as `-f jsonl` prints it.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(untagged)]
#[schemars(
    title = "A line of scs/check/1",
    description = "What `scs flavor check -f jsonl` prints: a finding per line, and at the end of each file of flavors, \
                   or of all names, one line with what came out."
)]
pub(crate) enum Line<'a> {
    Finding(Located<'a>),
    Summary(Summary<'a>),
}
