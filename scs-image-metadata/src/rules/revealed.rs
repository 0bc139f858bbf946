//! Fixes that reveal another finding, which was hidden by an invalid property. Such a fix becomes a choice,
//! and each way of a choice mentions the finding it reveals.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::LazyLock;

use scs_standards::{Answer, Change, Context, Finding, Fix, Rule, Severity};

use super::documents::IMAGE_DOCUMENTS;
use super::tables::image_rules;
use super::updating;
use crate::checked_image::CheckedImage;
use crate::commands;
use crate::fix::Repair;
use crate::set::ImageSet;

/// The properties used by other rules, with these rules.
const RULES_BY_PROPERTY: &[(&str, &[&str])] = &[
    (
        "os_distro",
        &[
            "scs-0102-prop-os_distro",
            "scs-0102-naming",
            "scs-0102-license-needed",
            "scs-0102-prop-os_version",
            "scs-0104-v2-source-debian",
            "scs-0104-v2-source-ubuntu",
            "scs-0104-v2-source-vendor",
        ],
    ),
    (
        "os_version",
        &[
            "scs-0102-naming",
            "scs-0102-prop-os_version",
            "scs-0104-v2-source-debian",
            "scs-0104-v2-source-ubuntu",
        ],
    ),
    (
        "os_purpose",
        &[
            "scs-0102-naming",
            "scs-0102-prop-os_purpose",
            "scs-0104-v2-source-debian",
            "scs-0104-v2-source-ubuntu",
            "scs-0104-v2-source-vendor",
        ],
    ),
    ("replace_frequency", &["scs-0102-monthly", "scs-0102-image-recency"]),
    ("provided_until", &["scs-0102-until-order", "scs-0102-image-recency"]),
    ("uuid_validity", &["scs-0102-until-order"]),
    ("image_build_date", &["scs-0102-image-recency", "scs-0102-old-image"]),
    ("name", &["scs-0102-naming", "scs-0102-old-image"]),
];

/// The rules that use each of the properties.
static RULES: LazyLock<BTreeMap<&'static str, Vec<&'static Rule<ImageSet>>>> = LazyLock::new(|| {
    let rule = |id: &&str| IMAGE_DOCUMENTS.into_iter().flat_map(image_rules).find(|rule| rule.id == *id);
    RULES_BY_PROPERTY
        .iter()
        .map(|(property, ids)| (*property, ids.iter().filter_map(rule).collect()))
        .collect()
});

/// Turns each safe fix that reveals another finding into a choice, and completes the ways of choices.
pub(super) fn ask_about_revealed(answers: &mut [Answer], set: &ImageSet, context: &Context<'_>) {
    let mut images: Option<Images<'_>> = None;
    for finding in answers.iter_mut().flat_map(|answer| &mut answer.findings) {
        if matches!(finding.fix, Some(Fix::Choose { .. })) {
            let images = images.get_or_insert_with(|| Images::of(set));
            if let Some(fix) = complete_ways(finding, images, context) {
                finding.fix = Some(fix);
            }
            continue;
        }
        let Some(changes) = relevant_changes(finding) else { continue };
        let images = images.get_or_insert_with(|| Images::of(set));
        let Some(said) = images.revealed(finding, &changes, context) else { continue };
        let Some(Fix::Safe(way)) = finding.fix.take() else { continue };
        let question = format!(
            "This reveals another finding: {said}. Is the value correct anyway? Otherwise set the right one."
        );
        finding.fix = Some(Fix::choose(question, [way.when("it is")]));
    }
}

/// The choice with the findings that its ways reveal, if any.
fn complete_ways(finding: &Finding, images: &Images<'_>, context: &Context<'_>) -> Option<Fix> {
    let Some(Fix::Choose { question, ways }) = &finding.fix else { return None };
    let mut ways = ways.clone();
    let mut any = false;
    for way in &mut ways {
        let changes: Vec<Change> = way.edits.iter().filter_map(commands::change).collect();
        if !changes.iter().any(|change| RULES.contains_key(change.property.as_str())) {
            continue;
        }
        let collision = images.collision(finding, &changes).filter(|said| said != question);
        let Some(said) = images.revealed(finding, &changes, context).or(collision) else { continue };
        let when = way.when.take().unwrap_or_default();
        way.when = Some(format!("{when}; this reveals: {said}"));
        any = true;
    }
    any.then(|| Fix::choose(question.clone(), ways))
}

/// The changes of a safe fix, if other rules use one of the properties.
fn relevant_changes(finding: &Finding) -> Option<Vec<Change>> {
    let Some(Fix::Safe(way)) = &finding.fix else { return None };
    let changes: Vec<Change> = way.edits.iter().filter_map(commands::change).collect();
    changes.iter().any(|change| RULES.contains_key(change.property.as_str())).then_some(changes)
}

/// The images by their names in findings.
struct Images<'s> {
    set: &'s ImageSet,
    places: HashMap<String, usize>,
    /// The names of images that have been removed.
    gone: HashSet<&'s str>,
}

impl<'s> Images<'s> {
    fn of(set: &'s ImageSet) -> Self {
        let places = set.images().iter().enumerate().map(|(index, image)| (image.label(), index)).collect();
        Self { set, places, gone: updating::removed_names(set) }
    }

    /// The finding about an image that changes would reveal.
    fn revealed(&self, finding: &Finding, changes: &[Change], context: &Context<'_>) -> Option<String> {
        let image = self.set.images().get(*self.places.get(&finding.subject)?)?;
        let sets = |property: &str| changes.iter().any(|change| change.property == property);
        if sets("uuid_validity") && image.base_name().is_some_and(|name| self.gone.contains(name)) {
            return Some("an image with its name was removed, possibly too early".to_owned());
        }
        if sets("image_build_date") && self.has_family(image) {
            return Some("which of the images with its name is current".to_owned());
        }
        let mut rules: Vec<&'static Rule<ImageSet>> = Vec::new();
        for rule in changes.iter().filter_map(|change| RULES.get(change.property.as_str())).flatten() {
            if !rules.iter().any(|known| std::ptr::eq(*known, *rule)) {
                rules.push(rule);
            }
        }
        let (before, after) = (self.set.single(image, &[]), self.set.single(image, changes));
        rules.into_iter().find_map(|rule| {
            let said = |set: &ImageSet| {
                let findings = rule.answer(set, context).findings;
                findings.into_iter().filter(|finding| finding.severity != Severity::Info).collect::<Vec<_>>()
            };
            let (before, mut after) = (said(&before), said(&after));
            // The fixed finding disappears.
            let own = rule.id == finding.rule && finding.severity != Severity::Info;
            let expected = before.len().saturating_sub(usize::from(own));
            (after.len() > expected).then(|| after.pop().map(|finding| finding.message)).flatten()
        })
    }

    /// The message that an image would be one of several generic images of its system.
    fn collision(&self, finding: &Finding, changes: &[Change]) -> Option<String> {
        const TELLING: [&str; 4] = ["os_distro", "os_version", "os_purpose", "architecture"];
        let image = self.set.images().get(*self.places.get(&finding.subject)?)?;
        let telling = changes.iter().filter(|change| TELLING.contains(&change.property.as_str()));
        telling.cloned().find_map(|change| match self.set.identified(image, change) {
            Repair::Choose(question, _) => Some(question),
            _ => None,
        })
    }

    fn has_family(&self, image: &CheckedImage) -> bool {
        image.name().is_some_and(|name| self.set.family(name).nth(1).is_some())
    }
}
