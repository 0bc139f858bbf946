//! Rules for a provider's whole offer: its branches and patches.

use jiff::{Span, Timestamp, ToSpan};
use scs_standards::{FactList, Hint, Listed, Profile};

use super::super::Rec;
use super::judged::{ended, why};
use crate::due::{Cause, Due, dues};
use crate::facts::KubernetesFacts;
use crate::period::{end_of_period, is_over};
use crate::standing::{Gap, Maintenance, broken_branch, broken_release, unknown_cves};
use crate::subject::{Cluster, NotOffered, OfferedVersion, newest_of_branches, source};
use crate::version::{Branch, K8sVersion};

/// The subject of findings about all versions together.
const OFFER: &str = "offered versions";

/// The offered versions. Each is judged even if another entry is unreadable. Pre-releases are not supported by the project,
/// so they do not count as offered.
pub(super) fn offered<'c>(cluster: &'c Cluster, rec: &mut Rec<'_>) -> Option<Vec<&'c OfferedVersion>> {
    let listed: &Listed<OfferedVersion> = rec.needs(&cluster.offered_versions, source::OFFERED_VERSIONS)?;
    let complete = listed.report_unreadable(rec, source::OFFERED_VERSIONS.name);
    let at = rec.context().at;
    let mut offered = Vec::new();
    for version in listed.entries() {
        let why = match version.not_offered(at) {
            None => {
                offered.push(version);
                continue;
            }
            Some(NotOffered::PreRelease) => "a pre-release does not count as an offered version".to_owned(),
            Some(NotOffered::Preview) => "a preview does not count as an offered version".to_owned(),
            Some(NotOffered::Expired(end)) => {
                format!("no longer offered since {}", end.strftime("%Y-%m-%d"))
            }
        };
        rec.note(&version.version, why);
    }
    if offered.is_empty() {
        if complete {
            rec.fail(OFFER, "no version is offered");
        }
        return None;
    }
    Some(offered)
}

/// Like `offered`, for rules in which an unreadable entry may be the missing one.
fn whole_offer<'c>(cluster: &'c Cluster, rec: &mut Rec<'_>) -> Option<Vec<&'c OfferedVersion>> {
    let versions = offered(cluster, rec)?;
    let complete = cluster.offered_versions.data().is_some_and(|listed| listed.broken().is_empty());
    complete.then_some(versions)
}

/// Records the date of the release data, and how long they suffice.
fn record_releases(facts: &KubernetesFacts, until: Option<Timestamp>, rec: &mut Rec<'_>) {
    if let Some(as_of) = facts.releases_as_of(rec.context().at) {
        rec.rests_on_facts_of(as_of);
    }
    if let Some(until) = until {
        rec.holds_until(until);
    }
}

/// The grace period of the newest branch.
fn grace() -> Span {
    4.months()
}

/// The release date of a branch: that of its first, or oldest known, release.
fn released_at(branch: Branch, facts: &KubernetesFacts, at: Timestamp) -> Option<Timestamp> {
    facts.releases().of(branch).map(|release| release.published_at).filter(|published| *published <= at).min()
}

/// The newest branch that is due by now, with its deadline.
fn newest_due(facts: &KubernetesFacts, at: Timestamp) -> Option<(Branch, Timestamp)> {
    let branches = facts.releases().branches();
    let mut due = branches.into_iter().filter_map(|branch| {
        let until = end_of_period(released_at(branch, facts, at)?, grace());
        is_over(until, at).then_some((branch, until))
    });
    due.next_back()
}

/// Whether a branch may have been released after the known releases, and be due by now.
fn may_lack_a_branch(facts: &KubernetesFacts, at: Timestamp) -> Option<Gap<'_>> {
    let known = facts.branches_known_until(at).is_some_and(|until| !is_over(until, at));
    if known { None } else { Gap::of_releases(facts, at) }
}

