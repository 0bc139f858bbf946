//! The failure zones of the control plane.

use std::collections::BTreeSet;

use scs_standards::{CLUSTER, Judgment, is_vacuous, judge};

use super::nodes::{all, control_plane, names};
use crate::rules::Rec;
use crate::subject::Cluster;
use crate::topology::TopologyLabel;

/// C-086: a SHOULD in version 2, regardless of the supplement.
pub(super) fn zones(cluster: &Cluster, rec: &mut Rec<'_>) {
    let Some(nodes) = all(cluster, rec) else { return };
    let own = control_plane(cluster, nodes, rec);
    let zones: BTreeSet<&str> = own.iter().filter_map(|node| TopologyLabel::Zone.of(node)).collect();
    if zones.len() > 1 {
        return;
    }
    if let [only] = own.as_slice() {
        rec.fail(&only.name, "the control plane has a single node, so it is in one zone")
            .compared("2 zones or more", 1);
        return;
    }
    if let Some(zone) = zones.first()
        && own.iter().all(|node| TopologyLabel::Zone.of(node).is_some())
    {
        let message = format!("all control-plane nodes, {}, are in the zone `{zone}`", names(&own));
        rec.fail(CLUSTER, message).compared("2 zones or more", 1);
        return;
    }
    judge(rec, [CLUSTER], |_, value| {
        let Some(list) = value.list() else { return Judgment::Unusable };
        if list.iter().any(|zone| !zone.trim().is_empty() && is_vacuous(zone)) {
            return Judgment::Unusable;
        }
        let declared: BTreeSet<&str> =
            list.iter().map(|zone| zone.trim()).filter(|zone| !zone.is_empty()).collect();
        match (declared.len(), zones.iter().find(|zone| !declared.contains(**zone))) {
            (0, _) => Judgment::Unusable,
            (1, _) => Judgment::Breaks("the control plane runs in one zone".to_owned()),
            (_, Some(zone)) => Judgment::Contradicts(format!(
                "a control-plane node is in the zone `{zone}`, which is not declared"
            )),
            (_, None) => Judgment::Satisfies,
        }
    });
}
