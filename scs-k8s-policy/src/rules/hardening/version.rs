//! Updates, which scs-0210-v2 is about.

use scs_standards::Profile;

use super::super::Rec;
use crate::due::dues;
use crate::subject::{Cluster, source};

/// What can be said of one cluster: its branch is maintained, and it lacks no patch for longer than is allowed.
pub(super) fn policy(cluster: &Cluster, rec: &mut Rec<'_>) {
    let Some(server) = rec.needs(&cluster.version, source::VERSION) else { return };
    let context = *rec.context();
    let (version, facts) = (server.version(), &cluster.facts);
    let subject = server.as_str();
    let branch = version.upstream().branch();
    if let Some(end) = facts.ends_of_life().of(branch)
        && end < context.date()
    {
        rec.fail(subject, format!("{branch} is not maintained any more since {end}"))
            .compared(format!("maintained at {}", context.date()), format!("until {end}"));
        return;
    }
    let dues = dues(version, facts, context.at, context.profile);
    if let Some(due) = dues.iter().find(|due| due.until < context.at) {
        let release = &due.release.version;
        let entry = rec
            .fail(subject, format!("{release} had to take its place by {}", due.until))
            .compared(format!("{release} or later"), subject);
        // Distributions have their own ways to update.
        if *version == version.upstream() {
            entry.fixed_by(format!("kubeadm upgrade apply {release}"));
        }
        return;
    }
    if context.profile == Profile::Text && !facts.releases_are_fresh(context.at) {
        let as_of =
            facts.releases_as_of().map_or_else(|| "an unknown time".to_owned(), |as_of| as_of.to_string());
        let message = format!(
            "the releases of Kubernetes are known up to {as_of} alone, more than 45 days ago; give newer ones with `--k8s-releases`"
        );
        rec.dnf(subject, message);
    } else if facts.releases().of(branch).next().is_none() {
        rec.dnf(subject, format!("no release of {branch} is known; give newer ones with `--k8s-releases`"));
    }
}
