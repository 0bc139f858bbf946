//! Checks stored subjects.

use scs_certificates::{Scope, ScopeSubject, scope_rules};
use scs_entropy::{EntropyRevision, entropy_rules};
use scs_flavor_naming::{FlavorList, FlavorSet, flavor_rules};
use scs_iaas_policy::{Cloud, iaas_rules};
use scs_image_metadata::{GivenSpecification, IMAGE_DOCUMENTS, ImageList, ImageSet, image_rules};
use scs_k8s_policy::{Cluster, k8s_rules};
use scs_standards::lint::{DocumentFolder, document_rules};
use scs_standards::{Answer, Context, Rule};

use super::stored::{DATA, Stored};
use crate::domain::RuleInfo;
use crate::domains::evidence;
use crate::inventory::Inventory;

impl Stored {
    /// The answer of a rule; `None` if the subject cannot be parsed.
    pub(super) fn answer(
        &self,
        rule: &RuleInfo,
        inventory: Option<&Inventory>,
        context: &Context<'_>,
    ) -> Option<Answer> {
        if let Some(files) = &self.files {
            let files = files.iter().map(|(name, text)| (name.clone(), text.clone()));
            return Some(same(document_rules(), rule)?.answer(&DocumentFolder::new(files), context));
        }
        if let Some(changes) = &self.scope {
            let text = changes.iter().fold(DATA.scope.clone(), |text, (from, to)| text.replacen(from, to, 1));
            let subject = ScopeSubject::new(text.parse::<Scope>().ok()?)
                .with_earlier(DATA.scope.parse::<Scope>().ok()?)
                .with_others(Scope::embedded().into_iter().cloned().collect());
            return Some(same(scope_rules(), rule)?.answer(&subject, context));
        }
        let inventory = inventory?;
        if let Some(rule) = same(flavor_rules(), rule) {
            let list: FlavorList = inventory.given("flavors").data()?.parse().ok()?;
            return Some(rule.answer(&FlavorSet::from(list), context));
        }
        if let Some(rule) = same(IMAGE_DOCUMENTS.into_iter().flat_map(image_rules), rule) {
            return Some(rule.answer(&self.images(inventory)?, context));
        }
        if let Some(rule) = same(entropy_rules(), rule) {
            return Some(rule.answer(&evidence(inventory, EntropyRevision::at(context.date())), context));
        }
        if let Some(rule) = same(iaas_rules(), rule) {
            let cloud = Cloud::read(|part| inventory.given(part)).with_collected_at(Some(context.at));
            return Some(rule.answer(&cloud, context));
        }
        let rule = same(k8s_rules(), rule)?;
        let mut cluster = Cluster::read(|part| inventory.given(part));
        if let Some(facts) = &self.facts {
            cluster = cluster.with_facts(facts.kubernetes()?).with_conformance_facts(facts.conformance()?);
        }
        Some(rule.answer(&cluster, context))
    }

    fn images(&self, inventory: &Inventory) -> Option<ImageSet> {
        let list: ImageList = inventory.given("images").data()?.parse().ok()?;
        let mut set = ImageSet::from(list);
        if let Some(earlier) = inventory.given("earlier_images").data() {
            set = set.with_earlier(earlier.parse().ok()?);
        }
        if let Some(text) = &self.standard_images {
            let earlier = self.earlier_standard_images.as_ref().map(|text| text.parse());
            set = set.with_specification(GivenSpecification { current: text.parse(), earlier });
        }
        Some(set)
    }
}

/// The table row of a rule.
fn same<S>(mut rules: impl Iterator<Item = &'static Rule<S>>, rule: &RuleInfo) -> Option<&'static Rule<S>> {
    rules.find(|known| known.id == rule.id && known.documents == rule.documents)
}
