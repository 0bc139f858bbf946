//! What has changed between two reports: verdicts, test cases and findings.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;
use jiff::Timestamp;
use scs_certificates::report::ReportScope;
use scs_standards::wording::quoted;
use scs_standards::{DocumentId, Profile, Verdict};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::report::{Report, ReportedFinding};
use crate::subject::SubjectKind;

/// The name of the shape.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub enum ComparisonSchema {
    /// The first edition.
    #[default]
    #[serde(rename = "scs/diff/1")]
    Diff1,
}

/// Two reports that cannot be compared.
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
    /// A requirement that was met, or was not asked, is not met.
    Worse,
    /// A requirement that was not met is met, or is no longer asked.
    Better,
    /// Neither: a note, or a requirement that is met and was not asked before.
    Neutral,
}

impl Trend {
    /// Of two results, where a missing one means that it was not asked: FAIL is worse than MISS, which is worse than DNF.
    fn of(old: Option<Verdict>, new: Option<Verdict>) -> Self {
        let old = old.unwrap_or(Verdict::Pass);
        match new.unwrap_or(Verdict::Pass).cmp(&old) {
            Ordering::Less => Self::Worse,
            Ordering::Greater => Self::Better,
            Ordering::Equal => Self::Neutral,
        }
    }
}

/// A result that has changed. One side is null where the test case or version is not in that report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct ResultChange {
    /// The result in the old report.
    pub old: Option<Verdict>,
    /// The result in the new report.
    pub new: Option<Verdict>,
    /// Whether it is worse or better.
    pub trend: Trend,
    /// Whether it counts for the verdict.
    pub decides: bool,
}

impl ResultChange {
    fn of(old: Option<Verdict>, new: Option<Verdict>, decides: bool) -> Option<Self> {
        (old != new).then(|| Self { old, new, trend: Trend::of(old, new), decides })
    }
}

/// How a finding has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Change {
    /// It is in the new report only.
    New,
    /// It is in the old report only.
    Gone,
    /// It is in both, with another result or weight.
    Changed,
}

/// A finding that has changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct FindingChange {
    /// How it has changed.
    pub change: Change,
    /// Whether that is worse or better.
    pub trend: Trend,
    /// The result in the old report, where it is in both.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old_result: Option<Verdict>,
    /// The finding of the new report; of one that is gone, that of the old report.
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
    /// The time that counted as now.
    #[cfg_attr(feature = "schemars", schemars(with = "String", extend("format" = "date-time")))]
    pub at: Timestamp,
    /// When the inventory was collected; null where it does not say.
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

/// What has changed between two reports of the same scope and profile.
///
/// ```
/// use scs_registry::compare::Change;
/// use scs_registry::{Inventory, ScopeChoice, check_inventory, compare};
/// use scs_standards::Context;
///
/// let context = Context::at("2026-11-24T00:00:00Z".parse()?);
/// let report = |name: &str| -> Result<_, Box<dyn std::error::Error>> {
///     let text = format!("{{kind: cloud, flavors: [{{name: {name}, vcpus: 2, ram: 8192, disk: 0}}]}}");
///     Ok(check_inventory(&Inventory::read(&text)?, &ScopeChoice::default(), &context)?)
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
        description = "What has changed between two reports, as `scs diff` prints it."
    )
)]
#[non_exhaustive]
pub struct Comparison {
    /// The name of the shape.
    pub schema: ComparisonSchema,
    /// The old report.
    pub old: ComparedReport,
    /// The new report.
    pub new: ComparedReport,
    /// The kind of both subjects.
    pub kind: SubjectKind,
    /// The profile that decides.
    pub profile: Profile,
    /// The scope; left out where lists, documents or scope files were checked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<ReportScope>,
    /// Whether something that decides is worse: the verdict, a test case, or a finding.
    pub worse: bool,
    /// The versions whose verdict has changed.
    pub versions: IndexMap<String, ResultChange>,
    /// The test cases of the deciding versions whose result has changed.
    pub results: BTreeMap<String, ResultChange>,
    /// The findings that are new, gone or changed: what is worse first, what decides before the rest.
    pub findings: Vec<FindingChange>,
    /// What makes the two hard to compare, such as a part that only one of them has.
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
/// Findings match by rule, document and subject: a message that changes with the date or the program is not a
/// change.
///
/// # Errors
///
/// When they are about different scopes or kinds of subjects, or decide by different profiles.
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
    let findings = changed_findings(&old.findings, &new.findings);
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
    Ok(())
}

/// The names of the new list in their order, then those that only the old list has.
fn merged<'n>(old: impl Iterator<Item = &'n String>, new: impl Iterator<Item = &'n String>) -> Vec<String> {
    let mut names: Vec<String> = new.cloned().collect();
    let more: Vec<String> = old.filter(|name| !names.contains(name)).cloned().collect();
    names.extend(more);
    names
}

/// What findings share that are about the same requirement and thing.
type Key<'f> = (&'f str, DocumentId, &'f str);

fn key(finding: &ReportedFinding) -> Key<'_> {
    (&finding.rule, finding.document, &finding.subject)
}

fn changed_findings(old: &[ReportedFinding], new: &[ReportedFinding]) -> Vec<FindingChange> {
    let mut pairs: BTreeMap<Key<'_>, (Vec<&ReportedFinding>, Vec<&ReportedFinding>)> = BTreeMap::new();
    for finding in old {
        pairs.entry(key(finding)).or_default().0.push(finding);
    }
    for finding in new {
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
            finding: (*is).clone(),
        });
        changes.extend(in_both);
        changes.extend(is.iter().skip(both).map(|is| FindingChange {
            change: Change::New,
            trend: Trend::of(None, Some(is.result)),
            old_result: None,
            finding: (*is).clone(),
        }));
        changes.extend(was.iter().skip(both).map(|was| FindingChange {
            change: Change::Gone,
            trend: Trend::of(Some(was.result), None),
            old_result: None,
            finding: (*was).clone(),
        }));
    }
    changes.sort_by(|one, other| {
        let order = |it: &FindingChange| (it.trend, !it.finding.decides, it.finding.severity);
        order(one).cmp(&order(other)).then_with(|| key(&one.finding).cmp(&key(&other.finding)))
    });
    changes
}

/// How much a finding weighs, the heaviest first.
fn weight(finding: &ReportedFinding) -> (Verdict, bool) {
    (finding.result, !finding.decides)
}

/// What each of two lists has more than the other one, by a key.
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

/// What makes two reports hard to compare.
fn notices(old: &Report, new: &Report) -> Vec<String> {
    let mut notices = Vec::new();
    for (one, other, which) in [(old, new, "old"), (new, old, "new")] {
        let only = quoted(one.parts.iter().filter(|part| !other.parts.contains(part)));
        if !only.is_empty() {
            notices.push(format!("only the {which} inventory has {only}"));
        }
        let outdated = one.deciding_version().map_or(0, |version| version.outdated.len());
        if outdated > 0 {
            notices.push(format!("{outdated} results of the {which} report had expired and count as MISS"));
        }
    }
    if old.decided_by != new.decided_by {
        let name = |report: &Report| report.decided_by.clone().unwrap_or_else(|| "no version".to_owned());
        notices.push(format!("the old report is decided by {}, the new one by {}", name(old), name(new)));
    }
    notices
}
