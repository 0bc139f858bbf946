//! Image origin and build info: the source of an image, and its build date.

use scs_standards::subject::{ImageKey, ImageValue, ValueRef};
use scs_standards::{Heading, Level, Rule, Verdict};

use super::documents::METADATA;
use super::judge::{
    Rec, Violation, actual, by_text, each, invalid_value, is_one_of, is_truthy, pass_if, quoted,
    relevant_images, warn,
};
use crate::checked_image::CheckedImage;
use crate::commands::set as change;
use crate::data::Distribution;
use crate::fix::Repair;
use crate::official;
use crate::property::Property;
use crate::set::ImageSet;
use crate::values::{BuildDate, ImageSource};

const ORIGIN: Heading = Heading { documents: METADATA, section: "Image Origin" };
const BUILD: Heading = Heading { documents: METADATA, section: "Image build info" };

pub(super) static RULES: &[Rule<ImageSet>] = &[
    ORIGIN.case("scs-0102-prop-image_source", Level::Must, "`image_source` is a URL with a host, or `private`", image_source),
    ORIGIN.case("scs-0102-prop-image_description", Level::Must, "`image_description` is set: a URL or text", |set, rec| {
            let key = ImageKey::ImageDescription;
            each(set, rec, &[key], |image| {
                let expected = "a URL or text that describes the image";
                let wrong = invalid_value(image, key, &image.metadata().image_description, expected, true)?;
                let official =
                    if wrong.text == Verdict::Dnf { Verdict::Dnf } else { pass_if(is_truthy(image, key)) };
                Some(wrong.official_verdict(official, "official-blank"))
            });
        }),
    ORIGIN.rule("scs-0102-tag-managed-by", Level::Should, "a tag `managed_by_…` names who manages the image", |set, rec| {
            tagged(set, rec, "managed_by_", "managed_by_VENDOR", |_| None);
        }),
    BUILD.case("scs-0102-prop-image_build_date", Level::Must, "`image_build_date` is a date, optionally with a time, neither in the future nor after the registration", build_date),
    BUILD.case("scs-0102-prop-image_original_user", Level::Must, "`image_original_user` is a login name, or `none`", original_user),
    BUILD.rule("scs-0102-patchlevel", Level::May, "`patchlevel`, if set, is text", |set, rec| {
            let key = ImageKey::Patchlevel;
            each(set, rec, &[key], |image| invalid_value(image, key, &image.metadata().patchlevel, "text", false));
        }),
    BUILD.case("scs-0102-prop-hash_algo", Level::Should, "`os_hash_algo` is sha256 or sha512, and `os_hash_value` has 64 or 128 hexadecimal digits", hash),
    BUILD.rule("scs-0102-tag-os", Level::Should, "a tag `os:…` names the operating system", |set, rec| {
            tagged(set, rec, "os:", "os:OPERATINGSYSTEM", |image| {
                image.metadata().os_distro.value().map(|distro| format!("os:{distro}"))
            });
        }),
];

fn image_source(set: &ImageSet, rec: &mut Rec<'_>) {
    let key = ImageKey::ImageSource;
    each(set, rec, &[key], |image| {
        let official = image.image().text(key).is_some_and(|source| {
            let scheme = source.find("://").and_then(|end| source.get(..end));
            source == "private"
                || scheme.is_some_and(|scheme| ["http", "https", "ftp", "ftps"].contains(&scheme))
        });
        let official = match image.image().get(key) {
            None | Some(ValueRef::Text(_)) => pass_if(official),
            Some(_) => Verdict::Dnf,
        };
        let expected = "a URL with a host, or `private`";
        if let Some(wrong) = invalid_value(image, key, &image.metadata().image_source, expected, true) {
            let official = if wrong.text == Verdict::Dnf { Verdict::Dnf } else { official };
            return Some(wrong.official_verdict(official, "official-image-source"));
        }
        (official == Verdict::Fail).then(|| {
            let message = format!(
                "`image_source` is {}, which the official test suite does not accept",
                quoted(&actual(image, key))
            );
            let mut wrong = Violation::both(
                message,
                "a URL with http, https, ftp or ftps".to_owned(),
                actual(image, key),
            );
            wrong.text = Verdict::Pass;
            wrong.official_verdict(Verdict::Fail, "official-image-source")
        })
    });
}

