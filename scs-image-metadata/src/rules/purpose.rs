//! `os_purpose`: the purpose of an image, and a single generic image of each system. Version 1 recommends what
//! version 2 requires.

use std::collections::HashMap;

use scs_standards::subject::ImageKey;
use scs_standards::wording::{counted, or};
use scs_standards::{Heading, Level, Rule, Verdict};

use super::documents::{METADATA_V1, METADATA_V2};
use super::judge::{
    Rec, Violation, by_text, invalid_value, is_one_of, pass_if, quoted, relevant_images, warn,
};
use crate::checked_image::CheckedImage;
use crate::commands::{self, set as change};
use crate::data::Distribution;
use crate::fix::Repair;
use crate::name_suffix::NameSuffix;
use crate::property::{Invalid, Property};
use crate::prospects;
use crate::set::ImageSet;
use crate::values::{OsPurpose, Visibility};

const SECTION: &str = "Technical requirements and features";
const HERE_V1: Heading = Heading { documents: &[METADATA_V1], section: SECTION };
const HERE_V2: Heading = Heading { documents: &[METADATA_V2], section: SECTION };
const PURPOSE: &str = "scs-0102-prop-os_purpose";
const UNIQUENESS: &str = "scs-0102-os_purpose-uniqueness";

pub(super) static RULES_V1: &[Rule<ImageSet>] = &[
    HERE_V1.case(
        PURPOSE,
        Level::Should,
        "`os_purpose` is set to generic, minimal, k8snode, gpu, network or custom",
        |set, rec| purpose(set, rec, &V1),
    ),
    HERE_V1.case(
        UNIQUENESS,
        Level::Should,
        "at most one public, visible image of each system is generic",
        uniqueness,
    ),
];

pub(super) static RULES_V2: &[Rule<ImageSet>] = &[
    HERE_V2.case(
        PURPOSE,
        Level::Must,
        "`os_purpose` is set to generic, oldgeneric, minimal, k8snode, gpu, network or custom",
        |set, rec| purpose(set, rec, OsPurpose::ALL),
    ),
    HERE_V2.case(
        UNIQUENESS,
        Level::Must,
        "at most one public, visible image of each system is generic",
        uniqueness,
    ),
];

/// The values of version 1.
const V1: [OsPurpose; 6] = [
    OsPurpose::Generic,
    OsPurpose::Minimal,
    OsPurpose::K8snode,
    OsPurpose::Gpu,
    OsPurpose::Network,
    OsPurpose::Custom,
];

fn purpose(set: &ImageSet, rec: &mut Rec<'_>, words: &[OsPurpose]) {
    let key = ImageKey::OsPurpose;
    let all = OsPurpose::ALL.iter().map(|word| word.name()).collect::<Vec<_>>();
    for image in relevant_images(set, rec, &[key]) {
        let property = &image.metadata().os_purpose;
        let expected = || or(words.iter().map(|word| word.name()));
        if let Property::Is(purpose) = property {
            if !words.contains(purpose) && by_text(rec) {
                warn(
                    rec,
                    image,
                    format!(
                        "`os_purpose` is `{purpose}`, which is a value of version 2 of the standard (C-045)"
                    ),
                    Repair::None,
                );
            }
            continue;
        }
        if let Some(mut wrong) = invalid_value(image, key, property, &expected(), true) {
            let official =
                if wrong.text == Verdict::Dnf { Verdict::Dnf } else { pass_if(is_one_of(image, key, &all)) };
            let likely = prospects::purpose(set.data(), image).filter(|purpose| words.contains(purpose));
            let repair = std::mem::take(&mut wrong.repair);
            let repair = match (repair, likely) {
                (Repair::Safe(changes), _) => {
                    changes.into_iter().next().map_or(Repair::None, |change| set.identified(image, change))
                }
                (_, Some(purpose)) => {
                    let change = change("os_purpose", purpose.name());
                    match property {
                        // The present value is probably intentional.
                        Property::Invalid(Invalid::Malformed) => Repair::if_meant(
                            format!(
                                "Is it `{purpose}`, as its name and source suggest? Otherwise set the right purpose."
                            ),
                            "it is",
                            change,
                        ),
                        _ => set.identified(image, change),
                    }
                }
                (repair, None) => repair,
            };
            wrong.repaired_by(repair).official_verdict(official, "C-045").record(rec, image);
        }
    }
}

fn uniqueness(set: &ImageSet, rec: &mut Rec<'_>) {
    let keys = [ImageKey::OsPurpose, ImageKey::OsDistro, ImageKey::OsVersion, ImageKey::Architecture];
    let mut groups: HashMap<(&str, &str, &str), Vec<&CheckedImage>> = HashMap::new();
    for image in relevant_images(set, rec, &keys) {
        let metadata = image.metadata();
        let community = metadata.visibility.value() == Some(&Visibility::Community);
        let counts = metadata.os_purpose.value() == Some(&OsPurpose::Generic)
            && !image.is_hidden()
            && (!community || set.options().unique_in_community);
        if !counts {
            continue;
        }
        let text = |key| image.image().text(key).filter(|text| !text.is_empty());
        let (Some(distro), Some(version)) = (text(ImageKey::OsDistro), text(ImageKey::OsVersion)) else {
            continue;
        };
        groups
            .entry((distro, version, text(ImageKey::Architecture).unwrap_or_default()))
            .or_default()
            .push(image);
    }
    let mut colliding: Vec<_> = groups.into_iter().filter(|(_, images)| images.len() > 1).collect();
    colliding.sort_by_key(|(system, _)| *system);
    for ((distro, version, architecture), images) in colliding {
        collision(set, rec, [distro, version, architecture], &images);
    }
}

