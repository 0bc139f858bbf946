//! The report of a check, which all frontends print and which serializes as `scs/check/2`.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Deref;

use indexmap::IndexMap;
use jiff::Timestamp;
use jiff::civil::Date;
use scs_certificates::Validity;
use scs_certificates::report::ReportScope;
use scs_standards::catalog::Catalog;
use scs_standards::{Context, DocumentId, Finding, Profile, Severity, State, Verdict};
use serde::{Deserialize, Serialize};

use crate::acceptance::{Acceptance, Conditions};
use crate::collection::{CollectedFrom, PartCoverage};
use crate::decision::Standing;
use crate::selection::ReportSelection;
use crate::statements::{OpenQuestion, ShownException};
use crate::subject::SubjectKind;

/// The name of the schema.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub enum ReportSchema {
    /// The second edition.
    #[default]
    #[serde(rename = "scs/check/2")]
    Check2,
}

/// The result of a check of one subject.
///
/// ```
/// use scs_registry::{Inventory, Report, ScopeChoice, Selection, Subject, check};
/// use scs_standards::{Context, Verdict};
///
/// let inventory: Inventory = "{kind: cloud, flavors: [{name: SCS-2iT-4, vcpus: 2, ram: 4096, disk: 0}]}".parse()?;
/// let context = Context::at("2026-11-24T00:00:00Z".parse()?);
/// let scope = scs_certificates::Scope::compatible_iaas();
/// let selection = Selection::of_scope(scope, inventory.kind(), context.date(), &ScopeChoice::default())?;
/// let report = check(&Subject::inventory("my-cloud", &inventory), &selection, &context);
/// assert_eq!(report.decided_by.as_deref(), Some("v5.1"));
/// assert_eq!(report.results["scs-0100-syntax-check"], Verdict::Fail);
/// // Reports can be read back.
/// let json = serde_json::to_string(&report)?;
/// assert_eq!(serde_json::from_str::<Report>(&json)?, report);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[cfg_attr(
    feature = "schemars",
    schemars(
        title = "scs/check/2",
        description = "The report of a check; a list of these for several subjects."
    )
)]
#[non_exhaustive]
pub struct Report {
    /// The name of the schema.
    pub schema: ReportSchema,
    /// The name of the subject.
    pub subject: String,
    /// The kind of the subject.
    pub kind: SubjectKind,
    /// The profile that decides.
    pub profile: Profile,
    /// The time of collection; if the inventory does not state it, the time of the check.
    #[cfg_attr(feature = "schemars", schemars(with = "String", extend("format" = "date-time")))]
    pub checked_at: Timestamp,
    /// The time of the check.
    #[cfg_attr(feature = "schemars", schemars(with = "String", extend("format" = "date-time")))]
    pub at: Timestamp,
    /// The time of collection; null if the inventory does not state it.
    #[cfg_attr(feature = "schemars", schemars(with = "Option<String>", extend("format" = "date-time")))]
    pub collected_at: Option<Timestamp>,
    /// When the verdict next changes because of an expiry or the timeline; omitted if unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "Option<String>", extend("format" = "date-time")))]
    pub changes_at: Option<Timestamp>,
    /// The scope; omitted for lists, documents and scope files.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<ReportScope>,
    /// The choices that restrict or extend the check; omitted if there are none.
    #[serde(default, skip_serializing_if = "ReportSelection::is_default")]
    pub selection: ReportSelection,
    /// The server and the user that the inventory was collected with; omitted if it does not state them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collected_from: Option<CollectedFrom>,
    /// The parts of the inventory, including those that could not be collected.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<String>,
    /// The parts that could not be collected, with the reasons.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub unavailable: BTreeMap<String, String>,
    /// The number of flavors, images or documents.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<usize>,
    /// The format of the list, such as `nova`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    /// The numbers of names, if a list of names was checked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counts: Option<NameCounts>,
    /// The evaluated versions, newest first.
    #[serde(default)]
    pub versions: IndexMap<String, VersionReport>,
    /// The version that decides; null if no version is effective, or there are none.
    pub decided_by: Option<String>,
    /// The test cases of that version.
    pub results: BTreeMap<String, Verdict>,
    /// Test cases among them that do not count for the verdict.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub advisory: Vec<String>,
    /// Test cases among them that no rule answers, with the reasons.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub not_covered: BTreeMap<String, String>,
    /// The time of the oldest evidence for a test case, if it differs from that of the inventory.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[cfg_attr(feature = "schemars", schemars(with = "BTreeMap<String, String>"))]
    pub evidence_at: BTreeMap<String, Timestamp>,
    /// All checked rules, each with its document.
    pub rules: Vec<RuleReport>,
    /// The worst of the deciding results.
    pub verdict: Verdict,
    /// Whether the report is accepted, if options of the check decide on that in addition to the verdict.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acceptance: Option<Acceptance>,
    /// Notes about the input as a whole.
    pub notices: Vec<String>,
    /// The findings, sorted by rule and subject.
    pub findings: Vec<ReportedFinding>,
    /// Questions that only the provider can answer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub questions: Vec<OpenQuestion>,
    /// Exceptions that the provider claims; they do not change any result.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exceptions: Vec<ShownException>,
}

