//! Policies of IaaS clouds: scs-0111 to scs-0129, and scs-0302.

use std::sync::Arc;

use scs_iaas_policy::{Cloud, iaas_rules, iaas_test_cases};
use scs_standards::TestCase;

use crate::domain::{Asked, Domain, DomainAnswers, RuleInfo, answers_for_subject};
use crate::inventory::Kind;

pub(super) struct Policies;

impl Domain for Policies {
    fn kind(&self) -> Kind {
        Kind::Cloud
    }

    fn rules(&self) -> Vec<RuleInfo> {
        iaas_rules().map(RuleInfo::from).collect()
    }

    fn test_cases(&self) -> Vec<&'static TestCase> {
        iaas_test_cases().collect()
    }

    fn answers(&self, asked: &Asked<'_>) -> DomainAnswers {
        let cloud = || Cloud::read(|part| asked.inventory.given(part));
        answers_for_subject(iaas_rules(), asked, || {
            let cloud = cloud().with_collected_at(asked.inventory.collected_at());
            let cloud = match asked.tls_profiles {
                Some(profiles) => cloud.with_tls_profiles(Arc::clone(profiles)),
                None => cloud,
            };
            (cloud, Vec::new())
        })
    }
}
