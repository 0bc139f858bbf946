//! The rules, one module per standard: tables that follow the standard's structure, and the checks they refer to.

mod address;
mod conformance;
mod container_registry;
mod control_plane;
mod declared_plugin;
mod e2e;
mod exceptions;
mod group;
pub(crate) mod hardening;
mod networking;
mod node_distribution;
mod probes;
mod recorder;
mod repair;
mod robustness;
mod storage_class;
mod test_cases;
mod version_policy;

use scs_standards::{Answer, Context, DocumentId, Rule, answer_all};

pub(crate) use recorder::Rec;
pub use test_cases::{k8s_test_case, k8s_test_cases};

use crate::subject::Cluster;

/// Asks the rules of the documents.
///
/// ```
/// use scs_k8s_policy::{Cluster, check_cluster};
/// use scs_standards::{Context, DocumentId, Given, Verdict};
///
/// let nodes = r#"[{"metadata": {"name": "a", "labels": {}}}]"#;
/// let cluster = Cluster::read(|part| if part == "nodes" { Given::Data(nodes) } else { Given::Missing });
/// let context = Context::at("2026-11-24T00:00:00Z".parse()?);
/// let answers = check_cluster(&cluster, &context, &[DocumentId::version(214, 2)]);
/// let label = answers.iter().find(|answer| answer.rule == "scs-0214-label-zone").unwrap();
/// assert_eq!(label.verdict, Verdict::Fail);
/// # Ok::<(), jiff::Error>(())
/// ```
#[must_use]
pub fn check_cluster(cluster: &Cluster, context: &Context<'_>, documents: &[DocumentId]) -> Vec<Answer> {
    answer_all(k8s_rules(), cluster, context, documents)
}

/// All rules, in the order of the standards.
pub fn k8s_rules() -> impl Iterator<Item = &'static Rule<Cluster>> {
    const TABLES: &[&[Rule<Cluster>]] = &[
        conformance::RULES,
        version_policy::RULES,
        version_policy::RULES_V1,
        storage_class::RULES,
        container_registry::RULES,
        node_distribution::RULES,
        robustness::RULES,
        hardening::RULES,
        networking::RULES,
    ];
    TABLES.iter().copied().flatten()
}
