//! Standard images by the lists of scs-0104-v1, and the lists themselves.

use scs_standards::roles::{MEMBER, PRIVILEGED};
use scs_standards::subject::ImageKey;
use scs_standards::{
    CLOUD, Heading, Judgment, Level, Profile, Rule, Severity, Split, Verdict, is_vacuous, judge,
};

use super::documents::IMAGES_V1;
use super::judge::{LIST, Rec, Violation, actual, by_text, quoted, record_not_carried, report_unreadable};
use crate::checked_image::CheckedImage;
use crate::data::{ImageStatus, NameScheme, StandardList};
use crate::set::ImageSet;
use crate::sources::ImageFormat;
use crate::values::ImageSource;

const YAML: Heading = Heading { documents: IMAGES_V1, section: "Standard images YAML" };
const SINGLE: Heading = Heading { documents: IMAGES_V1, section: "Image specification, single image" };
const CLASS: Heading = Heading { documents: IMAGES_V1, section: "Image specification, class of images" };

pub(super) static RULES: &[Rule<ImageSet>] = &[
    SINGLE.case("scs-0104-image-ubuntu-2404", Level::Must, "there is an image `Ubuntu 24.04`", presence),
    SINGLE.case("scs-0104-image-ubuntu-2204", Level::Must, "there is an image `Ubuntu 22.04`", presence),
    SINGLE.case("scs-0104-image-debian-13", Level::Should, "there is an image `Debian 13`", presence),
    SINGLE.case("scs-0104-image-debian-12", Level::Should, "there is an image `Debian 12`", presence),
    CLASS.case(
        "scs-0104-image-capi-1",
        Level::Should,
        "there is an image named like `ubuntu-capi-image v1.30`",
        presence,
    ),
    CLASS.case(
        "scs-0104-image-capi-2",
        Level::Should,
        "there is an image named like `ubuntu-capi-image-v1.30`",
        presence,
    ),
    SINGLE.case(
        "scs-0104-source-ubuntu-2404",
        Level::Must,
        "`Ubuntu 24.04` comes from Ubuntu's images of noble",
        source,
    ),
    SINGLE.case(
        "scs-0104-source-ubuntu-2204",
        Level::Must,
        "`Ubuntu 22.04` comes from Ubuntu's images of jammy",
        source,
    ),
    SINGLE.case(
        "scs-0104-source-ubuntu-2004",
        Level::Must,
        "`Ubuntu 20.04` comes from Ubuntu's images of focal",
        source,
    ),
    SINGLE.case(
        "scs-0104-source-debian-13",
        Level::Must,
        "`Debian 13` comes from Debian's images of trixie",
        source,
    ),
    SINGLE.case(
        "scs-0104-source-debian-12",
        Level::Must,
        "`Debian 12` comes from Debian's images of bookworm",
        source,
    ),
    SINGLE.case(
        "scs-0104-source-debian-11",
        Level::Must,
        "`Debian 11` comes from Debian's images of bullseye",
        source,
    ),
    SINGLE.rule(
        "scs-0104-source-debian-10",
        Level::Must,
        "`Debian 10` comes from Debian's images of buster",
        source,
    ),
    CLASS.case(
        "scs-0104-source-capi-1",
        Level::Must,
        "images named like `ubuntu-capi-image v1.30` come from the official source",
        source,
    ),
    CLASS.case(
        "scs-0104-source-capi-2",
        Level::Must,
        "images named like `ubuntu-capi-image-v1.30` come from the official source",
        source,
    ),
    Heading { documents: IMAGES_V1, section: "Uploading custom images" }
        .rule("scs-0104-upload", Level::Must, "ordinary users may upload images", upload)
        .asking("the roles that may upload images, including `member` if ordinary users may", "[member]"),
    YAML.rule(
        "scs-0104-yaml-shape",
        Level::Must,
        "a list of standard images has the format defined by the standard",
        yaml_shape,
    ),
    Heading { documents: IMAGES_V1, section: "YAML lifecycle" }.rule(
        "scs-0104-yaml-frozen",
        Level::Must,
        "changes to a list that can break existing clouds are made in a new file",
        yaml_frozen,
    ),
    YAML.rule(
        "scs-0104-yaml-images",
        Level::Must,
        "the images of a given list exist and come from its sources",
        yaml_images,
    ),
];

