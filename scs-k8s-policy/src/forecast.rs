//! By when a provider has to do what: for each branch of Kubernetes the newest patch, what is offered, and which rule of scs-0210-v2
//! is broken next.

use std::collections::BTreeSet;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use scs_standards::Profile;

use crate::due::{Cause, dues, later};
use crate::facts::KubernetesFacts;
use crate::standing::{Gap, Maintenance, Standing};
use crate::subject::OfferedVersion;
use crate::version::{Branch, K8sVersion};

/// What has to be done, and until when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The rule that is broken afterwards.
    pub rule: &'static str,
    /// The last moment at which it is kept; of what is broken already, the moment that has passed.
    pub until: Timestamp,
    /// The version to offer; `None` where the branch is to be given up.
    pub offer: Option<K8sVersion>,
    /// The critical CVE that the version mends, where that is why.
    pub cve: Option<String>,
}

impl Step {
    /// Whether time is over.
    #[must_use]
    pub fn is_overdue(&self, at: Timestamp) -> bool {
        self.until < at
    }
}

/// A branch of Kubernetes, as a provider looks at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BranchForecast {
    /// The branch.
    pub branch: Branch,
    /// Its newest release that is known.
    pub newest: Option<K8sVersion>,
    /// The versions of it that are offered, the newest last.
    pub offered: Vec<K8sVersion>,
    /// The last day on which the project maintains it.
    pub end_of_life: Option<Date>,
    /// Whether that day is over.
    pub has_ended: bool,
    /// What has to be done next; `None` where nothing is known to be due.
    pub next: Option<Step>,
    /// What is not known of it, and how to give it.
    pub unknown: Option<String>,
}

/// All branches that are maintained or offered, the newest first.
///
/// ```
/// use scs_k8s_policy::{KubernetesFacts, forecast};
///
/// let at = "2026-10-01T00:00:00Z".parse()?;
/// let branches = forecast(KubernetesFacts::embedded(), &[], at);
/// let names: Vec<String> = branches.iter().map(|row| row.branch.to_string()).collect();
/// assert_eq!(names, ["1.37", "1.36", "1.35", "1.34"]);
/// // Nothing is offered. The newest branch may wait for four months, the others may not wait at all.
/// assert_eq!(branches[0].next.as_ref().unwrap().until.to_string(), "2026-12-26T00:00:00Z");
/// assert!(branches[1].next.as_ref().unwrap().is_overdue(at));
/// # Ok::<(), jiff::Error>(())
/// ```
#[must_use]
pub fn forecast(facts: &KubernetesFacts, offered: &[OfferedVersion], at: Timestamp) -> Vec<BranchForecast> {
    let today = at.to_zoned(jiff::tz::TimeZone::UTC).date();
    let maintained = facts.ends_of_life().iter().filter(|(_, end)| today <= *end).map(|(branch, _)| branch);
    let branches: BTreeSet<Branch> =
        maintained.chain(offered.iter().map(|version| version.version.branch())).collect();
    let newest_branch = facts.releases().until(at).branches().last().copied();
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
            Some(_) if maintenance.is_over() => (Some(given_up(maintenance)), None),
            Some(version) => of_offered(version, facts, maintenance, at),
            None => to_be_offered(branch, facts, newest_branch, at),
        };
        BranchForecast {
            branch,
            newest: known.map(|release| &release.version).max().cloned(),
            offered: own,
            end_of_life: facts.ends_of_life().of(branch),
            has_ended: maintenance.is_over(),
            next,
            unknown,
        }
    };
    branches.into_iter().rev().map(row).collect()
}

/// The last moment of a day, to the second.
fn end_of(day: Date) -> Timestamp {
    let tomorrow = day.tomorrow().unwrap_or(day).to_zoned(jiff::tz::TimeZone::UTC);
    tomorrow.ok().and_then(|zoned| zoned.timestamp().checked_sub(1.second()).ok()).unwrap_or(Timestamp::MAX)
}

/// A branch that has ended is offered no more.
fn given_up(maintenance: Maintenance) -> Step {
    let until = match maintenance {
        Maintenance::EndedOn(day) => end_of(day),
        _ => Timestamp::MIN,
    };
    Step { rule: "scs-0210-eol-not-offered", until, offer: None, cve: None }
}

/// The next patch that has to be taken, or the end of the branch.
fn of_offered(
    version: &K8sVersion,
    facts: &KubernetesFacts,
    maintenance: Maintenance,
    at: Timestamp,
) -> (Option<Step>, Option<String>) {
    let unknown = match Standing::of(version, facts, at) {
        Standing::Unknown(gap) => Some(gap.to_string()),
        // The newest patch that is known may not be the newest any more.
        Standing::InTime(None) if !facts.releases_are_fresh(at) => {
            Some(Gap::StaleReleases(facts.releases_as_of(at)).to_string())
        }
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
            Some(Step { rule: "scs-0210-eol-not-offered", until: end_of(day), offer: None, cve: None })
        }
        _ => None,
    };
    (patch.into_iter().chain(end).min_by_key(|step| step.until), unknown)
}

/// A maintained branch has to be offered; the newest one may wait for four months.
fn to_be_offered(
    branch: Branch,
    facts: &KubernetesFacts,
    newest: Option<Branch>,
    at: Timestamp,
) -> (Option<Step>, Option<String>) {
    let releases = || facts.releases().of(branch).filter(|release| release.published_at <= at);
    let offer = releases().map(|release| &release.version).max().cloned();
    let Some(first) = releases().map(|release| release.published_at).min() else {
        return (None, Some(Gap::NoRelease(branch).to_string()));
    };
    let rule = if newest == Some(branch) { "scs-0210-minor" } else { "scs-0210-branches-offered" };
    // The newest branch may wait, until it is no more the newest.
    let after = Branch::new(branch.major(), branch.minor().saturating_add(1));
    let next = facts.releases().of(after).map(|release| release.published_at).min();
    let until = later(first, 4.months()).min(next.filter(|next| *next <= at).unwrap_or(Timestamp::MAX));
    (Some(Step { rule, until, offer, cve: None }), None)
}