fn tagged(
    set: &ImageSet,
    rec: &mut Rec<'_>,
    prefix: &str,
    expected: &str,
    likely: impl Fn(&CheckedImage) -> Option<String>,
) {
    let key = ImageKey::Tags;
    let mut unknown = 0_usize;
    for image in relevant_images(set, rec, &[key]) {
        let tags = match image.image().get(key) {
            Some(ValueRef::List(tags)) => tags,
            // Printed by old clients for an empty list.
            Some(ValueRef::Text("")) => &[][..],
            Some(ValueRef::Null) | None => {
                unknown += 1;
                continue;
            }
            Some(_) => {
                rec.dnf(image.label(), format!("`tags` is {}, not a list", quoted(&actual(image, key))));
                continue;
            }
        };
        let found = tags
            .iter()
            .filter_map(ImageValue::as_text)
            .any(|tag| tag.strip_prefix(prefix).is_some_and(|rest| !rest.trim().is_empty()));
        if !found {
            let likely = likely(image);
            let expected = likely.as_deref().unwrap_or(expected);
            let message = format!("the tag `{expected}` is missing");
            let expected = expected.to_owned();
            let changes = likely.map(|tag| change("tags", tag)).into_iter().collect();
            Violation::both(message, expected, actual(image, key))
                .repaired_by(Repair::safe(changes))
                .record(rec, image);
        }
    }
    if unknown > 0 {
        rec.miss(super::judge::LIST, format!("the tags of {unknown} images are missing"));
    }
}

fn build_date(set: &ImageSet, rec: &mut Rec<'_>) {
    let key = ImageKey::ImageBuildDate;
    let now = rec.context().at;
    let registered = set.format().carries(ImageKey::CreatedAt);
    let expected = "a date such as 2026-11-30 or 2026-11-30 08:30[:00], in UTC";
    for image in relevant_images(set, rec, &[key]) {
        let metadata = image.metadata();
        let text = image.image().text(key);
        let official = official_verdict(image, now.as_second());
        let iso = text.and_then(BuildDate::from_iso);
        let (built, iso) = match (&metadata.image_build_date, iso) {
            (Property::Is(built), _) => (*built, false),
            (_, Some(built)) => (built, true),
            (property, None) => {
                if let Some(wrong) = invalid_value(image, key, property, expected, true) {
                    let official = if wrong.text == Verdict::Dnf { Verdict::Dnf } else { official };
                    wrong.official_verdict(official, "C-048").record(rec, image);
                }
                continue;
            }
        };
        let created = metadata.created_at.value().copied();
        let problem = if built.is_after(now) {
            Some((format!("`image_build_date` {built} is in the future"), format!("{now} or earlier")))
        } else {
            created.filter(|created| built.is_after(*created)).map(|created| {
                (
                    format!("`image_build_date` {built} is after the registration, {created}"),
                    format!("{created} or earlier"),
                )
            })
        };
        if let Some((message, expected)) = problem {
            Violation::both(message, expected, built.to_string())
                .official_verdict(official, "C-048")
                .record(rec, image);
            continue;
        }
        if iso && by_text(rec) {
            let message = format!(
                "`image_build_date` is {}; the standard format is `{built}` (C-048)",
                quoted(text.unwrap_or_default())
            );
            warn(rec, image, message, Repair::Safe(vec![change(key.name(), built.to_string())]));
        }
        if created.is_none() && registered {
            let given = actual(image, ImageKey::CreatedAt);
            let (verdict, registration) = match image.image().get(ImageKey::CreatedAt) {
                None => (Verdict::Miss, "the time of registration is missing".to_owned()),
                Some(ValueRef::Null) => (Verdict::Dnf, "`created_at` is null".to_owned()),
                Some(_) => (
                    Verdict::Dnf,
                    format!(
                        "`created_at` is {}; it must be a time such as 2026-11-30T08:30:00Z",
                        quoted(&given)
                    ),
                ),
            };
            let message = format!("{registration}, so the build date cannot be compared with it");
            let mut wrong = Violation::both(message, "`created_at`".to_owned(), given);
            wrong.text = verdict;
            wrong.official_verdict(official, "official-build-date").record(rec, image);
        } else if official == Verdict::Fail {
            let message = format!(
                "`image_build_date` is {}, which the official test suite does not accept",
                quoted(&actual(image, key))
            );
            let mut wrong = Violation::both(message, expected.to_owned(), actual(image, key));
            wrong.text = Verdict::Pass;
            wrong.official_verdict(official, "official-build-date").record(rec, image);
        }
    }
}

