//! Kubelet versions: a cluster is as old as its oldest node.

use std::collections::BTreeMap;

use scs_standards::{Fix, Given, Split, Verdict};

use super::super::Rec;
use super::judged::{Judged, by_text, ended};
use crate::standing::{Maintenance, Standing};
use crate::subject::{Cluster, Node, ServerVersion, source};
use crate::version::{Branch, K8sVersion};

/// The suite only checks the API server.
pub(super) const DIFFERENCE: &str = "official-kubelets";

/// The number of minor versions by which a kubelet may be older than the API server (Kubernetes, *Version Skew Policy*).
const OLDEST: u64 = 3;

/// Judges the kubelets by the same rules as the API server. Those with the API server's version share its result.
pub(crate) fn judge(cluster: &Cluster, server: &ServerVersion, rec: &mut Rec<'_>) {
    let Some(nodes) = nodes(cluster, rec) else { return };
    let mut versions: BTreeMap<Option<&str>, Vec<&str>> = BTreeMap::new();
    for node in nodes {
        let version = node.kubelet_version.as_deref().filter(|version| !version.trim().is_empty());
        versions.entry(version).or_default().push(&node.name);
    }
    for (version, nodes) in versions {
        let on = names(&nodes);
        let Some(text) = version else {
            unknown(rec, Verdict::Dnf, format!("the kubelet version of {on} is missing"));
            continue;
        };
        match text.parse::<K8sVersion>() {
            Ok(version) => one(cluster, server, rec, (text, &version), &on),
            Err(error) => unknown(rec, Verdict::Dnf, format!("the version of the kubelets of {on}: {error}")),
        }
    }
}

/// The nodes, which are required. They are not recorded as missing if the result fails anyway.
fn nodes<'c>(cluster: &'c Cluster, rec: &mut Rec<'_>) -> Option<&'c [Node]> {
    let listed = match &cluster.nodes {
        Given::Data(listed) => listed,
        Given::Missing => {
            if rec.verdict() == Verdict::Pass {
                unknown(rec, Verdict::Miss, format!("kubelets: {}", source::NODES.not_given()));
            }
            return None;
        }
        Given::Unusable(reason) => {
            unknown(rec, Verdict::Dnf, format!("kubelets: {}", source::NODES.unusable(reason)));
            return None;
        }
    };
    for broken in listed.broken() {
        unknown(rec, Verdict::Dnf, broken.to_string());
    }
    if listed.entries().is_empty() && listed.broken().is_empty() {
        unknown(
            rec,
            Verdict::Dnf,
            "the list has no nodes; collect it with permission to list nodes".to_owned(),
        );
    }
    Some(listed.entries())
}

fn unknown(rec: &mut Rec<'_>, text: Verdict, message: String) {
    let split = Split { text, official: Verdict::Pass, difference: DIFFERENCE };
    rec.split(split, source::NODES.name, message).hinting(source::NODES.hint());
}

/// Records the result for the kubelets of one version.
fn one(
    cluster: &Cluster,
    server: &ServerVersion,
    rec: &mut Rec<'_>,
    (text, version): (&str, &K8sVersion),
    on: &str,
) {
    let subject = format!("kubelet {text}");
    let own = server.version();
    if let Some(skew) = skew(own.branch(), version.branch()) {
        rec.warn(&subject, format!("{on}: {skew} than the API server {own}"));
    }
    if version.upstream() == own.upstream() {
        return;
    }
    let (at, today) = (rec.context().at, rec.context().date());
    let standing = Standing::of(version, &cluster.facts, at);
    let maintenance = Maintenance::of(version.branch(), &cluster.facts, today);
    let Judged { verdict, reason, hint } = by_text(version, &standing, maintenance, &cluster.facts, at);
    if verdict != Verdict::Pass {
        let split = Split { text: verdict, official: Verdict::Pass, difference: DIFFERENCE };
        let entry = rec.split(split, &subject, format!("{on}: {reason}")).hinting(hint);
        if verdict == Verdict::Fail {
            entry.repaired_by(Fix::advice("update the nodes to the version of the API server"));
        }
    }
    if maintenance.is_over() {
        rec.warn(subject, format!("{on}: {}; move to a newer branch", ended(version.branch(), maintenance)));
    }
}

/// The reason why upstream does not support the version skew between a kubelet and the API server, if so.
fn skew(server: Branch, kubelet: Branch) -> Option<&'static str> {
    if kubelet > server {
        return Some("upstream does not support kubelets with a newer minor version");
    }
    let within = kubelet.major() == server.major() && server.minor() - kubelet.minor() <= OLDEST;
    (!within).then_some("upstream does not support kubelets more than three minor versions older")
}

/// The first names, as text.
fn names(nodes: &[&str]) -> String {
    match nodes {
        [one] => format!("`{one}`"),
        [one, two] => format!("`{one}` and `{two}`"),
        [one, two, rest @ ..] => format!("`{one}`, `{two}` and {} more nodes", rest.len()),
        [] => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn upstream_supports_kubelets_up_to_three_minor_versions_older() {
        let of = |minor| skew(Branch::new(1, 36), Branch::new(1, minor));
        assert!(of(36).is_none() && of(33).is_none());
        assert!(of(32).is_some_and(|skew| skew.ends_with("older")));
        assert!(of(37).is_some_and(|skew| skew.contains("newer")));
        assert!(skew(Branch::new(2, 0), Branch::new(1, 36)).is_some());
    }
}
