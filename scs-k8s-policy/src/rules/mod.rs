//! The rules, one module per standard: tables that follow the standard's structure, and the checks they refer to.

mod conformance;
mod container_registry;
mod control_plane;
mod e2e;
mod exceptions;
mod group;
pub(crate) mod hardening;
mod networking;
mod node_distribution;
mod repair;
mod robustness;
mod storage_class;
mod test_cases;
mod version_policy;

use scs_standards::{Recorder, Rule};

pub use test_cases::{k8s_test_case, k8s_test_cases};

use crate::subject::Cluster;

/// The recorder passed to a check besides the cluster.
pub(crate) type Rec<'a> = Recorder<'a, Cluster>;

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
