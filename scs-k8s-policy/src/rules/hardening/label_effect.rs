//! Whether the Pod Security labels of namespaces have any effect: according to the flags of API servers, and to a probe.

use scs_standards::{CLUSTER, Fix, Given};

use super::super::Rec;
use super::super::control_plane::running;
use super::super::group;
use super::super::probes::{Probed, probed};
use super::admission::{self, Point, decide};
use crate::subject::{Cluster, ComponentKind, source};

/// Records a probe that shows that labels have no effect, unless the flags have shown it already. Returns whether pods that
/// violate baseline are accepted in namespaces without a label.
pub(super) fn tried(cluster: &Cluster, rec: &mut Rec<'_>, is_known: bool, compares: bool) -> bool {
    let probe = match &cluster.pod_security_probe {
        Given::Missing => return false,
        Given::Unusable(reason) => {
            rec.note(CLUSTER, source::POD_SECURITY_PROBE.unusable(reason));
            return false;
        }
        Given::Data(probe) => probe,
    };
    let (labeled, unlabeled) = (Given::Data(probe.labeled.clone()), Given::Data(probe.unlabeled.clone()));
    match probed(&labeled, source::POD_SECURITY_PROBE, rec) {
        Probed::Fails(outcome) if !is_known => {
            let point = Point {
                subject: CLUSTER,
                message: format!(
                    "a probe shows that the labels of namespaces have no effect: in a namespace that enforces baseline, {}",
                    outcome.detail.as_deref().unwrap_or("a pod that violates it is accepted")
                ),
                expected: "pods that violate baseline refused".to_owned(),
                actual: "accepted".to_owned(),
                fix: Some(Fix::advice(format!(
                    "enable the admission plug-in `{}` on all API servers",
                    admission::POD_SECURITY
                ))),
            };
            decide(rec, (false, compares), "C-087", point);
        }
        Probed::Works => {
            rec.note(CLUSTER, "a probe shows that the labels of new namespaces have effect");
        }
        Probed::Fails(_) | Probed::Nothing => {}
    }
    matches!(probed(&unlabeled, source::POD_SECURITY_PROBE, rec), Probed::Fails(_))
}

/// Records API servers with the plug-in disabled, since labels have no effect there, and those for which that is unknown. Returns
/// whether there are such.
pub(super) fn plug_in(cluster: &Cluster, rec: &mut Rec<'_>, compares: bool) -> bool {
    let mut off = Vec::new();
    for server in running(cluster, rec, ComponentKind::ApiServer).into_iter().flatten() {
        let Some(plugins) = admission::plugins(&server, rec) else { continue };
        if plugins.is_off(admission::POD_SECURITY) {
            off.push(server.subject);
        }
    }
    if off.is_empty() {
        return false;
    }
    let off: Vec<&str> = off.iter().map(String::as_str).collect();
    let point = Point {
        subject: &group::subject(&off, "API servers"),
        message: format!(
            "the admission plug-in `{}` is disabled, so the labels of namespaces have no effect",
            admission::POD_SECURITY
        ),
        expected: "the plug-in enabled".to_owned(),
        actual: "disabled with --disable-admission-plugins".to_owned(),
        fix: None,
    };
    decide(rec, (false, compares), "C-087", point);
    true
}