pub(super) fn newest_minor(cluster: &Cluster, rec: &mut Rec<'_>) {
    let Some(offered) = whole_offer(cluster, rec) else { return };
    let (facts, at) = (&cluster.facts, rec.context().at);
    record_releases(facts, facts.branches_known_until(at), rec);
    let Some(newest) = offered.iter().map(|version| version.version.branch()).max() else { return };
    if let Some((branch, deadline)) = newest_due(facts, at).filter(|(branch, _)| *branch > newest) {
        rec.fail(
            OFFER,
            format!("{branch} had to be available by {}; offer it", deadline.strftime("%Y-%m-%d %H:%M UTC")),
        )
        .compared(format!("{branch} or newer"), newest);
    } else if let Some(gap) = broken_branch(facts, newest.next(), at) {
        gap.record(rec, OFFER);
    } else if let Some(gap) = may_lack_a_branch(facts, at) {
        gap.record(rec, OFFER);
    }
}

pub(super) fn all_branches(cluster: &Cluster, rec: &mut Rec<'_>) {
    let Some(offered) = whole_offer(cluster, rec) else { return };
    let (facts, at, today) = (&cluster.facts, rec.context().at, rec.context().date());
    record_releases(facts, facts.branches_known_until(at), rec);
    let is_offered = |branch: Branch| offered.iter().any(|version| version.version.branch() == branch);
    let newest = facts.releases().until(at).branches().last().copied();
    for (branch, end) in facts.ends_of_life().iter().filter(|(_, end)| today <= *end) {
        // Branches that are not released yet, or for less than four months, need not be offered.
        let waits = released_at(branch, facts, at)
            .is_none_or(|released| !is_over(end_of_period(released, grace()), at));
        let is_newest = newest.is_none_or(|newest| branch >= newest);
        let may_wait = is_newest && waits;
        if is_offered(branch) {
            continue;
        }
        if !may_wait {
            rec.fail(branch, format!("it is maintained until {end} and has to be offered until then"));
        } else if let Some(gap) = broken_branch(facts, branch, at).or_else(|| Gap::of_releases(facts, at)) {
            // It is not due as long as it is the newest one, which may be outdated.
            gap.record(rec, branch);
        }
    }
    if let Some(gap) = may_lack_a_branch(facts, at) {
        gap.record(rec, OFFER);
    }
    if facts.ends_of_life().iter().next().is_none() {
        rec.dnf(OFFER, "there are no end-of-life data").hinting(Hint::Facts(FactList::KubernetesEndsOfLife));
    }
}

pub(super) fn no_branch_past_end_of_life(cluster: &Cluster, rec: &mut Rec<'_>) {
    let Some(offered) = offered(cluster, rec) else { return };
    let today = rec.context().date();
    for (branch, newest) in newest_of_branches(offered.iter().copied()) {
        let maintenance = Maintenance::of(branch, &cluster.facts, today);
        match maintenance {
            Maintenance::Until(_) => {}
            Maintenance::EndedOn(_) | Maintenance::Ended => {
                rec.fail(&newest.version, format!("{}; stop offering it", ended(branch, maintenance)));
            }
            Maintenance::Unknown => {
                Gap::NoEndOfLife(branch).record(rec, &newest.version);
            }
        }
    }
}

/// The newer releases of a rule, with their grace period.
struct Wait {
    critical: bool,
    span: Span,
}

