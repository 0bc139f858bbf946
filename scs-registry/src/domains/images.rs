//! Images: scs-0102 and scs-0104.

use scs_image_metadata::{
    IMAGE_DOCUMENTS, ImageList, ImageOptions, ImageSet, answers, image_rules, image_test_cases,
};
use scs_standards::{Context, DocumentId, Given, Rule, Source, TestCase};

use crate::domain::{Asked, Domain, DomainAnswers, RuleInfo, answers_for_part};
use crate::inventory::Kind;

const PART: Source = Source { name: "images", from: "what Glance returns for `GET /v2/images`" };

/// An earlier list of the cloud's images, to check the validity of UUIDs.
const EARLIER: &str = "earlier_images";

pub(super) struct Images;

/// All rules, without duplicates.
pub(crate) fn rows() -> Vec<&'static Rule<ImageSet>> {
    let mut rows: Vec<&'static Rule<ImageSet>> = Vec::new();
    for rule in IMAGE_DOCUMENTS.into_iter().flat_map(image_rules) {
        if !rows.iter().any(|known| std::ptr::eq(*known, rule)) {
            rows.push(rule);
        }
    }
    rows
}

/// Checks a set of images against the rules that one of the documents states, with shared lookups.
pub(crate) fn answers_of_set(
    set: &ImageSet,
    documents: &[DocumentId],
    context: &Context<'_>,
) -> DomainAnswers {
    let (infos, rules): (Vec<RuleInfo>, Vec<&'static Rule<ImageSet>>) = rows()
        .into_iter()
        .map(|rule| (RuleInfo::from(rule), rule))
        .filter(|(info, _)| info.is_stated_by(documents))
        .unzip();
    let answers = infos.into_iter().zip(answers(rules, set, context)).collect();
    DomainAnswers { answers, notices: Vec::new() }
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

    fn answers(&self, asked: &Asked<'_>) -> DomainAnswers {
        let Asked { inventory, context, documents, image_data, horizon_days, .. } = *asked;
        answers_for_part(self, asked, PART, |mut list: ImageList| {
            let mut notices = std::mem::take(&mut list.notices);
            let mut options = ImageOptions::default();
            options.horizon_days = horizon_days;
            let mut set = ImageSet::from(list).with_options(options);
            if let Some(data) = image_data {
                set = set.with_data(data.clone());
            }
            match inventory.given(EARLIER).read(str::parse::<ImageList>) {
                Given::Missing => {}
                // The rules that need them report that they are missing.
                Given::Unusable(reason) => notices.push(format!("`{EARLIER}` cannot be used: {reason}")),
                Given::Data(earlier) => set = set.with_earlier(earlier),
            }
            DomainAnswers { notices, ..answers_of_set(&set, documents, context) }
        })
    }
}
