//! scs-0219: enforced network policies, administrators' policies, and an ingress controller.

mod admin_policies;
mod enforcement;
mod ingress;

use std::collections::BTreeSet;

use scs_standards::{CLUSTER, DocumentId, Heading, Level, Rule, Verdict};

use super::declared_plugin::PLUGIN;
use super::e2e::{NETWORK_POLICY, Whole, left_out, runs, some};
use super::{Rec, e2e};
use crate::subject::{Cluster, source};

const DECISION: Heading = Heading { documents: &[DocumentId::version(219, 1)], section: "Decision" };

/// The rules for networking.
pub(crate) static RULES: &[Rule<Cluster>] = &[
    DECISION.case(
        "kaas-networking-check",
        Level::Must,
        "every network policy end-to-end test passes, except for allowed failures",
        tests_pass,
    ),
    DECISION
        .rule(
            PLUGIN,
            Level::Must,
            "network policies are served as `networking.k8s.io/v1`, and the network plug-in enforces them",
            enforcement::api,
        )
        .asking("the name of the network plug-in, such as `Calico`, `Cilium` or `Antrea`", "Cilium"),
    DECISION.rule(
        "scs-0219-anp",
        Level::Should,
        "the network plug-in supports AdminNetworkPolicy and BaselineAdminNetworkPolicy, or plans to",
        admin_policies::admin_policies,
    ),
    DECISION
        .rule(
            "scs-0219-ingress",
            Level::Should,
            "a managed ingress controller with a default IngressClass is available",
            ingress::ingress,
        )
        .asking(
            "the name of the default IngressClass available to customers with a managed controller, or `none`",
            "nginx",
        ),
    DECISION.rule(
        "scs-0219-default-restrictions",
        Level::May,
        "network policies may restrict traffic by default",
        default_restrictions,
    ),
];

fn tests_pass(cluster: &Cluster, rec: &mut Rec<'_>) {
    let Some(runs) = runs(cluster, rec, NETWORK_POLICY) else { return };
    e2e::judge(cluster, rec, &runs, NETWORK_POLICY);
    let tests_left_out = e2e::tests_left_out(cluster, rec, &runs, NETWORK_POLICY.selection);
    if !tests_left_out.is_empty() {
        let message = format!(
            "{} {} did not run, so it is unknown whether they pass: {}",
            tests_left_out.len(),
            NETWORK_POLICY.tests,
            some(&tests_left_out)
        );
        rec.split(left_out(Verdict::Dnf), CLUSTER, message).repaired_by(NETWORK_POLICY.run());
    }
    // The whole set has to pass (scs-0219-w1, *Automated tests*).
    match e2e::whole(cluster, &runs) {
        Whole::Yes => {}
        Whole::Lacks { have, known, branch } => {
            let message = format!(
                "the results have {have} {}, but {branch} has at least {known}",
                NETWORK_POLICY.tests
            );
            rec.split(left_out(Verdict::Dnf), CLUSTER, message)
                .compared(format!("{known} tests"), format!("{have} tests"))
                .repaired_by(NETWORK_POLICY.run());
        }
        Whole::Unknown(branch) => {
            let of = branch.map_or_else(|| "the cluster's version".to_owned(), |branch| branch.to_string());
            let message = format!(
                "it is unknown how many {} {of} has, and a run does not show by itself that it was complete; provide the suite's JUnit XML, which lists skipped tests",
                NETWORK_POLICY.tests
            );
            rec.split(left_out(Verdict::Dnf), CLUSTER, message).repaired_by(NETWORK_POLICY.run());
        }
    }
}

fn default_restrictions(cluster: &Cluster, rec: &mut Rec<'_>) {
    let Some(policies) = rec.needs(&cluster.network_policies, source::NETWORK_POLICIES) else { return };
    let spaces: BTreeSet<&str> =
        policies.entries().iter().filter_map(|policy| policy.metadata.namespace.as_deref()).collect();
    let message = match policies.entries().len() {
        0 => "there is no network policy, so nothing is restricted by default".to_owned(),
        count => format!("{count} network policies in {} namespaces", spaces.len()),
    };
    rec.note(CLUSTER, message);
    policies.report_unreadable(rec, source::NETWORK_POLICIES.name);
}