/// The numbers of names in a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct NameCounts {
    /// All lines.
    pub lines: u64,
    /// Valid names.
    pub valid: u64,
    /// Names that start with `SCS-` and break the syntax.
    pub invalid: u64,
    /// Names that do not start with `SCS-`, which the standard allows.
    pub not_scs: u64,
    /// Empty lines.
    pub empty: u64,
}

/// The result for one version of the scope, or of a standard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct VersionReport {
    /// The validity of the version on the day; omitted for versions of standards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validity: Option<Validity>,
    /// The worst of the deciding results.
    pub verdict: Verdict,
    /// The results of all targets.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub targets: BTreeMap<String, Verdict>,
    /// The results of all test cases.
    pub results: BTreeMap<String, Verdict>,
    /// MUST rules of the version's documents that are not PASS and decide without a deciding test case.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deciding_rules: Vec<String>,
    /// Test cases with an expired result, with the reasons.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub outdated: BTreeMap<String, String>,
    /// The time of the oldest evidence for a test case, if it differs from that of the inventory.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[cfg_attr(feature = "schemars", schemars(with = "BTreeMap<String, String>"))]
    pub evidence_at: BTreeMap<String, Timestamp>,
    /// The first error of the scope file that affects the version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// The reason why nothing passes regardless of the results: the version is only partially known, or the inventory is dated in the future.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<String>,
    /// The documents of the version.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<DocumentId>,
    /// Rules of this version that the deciding version does not have.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<RuleReport>,
}

impl VersionReport {
    /// Marks all results as not finished.
    pub(crate) fn abort(&mut self) {
        let results = self.results.values_mut().chain(self.targets.values_mut());
        results.for_each(|result| *result = Verdict::Dnf);
        self.verdict = Verdict::Dnf;
    }
}

/// The result of a rule. Two versions of a standard may each have a rule with the same id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct RuleReport {
    /// The id of the rule.
    pub rule: Cow<'static, str>,
    /// The document that states it.
    pub document: DocumentId,
    /// The worst result of its findings.
    pub result: Verdict,
    /// Whether the result counts for the verdict.
    pub decides: bool,
    /// The time of its oldest evidence, if it differs from that of the inventory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "Option<String>", extend("format" = "date-time")))]
    pub evidence_at: Option<Timestamp>,
    /// The date of its oldest facts, such as a list of releases.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "Option<String>", extend("format" = "date-time")))]
    pub facts_as_of: Option<Timestamp>,
    /// The last moment for which the answer is known to hold without new data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "Option<String>", extend("format" = "date-time")))]
    pub holds_until: Option<Timestamp>,
}

/// A finding and its effect on the verdict.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ReportedFinding {
    /// The finding.
    #[serde(flatten)]
    pub finding: Finding,
    /// Whether the finding decides the verdict.
    pub decides: bool,
    /// The effect on a certificate.
    pub standing: Standing,
    /// Whether its document is a draft, which no certificate requires; omitted if it is not.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub draft: bool,
    /// Whether the baseline of the check has it; omitted if it does not, or there is no baseline.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub known: bool,
    /// The file, if several lists of names were checked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The line number in a list of names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
}

impl ReportedFinding {
    /// Creates a finding of a report.
    #[must_use]
    pub fn new(finding: Finding, decides: bool) -> Self {
        let standing = Standing::of(&finding, decides);
        let known = Catalog::embedded().get(finding.document);
        let draft = known.is_some_and(|document| document.state_on(Date::MAX) == State::Draft);
        Self { finding, decides, standing, draft, known: false, file: None, line: None }
    }

    /// Whether a check that fails on this severity fails because of the finding: it is new, and no note among errors.
    #[must_use]
    pub fn is_rejected_by(&self, fail_on: Option<Severity>) -> bool {
        let is_note = self.finding.result == Verdict::Pass;
        fail_on.is_some_and(|least| {
            !self.known && self.finding.severity <= least && !(is_note && least == Severity::Error)
        })
    }

    /// Sets the location in lists of names.
    #[must_use]
    pub fn at(self, file: Option<&str>, line: u64) -> Self {
        Self { file: file.map(str::to_owned), line: Some(line), ..self }
    }
}

impl Deref for ReportedFinding {
    type Target = Finding;

