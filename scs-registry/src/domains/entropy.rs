//! Entropy: scs-0101.

use scs_entropy::{EntropyEvidence, EntropyRevision, entropy_rules, entropy_test_cases};
use scs_flavor_naming::FlavorList;
use scs_image_metadata::ImageList;
use scs_standards::subject::{Flavor, Image, ImageKey};
use scs_standards::{Listed, TestCase};

use crate::domain::{Asked, Domain, DomainAnswers, RuleInfo, answers_for_subject};
use crate::inventory::{Inventory, Kind};

pub(super) struct Entropy;

impl Domain for Entropy {
    fn kind(&self) -> Kind {
        Kind::Cloud
    }

    fn rules(&self) -> Vec<RuleInfo> {
        entropy_rules().map(RuleInfo::from).collect()
    }

    fn test_cases(&self) -> Vec<&'static TestCase> {
        entropy_test_cases().collect()
    }

    fn answers(&self, asked: &Asked<'_>) -> DomainAnswers {
        let Asked { inventory, context, .. } = *asked;
        answers_for_subject(entropy_rules(), asked, || {
            let evidence = evidence(inventory, EntropyRevision::at(context.date()));
            let notices = evidence.problems().map(|problem| format!("entropy: {problem}")).collect();
            (evidence, notices)
        })
    }
}

/// The parts of an inventory that scs-0101 looks at.
pub(crate) fn evidence(inventory: &Inventory, revision: EntropyRevision) -> EntropyEvidence {
    let mut evidence = EntropyEvidence::default().with_revision(revision);
    evidence.console = inventory.given("console_output").read(scs_entropy::ConsoleOutput::from_part);
    evidence.host_facts = inventory.given("host_facts").read(str::parse);
    // Only these rules use flavors and images here, which may be many.
    if revision == EntropyRevision::V1_0 {
        evidence.flavors = inventory.given("flavors").read(flavors);
        evidence.images = inventory.given("images").read(images);
    }
    evidence
}

fn flavors(text: &str) -> Result<Listed<Flavor>, String> {
    let list: FlavorList =
        text.parse().map_err(|error: scs_standards::listed::ReadListError| error.to_string())?;
    Ok(list.into())
}

fn images(text: &str) -> Result<Listed<Image>, String> {
    let list: ImageList =
        text.parse().map_err(|error: scs_standards::listed::ReadListError| error.to_string())?;
    if !list.format.carries(ImageKey::HwRngModel) {
        return Err(format!("{} has no properties of images", list.format));
    }
    Ok(list.into())
}

#[cfg(test)]
mod tests {
    use scs_k8s_policy::KubernetesFacts;
    use scs_standards::{Context, Declarations, Profile, Verdict};

    use super::*;

    fn verdict(inventory: &str, at: &str, rule: &str) -> Option<Verdict> {
        let inventory = inventory.parse::<Inventory>().ok()?;
        let declarations = Declarations::default();
        let context = Context { at: at.parse().ok()?, profile: Profile::Text, declarations: &declarations };
        let asked = Asked {
            inventory: &inventory,
            context: &context,
            documents: &scs_entropy::ENTROPY_DOCUMENTS,
            facts: KubernetesFacts::embedded(),
            image_data: None,
            tls_profiles: None,
            horizon_days: None,
        };
        let answered = Entropy.answers(&asked);
        answered.answers.into_iter().find(|(info, _)| info.id == rule).map(|(_, answer)| answer.verdict)
    }

    #[test]
    fn flavors_and_images_are_looked_at_by_revision_1_0_alone() {
        let inventory =
            "{kind: cloud, flavors: [{name: SCS-2V-8, extra_specs: {}}], images: {unavailable: no service}}";
        for (at, flavors, images) in [
            ("2026-06-24T00:00:00Z", Verdict::Fail, Verdict::Dnf),
            ("2026-06-25T00:00:00Z", Verdict::Pass, Verdict::Pass),
        ] {
            assert_eq!(verdict(inventory, at, "scs-0101-flavor-property"), Some(flavors), "{at}");
            assert_eq!(verdict(inventory, at, "scs-0101-image-property"), Some(images), "{at}");
        }
    }

    #[test]
    fn the_console_is_taken_in_all_shapes() {
        let at = "2026-11-24T00:00:00Z";
        for (part, expected) in [
            (r#""_scs-test-entropy-avail: 256\n_scs-test-end\n""#, Verdict::Pass),
            (r#"{output: "_scs-test-entropy-avail: 255\n_scs-test-end\n"}"#, Verdict::Fail),
            ("{schema: scs/entropy-probe/1, entropy_available: 256}", Verdict::Pass),
            ("{unavailable: no quota for a VM}", Verdict::Dnf),
            ("'login:'", Verdict::Dnf),
            ("[]", Verdict::Dnf),
        ] {
            let inventory = format!("kind: cloud\nconsole_output: {part}\n");
            assert_eq!(verdict(&inventory, at, "scs-0101-entropy-avail"), Some(expected), "{part}");
        }
        assert_eq!(verdict("kind: cloud", at, "scs-0101-entropy-avail"), Some(Verdict::Miss));
    }
}
