//! Image names: after the system (version 1), and distinguishable for old images.

use std::collections::HashSet;

use scs_standards::subject::ImageKey;
use scs_standards::{Change, Level, Rule};

use super::documents::{METADATA, METADATA_V1, METADATA_V2};
use super::judge::{Rec, Violation, actual, quoted, relevant_images};
use crate::checked_image::CheckedImage;
use crate::commands::set as change;
use crate::fix::Repair;
use crate::name_suffix::NameSuffix;
use crate::set::ImageSet;
use crate::values::{OsPurpose, OsVersion};

const UPDATING: &str = "Image updating";

pub(super) static RULES_V1: &[Rule<ImageSet>] = &[Rule {
    id: "scs-0102-naming",
    level: Level::Should,
    documents: &[METADATA_V1],
    section: "Naming",
    summary: "an image is named after distribution and version, without patch level, optionally followed by features",
    test_case: None,
    question: None,
    check: name,
}];

pub(super) static RULES: &[Rule<ImageSet>] = &[Rule {
    id: "scs-0102-old-image",
    level: Level::Should,
    documents: METADATA,
    section: UPDATING,
    summary: "a replaced image is hidden or has its build date after its name",
    test_case: None,
    question: None,
    check: old_image,
}];

pub(super) static RULES_V2: &[Rule<ImageSet>] = &[Rule {
    id: "scs-0102-oldgeneric",
    level: Level::Must,
    documents: &[METADATA_V2],
    section: UPDATING,
    summary: "a replaced generic image that is not hidden is `oldgeneric`",
    test_case: None,
    question: None,
    check: oldgeneric,
}];

fn name(set: &ImageSet, rec: &mut Rec<'_>) {
    for image in relevant_images(set, rec, &[ImageKey::Name]) {
        let Some(name) = image.name().filter(|name| !name.trim().is_empty()) else {
            let message = "the name is missing".to_owned();
            Violation::both(message, "a name such as Ubuntu 24.04".to_owned(), "none".to_owned())
                .record(rec, image);
            continue;
        };
        if let Some(wrong) = misnamed(set, image, image.base_name().unwrap_or(name)) {
            wrong.record(rec, image);
        }
    }
}

/// The violation in a name, ignoring suffixes of old images. Kubernetes nodes and appliances are named by their vendors.
fn misnamed(set: &ImageSet, image: &CheckedImage, name: &str) -> Option<Violation<'static>> {
    let metadata = image.metadata();
    let system = !matches!(
        metadata.os_purpose.value(),
        Some(OsPurpose::K8snode | OsPurpose::Network | OsPurpose::Custom)
    );
    if !system || set.data().standard_images.capi().name_scheme.matches(name) {
        return None;
    }
    let distro = metadata.os_distro.value()?;
    let version = metadata.os_version.value().map_or("", OsVersion::as_str);
    let known = set.data().distributions.get(distro.as_str());
    let expected = || format!("{} {version}", known.map_or(distro.as_str(), |known| known.name.as_str()));
    let wrong = |message: String| Some(Violation::both(message, expected(), name.to_owned()));
    let rest = match (set.data().distributions.named(name), known) {
        (Some((named, rest)), _) if named.id == distro.as_str() => rest,
        (Some((named, _)), _) => {
            let message = format!("the name says {}, but `os_distro` is `{distro}`", named.name);
            let repair = Repair::if_meant(
                format!(
                    "Which is correct, the name or the property? If the property is, rename the image to {} once no one uses it by its \
                     old name.",
                    quoted(&expected())
                ),
                "the name is",
                change("os_distro", named.id.clone()),
            );
            return wrong(message).map(|wrong| wrong.repaired_by(repair));
        }
        (None, Some(_)) => {
            return wrong(format!("the name does not begin with the distribution, `{distro}`"));
        }
        // For an unknown distribution, its name is the words before the first number.
        (None, None) => name.find(|letter: char| letter.is_ascii_digit()).map_or("", |at| &name[at..]),
    };
    let word = rest.split([' ', '-', '_']).next().unwrap_or_default();
    // The standard writes `Ubuntu 20.04`.
    let head = name.get(..name.len().saturating_sub(rest.len())).unwrap_or_default();
    let spelled =
        head.ends_with(' ') && (known.is_none() || head.contains(|letter: char| letter.is_uppercase()));
    if !rest.is_empty() && !spelled {
        return wrong("the name is not the distribution, a space and the version".to_owned());
    }
    if version.is_empty() || word == version {
        return None;
    }
    let patch_level = word.strip_prefix(version).is_some_and(|rest| rest.starts_with('.'));
    let numbered = known.is_none_or(|known| known.numbered);
    match (patch_level, word.starts_with(|first: char| first.is_ascii_digit())) {
        (true, _) => wrong(format!("the name has the patch level {word} instead of the version {version}")),
        (false, true) => {
            wrong(format!("the name says version {word}, but `os_version` is {}", quoted(version)))
        }
        (false, false) if numbered => wrong(format!("the version {version} is missing from the name")),
        (false, false) => None,
    }
}

