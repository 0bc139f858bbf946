//! Upcoming deadlines for a provider: the newest patch of each Kubernetes branch, the offered versions, and the next
//! deadline in scs-0210-v2.

use std::collections::BTreeSet;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use scs_standards::{Hint, Profile};

use crate::due::{Cause, dues};
use crate::facts::KubernetesFacts;
use crate::period::{end_of_day, end_of_period, is_over};
use crate::standing::{Gap, Maintenance, Standing};
use crate::subject::OfferedVersion;
use crate::version::{Branch, K8sVersion};

/// An action with its deadline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The rule that is violated after the deadline.
    pub rule: &'static str,
    /// The deadline, inclusive; in the past if the rule is already violated.
    pub until: Timestamp,
    /// The version to offer; `None` if the branch has to be removed.
    pub offer: Option<K8sVersion>,
    /// The critical CVE that the version fixes, if that is the reason.
    pub cve: Option<String>,
}

impl Step {
    /// Whether the deadline has passed.
    #[must_use]
    pub fn is_overdue(&self, at: Timestamp) -> bool {
        is_over(self.until, at)
    }
}

/// A Kubernetes branch from a provider's perspective.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BranchForecast {
    /// The branch.
    pub branch: Branch,
    /// Its newest known release.
    pub newest: Option<K8sVersion>,
    /// Its offered versions, newest last.
    pub offered: Vec<K8sVersion>,
    /// The last day on which it is maintained.
    pub end_of_life: Option<Date>,
    /// Whether it has reached its end of life.
    pub has_ended: bool,
    /// The next action; `None` if nothing is known to be due.
    pub next: Option<Step>,
    /// Missing data.
    pub unknown: Option<String>,
    /// The lists that would provide it.
    pub hints: Vec<Hint>,
}

/// All maintained or offered branches, newest first, including released branches newer than all known end-of-life dates,
/// which are also maintained.
///
/// ```
/// use scs_k8s_policy::{KubernetesFacts, forecast};
///
/// let at = "2026-10-01T00:00:00Z".parse()?;
/// let branches = forecast(KubernetesFacts::embedded(), &[], at);
/// let names: Vec<String> = branches.iter().map(|row| row.branch.to_string()).collect();
/// assert_eq!(names, ["1.37", "1.36", "1.35", "1.34"]);
/// // Nothing is offered. The newest branch is due after four months, the others immediately.
/// assert_eq!(branches[0].next.as_ref().unwrap().until.to_string(), "2026-12-26T23:59:59Z");
/// assert!(branches[1].next.as_ref().unwrap().is_overdue(at));
/// # Ok::<(), jiff::Error>(())
/// ```
#[must_use]
pub fn forecast(facts: &KubernetesFacts, offered: &[OfferedVersion], at: Timestamp) -> Vec<BranchForecast> {
    let today = at.to_zoned(jiff::tz::TimeZone::UTC).date();
    let maintained = facts.ends_of_life().iter().filter(|(_, end)| today <= *end).map(|(branch, _)| branch);
    let released = facts.releases().until(at).branches();
    let newest_branch = released.last().copied();
    let newest_known = facts.ends_of_life().newest();
    let newer = released.iter().copied().filter(|branch| Some(*branch) > newest_known);
    // Pre-releases and previews do not count as offered.
    let offered: Vec<&OfferedVersion> = offered.iter().filter(|it| it.not_offered(at).is_none()).collect();
    let newest_offered = offered.iter().map(|version| version.version.branch()).max();
    let branches: BTreeSet<Branch> =
        maintained.chain(newer).chain(offered.iter().map(|version| version.version.branch())).collect();
    let row = |branch: Branch| {
        let mut own: Vec<K8sVersion> = offered
            .iter()
            .map(|version| version.version.clone())
            .filter(|it| it.branch() == branch)
            .collect();
        own.sort();
        let maintenance = Maintenance::of(branch, facts, today);
        let known = facts.releases().of(branch).filter(|release| release.published_at <= at);
        let (next, unknown) = match own.last() {
            Some(_) if maintenance.is_over() => (Some(end_of_offer(maintenance)), None),
            Some(version) => of_offered(version, facts, maintenance, at),
            // Only the rule for the newest minor version can apply to it.
            None if maintenance == Maintenance::Unknown => {
                (newest_minor(branch, facts, &released, newest_offered, at), None)
            }
            None => to_be_offered(branch, facts, newest_branch, at),
        };
        let no_end = (maintenance == Maintenance::Unknown).then_some(Gap::NoEndOfLife(branch));
        let gaps: Vec<Gap<'_>> = unknown.into_iter().chain(no_end).collect();
        let unknown: Vec<String> = gaps.iter().map(ToString::to_string).collect();
        BranchForecast {
            branch,
            newest: known.map(|release| &release.version).max().cloned(),
            offered: own,
            end_of_life: facts.ends_of_life().of(branch),
            has_ended: maintenance.is_over(),
            next,
            unknown: (!unknown.is_empty()).then(|| unknown.join("; ")),
            hints: gaps.iter().filter_map(Gap::hint).collect(),
        }
    };
    branches.into_iter().rev().map(row).collect()
}

