//! scs-0214: distribution of nodes over machines and failure zones.

mod control_plane;
mod hosts;
mod labels;
mod plan;
mod retired;
mod version1;
mod workers;

use scs_standards::{CLUSTER, DocumentId, Given, Heading, Level, Rule};

use super::Rec;
use crate::subject::{Cluster, Component, ComponentKind, Node, source};

const V1: &[DocumentId] = &[DocumentId::version(214, 1)];
const V2: &[DocumentId] = &[DocumentId::version(214, 2)];
const BOTH: &[DocumentId] = &[DocumentId::version(214, 2), DocumentId::version(214, 1)];

const DECISION: Heading = Heading { documents: V2, section: "Decision" };
const DECISION_OF_BOTH: Heading = Heading { documents: BOTH, section: "Decision" };
const DECISION_OF_V1: Heading = Heading { documents: V1, section: "Decision" };

/// The official test case, whose declaration also applies to the other rules on machines.
const CHECK: &str = "node-distribution-check";
const OPT_OUT: &str = "scs-0214-opt-out";

/// The rules for nodes.
pub(crate) static RULES: &[Rule<Cluster>] = &[
    DECISION
        .case(
            CHECK,
            Level::Must,
            "the provider confirms that the control plane runs on several physical machines",
            hosts::confirmed,
        )
        .asking(hosts::VALUES, hosts::EXAMPLE),
    DECISION_OF_BOTH
        .rule(
            "scs-0214-cp-hosts",
            Level::Must,
            "the control plane runs on several physical machines",
            hosts::several,
        )
        .asking_about(CHECK, hosts::VALUES, hosts::EXAMPLE),
    DECISION
        .rule(
            "scs-0214-cp-zones",
            Level::Should,
            "the control plane runs in several failure zones",
            control_plane::zones,
        )
        .asking("the failure zones of the control plane, as a list", "[az1, az2, az3]"),
    DECISION_OF_BOTH.rule(
        "scs-0214-worker-zones",
        Level::Should,
        "worker nodes are in several failure zones",
        workers::zones,
    ),
    DECISION.rule(
        "scs-0214-label-zone",
        Level::Must,
        "each node has the label `topology.kubernetes.io/zone`",
        labels::zone,
    ),
    DECISION.rule(
        "scs-0214-label-region",
        Level::Must,
        "each node has the label `topology.kubernetes.io/region`",
        labels::region,
    ),
    DECISION
        .rule(
            "scs-0214-labels-current",
            Level::Must,
            "the labels match the current deployment",
            plan::current,
        )
        .asking(
            "the planned zone of each node, or its facts `zone` and `region`",
            "{control-0: az1, worker-0: {zone: az2, region: hamburg}}",
        ),
    DECISION.rule(
        "scs-0214-zone-one-region",
        Level::Should,
        "each zone is in a single region",
        labels::one_region,
    ),
    DECISION_OF_V1
        .rule(OPT_OUT, Level::May, "the provider can opt out of version 1", version1::opt_out)
        .asking("`opted-out` if the provider has opted out of version 1, `binding` otherwise", "binding"),
    DECISION_OF_V1
        .rule(
            "scs-0214-v1-zones",
            Level::Must,
            "each failure zone has an instance of the control plane",
            version1::zones,
        )
        .asking("the number of control-plane instances in each failure zone", "{az1: 1, az2: 1, az3: 1}"),
    DECISION_OF_V1.rule(
        "scs-0214-v1-labels",
        Level::Must,
        "labels show the failure zone of each worker node",
        version1::labels,
    ),
];

/// The readable nodes; records unreadable ones. Every cluster has nodes, so an empty list proves nothing.
fn readable<'c>(cluster: &'c Cluster, rec: &mut Rec<'_>) -> Option<&'c [Node]> {
    let nodes = rec.needs(&cluster.nodes, source::NODES)?;
    nodes.report_unreadable(rec, source::NODES.name);
    if nodes.entries().is_empty() && nodes.broken().is_empty() {
        rec.dnf(source::NODES.name, "the list has no nodes; collect it with permission to list nodes");
    }
    Some(nodes.entries()).filter(|nodes| !nodes.is_empty())
}

/// All nodes, if all of them are readable.
fn all<'c>(cluster: &'c Cluster, rec: &mut Rec<'_>) -> Option<&'c [Node]> {
    readable(cluster, rec).filter(|_| cluster.nodes.data().is_some_and(|nodes| nodes.broken().is_empty()))
}

/// Whether a node is a control-plane node: it has a label, or runs an API server.
fn is_control_plane(cluster: &Cluster, node: &Node) -> bool {
    node.is_control_plane() || servers(cluster).any(|server| server.runs_on(node))
}

/// The pods of API servers.
fn servers(cluster: &Cluster) -> impl Iterator<Item = &Component> {
    cluster
        .control_plane
        .data()
        .into_iter()
        .flat_map(|control_plane| control_plane.of(ComponentKind::ApiServer))
}

/// The control-plane nodes; records a note if there is none, such as when the provider runs the control plane elsewhere.
fn control_plane<'c>(cluster: &Cluster, nodes: &'c [Node], rec: &mut Rec<'_>) -> Vec<&'c Node> {
    let own: Vec<&Node> = nodes.iter().filter(|node| is_control_plane(cluster, node)).collect();
    for server in servers(cluster).filter(|server| !nodes.iter().any(|node| server.runs_on(node))) {
        if let Some(node) = &server.node {
            let message = format!("`{}` runs on `{node}`, which is not in the list", server.pod);
            rec.dnf(source::NODES.name, message);
        }
    }
    if own.is_empty() {
        match &cluster.control_plane {
            // Without labels, the pods of API servers show it.
            Given::Data(control_plane) => {
                if control_plane.listed().report_unreadable(rec, source::PODS.name) {
                    rec.note(
                        CLUSTER,
                        "no node is recognizable as a control-plane node, so only the provider can answer",
                    );
                }
            }
            Given::Unusable(reason) => {
                rec.dnf(source::PODS.name, source::PODS.unusable(reason)).hinting(source::PODS.hint());
            }
            Given::Missing => {
                let message = format!(
                    "no node has a control-plane label, and no pods show where the control plane runs; `{}` is {}",
                    source::PODS.name,
                    source::PODS.from
                );
                rec.miss(source::PODS.name, message);
            }
        }
    }
    own
}

/// The worker nodes; all nodes if no roles are known.
fn workers<'c>(cluster: &Cluster, nodes: &'c [Node]) -> Vec<&'c Node> {
    let works = |node: &Node| node.labels.contains_key("node-role.kubernetes.io/worker");
    nodes.iter().filter(|node| !is_control_plane(cluster, node) || works(node)).collect()
}

/// The first names, as text.
fn names(nodes: &[&Node]) -> String {
    match nodes {
        [one] => format!("`{}`", one.name),
        [one, two] => format!("`{}` and `{}`", one.name, two.name),
        [one, rest @ ..] => format!("`{}` and {} more", one.name, rest.len()),
        [] => String::new(),
    }
}