/// The images with a name or of a class, by one profile.
fn matching<'s>(
    set: &'s ImageSet,
    name: &'s str,
    scheme: Option<&'s NameScheme>,
    profile: Profile,
) -> Vec<&'s CheckedImage> {
    match (scheme, profile) {
        (None, Profile::Text) => set
            .family(name)
            .map(|(_, image)| image)
            .filter(|image| image.is_offered() && image.name() == Some(name))
            .collect(),
        (None, Profile::Official) => set.last_named(name).into_iter().collect(),
        (Some(scheme), profile) => set
            .offered()
            .filter(|image| {
                image.name().is_some_and(|name| match profile {
                    Profile::Text => scheme.matches(name),
                    // The suite uses the last image of each name.
                    Profile::Official => {
                        scheme.matches_start(name)
                            && set.last_named(name).is_some_and(|last| std::ptr::eq(last, *image))
                    }
                })
            })
            .collect(),
    }
}

fn presence(set: &ImageSet, rec: &mut Rec<'_>) {
    // An unreadable entry may be the missing image.
    let complete = report_unreadable(set, rec) || !by_text(rec);
    let Some(standard) = set.data().standard_images.by_presence(rec.rule().id) else {
        rec.dnf(LIST, "the image is missing from the data in use");
        return;
    };
    let images = |profile| matching(set, &standard.name, standard.name_scheme.as_ref(), profile);
    // An image without data, or a deactivated one, cannot be used to start servers.
    let (by_text_there, unusable): (Vec<_>, Vec<_>) =
        images(Profile::Text).into_iter().partition(|image| image.is_usable());
    // The lists of the text; if none has it, only the suite requires it.
    let asked = standard
        .status
        .iter()
        .any(|(list, status)| *list != StandardList::Suite && *status != ImageStatus::Optional);
    let text = if by_text_there.is_empty() && asked { Verdict::Fail } else { Verdict::Pass };
    let officially_there = images(Profile::Official);
    let official = if officially_there.is_empty() { Verdict::Fail } else { Verdict::Pass };
    let missing = by_text_there.is_empty() || officially_there.is_empty();
    if missing && (is_one_image(set, rec) || !complete) {
        return;
    }
    let what = standard
        .name_scheme
        .as_ref()
        .map_or_else(|| format!("`{}`", standard.name), |it| format!("`{}`", it.as_str()));
    if text == Verdict::Pass && official == Verdict::Pass {
        if by_text(rec) && !by_text_there.is_empty() && by_text_there.iter().all(|image| image.is_hidden()) {
            rec.warn(LIST, format!("{what} is hidden, so users cannot find it by name"));
        }
        return;
    }
    let message = match (&standard.name_scheme, unusable.first()) {
        (_, Some(image)) => format!(
            "{} is {}, so no server can be started from it",
            quoted(&image.label()),
            image.unusable_reason().unwrap_or("not active")
        ),
        (Some(_), None) => format!("no image name matches {what}"),
        (None, None) => format!("no image {what}"),
    };
    let near = near(set, &standard.name, standard.name_scheme.as_ref());
    let message = match near.as_str() {
        near if !near.is_empty() && unusable.is_empty() => format!("{message}; {near}"),
        _ => message,
    };
    let expected = format!("an image {what}");
    let entry = if text == official {
        rec.fail(LIST, message)
    } else {
        let difference = match (unusable.is_empty(), asked) {
            (false, true) => "official-presence",
            (true, true) => "C-052",
            (_, false) => "C-051",
        };
        rec.split(Split { text, official, difference }, LIST, message)
    };
    entry.compared(expected, unusable.first().and_then(|image| image.unusable_reason()).unwrap_or("none"));
}

