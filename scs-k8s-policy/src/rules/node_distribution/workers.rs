//! Worker nodes.

use std::collections::BTreeSet;

use scs_standards::CLUSTER;

use super::nodes::{all, names, workers};
use crate::rules::Rec;
use crate::subject::{Cluster, Node, source};
use crate::topology::TopologyLabel;

pub(super) fn zones(cluster: &Cluster, rec: &mut Rec<'_>) {
    let Some(nodes) = all(cluster, rec) else { return };
    let workers = workers(cluster, nodes);
    let zones: BTreeSet<&str> = workers.iter().filter_map(|node| TopologyLabel::Zone.of(node)).collect();
    let open: Vec<&Node> =
        workers.iter().filter(|node| TopologyLabel::Zone.of(node).is_none()).copied().collect();
    if workers.is_empty() {
        rec.note(CLUSTER, "not applicable: there are no worker nodes");
    } else if zones.len() > 1 {
        // This is conclusive.
    } else if !open.is_empty() {
        let message = format!(
            "cannot tell which zones the workers are in: {} without the label `{}`",
            names(&open),
            TopologyLabel::Zone.key()
        );
        rec.dnf(source::NODES.name, message);
    } else {
        let zone = zones.into_iter().next().unwrap_or_default();
        rec.fail(CLUSTER, format!("all worker nodes ({}) are in the zone `{zone}`", workers.len()))
            .compared("2 zones or more", 1);
    }
}
