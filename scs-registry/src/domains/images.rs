//! Images: scs-0102 and scs-0104.

use scs_image_metadata::{IMAGE_DOCUMENTS, ImageList, ImageSet, answers, image_rules, image_test_cases};
use scs_standards::{Context, DocumentId, Rule, TestCase};

use crate::domain::{Domain, DomainAnswers, RuleInfo, unusable, without_part};
use crate::inventory::{Inventory, Kind, Part};

const PART: &str = "images";

pub(super) struct Images;

/// The rows of all tables, each once.
fn rows() -> Vec<&'static Rule<ImageSet>> {
    let mut rows: Vec<&'static Rule<ImageSet>> = Vec::new();
    for rule in IMAGE_DOCUMENTS.into_iter().flat_map(image_rules) {
        if !rows.iter().any(|known| std::ptr::eq(*known, rule)) {
            rows.push(rule);
        }
    }
    rows
}

impl Domain for Images {
    fn kind(&self) -> Kind {
        Kind::Cloud
    }

    fn rules(&self) -> Vec<RuleInfo> {
        rows().into_iter().map(RuleInfo::from).collect()
    }

    fn test_cases(&self) -> Vec<&'static TestCase> {
        image_test_cases().collect()
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
        match json.parse::<ImageList>() {
            Ok(mut list) => {
                let notices = std::mem::take(&mut list.notices);
                let set = ImageSet::from(list);
                let rules: Vec<&'static Rule<ImageSet>> =
                    rows().into_iter().filter(|rule| RuleInfo::from(*rule).is_stated_by(documents)).collect();
                let infos = rules.iter().copied().map(RuleInfo::from).collect::<Vec<_>>();
                let answers = infos.into_iter().zip(answers(rules, &set, context)).collect();
                DomainAnswers { answers, notices }
            }
            Err(error) => unusable(self.rules(), documents, PART, &error.to_string()),
        }
    }
}
