//! The versions of the control plane: `/version` is the answer of only one API server, chosen by the load balancer.

use std::collections::BTreeMap;

use scs_standards::{Fix, Split, Verdict};

use super::super::Rec;
use super::super::group;
use super::judged::{Judged, by_text, ended};
use super::kubelets::DIFFERENCE;
use crate::standing::{Maintenance, Standing};
use crate::subject::{Cluster, ComponentKind, ControlPlane, ServerVersion};
use crate::version::K8sVersion;

/// Judges components whose image version differs from that of the API server by the same rules.
pub(crate) fn judge(cluster: &Cluster, server: &ServerVersion, rec: &mut Rec<'_>) {
    let own = server.version();
    let mut versions: BTreeMap<(ComponentKind, K8sVersion), Vec<&str>> = BTreeMap::new();
    for component in cluster.control_plane.data().map_or(&[][..], ControlPlane::components) {
        if let Some(version) = component.version().filter(|version| version.upstream() != own.upstream()) {
            versions.entry((component.kind, version)).or_default().push(&component.pod);
        }
    }
    let (at, today) = (rec.context().at, rec.context().date());
    for ((kind, version), pods) in versions {
        let subject = format!("{kind} {version}");
        let pods = group::subject(&pods, "pods");
        let standing = Standing::of(&version, &cluster.facts, at);
        let maintenance = Maintenance::of(version.branch(), &cluster.facts, today);
        let Judged { verdict, reason, hint } = by_text(&version, &standing, maintenance, &cluster.facts, at);
        if verdict == Verdict::Pass {
            let message = format!("{pods}: its image is {version}, but the API server reports {own}");
            rec.warn(&subject, message);
        } else {
            let split = Split { text: verdict, official: Verdict::Pass, difference: DIFFERENCE };
            let message = format!("{pods}: its image is not {own}; {reason}");
            let entry = rec.split(split, &subject, message).compared(own, &version).hinting(hint);
            if verdict == Verdict::Fail {
                entry.repaired_by(Fix::advice(
                    "update all components of the control plane to the version of the API server",
                ));
            }
        }
        if maintenance.is_over() {
            let message = format!("{pods}: {}; move to a newer branch", ended(version.branch(), maintenance));
            rec.warn(subject, message);
        }
    }
}
