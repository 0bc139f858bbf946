//! Changes between two reports: verdicts, test cases and findings.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;
use jiff::Timestamp;
use scs_certificates::report::ReportScope;
use scs_standards::wording::{counted, quoted};
use scs_standards::{DocumentId, Profile, Verdict};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::decision::Standing;
use crate::report::{Report, ReportedFinding};
use crate::subject::SubjectKind;

/// The id of the JSON format.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub enum ComparisonSchema {
    /// The first version.
    #[default]
    #[serde(rename = "scs/diff/1")]
    Diff1,
}

/// The error for reports that cannot be compared.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CompareError {
    /// They are about different scopes.
    #[error("the reports are about different scopes: {old} and {new}")]
    Scopes {
        /// The scope of the old one.
        old: String,
        /// The scope of the new one.
        new: String,
    },
    /// They decide by different profiles.
    #[error("the reports decide by different profiles: {old} and {new}")]
    Profiles {
        /// The profile of the old one.
        old: Profile,
        /// The profile of the new one.
        new: Profile,
    },
    /// They answer different test cases, so that one would seem better or worse.
    #[error("the reports were made with different choices of {what}")]
    Selections {
        /// What differs, such as "test cases".
        what: &'static str,
    },
    /// They are about different kinds of subjects.
    #[error("the reports are about different kinds of subjects: {old} and {new}")]
    Kinds {
        /// The kind of the old one.
        old: SubjectKind,
        /// The kind of the new one.
        new: SubjectKind,
    },
}

/// The direction of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Trend {
    /// A requirement that was met or did not apply is no longer met.
    Worse,
    /// A requirement that was not met is now met or no longer applies.
    Better,
    /// Neither: a note, or a requirement that is met and did not apply before.
    Neutral,
}

impl Trend {
    /// Compares two results; `None` means that the requirement does not apply. FAIL is worse than MISS, MISS is worse than DNF.
    fn of(old: Option<Verdict>, new: Option<Verdict>) -> Self {
        let old = old.unwrap_or(Verdict::Pass);
        match new.unwrap_or(Verdict::Pass).cmp(&old) {
            Ordering::Less => Self::Worse,
            Ordering::Greater => Self::Better,
            Ordering::Equal => Self::Neutral,
        }
    }
}

/// A changed result. One side is null if that report does not have the test case or version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ResultChange {
    /// The result in the old report.
    pub old: Option<Verdict>,
    /// The result in the new report.
    pub new: Option<Verdict>,
    /// Whether the change is for the worse or the better.
    pub trend: Trend,
    /// Whether it counts for the verdict.
    pub decides: bool,
}

impl ResultChange {
    fn of(old: Option<Verdict>, new: Option<Verdict>, decides: bool) -> Option<Self> {
        let trend = match (old, new) {
            (Some(_), Some(_)) => Trend::of(old, new),
            // What only one of the reports answers is neither better nor worse.
            _ => Trend::Neutral,
        };
        (old != new).then_some(Self { old, new, trend, decides })
    }
}

/// The change of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Change {
    /// Only the new report has it.
    New,
    /// Only the old report has it.
    Gone,
    /// Both have it, with different results or severities.
    Changed,
}

/// A changed finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct FindingChange {
    /// The change.
    pub change: Change,
    /// Whether the change is for the worse or the better.
    pub trend: Trend,
    /// The result in the old report, if both have the finding.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old_result: Option<Verdict>,
    /// The message of the old report, if both have the finding.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old_message: Option<String>,
    /// The effect on a certificate: that of the report in which it is worse.
    pub weight: Standing,
    /// The finding in the new report, or in the old one if it is gone.
    #[serde(flatten)]
    pub finding: ReportedFinding,
}

