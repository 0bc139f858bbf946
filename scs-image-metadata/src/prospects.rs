//! Likely values of missing properties, and how many generic images of a system there will be with them.

use std::borrow::Cow;
use std::collections::HashMap;

use scs_standards::Change;
use scs_standards::subject::ImageKey;

use crate::checked_image::CheckedImage;
use crate::data::ImageData;
use crate::fix::Repair;
use crate::name_suffix::NameSuffix;
use crate::options::ImageOptions;
use crate::property::{Invalid, Property};
use crate::values::{OsDistro, OsPurpose, Visibility};

/// The distribution, version and architecture of an image.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct SystemName([String; 3]);

/// The number of generic images of each system after all safe changes.
pub(crate) type Prospects = HashMap<SystemName, usize>;

/// The id of the distribution that the name begins with.
pub(crate) fn distro_by_name(data: &ImageData, image: &CheckedImage) -> Option<String> {
    data.distributions.named(image.name()?).map(|(known, _)| known.id.clone())
}

/// The version after the name of a distribution.
pub(crate) fn version_by_name(data: &ImageData, image: &CheckedImage) -> Option<String> {
    let (_, rest) = data.distributions.named(image.name()?)?;
    rest.split(' ').next().filter(|version| is_numeric(version)).map(str::to_owned)
}

/// The distribution that a synonym or another spelling stands for.
pub(crate) fn distro_meant(data: &ImageData, given: &str) -> Option<String> {
    let folded = given.trim().to_lowercase();
    let spelled =
        || folded.parse::<OsDistro>().ok().filter(|_| folded != given).map(|distro| distro.to_string());
    data.openstack.certain(ImageKey::OsDistro, given).or_else(spelled)
}

/// The purpose suggested by name and source.
pub(crate) fn purpose(data: &ImageData, image: &CheckedImage) -> Option<OsPurpose> {
    let name = image.name()?;
    if data.standard_images.capi().name_scheme.matches(name) {
        return Some(OsPurpose::K8snode);
    }
    let (base, suffix) = (image.base_name().unwrap_or(name), image.suffix());
    let (distribution, rest) = data.distributions.named(base)?;
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
fn prospect(
    (data, options): (&ImageData, ImageOptions),
    image: &CheckedImage,
    made: Option<&Change>,
) -> Option<SystemName> {
    let metadata = image.metadata();
    let changed = |key: ImageKey| {
        made.filter(|change| change.property == key.name()).and_then(|change| change.value.clone())
    };
    let community = metadata.visibility.value() == Some(&Visibility::Community);
    if !image.is_visible() || (community && !options.unique_in_community) {
        return None;
    }
    let generic = match changed(ImageKey::OsPurpose) {
        Some(purpose) => purpose == OsPurpose::Generic.name(),
        None => match &metadata.os_purpose {
            Property::Is(purpose) => *purpose == OsPurpose::Generic,
            _ => purpose(data, image) == Some(OsPurpose::Generic),
        },
    };
    if !generic {
        return None;
    }
    let given = |key| image.stored_text(key).map(Cow::into_owned).filter(|text| !text.trim().is_empty());
    let distro = changed(ImageKey::OsDistro).or_else(|| match &metadata.os_distro {
        Property::Is(distro) => Some(
            data.openstack.certain(ImageKey::OsDistro, distro.as_str()).unwrap_or_else(|| distro.to_string()),
        ),
        Property::Absent | Property::Invalid(Invalid::Empty) => distro_by_name(data, image),
        Property::Invalid(_) => {
            let given = given(ImageKey::OsDistro)?;
            distro_meant(data, &given).or_else(|| distro_by_name(data, image)).or(Some(given))
        }
    })?;
    let version = changed(ImageKey::OsVersion)
        .or_else(|| given(ImageKey::OsVersion))
        .or_else(|| version_by_name(data, image))?;
    let architecture = changed(ImageKey::Architecture)
        .or_else(|| {
            let given = given(ImageKey::Architecture)?;
            Some(data.openstack.certain(ImageKey::Architecture, &given).unwrap_or(given))
        })
        .unwrap_or_default();
    Some(SystemName([distro, version, architecture]))
}

/// The number of generic images of each system after all safe changes.
pub(crate) fn prospects(images: &[CheckedImage], data: &ImageData, options: ImageOptions) -> Prospects {
    let mut prospects = Prospects::new();
    for system in images.iter().filter_map(|image| prospect((data, options), image, None)) {
        *prospects.entry(system).or_default() += 1;
    }
    prospects
}

/// The fix by a change of system or purpose: it is safe only if no other generic
/// image will have the same system.
pub(crate) fn identified(
    prospects: &Prospects,
    given: (&ImageData, ImageOptions),
    image: &CheckedImage,
    made: Change,
) -> Repair {
    let Some(system) = prospect(given, image, Some(&made)) else { return Repair::Safe(vec![made]) };
    let own = usize::from(prospect(given, image, None).as_ref() == Some(&system));
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

/// Digits and periods.
pub(crate) fn is_numeric(version: &str) -> bool {
    version.split('.').all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}