/// The verdict of the official suite on the build date: it must be a date, neither after the registration nor in the future.
fn official_verdict(image: &CheckedImage, now: i64) -> Verdict {
    let Some(ValueRef::Text(created)) = image.image().get(ImageKey::CreatedAt) else { return Verdict::Dnf };
    let registered = registered(image, created);
    let built = match image.image().get(ImageKey::ImageBuildDate) {
        None => 0,
        Some(ValueRef::Text(text)) => official::date(text).unwrap_or(0),
        Some(_) => return Verdict::Dnf,
    };
    pass_if(built != 0 && built <= registered && built <= now)
}

/// The time of registration as parsed by the suite, in seconds since 1970; 0 if missing.
fn registered(image: &CheckedImage, created: &str) -> i64 {
    match image.metadata().created_at.value() {
        // Glance's format, which has been parsed already. The suite counts leap seconds.
        Some(time)
            if created.len() == 20
                && created.as_bytes().get(10) == Some(&b'T')
                && created.ends_with('Z')
                && !created.ends_with("60Z") =>
        {
            time.as_second()
        }
        _ => official::time(created).unwrap_or(0),
    }
}

fn original_user(set: &ImageSet, rec: &mut Rec<'_>) {
    let key = ImageKey::ImageOriginalUser;
    each(set, rec, &[key], |image| {
        let mut wrong = invalid_value(
            image,
            key,
            &image.metadata().image_original_user,
            "a login name, or `none`",
            true,
        )?;
        let official = if wrong.text == Verdict::Dnf { Verdict::Dnf } else { pass_if(is_truthy(image, key)) };
        let distro = image.metadata().os_distro.value();
        let known = distro.and_then(|distro| set.data().distributions.get(distro.as_str()));
        let user = known.and_then(|known| known.user.clone());
        let is_made = |known: &Distribution| matches!(image.metadata().image_source.value(), Some(ImageSource::Url(url)) if known.made(url));
        let repair = match user.filter(|_| image.metadata().image_original_user.is_absent()) {
            None => std::mem::take(&mut wrong.repair),
            Some(user) if known.is_some_and(is_made) => Repair::Safe(vec![change(key.name(), user)]),
            // A custom image may have a different user.
            Some(user) => Repair::if_meant(
                format!(
                    "Is the login user `{user}`, as in the distribution's own images? Otherwise set the user of this image."
                ),
                "it is",
                change(key.name(), user),
            ),
        };
        Some(wrong.repaired_by(repair).official_verdict(official, "official-original-user"))
    });
}

fn hash(set: &ImageSet, rec: &mut Rec<'_>) {
    let (algorithm, value) = (ImageKey::OsHashAlgo, ImageKey::OsHashValue);
    each(set, rec, &[algorithm, value], |image| {
        let metadata = image.metadata();
        let official = pass_if(is_one_of(image, algorithm, &["sha256", "sha512"]));
        if let Some(wrong) = invalid_value(image, algorithm, &metadata.os_hash_algo, "sha256 or sha512", true)
        {
            // A different word for the algorithm does not change the hash.
            let wrong = wrong.repaired_by(Repair::None);
            return Some(wrong.official_verdict(official, "C-041"));
        }
        let digits = metadata.os_hash_algo.value()?.digits();
        let hash = metadata.os_hash_value.value().and_then(|_| image.stored_text(value));
        let right = hash.as_ref().is_some_and(|hash| hash.len() == digits && is_hexadecimal(hash));
        (!right).then(|| {
            let message = match hash {
                None => "`os_hash_value` is not set".to_owned(),
                Some(_) => format!("`os_hash_value` does not have {digits} hexadecimal digits"),
            };
            Violation::both(message, format!("{digits} hexadecimal digits"), actual(image, value))
                .official_verdict(official, "C-041")
        })
    });
}

/// Whether a text only has hexadecimal digits. There is no early exit: for valid hashes,
/// branches would be the main cost.
fn is_hexadecimal(text: &str) -> bool {
    let digits = text.bytes().fold(1, |all, byte| {
        let digit = u8::from(byte.wrapping_sub(b'0') < 10);
        let letter = u8::from((byte | 0x20).wrapping_sub(b'a') < 6);
        all & (digit | letter)
    });
    digits == 1
}