/// Reports all images that collide, and how to distinguish them.
fn collision(
    set: &ImageSet,
    rec: &mut Rec<'_>,
    [distro, version, architecture]: [&str; 3],
    images: &[&CheckedImage],
) {
    let ids: Vec<&str> = images.iter().filter_map(|image| image.id()).collect();
    if ids.len() == images.len() && ids.iter().all(|id| *id == ids[0]) {
        // A single image listed several times; the suite counts each line.
        let message =
            format!("the image is listed {} times, and the official test suite counts each", images.len());
        let one = "one line per image".to_owned();
        let twice = Violation {
            text: Verdict::Pass,
            ..Violation::both(message, one, format!("{} lines", images.len()))
        };
        return twice.official_verdict(Verdict::Fail, "official-listed-twice").record(rec, images[0]);
    }
    let labels: Vec<String> = images.iter().map(|image| image.label()).collect();
    let newest = images.iter().filter_map(|image| image.built()).max();
    for image in images {
        let others = labels
            .iter()
            .zip(images)
            .filter(|(_, other)| !std::ptr::eq(**other, *image))
            .map(|(label, _)| label);
        let others: Vec<&str> = others.take(MOST_NAMED).map(String::as_str).collect();
        let system = format!(
            "{distro} {version} on {}",
            if architecture.is_empty() { "no architecture" } else { architecture }
        );
        let by_name =
            image.name().and_then(|name| set.data().distributions.named(name)).map(|(known, _)| known);
        let other_distro = by_name.filter(|known| known.id != distro);
        let old = image.built() < newest;
        let (hint, repair) = match other_distro {
            Some(known) => (format!("; the name says {}", known.name), different_distribution(set, known)),
            None if old => {
                let newer = newest_of_name(images, image);
                ("; it is not the newest".to_owned(), older_duplicate(newer, rec.rule().level == Level::Must))
            }
            None => (String::new(), Repair::None),
        };
        let message = format!(
            "{} generic images of {system}: also {}{hint}",
            images.len(),
            named(&others, images.len() - 1)
        );
        let entry = rec.fail(image.label(), message).compared(
            "one generic image of each os_distro, os_version and architecture",
            format!("{} of them", images.len()),
        );
        if let Some(fix) = commands::fix(image, repair) {
            entry.repaired_by(fix);
        }
    }
}

/// The fix for an image whose name and properties refer to different distributions.
fn different_distribution(set: &ImageSet, named: &Distribution) -> Repair {
    let listed = set.data().openstack.allows(ImageKey::OsDistro, &named.id);
    let remark = if listed {
        ""
    } else {
        ", which is not in OpenStack's list, so `scs-0102-prop-os_distro` will warn"
    };
    Repair::Choose(
        format!(
            "Which of the two images is the generic one of its `os_distro`? `{}` is a separate distribution{remark}.",
            named.id
        ),
        vec![
            (format!("this one is {}", named.name), vec![change("os_distro", named.id.clone())]),
            ("the other one is".to_owned(), vec![change("os_purpose", "custom")]),
        ],
    )
}

/// Whether a newer image has the same name without a suffix for old images.
fn newest_of_name(images: &[&CheckedImage], image: &CheckedImage) -> bool {
    images.iter().any(|other| {
        other.suffix() == NameSuffix::None
            && other.base_name() == image.base_name()
            && other.built() > image.built()
    })
}

/// The fix for a generic image that is older than another one of its system.
fn older_duplicate(by_its_name: bool, oldgeneric: bool) -> Repair {
    let (old, hidden) = (vec![change("os_purpose", "oldgeneric")], vec![change("os_hidden", "true")]);
    match (by_its_name, oldgeneric) {
        (true, true) => Repair::Safe(old),
        (true, false) => Repair::Choose(
            "Does anyone still look for the image in the list? Its UUID does not change. If so, have them switch first."
                .to_owned(),
            vec![("nobody does".to_owned(), hidden)],
        ),
        (false, true) => Repair::Choose(
            "What is the purpose of this image?".to_owned(),
            vec![
                ("it was replaced by the other one".to_owned(), old),
                ("it has another purpose".to_owned(), vec![change("os_purpose", "custom")]),
            ],
        ),
        (false, false) => Repair::Choose(
            "What is the purpose of this image?".to_owned(),
            vec![
                ("it was replaced by the other one".to_owned(), hidden),
                ("it has another purpose".to_owned(), vec![change("os_purpose", "custom")]),
            ],
        ),
    }
}

/// The maximum number of colliding images named in each finding; each of them has its own finding.
const MOST_NAMED: usize = 20;

fn named(labels: &[&str], count: usize) -> String {
    let named: Vec<String> = labels.iter().map(|label| quoted(label)).collect();
    let more = count.saturating_sub(labels.len());
    let named = named.join(", ");
    if more > 0 { format!("{named} and {}", counted(more, "other")) } else { named }
}