/// Whether the source is a single image, so that nothing is known about others; records a MISS.
pub(super) fn is_one_image(set: &ImageSet, rec: &mut Rec<'_>) -> bool {
    let one = set.format() == ImageFormat::Show && set.images().len() <= 1;
    if one {
        rec.miss(
            LIST,
            "this is a single image; export all of them (`GET /v2/images`) to check which are missing",
        );
    }
    one
}

/// Names similar to a missing one.
fn near(set: &ImageSet, name: &str, scheme: Option<&NameScheme>) -> String {
    let close = |image: &&CheckedImage| {
        image.name().is_some_and(|other| match scheme {
            Some(scheme) => scheme.matches_start(other),
            None => other.eq_ignore_ascii_case(name) || crate::name_suffix::split_name(other).0 == name,
        })
    };
    let names: Vec<String> =
        set.offered().filter(close).take(3).map(|image| format!("`{}`", image.label())).collect();
    if names.is_empty() { String::new() } else { format!("similar: {}", names.join(", ")) }
}

fn source(set: &ImageSet, rec: &mut Rec<'_>) {
    report_unreadable(set, rec);
    let Some(standard) = set.data().standard_images.by_origin(rec.rule().id) else {
        rec.dnf(LIST, "the image is missing from the data in use");
        return;
    };
    let scheme = standard.name_scheme.as_ref();
    let listed = standard.status.keys().any(|list| *list != StandardList::Suite);
    let in_suite = standard.status.contains_key(&StandardList::Suite);
    let by_text_there = matching(set, &standard.name, scheme, Profile::Text);
    let official_there = matching(set, &standard.name, scheme, Profile::Official);
    if by_text_there.is_empty() && official_there.is_empty() {
        return;
    }
    let all: Vec<&CheckedImage> = set
        .offered()
        .filter(|image| {
            [&by_text_there, &official_there]
                .iter()
                .any(|there| there.iter().any(|it| std::ptr::eq(*it, *image)))
        })
        .collect();
    if !all.is_empty() && !set.format().carries(ImageKey::ImageSource) {
        return record_not_carried(set, rec, ImageKey::ImageSource);
    }
    for image in all {
        let within = |there: &[&CheckedImage]| there.iter().any(|it| std::ptr::eq(*it, image));
        let text = within(&by_text_there) && listed;
        let official = within(&official_there) && in_suite;
        if by_text(rec) && scheme.is_some() && !within(&by_text_there) {
            let message = "by the beginning of its name, the official test suite counts it as one of this class (C-052)";
            rec.warn(image.label(), message);
        }
        let Some(wrong) = wrong_source(image, &standard.source) else { continue };
        let verdict = |asked, wrong| if asked { wrong } else { Verdict::Pass };
        let difference = match (wrong.key, listed) {
            ("", true) => "C-052",
            ("", false) => "C-051",
            (key, _) => key,
        };
        let officially = verdict(official, wrong.official);
        let wrong = Violation { text: verdict(text, wrong.text), ..wrong };
        wrong.official_verdict(officially, difference).record(rec, image);
    }
}

/// The violation of an image whose source has none of these prefixes.
pub(super) fn wrong_source(image: &CheckedImage, prefixes: &[String]) -> Option<Violation<'static>> {
    let source = image.image().text(ImageKey::ImageSource).unwrap_or_default();
    let is_within = |source: &str| prefixes.iter().any(|prefix| source.starts_with(prefix));
    let actual = || actual(image, ImageKey::ImageSource);
    let places = format!("{}…", prefixes.join("… or "));
    if is_within(source) {
        let resolved = ImageSource::resolved(source);
        if is_within(&resolved) {
            return None;
        }
        // The official suite compares literally.
        let message = format!(
            "`image_source` is {}, which resolves to {resolved}; the standard requires {places}",
            actual()
        );
        let wrong = Violation { key: "official-image-source", ..Violation::both(message, places, actual()) };
        return Some(Violation { official: Verdict::Pass, ..wrong });
    }
    let actual = actual();
    let message = format!("`image_source` is {actual}; the standard requires {places}");
    Some(Violation::both(message, places, actual))
}

