//! scs-0219: network policies that are enforced, policies of administrators, and an ingress controller.

mod admin_policies;
mod enforcement;
mod ingress;

use std::collections::BTreeSet;

use scs_standards::{CLUSTER, DocumentId, Heading, Level, Rule, Verdict};

use super::e2e::{NETWORK_POLICY, left_out, runs, some};
use super::{Rec, e2e};
use crate::subject::{Cluster, source};

const DECISION: Heading = Heading { documents: &[DocumentId::version(219, 1)], section: "Decision" };

/// The rules over networking.
pub(crate) static RULES: &[Rule<Cluster>] = &[
    DECISION.case(
        "kaas-networking-check",
        Level::Must,
        "every end-to-end test of network policies passes, but for those that may fail",
        tests_pass,
    ),
    DECISION
        .rule(
            "scs-0219-api",
            Level::Must,
            "network policies are served as `networking.k8s.io/v1`, and the network plug-in enforces them",
            enforcement::api,
        )
        .asking("the name of the network plug-in, such as `Calico`, `Cilium` or `Antrea`", "Cilium"),
    DECISION.rule(
        "scs-0219-anp",
        Level::Should,
        "the network plug-in supports AdminNetworkPolicy and BaselineAdminNetworkPolicy, or works on it",
        admin_policies::admin_policies,
    ),
    DECISION
        .rule(
            "scs-0219-ingress",
            Level::Should,
            "a managed ingress controller with a default IngressClass can be had",
            ingress::ingress,
        )
        .asking(
            "the name of the default IngressClass that customers can have with a managed controller, or `none`",
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
    let ran: BTreeSet<&str> =
        runs.iter().flat_map(|run| run.executed(NETWORK_POLICY.selection)).map(|(test, _)| test).collect();
    let skipped: BTreeSet<&str> = runs
        .iter()
        .flat_map(|run| run.skipped(NETWORK_POLICY.selection))
        .filter(|test| !ran.contains(test) && cluster.conformance_facts.exception_of(test).is_none())
        .collect();
    let skipped: Vec<&str> = skipped.into_iter().collect();
    if !skipped.is_empty() {
        let message = format!(
            "{} {} did not run, so that nobody knows whether they pass: {}",
            skipped.len(),
            NETWORK_POLICY.tests,
            some(&skipped)
        );
        rec.split(left_out(Verdict::Dnf), CLUSTER, message).fixed_by(NETWORK_POLICY.command);
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
    policies.all_read(rec, source::NETWORK_POLICIES.name);
}
