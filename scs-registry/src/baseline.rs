//! Baselines: earlier reports, whose findings are known and do not fail a check.

use std::collections::{BTreeMap, BTreeSet};

use scs_standards::wording::and;
use scs_standards::{DocumentId, Verdict};
use thiserror::Error;

use crate::report::{Report, ReportedFinding};

/// Earlier reports of the same check.
///
/// ```
/// use scs_registry::baseline::Baseline;
/// use scs_registry::{Inventory, ScopeChoice, check_inventory};
/// use scs_standards::Context;
///
/// let context = Context::at("2026-11-24T00:00:00Z".parse()?);
/// let report = |names: &[&str]| -> Result<_, Box<dyn std::error::Error>> {
///     let flavors: Vec<String> =
///         names.iter().map(|name| format!("{{name: {name}, vcpus: 4, ram: 4096, disk: 0}}")).collect();
///     let text = format!("{{kind: cloud, subject: prod, flavors: [{}]}}", flavors.join(", "));
///     Ok(check_inventory(&text.parse::<Inventory>()?, &ScopeChoice::default(), &context)?)
/// };
/// let baseline = Baseline::from(vec![report(&["SCS-4v-4"])?]);
/// let mut again = report(&["SCS-4v-4"])?;
/// baseline.mark(std::slice::from_mut(&mut again))?;
/// assert!(again.findings.iter().all(|finding| finding.known));
/// let mut another = report(&["SCS-4v-4", "SCS-4t-4"])?;
/// baseline.mark(std::slice::from_mut(&mut another))?;
/// assert!(another.findings.iter().any(|finding| !finding.known && finding.subject == "SCS-4t-4"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Baseline {
    reports: Vec<Report>,
}

/// The error for a baseline that is not a report of the same check.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum BaselineError {
    /// Every report of the baseline differs in this respect.
    #[error("the baseline was checked with another {what}: {baseline}, not {check}")]
    Differs {
        /// What differs, such as "profile".
        what: &'static str,
        /// In the baseline.
        baseline: String,
        /// In this check.
        check: String,
    },
    /// The baseline has several subjects, but not this one.
    #[error("the baseline does not have the subject `{subject}`")]
    NoSubject {
        /// The subject of this check.
        subject: String,
    },
    /// The baseline has no report at all.
    #[error("the baseline has no reports")]
    Empty,
}

impl From<Vec<Report>> for Baseline {
    fn from(reports: Vec<Report>) -> Self {
        Self { reports }
    }
}

/// What two findings must have in common to be the same: rule, document, subject, required state, result and whether they decide.
type Key<'r> = (&'r str, DocumentId, &'r str, Option<&'r str>, Verdict, bool);

fn key(finding: &ReportedFinding) -> Key<'_> {
    // A requirement that could not be answered and is broken now is new, and so is one that did not decide before. The required state
    // tells several properties of one subject apart.
    let ReportedFinding { finding: of, decides, .. } = finding;
    (&of.rule, of.document, &of.subject, of.expected.as_deref(), of.result, *decides)
}

impl Baseline {
    /// Marks the findings of reports that the baseline has.
    ///
    /// Findings match by rule, document, subject, required state and result, and each finding of the baseline covers one. Of several,
    /// those with the same message come first; a message that changes with the date or the program does not make a finding new.
    ///
    /// # Errors
    ///
    /// If the baseline is not of the same check (kind, scope, profile and selection), or not about one of the subjects. A single report is
    /// compared with a single baseline whatever their subjects are called.
    pub fn mark(&self, reports: &mut [Report]) -> Result<(), BaselineError> {
        let is_single = reports.len() == 1;
        // Two reports about one subject share its findings: the places of those that are used up.
        let mut used: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
        for report in reports {
            let (place, earlier) = self.of(report, is_single)?;
            if earlier.subject != report.subject {
                report.notices.push(format!(
                    "the baseline is about `{}`, this check about `{}`",
                    earlier.subject, report.subject
                ));
            }
            mark(report, earlier, used.entry(place).or_default());
        }
        Ok(())
    }

    /// The report of the baseline for the subject of another one, and its place.
    fn of(&self, report: &Report, is_single: bool) -> Result<(usize, &Report), BaselineError> {
        let same_check = |(_, earlier): &(usize, &Report)| difference(earlier, report).is_none();
        let mut same_checks = self.reports.iter().enumerate().filter(same_check);
        if let Some(found) = same_checks.find(|(_, earlier)| earlier.subject == report.subject) {
            return Ok(found);
        }
        match self.reports.as_slice() {
            [] => Err(BaselineError::Empty),
            [only] if is_single && difference(only, report).is_none() => Ok((0, only)),
            several => Err(several
                .iter()
                .map(|earlier| difference(earlier, report))
                .collect::<Option<Vec<_>>>()
                .and_then(|differences| differences.into_iter().next())
                .unwrap_or_else(|| BaselineError::NoSubject { subject: report.subject.clone() })),
        }
    }
}

/// Marks the findings of a report, and uses up those of the baseline.
fn mark(report: &mut Report, earlier: &Report, used: &mut BTreeSet<usize>) {
    let mut left: BTreeMap<Key<'_>, Vec<usize>> = BTreeMap::new();
    for (place, finding) in earlier.findings.iter().enumerate().filter(|(place, _)| !used.contains(place)) {
        left.entry(key(finding)).or_default().push(place);
    }
    let message = |place: usize| earlier.findings.get(place).map(|finding| finding.message.as_str());
    let mut known = vec![false; report.findings.len()];
    for with_words in [true, false] {
        for (finding, known) in report.findings.iter().zip(&mut known).filter(|(_, known)| !**known) {
            let Some(places) = left.get_mut(&key(finding)) else { continue };
            let matching = if with_words {
                places.iter().position(|place| message(*place) == Some(&finding.message))
            } else {
                places.len().checked_sub(1)
            };
            if let Some(matching) = matching {
                used.insert(places.swap_remove(matching));
                *known = true;
            }
        }
    }
    for (finding, known) in report.findings.iter_mut().zip(known) {
        finding.known = known;
    }
}

/// The choices that change which findings decide, in words.
fn chosen(report: &Report) -> String {
    let selection = &report.selection;
    let only = selection.only.as_ref().map(|only| format!("test cases that match `{only}`"));
    let targets = (!selection.targets.is_empty()).then(|| format!("targets {}", and(&selection.targets)));
    let rules = selection.all_rules.then(|| "all rules".to_owned());
    let chosen: Vec<String> = [only, targets, rules].into_iter().flatten().collect();
    if chosen.is_empty() { "everything".to_owned() } else { and(chosen) }
}

/// The difference between two checks, apart from the subject.
fn difference(earlier: &Report, now: &Report) -> Option<BaselineError> {
    let scope =
        |report: &Report| report.scope.as_ref().map_or_else(|| "none".to_owned(), |scope| scope.name.clone());
    let respects = [
        ("kind of subject", earlier.kind.to_string(), now.kind.to_string()),
        ("scope", scope(earlier), scope(now)),
        ("profile", earlier.profile.to_string(), now.profile.to_string()),
        ("selection", chosen(earlier), chosen(now)),
    ];
    respects
        .into_iter()
        .find(|(_, baseline, check)| baseline != check)
        .map(|(what, baseline, check)| BaselineError::Differs { what, baseline, check })
}