/// One of the two reports.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ComparedReport {
    /// The name of the subject.
    pub subject: String,
    /// The time of the check.
    #[cfg_attr(feature = "schemars", schemars(with = "String", extend("format" = "date-time")))]
    pub at: Timestamp,
    /// When the inventory was collected; null if unknown.
    #[cfg_attr(feature = "schemars", schemars(with = "Option<String>", extend("format" = "date-time")))]
    pub collected_at: Option<Timestamp>,
    /// The version that decides.
    pub decided_by: Option<String>,
    /// The verdict.
    pub verdict: Verdict,
}

impl From<&Report> for ComparedReport {
    fn from(report: &Report) -> Self {
        Self {
            subject: report.subject.clone(),
            at: report.at,
            collected_at: report.collected_at,
            decided_by: report.decided_by.clone(),
            verdict: report.verdict,
        }
    }
}

/// The changes between two reports with the same scope and profile.
///
/// ```
/// use scs_registry::compare::Change;
/// use scs_registry::{Inventory, ScopeChoice, check_inventory, compare};
/// use scs_standards::Context;
///
/// let context = Context::at("2026-11-24T00:00:00Z".parse()?);
/// let report = |name: &str| -> Result<_, Box<dyn std::error::Error>> {
///     let text = format!("{{kind: cloud, flavors: [{{name: {name}, vcpus: 2, ram: 8192, disk: 0}}]}}");
///     Ok(check_inventory(&text.parse::<Inventory>()?, &ScopeChoice::default(), &context)?)
/// };
/// let (old, new) = (report("SCS-2V-8")?, report("SCS-2v-8")?);
/// let comparison = compare(&old, &new)?;
/// assert!(comparison.worse);
/// assert_eq!(comparison.results["scs-0100-syntax-check"].new.map(|result| result.name()), Some("FAIL"));
/// let broken = comparison.findings.iter().find(|it| it.finding.rule == "scs-0100-syntax-check").unwrap();
/// assert_eq!((broken.change, broken.finding.subject.as_str()), (Change::New, "SCS-2v-8"));
/// assert!(!compare(&old, &old)?.has_changes());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[cfg_attr(
    feature = "schemars",
    schemars(
        title = "scs/diff/1",
        description = "The changes between two reports, as printed by `scs diff`."
    )
)]
#[non_exhaustive]
pub struct Comparison {
    /// The id of the JSON format.
    pub schema: ComparisonSchema,
    /// The old report.
    pub old: ComparedReport,
    /// The new report.
    pub new: ComparedReport,
    /// The kind of both subjects.
    pub kind: SubjectKind,
    /// The profile that decides.
    pub profile: Profile,
    /// The scope; omitted for lists, documents and scope files.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<ReportScope>,
    /// Whether the verdict, or a test case or finding that decides, is worse.
    pub worse: bool,
    /// The versions whose verdict has changed.
    pub versions: IndexMap<String, ResultChange>,
    /// The test cases of the deciding versions whose result has changed.
    pub results: BTreeMap<String, ResultChange>,
    /// New, gone and changed findings: worse ones first, deciding ones before others.
    pub findings: Vec<FindingChange>,
    /// Limits of the comparison, such as a part that only one inventory has.
    pub notices: Vec<String>,
}

impl Comparison {
    /// Whether a verdict, a result or a finding has changed.
    #[must_use]
    pub fn has_changes(&self) -> bool {
        let same = self.old.verdict == self.new.verdict
            && self.versions.is_empty()
            && self.results.is_empty()
            && self.findings.is_empty();
        !same
    }

    /// The findings of a trend.
    pub fn findings_of(&self, trend: Trend) -> impl Iterator<Item = &FindingChange> {
        self.findings.iter().filter(move |change| change.trend == trend)
    }
}