/// A branch past its end of life must no longer be offered.
fn end_of_offer(maintenance: Maintenance) -> Step {
    let until = match maintenance {
        Maintenance::EndedOn(day) => end_of_day(day),
        _ => Timestamp::MIN,
    };
    Step { rule: "scs-0210-eol-not-offered", until, offer: None, cve: None }
}

/// The next due patch, or the end of the branch.
fn of_offered<'f>(
    version: &K8sVersion,
    facts: &'f KubernetesFacts,
    maintenance: Maintenance,
    at: Timestamp,
) -> (Option<Step>, Option<Gap<'f>>) {
    let unknown = match Standing::of(version, facts, at) {
        Standing::Unknown(gap) => Some(gap),
        _ => None,
    };
    let dues = dues(version, facts, at, Profile::Text);
    let patch = dues.first().map(|due| Step {
        rule: match due.cause {
            Cause::Patch => "scs-0210-patch",
            Cause::Critical(_) => "scs-0210-patch-critical",
        },
        until: due.until,
        offer: dues.iter().map(|due| &due.release.version).max().cloned(),
        cve: match due.cause {
            Cause::Patch => None,
            Cause::Critical(record) => Some(record.id().to_owned()),
        },
    });
    let end = match maintenance {
        Maintenance::Until(day) => {
            Some(Step { rule: "scs-0210-eol-not-offered", until: end_of_day(day), offer: None, cve: None })
        }
        _ => None,
    };
    (patch.into_iter().chain(end).min_by_key(|step| step.until), unknown)
}

/// The newest minor version is due within four months: this branch or a newer one, unless that is offered, or a newer one is
/// already due.
fn newest_minor(
    branch: Branch,
    facts: &KubernetesFacts,
    released: &[Branch],
    newest_offered: Option<Branch>,
    at: Timestamp,
) -> Option<Step> {
    let until = |branch: Branch| {
        let known = facts.releases().of(branch).filter(|release| release.published_at <= at);
        Some(end_of_period(known.map(|release| release.published_at).min()?, 4.months()))
    };
    let is_due = |branch: &Branch| until(*branch).is_some_and(|until| is_over(until, at));
    if newest_offered > Some(branch) || released.iter().filter(|it| **it > branch).any(is_due) {
        return None;
    }
    let known = facts.releases().of(branch).filter(|release| release.published_at <= at);
    let offer = known.map(|release| &release.version).max().cloned();
    Some(Step { rule: "scs-0210-minor", until: until(branch)?, offer, cve: None })
}

/// A maintained branch has to be offered; the newest one is due after four months.
fn to_be_offered(
    branch: Branch,
    facts: &KubernetesFacts,
    newest: Option<Branch>,
    at: Timestamp,
) -> (Option<Step>, Option<Gap<'_>>) {
    let releases = || facts.releases().of(branch).filter(|release| release.published_at <= at);
    let offer = releases().map(|release| &release.version).max().cloned();
    let Some(first) = releases().map(|release| release.published_at).min() else {
        return (None, Some(Gap::NoRelease(branch)));
    };
    let rule = if newest == Some(branch) { "scs-0210-minor" } else { "scs-0210-branches-offered" };
    // The newest branch is not due until a newer one is released.
    let next = facts.releases().of(branch.next()).map(|release| release.published_at).min();
    let until =
        end_of_period(first, 4.months()).min(next.filter(|next| *next <= at).unwrap_or(Timestamp::MAX));
    (Some(Step { rule, until, offer, cve: None }), None)
}