fn old_image(set: &ImageSet, rec: &mut Rec<'_>) {
    super::judge::report_unreadable(set, rec);
    let at = |index: usize| set.images().get(index).map(CheckedImage::label).unwrap_or_default();
    // Two images built on the same day cannot have the same name.
    let mut names: HashSet<String> = HashSet::new();
    for (index, image) in set.images().iter().enumerate().filter(|(_, image)| image.is_offered()) {
        let Some(name) = image.name() else { continue };
        let (base, suffix) = (image.base_name().unwrap_or(name), image.suffix());
        let dated = image.built().map(|built| format!("{base} {}", built.date().strftime("%Y%m%d")));
        let expected = || dated.clone().unwrap_or_else(|| format!("{base} YYYYMMDD"));
        let wrong = |message: String| Violation::both(message, expected(), name.to_owned());
        if let NameSuffix::Dated(date) = suffix {
            if let Some(built) = image.built().filter(|built| built.date() != date) {
                let mut ways = vec![(
                    "the name is".to_owned(),
                    vec![change(ImageKey::ImageBuildDate.name(), date.to_string())],
                )];
                if let Some(dated) = dated.clone().filter(|dated| set.last_named(dated).is_none()) {
                    ways.push(("the property is".to_owned(), vec![change("name", dated)]));
                }
                let otherwise = if ways.len() == 1 {
                    " If the property is, rename the image: another one has the name with that date."
                } else {
                    ""
                };
                let question = format!("Which is correct, the name or `image_build_date`?{otherwise}");
                wrong(format!("the date in the name, {date}, differs from the build date, {built}"))
                    .repaired_by(Repair::Choose(question, ways))
                    .record(rec, image);
            }
            continue;
        }
        if image.is_hidden() {
            continue;
        }
        let Some(newer) = set.replacement(index) else { continue };
        let other = set.images().get(newer).and_then(|newer| different_system(image, newer));
        let newer = quoted(&at(newer));
        let free =
            dated.clone().filter(|dated| set.last_named(dated).is_none() && names.insert(dated.clone()));
        let rename = free.map(|dated| {
            ("it should, with its build date in the name".to_owned(), vec![change("name", dated)])
        });
        let hide = change("os_hidden", "true");
        let (message, repair) = match suffix {
            // The name then refers to the other one.
            NameSuffix::None => (
                format!("replaced by {newer}, but still listed under the same name"),
                Repair::Safe(vec![hide]),
            ),
            NameSuffix::Marked => (
                format!("replaced by {newer}; the name marks it as old, but lacks the build date"),
                retire(hide, rename),
            ),
            NameSuffix::OddlyDated(_) => (
                format!("replaced by {newer}; the build date in the name has the wrong format"),
                retire(hide, rename),
            ),
            NameSuffix::Patched => (
                format!("replaced by {newer}; the name has a patch level instead of the build date"),
                retire(hide, rename),
            ),
            NameSuffix::Dated(_) => continue,
        };
        let repair = other.map_or(repair, |key| rename_one(key, &newer));
        wrong(message).repaired_by(repair).record(rec, image);
    }
}

/// The property that shows that a newer image of the same name does not replace an image: they are different systems.
fn different_system(image: &CheckedImage, newer: &CheckedImage) -> Option<ImageKey> {
    let (one, other) = (image.metadata(), newer.metadata());
    if one.architecture != other.architecture {
        Some(ImageKey::Architecture)
    } else if one.os_distro != other.os_distro {
        Some(ImageKey::OsDistro)
    } else if one.os_version != other.os_version && image.suffix() != NameSuffix::Patched {
        Some(ImageKey::OsVersion)
    } else {
        None
    }
}

/// The advice for two images with the same name, of which none replaces the other.
fn rename_one(key: ImageKey, newer: &str) -> Repair {
    Repair::Advice(format!(
        "{newer} has another `{key}`, so it does not replace this image; give one of them another name, or correct `{key}`"
    ))
}

/// The ways to retire an image with its own name, by which it may be in use.
fn retire(hide: Change, rename: Option<(String, Vec<Change>)>) -> Repair {
    let ways = rename
        .into_iter()
        .chain([("it should not: users find it by its UUID only".to_owned(), vec![hide])])
        .collect();
    Repair::Choose(
        "Should the image stay in the list? Its UUID does not change. If anyone still uses it by its name, have them switch first."
            .to_owned(),
        ways,
    )
}

fn oldgeneric(set: &ImageSet, rec: &mut Rec<'_>) {
    let key = ImageKey::OsPurpose;
    super::judge::report_unreadable(set, rec);
    if !set.format().carries(key) {
        super::judge::record_not_carried(set, rec, key);
        return;
    }
    for (index, image) in set.images().iter().enumerate().filter(|(_, image)| image.is_offered()) {
        let marked = image.is_hidden() || image.suffix() != NameSuffix::None;
        let generic = image.metadata().os_purpose.value() == Some(&OsPurpose::Generic);
        if !generic {
            continue;
        }
        let Some(newer) = set.replacement(index).and_then(|newer| set.images().get(newer)) else { continue };
        // Two images with the same name and build are reported by another rule.
        if !marked && newer.built() <= image.built() {
            continue;
        }
        let repair = match different_system(image, newer) {
            None => Repair::Safe(vec![change("os_purpose", "oldgeneric")]),
            Some(key) => rename_one(key, &quoted(&newer.label())),
        };
        let message = format!("replaced by {}, but `os_purpose` is still `generic`", quoted(&newer.label()));
        if image.is_hidden() {
            super::judge::warn(
                rec,
                image,
                format!("{message} (only recommended, since the image is hidden)"),
                repair,
            );
        } else {
            Violation::both(message, "oldgeneric".to_owned(), actual(image, key))
                .repaired_by(repair)
                .record(rec, image);
        }
    }
}
