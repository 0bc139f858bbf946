//! Policies of Kubernetes clusters: scs-0200 to scs-0219.

use scs_k8s_policy::{Cluster, k8s_rules, k8s_test_cases};
use scs_standards::TestCase;

use crate::domain::{Asked, Domain, DomainAnswers, RuleInfo, answers_for_subject};
use crate::inventory::Kind;

pub(super) struct Clusters;

impl Domain for Clusters {
    fn kind(&self) -> Kind {
        Kind::Cluster
    }

    fn rules(&self) -> Vec<RuleInfo> {
        k8s_rules().map(RuleInfo::from).collect()
    }

    fn test_cases(&self) -> Vec<&'static TestCase> {
        k8s_test_cases().collect()
    }

    fn answers(&self, asked: &Asked<'_>) -> DomainAnswers {
        answers_for_subject(k8s_rules(), asked, || {
            let cluster = Cluster::read(|part| asked.inventory.given(part))
                .with_facts(asked.facts.clone())
                .with_collected_at(asked.inventory.collected_at());
            (cluster, Vec::new())
        })
    }
}