    fn deref(&self) -> &Finding {
        &self.finding
    }
}

impl Report {
    /// Decides whether the report is accepted, and records it if options of the check affect that.
    ///
    /// Findings must be marked before. Results without a finding, such as an expired one, are never known.
    pub fn accept(&mut self, conditions: &Conditions) -> bool {
        let Conditions { baseline, fail_on, least_coverage } = *conditions;
        let passes = self.verdict == Verdict::Pass || baseline && self.is_known();
        let reasons = self.findings.iter().filter(|finding| finding.is_rejected_by(fail_on)).count();
        let coverage = self.coverage().percent();
        let least_coverage = least_coverage.filter(|least| coverage < *least);
        let accepted = passes && reasons == 0 && least_coverage.is_none();
        if *conditions != Conditions::default() {
            self.acceptance = Some(Acceptance { accepted, baseline, fail_on, reasons, least_coverage });
        }
        accepted
    }

    /// How many parts of the inventory could be read.
    #[must_use]
    pub fn coverage(&self) -> PartCoverage {
        PartCoverage::new(self.parts.len().saturating_sub(self.unavailable.len()), self.parts.len())
    }

    /// Whether all reasons for the verdict are known.
    fn is_known(&self) -> bool {
        let because = self.deciding_version().is_some_and(|version| version.because.is_some());
        let unexplained = self
            .results
            .iter()
            .filter(|(case, result)| **result != Verdict::Pass && !self.advisory.contains(case))
            .any(|(case, _)| self.reason(case).is_some());
        let mut deciding = self.findings.iter().filter(|finding| finding.decides).peekable();
        deciding.peek().is_some() && !because && !unexplained && deciding.all(|finding| finding.known)
    }

    /// Creates a report without answers, for checks that stream their findings.
    #[must_use]
    pub fn unanswered(subject: impl Into<String>, kind: SubjectKind, context: &Context<'_>) -> Self {
        Self {
            schema: ReportSchema::Check2,
            subject: subject.into(),
            kind,
            profile: context.profile,
            checked_at: context.at,
            at: context.at,
            collected_at: None,
            changes_at: None,
            scope: None,
            selection: ReportSelection::default(),
            collected_from: None,
            parts: Vec::new(),
            unavailable: BTreeMap::new(),
            count: None,
            format: None,
            counts: None,
            versions: IndexMap::new(),
            decided_by: None,
            results: BTreeMap::new(),
            advisory: Vec::new(),
            not_covered: BTreeMap::new(),
            evidence_at: BTreeMap::new(),
            rules: Vec::new(),
            verdict: Verdict::Miss,
            acceptance: None,
            notices: Vec::new(),
            findings: Vec::new(),
            questions: Vec::new(),
            exceptions: Vec::new(),
        }
    }

    /// The version that decides.
    #[must_use]
    pub fn deciding_version(&self) -> Option<&VersionReport> {
        self.versions.get(self.decided_by.as_deref()?)
    }

    /// The findings of a rule as stated by the document.
    pub fn findings_of<'r>(&'r self, rule: &'r RuleReport) -> impl Iterator<Item = &'r ReportedFinding> {
        self.findings.iter().filter(|finding| finding.rule == rule.rule && finding.document == rule.document)
    }

    /// The result of a rule; the worst of several editions.
    ///
    /// ```
    /// # use scs_registry::{Inventory, Selection, Subject, ScopeChoice, check};
    /// # use scs_standards::{Context, Verdict};
    /// # let inventory: Inventory = "{kind: cloud, flavors: []}".parse()?;
    /// # let context = Context::at("2026-11-24T00:00:00Z".parse()?);
    /// # let scope = scs_certificates::Scope::compatible_iaas();
    /// # let selection = Selection::of_scope(scope, inventory.kind(), context.date(), &ScopeChoice::default())?;
    /// let report = check(&Subject::inventory("my-cloud", &inventory), &selection, &context);
    /// // There are no images in the inventory.
    /// assert_eq!(report.result_of("scs-0102-prop-min_disk"), Some(Verdict::Miss));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn result_of(&self, rule: &str) -> Option<Verdict> {
        Verdict::topmost(self.rules.iter().filter(|known| known.rule == rule).map(|known| known.result))
    }

    /// The reason for a test case's result in the deciding version, if no finding explains it.
    #[must_use]
    pub fn reason(&self, case: &str) -> Option<&str> {
        let outdated = self.deciding_version().and_then(|version| version.outdated.get(case));
        outdated.or_else(|| self.not_covered.get(case)).map(String::as_str)
    }

    /// Whether the verdict is about a certificate; false for documents and scope files.
    #[must_use]
    pub const fn is_about_certificate(&self) -> bool {
        !matches!(self.kind, SubjectKind::Documents | SubjectKind::Scope)
    }
}
