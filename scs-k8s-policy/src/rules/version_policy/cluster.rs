//! Rules for one cluster: the age of its patch, missing critical fixes, the maintenance of its branch, and the same for its
//! kubelets.

use jiff::ToSpan;
use scs_standards::{Context, Profile, Severity, Split, Verdict};

use super::super::Rec;
use super::judged::{Judged, by_text, ended, newest, why};
use super::update::update;
use super::{components, kubelets};
use crate::due::{Cause, Due, dues};
use crate::official::Official;
use crate::period::{end_of_period, is_over};
use crate::standing::{Maintenance, Standing};
use crate::subject::{Cluster, ServerVersion, source};
use crate::version::K8sVersion;

pub(super) fn version_policy(cluster: &Cluster, rec: &mut Rec<'_>) {
    let Some(server) = rec.needs(&cluster.version, source::VERSION) else { return };
    record_facts(cluster, rec);
    let at = rec.context().at;
    let official = Official::of(server.as_str(), &cluster.facts, at);
    let standing = Standing::of(server.version(), &cluster.facts, at);
    let maintenance = Maintenance::of(server.version().branch(), &cluster.facts, rec.context().date());
    if let (Standing::InTime(Some(due)), Profile::Text) = (&standing, rec.context().profile) {
        rec.holds_until(due.until);
    }
    record(cluster, server, &standing, maintenance, &official, rec);
    if let Standing::InTime(_) = standing {
        fast(cluster, server, rec);
    }
    components::judge(cluster, server, rec);
    kubelets::judge(cluster, server, rec);
}

/// Records the dates of the release data and, if supplied, the CVE records.
pub(crate) fn record_facts(cluster: &Cluster, rec: &mut Rec<'_>) {
    let at = rec.context().at;
    let known = [cluster.facts.releases_as_of(at), cluster.facts.cves_as_of(at)];
    for as_of in known.into_iter().flatten() {
        rec.rests_on_facts_of(as_of);
    }
    // The official suite does not know outdated data.
    let until = cluster.facts.releases_fresh_until(at).filter(|_| rec.context().profile == Profile::Text);
    if let Some(until) = until {
        rec.holds_until(until);
    }
}

/// The results of the two profiles, each with its reason.
fn record(
    cluster: &Cluster,
    server: &ServerVersion,
    standing: &Standing<'_>,
    maintenance: Maintenance,
    official: &Official,
    rec: &mut Rec<'_>,
) {
    let version = server.version();
    let (at, profile) = (rec.context().at, rec.context().profile);
    let Judged { verdict: text, reason, hint } = by_text(version, standing, maintenance, &cluster.facts, at);
    let key = difference(standing, maintenance, official, version);
    let split = Split { text, official: official.verdict(), difference: key };
    let (message, hint) = match profile {
        Profile::Text => (reason, hint),
        Profile::Official => (as_text(official, version), None),
    };
    let entry = rec.split(split, server.as_str(), message).hinting(hint);
    // An update to anything but the newest patch would soon be overdue again.
    if let (Verdict::Fail, Some(release)) = (split.result(profile), newest(version, &cluster.facts, at)) {
        entry.compared(format!("{release} or later"), server.as_str()).repaired_by(update(cluster, release));
    }
    warn_of_end_of_life(server, maintenance, rec);
}

/// The text discourages a branch past its end of life, but does not forbid it (C-081).
pub(crate) fn warn_of_end_of_life(server: &ServerVersion, maintenance: Maintenance, rec: &mut Rec<'_>) {
    if maintenance.is_over() && rec.context().profile == Profile::Text {
        let ended = ended(server.version().branch(), maintenance);
        let split = Split { text: Verdict::Pass, official: Verdict::Fail, difference: "C-081" };
        rec.split(split, server.as_str(), format!("{ended}; move to a newer branch"))
            .with_severity(Severity::Warning);
    }
}

/// The same requirement for updates in scs-0217. The end of life of the branch is recorded as well.
pub(crate) fn is_up_to_date(cluster: &Cluster, server: &ServerVersion, context: &Context<'_>) -> Judged {
    let version = server.version();
    if context.profile == Profile::Official {
        let official = Official::of(server.as_str(), &cluster.facts, context.at);
        return Judged::new(official.verdict(), as_text(&official, version));
    }
    let maintenance = Maintenance::of(version.branch(), &cluster.facts, context.date());
    let standing = Standing::of(version, &cluster.facts, context.at);
    by_text(version, &standing, maintenance, &cluster.facts, context.at)
}

/// The fix that updates a cluster to the newest patch of its branch, if there is a newer one.
pub(crate) fn update_of(
    cluster: &Cluster,
    server: &ServerVersion,
    context: &Context<'_>,
) -> Option<scs_standards::Fix> {
    newest(server.version(), &cluster.facts, context.at).map(|release| update(cluster, release))
}

fn as_text(official: &Official, version: &K8sVersion) -> String {
    let branch = version.branch();
    match official {
        Official::Passes => "it is in time".to_owned(),
        Official::NotMaintained => {
            format!("{branch} is not among the maintained branches; the last day does not count")
        }
        Official::Overdue(release) => format!("{release} is older than 31 days"),
        Official::Critical(release) => {
            format!("it has a critical CVE, and {release} is older than two weeks")
        }
        Official::Stumbles(reason) => reason.clone(),
    }
}

/// The difference between the two profiles.
fn difference(
    standing: &Standing<'_>,
    maintenance: Maintenance,
    official: &Official,
    version: &K8sVersion,
) -> &'static str {
    let is_critical = matches!(standing, Standing::Overdue(Due { cause: Cause::Critical(_), .. }));
    match official {
        Official::NotMaintained if maintenance == Maintenance::Unknown => "C-083",
        Official::NotMaintained => "C-081",
        Official::Critical(_) => "C-082",
        Official::Stumbles(_) if version.vendor().is_some() || version.is_pre_release() => "official-version",
        Official::Stumbles(_) => "official-facts",
        Official::Passes if is_critical => "C-082",
        Official::Passes if matches!(standing, Standing::Unknown(_)) => "C-083",
        Official::Overdue(_) | Official::Passes => "C-080",
    }
}

/// A recommendation of the text: critical fixes within two days.
fn fast(cluster: &Cluster, server: &ServerVersion, rec: &mut Rec<'_>) {
    let at = rec.context().at;
    let dues = dues(server.version(), &cluster.facts, at, Profile::Text);
    let late = dues.iter().find(|due| {
        matches!(due.cause, Cause::Critical(_))
            && is_over(end_of_period(due.release.published_at, 2.days()), at)
    });
    if let Some(due) = late {
        let message =
            format!("{} ({}) should have replaced it within two days", due.release.version, why(due));
        let fix = update_of(cluster, server, rec.context());
        let entry = rec.warn(server.as_str(), message);
        if let Some(fix) = fix {
            entry.repaired_by(fix);
        }
    }
}
