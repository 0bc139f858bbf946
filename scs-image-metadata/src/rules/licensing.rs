//! Licensing, maintenance subscription and support.

use scs_standards::subject::ImageKey;
use scs_standards::{Heading, Level, Rule};

use super::documents::METADATA;
use super::judge::{Rec, Violation, each, invalid_value, warn};
use crate::checked_image::CheckedImage;
use crate::fix::Repair;
use crate::property::Property;
use crate::set::ImageSet;
use crate::values::Flag;

const HERE: Heading =
    Heading { documents: METADATA, section: "Licensing / Maintenance subscription / Support" };

pub(super) static RULES: &[Rule<ImageSet>] = &[
    HERE.rule("scs-0102-license-xor", Level::Must, "`license_included` and `license_required` are booleans and not both true", |set, rec| {
            let keys = [ImageKey::LicenseIncluded, ImageKey::LicenseRequired];
            pair(set, rec, keys, |image| {
                let metadata = image.metadata();
                [&metadata.license_included, &metadata.license_required]
            });
        }),
    HERE.rule("scs-0102-license-needed", Level::Must, "an image of a system that needs a commercial license states whether the license is included or must be provided by the customer", license_needed),
    HERE.rule("scs-0102-subscription", Level::May, "`subscription_included` and `subscription_required`, if set, are booleans and not both true", |set, rec| {
            let keys = [ImageKey::SubscriptionIncluded, ImageKey::SubscriptionRequired];
            pair(set, rec, keys, |image| {
                let metadata = image.metadata();
                [&metadata.subscription_included, &metadata.subscription_required]
            });
        }),
    HERE.rule("scs-0102-maintained-until", Level::May, "`maintained_until`, if set, is a date", maintained_until),
    HERE.rule("scs-0102-l1-support", Level::May, "`l1_support_contact`, if set, is a URI", |set, rec| {
        let key = ImageKey::L1SupportContact;
        each(set, rec, &[key], |image| {
            invalid_value(image, key, &image.metadata().l1_support_contact, "a URI", false)
        });
    }),
];

/// Checks that at most one of two flags is true; a missing one is false.
fn pair(
    set: &ImageSet,
    rec: &mut Rec<'_>,
    keys: [ImageKey; 2],
    flags: impl Fn(&CheckedImage) -> [&Property<Flag>; 2],
) {
    each(set, rec, &keys, |image| {
        let both = flags(image);
        for (key, flag) in keys.into_iter().zip(both) {
            if let Some(wrong) = invalid_value(image, key, flag, "true or false", false) {
                return Some(wrong);
            }
        }
        let [one, other] = both.map(|flag| flag.value() == Some(&Flag(true)));
        (one && other).then(|| {
            let message = format!("`{}` and `{}` are both true", keys[0], keys[1]);
            Violation::both(message, "at most one of them".to_owned(), "both".to_owned())
        })
    });
}

fn license_needed(set: &ImageSet, rec: &mut Rec<'_>) {
    let keys = [ImageKey::LicenseIncluded, ImageKey::LicenseRequired, ImageKey::OsDistro];
    each(set, rec, &keys, |image| {
        let metadata = image.metadata();
        let distro = metadata.os_distro.value()?;
        let known = set.data().distributions.get(distro.as_str()).filter(|known| known.licensed)?;
        let said = [&metadata.license_included, &metadata.license_required]
            .iter()
            .any(|flag| flag.value() == Some(&Flag(true)));
        (!said).then(|| {
            let message =
                format!("{} needs a license, but the image does not say who provides it", known.name);
            let expected = "`license_included` or `license_required` is true";
            Violation::both(message, expected.to_owned(), "neither".to_owned())
        })
    });
}

fn maintained_until(set: &ImageSet, rec: &mut Rec<'_>) {
    let key = ImageKey::MaintainedUntil;
    let today = rec.context().date();
    for image in super::judge::relevant_images(set, rec, &[key]) {
        let property = &image.metadata().maintained_until;
        if let Some(wrong) = invalid_value(image, key, property, "a date such as 2026-11-30", false) {
            wrong.record(rec, image);
        } else if let Some(day) = property.value().filter(|day| day.date() < today) {
            warn(rec, image, format!("vendor maintenance ended on {day}"), Repair::None);
        }
    }
}