/// Compares two reports.
///
/// Findings are matched by rule, document and subject: a message that only differs by the date or the version of the program is
/// not a change.
///
/// # Errors
///
/// If scopes, kinds of subjects or profiles differ.
pub fn compare(old: &Report, new: &Report) -> Result<Comparison, CompareError> {
    comparable(old, new)?;
    let versions = merged(old.versions.keys(), new.versions.keys());
    let verdict_of = |report: &Report, name: &str| report.versions.get(name).map(|version| version.verdict);
    let decided_by = |name: &str| [old, new].iter().any(|report| report.decided_by.as_deref() == Some(name));
    let versions: IndexMap<String, ResultChange> = versions
        .into_iter()
        .filter_map(|name| {
            let change = ResultChange::of(verdict_of(old, &name), verdict_of(new, &name), decided_by(&name));
            change.map(|change| (name, change))
        })
        .collect();
    let cases: BTreeSet<&String> = old.results.keys().chain(new.results.keys()).collect();
    let results: BTreeMap<String, ResultChange> = cases
        .into_iter()
        .filter_map(|case| {
            let (was, is) = (old.results.get(case).copied(), new.results.get(case).copied());
            let report = if is.is_some() { new } else { old };
            let change = ResultChange::of(was, is, !report.advisory.contains(case));
            change.map(|change| (case.clone(), change))
        })
        .collect();
    let findings = changed_findings(old, new);
    let is_worse = |trend: Trend, decides: bool| trend == Trend::Worse && decides;
    let worse = new.verdict < old.verdict
        || results.values().any(|change| is_worse(change.trend, change.decides))
        || findings.iter().any(|change| is_worse(change.trend, change.finding.decides));
    Ok(Comparison {
        schema: ComparisonSchema::default(),
        old: old.into(),
        new: new.into(),
        kind: new.kind,
        profile: new.profile,
        scope: new.scope.clone(),
        worse,
        versions,
        results,
        findings,
        notices: notices(old, new),
    })
}

fn comparable(old: &Report, new: &Report) -> Result<(), CompareError> {
    if old.kind != new.kind {
        return Err(CompareError::Kinds { old: old.kind, new: new.kind });
    }
    let uuid = |report: &Report| report.scope.as_ref().map(|scope| scope.uuid.to_ascii_lowercase());
    if uuid(old) != uuid(new) {
        let name = |report: &Report| {
            report.scope.as_ref().map_or_else(|| "no scope".to_owned(), |scope| scope.name.clone())
        };
        return Err(CompareError::Scopes { old: name(old), new: name(new) });
    }
    if old.profile != new.profile {
        return Err(CompareError::Profiles { old: old.profile, new: new.profile });
    }
    let (one, other) = (&old.selection, &new.selection);
    let choices = [
        ("test cases (`only`)", one.only == other.only),
        ("targets", one.targets == other.targets),
        ("deciding rules (`all_rules`)", one.all_rules == other.all_rules),
    ];
    if let Some((what, _)) = choices.into_iter().find(|(_, same)| !same) {
        return Err(CompareError::Selections { what });
    }
    Ok(())
}

/// The names of the new list in their order, then those that only the old list has.
fn merged<'n>(old: impl Iterator<Item = &'n String>, new: impl Iterator<Item = &'n String>) -> Vec<String> {
    let mut names: Vec<String> = new.cloned().collect();
    let more: Vec<String> = old.filter(|name| !names.contains(name)).cloned().collect();
    names.extend(more);
    names
}

/// The key of findings about the same requirement and object.
type Key<'f> = (&'f str, DocumentId, &'f str);

fn key(finding: &ReportedFinding) -> Key<'_> {
    (&finding.rule, finding.document, &finding.subject)
}

/// The rules that a report answers, in any version.
fn asked(report: &Report) -> BTreeSet<(&str, DocumentId)> {
    let of_versions = report.versions.values().flat_map(|version| &version.rules);
    report.rules.iter().chain(of_versions).map(|row| (&*row.rule, row.document)).collect()
}

