//! scs-0214: distribution of nodes over machines and failure zones.

mod control_plane;
mod hosts;
mod labels;
mod nodes;
mod plan;
mod retired;
mod version1;
mod workers;

use scs_standards::{DocumentId, Heading, Level, Rule};

use version1::OPT_OUT;

use crate::subject::Cluster;

const V1: &[DocumentId] = &[DocumentId::version(214, 1)];
const V2: &[DocumentId] = &[DocumentId::version(214, 2)];
const BOTH: &[DocumentId] = &[DocumentId::version(214, 2), DocumentId::version(214, 1)];

const DECISION: Heading = Heading { documents: V2, section: "Decision" };
const DECISION_OF_BOTH: Heading = Heading { documents: BOTH, section: "Decision" };
const DECISION_OF_V1: Heading = Heading { documents: V1, section: "Decision" };

/// The official test case, whose declaration also applies to the other rules on machines.
const CHECK: &str = "node-distribution-check";

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
