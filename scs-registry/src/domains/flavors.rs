//! Flavors: scs-0100, scs-0103 and scs-0110.

use scs_flavor_naming::{FlavorList, FlavorSet, flavor_rules, flavor_test_cases};
use scs_standards::{Context, DocumentId, Source, TestCase};

use crate::domain::{Domain, DomainAnswers, RuleInfo, of_part};
use crate::inventory::{Inventory, Kind};

const PART: Source = Source {
    name: "flavors",
    from: "what Nova returns for `GET /flavors/detail` with microversion 2.61 or later",
};

pub(super) struct Flavors;

impl Domain for Flavors {
    fn kind(&self) -> Kind {
        Kind::Cloud
    }

    fn rules(&self) -> Vec<RuleInfo> {
        flavor_rules().map(RuleInfo::from).collect()
    }

    fn test_cases(&self) -> Vec<&'static TestCase> {
        flavor_test_cases().collect()
    }

    fn answers(
        &self,
        inventory: &Inventory,
        context: &Context<'_>,
        documents: &[DocumentId],
    ) -> DomainAnswers {
        of_part(self, inventory, documents, PART, |list: FlavorList| {
            let notices = list.notices.clone();
            let set = FlavorSet::from(list);
            let answers = flavor_rules()
                .map(|rule| (RuleInfo::from(rule), rule))
                .filter(|(info, _)| info.is_stated_by(documents))
                .map(|(info, rule)| (info, rule.answer(&set, context)))
                .collect();
            DomainAnswers { answers, notices }
        })
    }
}
