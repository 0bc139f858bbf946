//! What can be said of one cluster: how old its patch is, which critical fixes it lacks, and whether its branch is maintained.

use jiff::ToSpan;
use scs_standards::{Context, Profile, Severity, Split, Verdict};

use super::super::Rec;
use crate::due::{Cause, Due, dues, later};
use crate::official::Official;
use crate::standing::{Gap, Maintenance, Standing};
use crate::subject::{Cluster, ServerVersion, source};
use crate::version::K8sVersion;

/// The command that updates a cluster, where it is the same for all that run this distribution.
pub(super) fn update(version: &K8sVersion, to: &K8sVersion) -> Option<String> {
    // Distributions have their own ways.
    (*version == version.upstream()).then(|| format!("kubeadm upgrade apply {to}"))
}

/// Why a release has to be taken, in words.
pub(super) fn why(due: &Due<'_>) -> String {
    let published = due.release.published_at.strftime("%Y-%m-%d");
    match due.cause {
        Cause::Patch => format!("released {published}"),
        Cause::Critical(record) => format!("released {published}, mends the critical {}", record.id()),
    }
}

pub(super) fn version_policy(cluster: &Cluster, rec: &mut Rec<'_>) {
    let Some(server) = rec.needs(&cluster.version, source::VERSION) else { return };
    let at = rec.context().at;
    let official = Official::of(server.as_str(), &cluster.facts, at);
    let standing = Standing::of(server.version(), &cluster.facts, at);
    let maintenance = Maintenance::of(server.version().branch(), &cluster.facts, rec.context().date());
    record(server, &standing, maintenance, &official, rec);
    if let Standing::InTime(_) = standing {
        fast(cluster, server, rec);
    }
}

/// What the two readings make of it, each with its reason.
fn record(
    server: &ServerVersion,
    standing: &Standing<'_>,
    maintenance: Maintenance,
    official: &Official,
    rec: &mut Rec<'_>,
) {
    let version = server.version();
    let (text, reason) = by_text(version, standing, maintenance);
    let key = difference(standing, maintenance, official, version);
    let split = Split { text, official: official.verdict(), difference: key };
    let profile = rec.context().profile;
    let message = match profile {
        Profile::Text => reason,
        Profile::Official => in_words(official, version),
    };
    let next = match (standing, official) {
        (_, Official::Overdue(release) | Official::Critical(release)) => Some(release.clone()),
        (Standing::Overdue(due), _) => Some(due.release.version.clone()),
        _ => None,
    };
    let entry = rec.split(split, server.as_str(), message);
    if let (Some(release), Verdict::Fail) = (next, split.result(profile)) {
        let entry = entry.compared(format!("{release} or later"), server.as_str());
        if let Some(command) = update(version, &release) {
            entry.fixed_by(command);
        }
    }
    advise_against_ended(server, maintenance, rec);
}

/// The text advises against a branch that has ended, and forbids nothing (C-081).
pub(crate) fn advise_against_ended(server: &ServerVersion, maintenance: Maintenance, rec: &mut Rec<'_>) {
    if maintenance.is_over() && rec.context().profile == Profile::Text {
        let since = match maintenance {
            Maintenance::EndedOn(end) => format!(" after {end}"),
            _ => String::new(),
        };
        let split = Split { text: Verdict::Pass, official: Verdict::Fail, difference: "C-081" };
        rec.split(
            split,
            server.as_str(),
            format!(
                "{} is not maintained any more{since}; move to a newer branch",
                server.version().branch()
            ),
        )
        .weighing(Severity::Warning);
    }
}

/// The result by the text, with the reason.
fn by_text(version: &K8sVersion, standing: &Standing<'_>, maintenance: Maintenance) -> (Verdict, String) {
    match standing {
        Standing::Overdue(due) => {
            let (release, until) = (&due.release.version, due.until.strftime("%Y-%m-%d %H:%M UTC"));
            (Verdict::Fail, format!("it had to be replaced by {release} until {until} ({})", why(due)))
        }
        Standing::Unknown(gap) => (Verdict::Dnf, gap.to_string()),
        Standing::InTime(_) if maintenance == Maintenance::Unknown => {
            (Verdict::Dnf, Gap::NoEndOfLife(version.branch()).to_string())
        }
        Standing::InTime(None) => {
            (Verdict::Pass, "it is the newest patch of its branch that is known".to_owned())
        }
        Standing::InTime(Some(due)) => (
            Verdict::Pass,
            format!(
                "it is in time, and has to be replaced by {} until {} ({})",
                due.release.version,
                due.until.strftime("%Y-%m-%d %H:%M UTC"),
                why(due)
            ),
        ),
    }
}

/// What scs-0217 asks of a cluster's updates: the same. That its branch has ended is told beside it.
pub(crate) fn is_up_to_date(
    cluster: &Cluster,
    server: &ServerVersion,
    context: &Context<'_>,
) -> (Verdict, String) {
    let version = server.version();
    if context.profile == Profile::Official {
        let official = Official::of(server.as_str(), &cluster.facts, context.at);
        return (official.verdict(), in_words(&official, version));
    }
    let maintenance = Maintenance::of(version.branch(), &cluster.facts, context.date());
    by_text(version, &Standing::of(version, &cluster.facts, context.at), maintenance)
}

fn in_words(official: &Official, version: &K8sVersion) -> String {
    let branch = version.branch();
    match official {
        Official::Passes => "it is in time".to_owned(),
        Official::NotMaintained => {
            format!("{branch} is not among the branches that are maintained; their last day does not count")
        }
        Official::Overdue(release) => format!("{release} is older than 31 days"),
        Official::Critical(release) => {
            format!("it has a critical CVE, and {release} is older than two weeks")
        }
        Official::Stumbles(reason) => reason.clone(),
    }
}

/// The key of the point on which the readings differ.
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

/// A critical fix is to be taken within two days, which the text advises.
fn fast(cluster: &Cluster, server: &ServerVersion, rec: &mut Rec<'_>) {
    let at = rec.context().at;
    let dues = dues(server.version(), &cluster.facts, at, Profile::Text);
    let late = dues.iter().find(|due| {
        matches!(due.cause, Cause::Critical(_)) && later(due.release.published_at, 2.days()) < at
    });
    if let Some(due) = late {
        let message =
            format!("{} ({}) should have taken its place within two days", due.release.version, why(due));
        let entry = rec.warn(server.as_str(), message);
        if let Some(command) = update(server.version(), &due.release.version) {
            entry.fixed_by(command);
        }
    }
}