/// The roles of ordinary users in Keystone, in current and earlier releases.
const ORDINARY: [&str; 2] = [MEMBER, "_member_"];

/// The role of services, which is privileged as well.
const SERVICE: &str = "service";

/// Whether a text is the name of one of these roles; Keystone ignores case.
fn is_one_of(role: &str, roles: &[&str]) -> bool {
    roles.iter().any(|known| role.trim().eq_ignore_ascii_case(known))
}

/// It is unknown whether ordinary users have other roles.
fn upload(_: &ImageSet, rec: &mut Rec<'_>) {
    judge(rec, [CLOUD], |_, value| match value.list() {
        None | Some([]) => Judgment::Unusable,
        Some(roles) if roles.iter().any(|role| is_vacuous(role)) => Judgment::Unusable,
        Some(roles) if roles.iter().any(|role| is_one_of(role, &ORDINARY)) => Judgment::Satisfies,
        Some(roles)
            if roles.iter().all(|role| is_one_of(role, &PRIVILEGED) || is_one_of(role, &[SERVICE])) =>
        {
            Judgment::Breaks("only privileged roles may upload images".to_owned())
        }
        Some(_) => Judgment::Unusable,
    });
}

/// The given list; MISS without one.
fn given<'s>(set: &'s ImageSet, rec: &mut Rec<'_>) -> Option<&'s crate::set::GivenSpecification> {
    let given = set.specification();
    if given.is_none() {
        rec.miss("standard images", "not checked: no list of standard images was supplied")
            .with_severity(Severity::Info);
    }
    given
}

fn yaml_shape(set: &ImageSet, rec: &mut Rec<'_>) {
    let Some(given) = given(set, rec) else { return };
    if let Err(errors) = &given.current {
        for error in errors {
            rec.fail("standard images", error.to_string())
                .compared("the shape of scs-0104-v1", error.problem());
        }
    }
}

fn yaml_frozen(set: &ImageSet, rec: &mut Rec<'_>) {
    let Some(given) = given(set, rec) else { return };
    match (&given.current, &given.earlier) {
        (_, None) => {
            rec.miss("standard images", "the previous list is missing");
        }
        (Ok(current), Some(Ok(earlier))) => {
            for change in current.breaks(earlier) {
                rec.fail("standard images", change).compared("a new file for such a change", "the same file");
            }
        }
        (Err(errors), _) | (_, Some(Err(errors))) => {
            let first = errors.first().map(ToString::to_string).unwrap_or_default();
            rec.dnf("standard images", format!("a list cannot be read: {first}"));
        }
    }
}

fn yaml_images(set: &ImageSet, rec: &mut Rec<'_>) {
    let Some(given) = given(set, rec) else { return };
    let Ok(specification) = &given.current else {
        rec.dnf("standard images", "the list is invalid");
        return;
    };
    let complete = report_unreadable(set, rec);
    for entry in specification.entries() {
        let images = matching(set, &entry.name, entry.name_scheme.as_ref(), Profile::Text);
        let what = entry.name_scheme.as_ref().map_or(entry.name.as_str(), NameScheme::as_str);
        if !images.iter().any(|image| image.is_usable()) {
            match entry.status {
                _ if !complete => {}
                ImageStatus::Mandatory => {
                    let state = images.first().and_then(|image| image.unusable_reason());
                    let message = match state {
                        Some(state) => format!("the mandatory image `{what}` is {state}"),
                        None => format!("the mandatory image `{what}` is missing"),
                    };
                    rec.fail(LIST, message).compared(what, state.unwrap_or("none"));
                }
                ImageStatus::Recommended => {
                    rec.warn(LIST, format!("the recommended image `{what}` is missing"));
                }
                ImageStatus::Optional => {}
            }
        }
        if !images.is_empty() && !set.format().carries(ImageKey::ImageSource) {
            record_not_carried(set, rec, ImageKey::ImageSource);
            continue;
        }
        for image in images {
            if let Some(wrong) = wrong_source(image, &entry.source) {
                wrong.record(rec, image);
            }
        }
    }
}
