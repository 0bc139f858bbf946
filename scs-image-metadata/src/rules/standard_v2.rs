//! Standard images by property and release calendar (scs-0104-v2, a draft).

use scs_standards::subject::ImageKey;
use scs_standards::{FactList, Heading, Hint, Level, Rule};

use super::documents::IMAGES_V2;
use super::judge::{LIST, Rec, Violation, actual, each, quoted, relevant_images};
use super::standard_v1::{is_one_image, wrong_source};
use crate::checked_image::CheckedImage;
use crate::commands::set as change;
use crate::data::Release;
use crate::fix::Repair;
use crate::set::ImageSet;
use crate::values::{ImageSource, OsPurpose};

const SOURCES: Heading = Heading { documents: IMAGES_V2, section: "Mandatory image sources" };
const PRESENCE: Heading = Heading { documents: IMAGES_V2, section: "Mandatory and recommended images" };

pub(super) static RULES: &[Rule<ImageSet>] = &[
    PRESENCE.rule(
        "scs-0104-v2-ubuntu-latest",
        Level::Must,
        "there is a generic image of the latest Ubuntu LTS, by 30 April of its year",
        |set, rec| present(set, rec, "ubuntu", 0),
    ),
    PRESENCE.rule(
        "scs-0104-v2-ubuntu-previous",
        Level::Should,
        "there is a generic image of the previous Ubuntu LTS",
        |set, rec| present(set, rec, "ubuntu", 1),
    ),
    PRESENCE.rule(
        "scs-0104-v2-debian-latest",
        Level::Should,
        "there is a generic image of the latest stable Debian, within a month of its release",
        |set, rec| present(set, rec, "debian", 0),
    ),
    PRESENCE.rule(
        "scs-0104-v2-debian-previous",
        Level::Should,
        "there is a generic image of the previous stable Debian",
        |set, rec| present(set, rec, "debian", 1),
    ),
    SOURCES.rule(
        "scs-0104-v2-source-debian",
        Level::Must,
        "generic images of Debian come from Debian's images of their codename",
        |set, rec| source(set, rec, "debian"),
    ),
    SOURCES.rule(
        "scs-0104-v2-source-ubuntu",
        Level::Must,
        "generic images of Ubuntu come from Ubuntu's images of their codename",
        |set, rec| source(set, rec, "ubuntu"),
    ),
    SOURCES.rule(
        "scs-0104-v2-source-vendor",
        Level::Should,
        "all other generic images come from their vendors",
        vendor,
    ),
    SOURCES.rule(
        "scs-0104-v2-capi-source",
        Level::Must,
        "images named like `ubuntu-capi-image-v1.30` or `ubuntu-capi-image v1.30` come from the official source",
        |set, rec| {
            capi(set, rec, ImageKey::ImageSource, |set, image| {
                wrong_source(image, &set.data().standard_images.capi().source)
            });
        },
    ),
    SOURCES.rule(
        "scs-0104-v2-capi-purpose",
        Level::Must,
        "the same images have the `os_purpose` k8snode",
        |set, rec| {
            capi(set, rec, ImageKey::OsPurpose, |set, image| {
                exactly(image, ImageKey::OsPurpose, &set.data().standard_images.capi().purpose)
            });
        },
    ),
    SOURCES.rule(
        "scs-0104-v2-capi-description",
        Level::Must,
        "the same images have the `image_description` https://github.com/osism/k8s-capi-images",
        |set, rec| {
            capi(set, rec, ImageKey::ImageDescription, |set, image| {
                exactly(image, ImageKey::ImageDescription, &set.data().standard_images.capi().description)
            });
        },
    ),
    PRESENCE.rule(
        "scs-0104-v2-capi-present",
        Level::Should,
        "there is an image named like `ubuntu-capi-image-v1.30`",
        capi_present,
    ),
    PRESENCE.rule(
        "scs-0104-v2-name",
        Level::May,
        "generic images are named after distribution and version",
        name,
    ),
];

