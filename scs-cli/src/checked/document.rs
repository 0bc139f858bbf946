//! The shape `scs/check/2`: what a check says to programs, of names, of flavors and of images alike.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use scs_registry::RuleInfo;
use scs_standards::{Answer, Context, DocumentId, Finding, Profile, Verdict};
use serde::Serialize;

/// What was checked, and how.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Head<'a> {
    #[schemars(extend("const" = "scs/check/2"))]
    schema: &'static str,
    /// The source of the flavors or images; left out for names, which may come from several.
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<&'a str>,
    profile: Profile,
    /// The time that counted as now.
    #[schemars(extend("format" = "date-time"))]
    at: String,
}

impl<'a> Head<'a> {
    pub(crate) fn new(subject: Option<&'a str>, context: &Context<'_>) -> Self {
        Self { schema: "scs/check/2", subject, profile: context.profile, at: context.at.to_string() }
    }
}

/// What came out.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Outcome<'a> {
    /// How many flavors the source has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) flavors: Option<usize>,
    /// How many images the source has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) images: Option<usize>,
    /// How many names are what; left out for flavors and images.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) counts: Option<Counts>,
    /// What to know of the source as a whole; left out for names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) notices: Option<&'a [String]>,
    /// The official test cases.
    pub(crate) results: BTreeMap<&'static str, Verdict>,
    /// The verdict and the test cases by the versions of a standard, where they differ.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) versions: BTreeMap<&'static str, VersionOutcome>,
    /// All rules that were asked.
    pub(crate) rules: Vec<RuleResult>,
    /// The topmost result of the test cases and rules that decide.
    pub(crate) verdict: Verdict,
}

/// What a rule says. Two versions of a standard may have a rule of the same id each.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct RuleResult {
    pub(crate) rule: &'static str,
    /// The document that states it.
    pub(crate) document: DocumentId,
    pub(crate) result: Verdict,
    /// Whether the result counts for the verdict.
    pub(crate) decides: bool,
    /// When the oldest evidence that it rests on came about, where that was not the check.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = "date-time"))]
    pub(crate) evidence_at: Option<String>,
    /// Until when the oldest facts that it rests on are known, such as a list of releases.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = "date-time"))]
    pub(crate) facts_as_of: Option<String>,
}

impl RuleResult {
    pub(crate) const fn new(rule: &RuleInfo, result: Verdict, decides: bool) -> Self {
        let document = rule.documents[0];
        Self { rule: rule.id, document, result, decides, evidence_at: None, facts_as_of: None }
    }

    /// The answer of a rule.
    pub(crate) fn of(rule: &RuleInfo, answer: &Answer, decides: bool) -> Self {
        Self {
            evidence_at: answer.evidence_at.map(|at| at.to_string()),
            facts_as_of: answer.facts_as_of.map(|at| at.to_string()),
            ..Self::new(rule, answer.verdict, decides)
        }
    }
}

/// What came out by one version of a standard.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct VersionOutcome {
    /// The documents whose rules were asked.
    pub(crate) documents: Vec<DocumentId>,
    pub(crate) verdict: Verdict,
    pub(crate) results: BTreeMap<&'static str, Verdict>,
    /// What the rules say that belong to this version and not to the other.
    pub(crate) rules: Vec<RuleResult>,
}

impl Outcome<'_> {
    /// A verdict without anything else.
    pub(crate) const fn of(verdict: Verdict) -> Self {
        Self {
            flavors: None,
            images: None,
            counts: None,
            notices: None,
            results: BTreeMap::new(),
            versions: BTreeMap::new(),
            rules: Vec::new(),
            verdict,
        }
    }
}

/// How many names are what.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub(crate) struct Counts {
    pub(crate) lines: u64,
    pub(crate) valid: u64,
    pub(crate) invalid: u64,
    /// Names that do not start with `SCS-`, which are not wrong.
    pub(crate) not_scs: u64,
    /// Empty lines.
    pub(crate) empty: u64,
}

/// A finding with its place.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Located<'a> {
    #[serde(flatten)]
    pub(crate) finding: &'a Finding,
    /// Whether it is a reason for the verdict.
    pub(crate) decides: bool,
    /// The file, where several files of names were checked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) file: Option<&'a str>,
    /// The line, where names were checked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) line: Option<u64>,
}

impl<'a> Located<'a> {
    /// A finding without a place.
    pub(crate) const fn new(finding: &'a Finding, decides: bool) -> Self {
        Self { finding, decides, file: None, line: None }
    }
}

/// A whole check, as `-f json` prints it. Of names, which may be more than memory holds, the parts are written as they
/// come.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(
    title = "scs/check/2",
    description = "What `scs flavor check -f json`, `scs image check -f json` and `scs entropy check -f json` print; a list \
                   of these for several files of flavors, images or consoles."
)]
pub(crate) struct Document<'a> {
    #[serde(flatten)]
    pub(crate) head: Head<'a>,
    #[serde(flatten)]
    pub(crate) outcome: Outcome<'a>,
    pub(crate) findings: Vec<Located<'a>>,
}

/// The last line of a check.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Summary<'a> {
    #[serde(flatten)]
    pub(crate) head: Head<'a>,
    #[serde(flatten)]
    pub(crate) outcome: Outcome<'a>,
}

/// A line of a check, as `-f jsonl` prints it.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(untagged)]
#[schemars(
    title = "A line of scs/check/2",
    description = "What `scs flavor check -f jsonl` prints: a finding per line, and at the end of each file of flavors, \
                   or of all names, one line with what came out."
)]
pub(crate) enum Line<'a> {
    Finding(Located<'a>),
    Summary(Summary<'a>),
}