fn changed_findings(old: &Report, new: &Report) -> Vec<FindingChange> {
    let (asked_before, asked_now) = (asked(old), asked(new));
    // What only one of the reports answers is neither better nor worse.
    let trend = |finding: &ReportedFinding, trend: Trend| {
        let rule = (&*finding.rule, finding.document);
        if asked_before.contains(&rule) && asked_now.contains(&rule) { trend } else { Trend::Neutral }
    };
    let mut pairs: BTreeMap<Key<'_>, (Vec<&ReportedFinding>, Vec<&ReportedFinding>)> = BTreeMap::new();
    for finding in &old.findings {
        pairs.entry(key(finding)).or_default().0.push(finding);
    }
    for finding in &new.findings {
        pairs.entry(key(finding)).or_default().1.push(finding);
    }
    let mut changes = Vec::new();
    for (mut was, mut is) in pairs.into_values() {
        // What both have to the word, then what has other words only.
        (was, is) = difference(was, is, |finding| (weight(finding), finding.message.as_str()));
        (was, is) = difference(was, is, weight);
        let both = was.len().min(is.len());
        let in_both = was.iter().zip(&is).map(|(was, is)| FindingChange {
            change: Change::Changed,
            trend: match weight(is).cmp(&weight(was)) {
                Ordering::Less => Trend::Worse,
                Ordering::Greater => Trend::Better,
                Ordering::Equal => Trend::Neutral,
            },
            old_result: Some(was.result),
            old_message: Some(was.message.clone()),
            weight: was.standing.min(is.standing),
            finding: (*is).clone(),
        });
        changes.extend(in_both);
        changes.extend(is.iter().skip(both).map(|is| FindingChange {
            change: Change::New,
            trend: trend(is, Trend::of(None, Some(is.result))),
            old_result: None,
            old_message: None,
            weight: is.standing,
            finding: (*is).clone(),
        }));
        changes.extend(was.iter().skip(both).map(|was| FindingChange {
            change: Change::Gone,
            trend: trend(was, Trend::of(Some(was.result), None)),
            old_result: None,
            old_message: None,
            weight: was.standing,
            finding: (*was).clone(),
        }));
    }
    changes.sort_by(|one, other| {
        let order = |it: &FindingChange| (it.trend, it.weight, it.finding.severity);
        order(one).cmp(&order(other)).then_with(|| key(&one.finding).cmp(&key(&other.finding)))
    });
    changes
}

/// How much a finding weighs, the heaviest first.
fn weight(finding: &ReportedFinding) -> (Verdict, bool) {
    (finding.result, !finding.decides)
}

/// The additional entries of each of two lists, by a key.
fn difference<'f, K: Ord>(
    mut old: Vec<&'f ReportedFinding>,
    mut new: Vec<&'f ReportedFinding>,
    key: impl Fn(&'f ReportedFinding) -> K,
) -> (Vec<&'f ReportedFinding>, Vec<&'f ReportedFinding>) {
    old.sort_by_key(|finding| key(finding));
    new.sort_by_key(|finding| key(finding));
    let (mut only_old, mut only_new) = (Vec::new(), Vec::new());
    let mut rest = new.into_iter().peekable();
    for was in old {
        while let Some(is) = rest.next_if(|is| key(is) < key(was)) {
            only_new.push(is);
        }
        if rest.next_if(|is| key(is) == key(was)).is_none() {
            only_old.push(was);
        }
    }
    only_new.extend(rest);
    (only_old, only_new)
}

/// Notices about the limits of a comparison.
fn notices(old: &Report, new: &Report) -> Vec<String> {
    let mut notices = Vec::new();
    for (one, other, which) in [(old, new, "old"), (new, old, "new")] {
        let only = quoted(one.parts.iter().filter(|part| !other.parts.contains(part)));
        if !only.is_empty() {
            notices.push(format!("only the {which} inventory has {only}"));
        }
        let outdated = one.deciding_version().map_or(0, |version| version.outdated.len());
        if outdated > 0 {
            let results = counted(outdated, "result");
            notices.push(format!("{results} of the {which} report had expired; counted as MISS"));
        }
    }
    if old.decided_by != new.decided_by {
        let name = |report: &Report| report.decided_by.clone().unwrap_or_else(|| "no version".to_owned());
        notices.push(format!("the old report is decided by {}, the new one by {}", name(old), name(new)));
    }
    notices
}