/// The generic images of a distribution.
fn generic<'s>(set: &'s ImageSet, distro: &'s str) -> impl Iterator<Item = &'s CheckedImage> {
    set.offered().filter(move |image| {
        let metadata = image.metadata();
        metadata.os_purpose.value() == Some(&OsPurpose::Generic)
            && metadata.os_distro.value().is_some_and(|known| known.as_str() == distro)
    })
}

fn present(set: &ImageSet, rec: &mut Rec<'_>, distro: &'static str, back: usize) {
    let keys = [ImageKey::OsPurpose, ImageKey::OsDistro, ImageKey::OsVersion];
    // An unreadable entry may be the missing image.
    let complete = set.broken().is_empty();
    if relevant_images(set, rec, &keys).next().is_none() && keys.iter().any(|key| !set.format().carries(*key))
    {
        return;
    }
    let releases = &set.data().releases;
    let today = rec.context().date();
    let Some(calendar) = releases.of(distro) else {
        rec.dnf(LIST, format!("`{distro}` is missing from the release calendar"));
        return;
    };
    if today > releases.complete_until {
        let message = format!(
            "the release calendar is from {} and may lack releases after {}",
            releases.as_of, releases.complete_until
        );
        rec.dnf(LIST, message).hinting(Hint::Facts(FactList::DistributionReleases));
        return;
    }
    // Until it is due, the newest may be missing, and then the ones before it are the latest and the previous.
    let newest: Vec<&Release> = calendar.out(today).collect();
    let due = calendar.due(today);
    let is_there = |release: &Release| {
        generic(set, distro).any(|image| {
            image.is_current()
                && image
                    .metadata()
                    .os_version
                    .value()
                    .is_some_and(|version| version.as_str() == release.version)
        })
    };
    let latest = newest
        .iter()
        .position(|release| is_there(release))
        .filter(|found| {
            due.is_none_or(|due| newest.get(*found).is_some_and(|found| found.released >= due.released))
        })
        .or_else(|| newest.iter().position(|release| due.is_some_and(|due| due.version == release.version)));
    let Some(wanted) = latest.and_then(|latest| newest.get(latest + back)) else {
        rec.dnf(LIST, format!("the release calendar has no such release of {} on {today}", calendar.name))
            .hinting(Hint::Facts(FactList::DistributionReleases));
        return;
    };
    if !is_there(wanted) && complete && !is_one_image(set, rec) {
        let there: Vec<String> =
            generic(set, distro).map(|image| format!("`{}`", image.label())).take(5).collect();
        let there = if there.is_empty() { "none".to_owned() } else { there.join(", ") };
        let message =
            format!("no generic image of {} {} ({})", calendar.name, wanted.version, wanted.codename);
        rec.fail(LIST, message).compared(
            format!("os_distro={distro}, os_version={}, os_purpose=generic", wanted.version),
            format!("generic images of {}: {there}", calendar.name),
        );
    }
}

fn source(set: &ImageSet, rec: &mut Rec<'_>, distro: &'static str) {
    let keys = [ImageKey::OsPurpose, ImageKey::ImageSource];
    if relevant_images(set, rec, &keys).next().is_none() {
        return;
    }
    let Some(forms) = set.data().standard_images.generic(distro) else {
        rec.dnf(LIST, format!("the sources of {distro} images are missing from the data in use"));
        return;
    };
    for image in generic(set, distro) {
        let version = actual(image, ImageKey::OsVersion);
        if let Some(release) = set.data().releases.release(distro, &version) {
            let prefixes: Vec<String> = forms.of(&release.codename).collect();
            if let Some(wrong) = wrong_source(image, &prefixes) {
                wrong.record(rec, image);
            }
        } else {
            let message = format!(
                "the release calendar (from {}) has no {distro} {}, so its codename is unknown",
                set.data().releases.as_of,
                quoted(&version)
            );
            rec.dnf(image.label(), message).hinting(Hint::Facts(FactList::DistributionReleases));
        }
    }
}

