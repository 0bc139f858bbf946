//! Likely values of missing properties, and which of them are safe to set.

use std::borrow::Cow;
use std::collections::HashMap;

use scs_standards::Change;
use scs_standards::subject::ImageKey;

use super::judge::{Repair, stored_text};
use super::technical::is_numeric;
use crate::commands::set as change;
use crate::family::NameSuffix;
use crate::property::{Invalid, Property};
use crate::set::{CheckedImage, ImageSet};
use crate::values::{OsDistro, OsPurpose, Visibility};

/// The distribution, version and architecture of an image.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct SystemName([String; 3]);

/// The number of generic images of each system after all safe changes.
pub(crate) type Prospects = HashMap<SystemName, usize>;

/// The id of the distribution that the name begins with.
pub(crate) fn distro_by_name(set: &ImageSet, image: &CheckedImage) -> Option<String> {
    set.data().distributions.named(image.name()?).map(|(known, _)| known.id.clone())
}

/// The version after the name of a distribution.
pub(crate) fn version_by_name(set: &ImageSet, image: &CheckedImage) -> Option<String> {
    let (_, rest) = set.data().distributions.named(image.name()?)?;
    rest.split(' ').next().filter(|version| is_numeric(version)).map(str::to_owned)
}

/// The distribution that a synonym or another spelling stands for.
fn distro_meant(set: &ImageSet, given: &str) -> Option<String> {
    let folded = given.trim().to_lowercase();
    let spelled =
        || folded.parse::<OsDistro>().ok().filter(|_| folded != given).map(|distro| distro.to_string());
    set.data().openstack.certain(ImageKey::OsDistro, given).or_else(spelled)
}

/// The fix for a missing or invalid `os_distro`.
pub(super) fn distro(set: &ImageSet, image: &CheckedImage) -> Repair {
    let given = stored_text(image, ImageKey::OsDistro).unwrap_or_default();
    let given = given.trim();
    let to = |distro: &str| change("os_distro", distro);
    let near = || set.data().openstack.meant(ImageKey::OsDistro, given);
    match (distro_meant(set, given), distro_by_name(set, image)) {
        (Some(meant), Some(named)) if meant != named => Repair::Choose(
            "Which is correct, the property or the name? If neither is, set the right distribution."
                .to_owned(),
            vec![
                (format!("the property, `{meant}`"), vec![to(&meant)]),
                (format!("the name, `{named}`"), vec![to(&named)]),
            ],
        ),
        (Some(meant), _) => set.identified(image, to(&meant)),
        (None, Some(named)) if given.is_empty() || near().as_ref() == Some(&named) => {
            set.identified(image, to(&named))
        }
        (None, Some(named)) => Repair::if_meant(
            format!("Is it {named}, as the name says? Otherwise set the right distribution."),
            "it is",
            to(&named),
        ),
        (None, None) => near().map_or(Repair::None, |near| {
            Repair::if_meant(
                format!("Is `{near}` meant? Otherwise set the right distribution."),
                "it is",
                to(&near),
            )
        }),
    }
}

/// The purpose suggested by name and source.
pub(super) fn purpose(set: &ImageSet, image: &CheckedImage) -> Option<OsPurpose> {
    let name = image.name()?;
    if set.data().standard_images.capi().name_scheme.matches(name) {
        return Some(OsPurpose::K8snode);
    }
    let (base, suffix) = (image.base_name().unwrap_or(name), image.suffix());
    let (distribution, rest) = set.data().distributions.named(base)?;
    let source = image.metadata().image_source.value()?.to_string();
    let words: Vec<&str> = rest.split(' ').filter(|word| !word.is_empty()).collect();
    match words.as_slice() {
        [_] if !distribution.made(&source) => None,
        [_] if suffix == NameSuffix::None && !image.is_hidden() => Some(OsPurpose::Generic),
        [_] => Some(OsPurpose::Oldgeneric),
        [_, feature] if feature.eq_ignore_ascii_case("minimal") => Some(OsPurpose::Minimal),
        _ => None,
    }
}

/// The system of which an image will be a generic image after a change and all safe changes; `None` if it
/// will not be generic.
fn prospect(set: &ImageSet, image: &CheckedImage, made: Option<&Change>) -> Option<SystemName> {
    let metadata = image.metadata();
    let changed = |key: ImageKey| {
        made.filter(|change| change.property == key.name()).and_then(|change| change.value.clone())
    };
    let community = metadata.visibility.value() == Some(&Visibility::Community);
    if !image.is_visible() || (community && !set.options().unique_in_community) {
        return None;
    }
    let generic = match changed(ImageKey::OsPurpose) {
        Some(purpose) => purpose == OsPurpose::Generic.name(),
        None => match &metadata.os_purpose {
            Property::Is(purpose) => *purpose == OsPurpose::Generic,
            _ => purpose(set, image) == Some(OsPurpose::Generic),
        },
    };
    if !generic {
        return None;
    }
    let given = |key| stored_text(image, key).map(Cow::into_owned).filter(|text| !text.trim().is_empty());
    let distro = changed(ImageKey::OsDistro).or_else(|| match &metadata.os_distro {
        Property::Is(distro) => Some(
            set.data()
                .openstack
                .certain(ImageKey::OsDistro, distro.as_str())
                .unwrap_or_else(|| distro.to_string()),
        ),
        Property::Absent | Property::Invalid(Invalid::Empty) => distro_by_name(set, image),
        Property::Invalid(_) => {
            let given = given(ImageKey::OsDistro)?;
            distro_meant(set, &given).or_else(|| distro_by_name(set, image)).or(Some(given))
        }
    })?;
    let version = changed(ImageKey::OsVersion)
        .or_else(|| given(ImageKey::OsVersion))
        .or_else(|| version_by_name(set, image))?;
    let architecture = changed(ImageKey::Architecture)
        .or_else(|| {
            let given = given(ImageKey::Architecture)?;
            Some(set.data().openstack.certain(ImageKey::Architecture, &given).unwrap_or(given))
        })
        .unwrap_or_default();
    Some(SystemName([distro, version, architecture]))
}

/// The number of generic images of each system after all safe changes.
pub(crate) fn prospects(set: &ImageSet) -> Prospects {
    let mut prospects = Prospects::new();
    for system in set.images().iter().filter_map(|image| prospect(set, image, None)) {
        *prospects.entry(system).or_default() += 1;
    }
    prospects
}

/// The fix by a change of system or purpose: it is safe only if no other generic
/// image will have the same system.
pub(crate) fn identified(
    set: &ImageSet,
    prospects: &Prospects,
    image: &CheckedImage,
    made: Change,
) -> Repair {
    let Some(system) = prospect(set, image, Some(&made)) else { return Repair::Safe(vec![made]) };
    let own = usize::from(prospect(set, image, None).as_ref() == Some(&system));
    if prospects.get(&system).copied().unwrap_or(0) > own {
        let [distro, version, _] = &system.0;
        return Repair::if_meant(
            format!(
                "It will be one of several generic images of {distro} {version}. Is that correct? Otherwise set another `os_purpose`, too."
            ),
            "it is",
            made,
        );
    }
    Repair::Safe(vec![made])
}
