//! Flavors: scs-0100, scs-0103 and scs-0110.

use scs_flavor_naming::{FlavorList, FlavorSet, flavor_rules, flavor_test_cases};
use scs_standards::{Context, DocumentId, TestCase};

use crate::domain::{Domain, DomainAnswers, RuleInfo, unusable, without_part};
use crate::inventory::{Inventory, Kind, Part};

const PART: &str = "flavors";

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
        let json = match inventory.part(PART) {
            Part::Given(json) => json,
            other => return without_part(self.rules(), documents, PART, other),
        };
        match json.parse::<FlavorList>() {
            Ok(list) => {
                let notices = list.notices.clone();
                let set = FlavorSet::from(list);
                let answers = flavor_rules()
                    .filter(|rule| RuleInfo::from(*rule).is_stated_by(documents))
                    .map(|rule| (RuleInfo::from(rule), rule.answer(&set, context)))
                    .collect();
                DomainAnswers { answers, notices }
            }
            Err(error) => unusable(self.rules(), documents, PART, &error.to_string()),
        }
    }
}