/// Checks that no newer release than the newest offered patch of each maintained branch is overdue.
fn patches(cluster: &Cluster, rec: &mut Rec<'_>, wait: &Wait) {
    let Some(offered) = offered(cluster, rec) else { return };
    let (facts, at, today) = (&cluster.facts, rec.context().at, rec.context().date());
    record_releases(facts, facts.releases_fresh_until(at), rec);
    if let Some(as_of) = facts.cves_as_of(at).filter(|_| wait.critical) {
        rec.rests_on_facts_of(as_of);
    }
    for (branch, newest) in newest_of_branches(offered.iter().copied()) {
        // Branches past their end of life no longer get patches.
        if Maintenance::of(branch, facts, today).is_over() {
            continue;
        }
        let own = newest.version.upstream();
        let dues = dues(&own, facts, at, Profile::Text);
        let over = |published: Timestamp| is_over(end_of_period(published, wait.span), at);
        let overdue = dues.iter().find(|due| {
            matches!(due.cause, Cause::Critical(_)) == wait.critical && over(due.release.published_at)
        });
        if let Some(due) = overdue {
            let release = &due.release.version;
            let deadline = end_of_period(due.release.published_at, wait.span);
            let deadline = deadline.strftime("%Y-%m-%d %H:%M UTC");
            rec.fail(&newest.version, format!("{release} had to be available by {deadline} ({})", why(due)))
                .compared(format!("{release} or later"), &newest.version);
            continue;
        }
        if let Some(gap) = gap(facts, &own, at, wait, &dues) {
            gap.record(rec, &newest.version);
        }
    }
}

/// Records unknown facts that would decide the result.
fn gap<'f>(
    facts: &'f KubernetesFacts,
    own: &K8sVersion,
    at: Timestamp,
    wait: &Wait,
    dues: &[Due<'f>],
) -> Option<Gap<'f>> {
    let known = facts.releases().of(own.branch()).filter(|release| release.published_at <= at);
    let Some(newest) = known.max_by(|one, other| one.version.cmp(&other.version)) else {
        return Some(Gap::NoRelease(own.branch()));
    };
    if *own > newest.version {
        return Some(Gap::Newer(&newest.version));
    }
    // An unreadable one may be the missing one.
    if let Some(gap) = broken_release(facts, own) {
        return Some(gap);
    }
    // The newest known patch may be outdated.
    if let Some(gap) = Gap::of_releases(facts, at) {
        return Some(gap);
    }
    let over = |due: &&Due<'_>| is_over(end_of_period(due.release.published_at, wait.span), at);
    let waiting = dues.iter().rfind(over).filter(|_| wait.critical)?;
    unknown_cves(facts, own, &waiting.release.version, at)
}

pub(super) fn newest_patch(cluster: &Cluster, rec: &mut Rec<'_>) {
    patches(cluster, rec, &Wait { critical: false, span: 1.month() });
}

pub(super) fn critical_patch(cluster: &Cluster, rec: &mut Rec<'_>) {
    patches(cluster, rec, &Wait { critical: true, span: 14.days() });
}

pub(super) fn critical_patch_fast(cluster: &Cluster, rec: &mut Rec<'_>) {
    patches(cluster, rec, &Wait { critical: true, span: 2.days() });
}

pub(super) fn patch_of_version_1(cluster: &Cluster, rec: &mut Rec<'_>) {
    patches(cluster, rec, &Wait { critical: false, span: 7.days() });
}

/// The first version says "faster" than the week for other patches, without a number; six days are faster.
pub(super) fn critical_patch_of_version_1(cluster: &Cluster, rec: &mut Rec<'_>) {
    patches(cluster, rec, &Wait { critical: true, span: 6.days() });
}

/// Checks that the end-of-life data include the newest released branch.
pub(super) fn facts_are_complete(cluster: &Cluster, rec: &mut Rec<'_>) {
    let (facts, at) = (&cluster.facts, rec.context().at);
    record_releases(facts, facts.releases_fresh_until(at), rec);
    let Some(newest) = facts.releases().until(at).branches().last().copied() else {
        rec.dnf("ends of life", "there are no data on Kubernetes releases")
            .hinting(Hint::Facts(FactList::KubernetesReleases));
        return;
    };
    if facts.ends_of_life().of(newest).is_none() {
        rec.dnf("ends of life", format!("{newest} is released, but its end of life is unknown"))
            .compared(
                newest,
                facts.ends_of_life().newest().map_or_else(|| "none".to_owned(), |branch| branch.to_string()),
            )
            .hinting(Hint::Facts(FactList::KubernetesEndsOfLife));
    } else if let Some(gap) = Gap::of_releases(facts, at) {
        // A newer branch may have been released.
        gap.record(rec, "ends of life");
    }
}
