//! Policies of IaaS clouds: scs-0111 to scs-0129, and scs-0302.

use scs_iaas_policy::{Cloud, iaas_rules, iaas_test_cases};
use scs_standards::{Context, DocumentId, TestCase};

use crate::domain::{Domain, DomainAnswers, RuleInfo};
use crate::inventory::{Inventory, Kind};

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

    fn answers(
        &self,
        inventory: &Inventory,
        context: &Context<'_>,
        documents: &[DocumentId],
    ) -> DomainAnswers {
        let cloud = Cloud::read(|part| inventory.given(part));
        let answers = iaas_rules()
            .map(|rule| (RuleInfo::from(rule), rule))
            .filter(|(info, _)| info.is_stated_by(documents))
            .map(|(info, rule)| (info, rule.answer(&cloud, context)))
            .collect();
        DomainAnswers { answers, notices: Vec::new() }
    }
}
