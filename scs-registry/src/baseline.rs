//! Baselines: earlier reports, whose findings are known and do not fail a check.

use std::collections::BTreeMap;

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
/// baseline.mark(&mut again)?;
/// assert!(again.findings.iter().all(|finding| finding.known));
/// let mut another = report(&["SCS-4v-4", "SCS-4t-4"])?;
/// baseline.mark(&mut another)?;
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

/// What two findings must have in common to be the same.
type Key<'r> = (&'r str, DocumentId, &'r str, Verdict);

fn key(finding: &ReportedFinding) -> Key<'_> {
    // A requirement that could not be answered and is broken now is new, so the result belongs to the key.
    (&finding.rule, finding.document, &finding.subject, finding.result)
}

impl Baseline {
    /// Marks the findings of a report that the baseline has.
    ///
    /// Findings match by rule, document, subject and result, and each finding of the baseline covers one. Of several, those with
    /// the same message come first; a message that changes with the date or the program does not make a finding new.
    ///
    /// # Errors
    ///
    /// If the baseline is not a report of the same kind, scope and profile, or not about this subject.
    pub fn mark(&self, report: &mut Report) -> Result<(), BaselineError> {
        let earlier = self.of(report)?;
        if earlier.subject != report.subject {
            report.notices.push(format!(
                "the baseline is about `{}`, this check about `{}`",
                earlier.subject, report.subject
            ));
        }
        let mut left: BTreeMap<Key<'_>, Vec<&str>> = BTreeMap::new();
        for finding in &earlier.findings {
            left.entry(key(finding)).or_default().push(&finding.message);
        }
        let mut known = vec![false; report.findings.len()];
        for with_words in [true, false] {
            for (finding, known) in report.findings.iter().zip(&mut known).filter(|(_, known)| !**known) {
                let Some(messages) = left.get_mut(&key(finding)) else { continue };
                let place = if with_words {
                    messages.iter().position(|message| *message == finding.message)
                } else {
                    messages.len().checked_sub(1)
                };
                if let Some(place) = place {
                    messages.swap_remove(place);
                    *known = true;
                }
            }
        }
        for (finding, known) in report.findings.iter_mut().zip(known) {
            finding.known = known;
        }
        Ok(())
    }

    /// The report of the baseline for the subject of another one.
    fn of(&self, report: &Report) -> Result<&Report, BaselineError> {
        let same_check = |earlier: &&Report| difference(earlier, report).is_none();
        if let Some(earlier) =
            self.reports.iter().filter(same_check).find(|earlier| earlier.subject == report.subject)
        {
            return Ok(earlier);
        }
        match self.reports.as_slice() {
            [] => Err(BaselineError::Empty),
            [only] => match difference(only, report) {
                Some(error) => Err(error),
                None => Ok(only),
            },
            several => Err(several
                .iter()
                .find_map(|earlier| difference(earlier, report))
                .filter(|_| !several.iter().any(|earlier| same_check(&earlier)))
                .unwrap_or_else(|| BaselineError::NoSubject { subject: report.subject.clone() })),
        }
    }
}

/// The difference between two checks, apart from the subject.
fn difference(earlier: &Report, now: &Report) -> Option<BaselineError> {
    let scope =
        |report: &Report| report.scope.as_ref().map_or_else(|| "none".to_owned(), |scope| scope.name.clone());
    let respects = [
        ("kind of subject", earlier.kind.to_string(), now.kind.to_string()),
        ("scope", scope(earlier), scope(now)),
        ("profile", earlier.profile.to_string(), now.profile.to_string()),
    ];
    respects
        .into_iter()
        .find(|(_, baseline, check)| baseline != check)
        .map(|(what, baseline, check)| BaselineError::Differs { what, baseline, check })
}
