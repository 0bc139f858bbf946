//! The results of the suite's retired script, which only checked labels.

use scs_standards::{Listed, Verdict};

use crate::subject::Node;
use crate::topology::TopologyLabel;

/// A single node, or a node without one of the labels, fails; missing distribution was a warning. An empty label counts.
pub(super) fn verdict(nodes: &Listed<Node>) -> (Verdict, String) {
    if !nodes.broken().is_empty() {
        return (Verdict::Dnf, "crashes on a node".to_owned());
    }
    let nodes = nodes.entries();
    if nodes.len() < 2 {
        return (Verdict::Fail, "fails a cluster of one node".to_owned());
    }
    for label in TopologyLabel::ALL {
        if let Some(node) = nodes.iter().find(|node| !node.labels.contains_key(label.key())) {
            return (Verdict::Fail, format!("fails `{}` without the label `{}`", node.name, label.key()));
        }
    }
    (Verdict::Pass, "passes, since each node has a zone and a region".to_owned())
}