fn vendor(set: &ImageSet, rec: &mut Rec<'_>) {
    for image in relevant_images(set, rec, &[ImageKey::OsPurpose, ImageKey::ImageSource, ImageKey::OsDistro])
    {
        let metadata = image.metadata();
        if metadata.os_purpose.value() != Some(&OsPurpose::Generic) {
            continue;
        }
        let Some(distro) = metadata.os_distro.value().map(crate::values::OsDistro::as_str) else { continue };
        if set.data().standard_images.generic(distro).is_some() {
            continue;
        }
        let Some(distribution) = set.data().distributions.get(distro) else {
            rec.dnf(image.label(), format!("the vendor's image sources for `{distro}` are unknown"));
            continue;
        };
        let source = actual(image, ImageKey::ImageSource);
        let made = match metadata.image_source.value() {
            Some(ImageSource::Url(url)) => distribution.made(url),
            _ => false,
        };
        if !made {
            let message = format!(
                "`image_source` is {}, which is not a source of the vendor of {}",
                quoted(&source),
                distribution.name
            );
            Violation::both(message, format!("below {}", distribution.origins.join(" or ")), source)
                .record(rec, image);
        }
    }
}

/// Judges the images for Kubernetes nodes.
fn capi<'m>(
    set: &ImageSet,
    rec: &mut Rec<'_>,
    key: ImageKey,
    judge: impl Fn(&ImageSet, &CheckedImage) -> Option<Violation<'m>>,
) {
    let scheme = &set.data().standard_images.capi().name_scheme;
    each(set, rec, &[key], |image| if scheme.matches(image.name()?) { judge(set, image) } else { None });
}

fn exactly(image: &CheckedImage, key: ImageKey, wanted: &str) -> Option<Violation<'static>> {
    let actual = actual(image, key);
    (actual != wanted).then(|| {
        let message = format!("`{key}` is {}, not `{wanted}`", quoted(&actual));
        Violation::both(message, wanted.to_owned(), actual)
            .repaired_by(Repair::Safe(vec![change(key.name(), wanted)]))
    })
}

fn capi_present(set: &ImageSet, rec: &mut Rec<'_>) {
    let complete = super::judge::report_unreadable(set, rec);
    let capi = set.data().standard_images.capi();
    let there = |scheme: &crate::data::NameScheme| {
        set.offered().find(|image| image.is_usable() && image.name().is_some_and(|name| scheme.matches(name)))
    };
    if there(&capi.recommended).is_some() {
        return;
    }
    if !complete || is_one_image(set, rec) {
        return;
    }
    // With a space instead of a dash, only the name has to change (C-054).
    let blank = there(&capi.name_scheme);
    let message = match blank {
        Some(image) => format!(
            "no image name matches `{}`; `{}` would with a dash instead of the space",
            capi.recommended.as_str(),
            image.label()
        ),
        None => format!("no image name matches `{}`", capi.recommended.as_str()),
    };
    let entry = rec.fail(LIST, message).compared("an image for Kubernetes nodes", "none");
    if let Some((image, name)) = blank.and_then(|image| Some((image, image.name()?))) {
        let repair = Repair::if_meant(
            "Does anyone use the image by the name with the space? If so, have them switch first.",
            "nobody does",
            change("name", name.replacen(" v", "-v", 1)),
        );
        if let Some(fix) = crate::commands::fix(image, repair) {
            entry.repaired_by(fix);
        }
    }
}

fn name(set: &ImageSet, rec: &mut Rec<'_>) {
    for image in relevant_images(set, rec, &[ImageKey::OsPurpose, ImageKey::OsDistro, ImageKey::OsVersion]) {
        let metadata = image.metadata();
        let (Some(OsPurpose::Generic), Some(distro), Some(version), Some(name)) = (
            metadata.os_purpose.value(),
            metadata.os_distro.value(),
            metadata.os_version.value(),
            image.name(),
        ) else {
            continue;
        };
        let Some(known) = set.data().distributions.get(distro.as_str()) else { continue };
        let names: Vec<String> =
            std::iter::once(&known.name).chain(&known.also).map(|it| format!("{it} {version}")).collect();
        if !names.iter().any(|known| known == name) {
            let message = format!("the recommended name of this generic image is {}", quoted(&names[0]));
            rec.fail(image.label(), message).compared(names.join(" or "), name);
        }
    }
}
