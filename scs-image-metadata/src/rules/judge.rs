//! Common parts of checks for individual properties: selecting images, and reporting differences between the profiles.

use std::borrow::Cow;
use std::fmt::Display;

use scs_standards::subject::{ImageKey, ValueRef};
use scs_standards::wording::{or, truncated};
use scs_standards::{Profile, Recorder, Severity, Split, Strength, Verdict};

use crate::checked_image::CheckedImage;
use crate::commands;
use crate::fix::Repair;
use crate::metadata::ImageMetadata;
use crate::property::{Invalid, Property};
use crate::set::ImageSet;
use crate::sources::ImageFormat;

pub(super) type Rec<'a> = Recorder<'a, ImageSet>;

/// The subject of findings about all images together.
pub(super) const LIST: &str = "image list";

/// The images available to everyone, if the source has the properties. Otherwise, and for unreadable
/// entries, a finding is recorded.
pub(super) fn relevant_images<'s>(
    set: &'s ImageSet,
    rec: &mut Rec<'_>,
    keys: &[ImageKey],
) -> impl Iterator<Item = &'s CheckedImage> + use<'s> {
    report_unreadable(set, rec);
    let missing = keys.iter().find(|key| !set.format().carries(**key));
    if let Some(key) = missing {
        record_not_carried(set, rec, *key);
    }
    let images = if missing.is_none() { set.images() } else { &[] };
    images.iter().filter(|image| image.is_offered())
}

/// Records that the source cannot contain a property.
pub(super) fn record_not_carried(set: &ImageSet, rec: &mut Rec<'_>, key: ImageKey) {
    let format = set.format();
    let message = match format {
        // The message is independent of the property, so that it is reported only once.
        ImageFormat::List => {
            "`openstack image list` omits properties; run `openstack image show -f json` for each image"
                .to_owned()
        }
        _ => format!(
            "`{key}` is not part of {format}; check the registered images: `openstack image show -f json IMAGE`"
        ),
    };
    rec.miss(LIST, message);
}

/// Records unreadable entries; returns whether everything was readable, since a missing image may be an unreadable entry.
pub(super) fn report_unreadable(set: &ImageSet, rec: &mut Rec<'_>) -> bool {
    let Some(first) = set.broken().first() else { return true };
    let more = set.broken().len() - 1;
    let more = if more > 0 { format!(" (and {more} more)") } else { String::new() };
    rec.dnf(LIST, format!("unreadable: {first}{more}"));
    false
}

/// A violation of an image, by both profiles.
pub(super) struct Violation<'m> {
    pub(super) text: Verdict,
    pub(super) official: Verdict,
    /// The key of the difference between the profiles, if any.
    pub(super) key: &'static str,
    pub(super) message: Cow<'m, str>,
    pub(super) expected: Cow<'m, str>,
    pub(super) actual: String,
    pub(super) repair: Repair,
}

impl Violation<'_> {
    /// A violation by both profiles.
    pub(super) fn both(message: String, expected: String, actual: String) -> Self {
        Self {
            text: Verdict::Fail,
            official: Verdict::Fail,
            key: "",
            message: message.into(),
            expected: expected.into(),
            actual,
            repair: Repair::None,
        }
    }

    pub(super) fn official_verdict(mut self, official: Verdict, key: &'static str) -> Self {
        self.official = official;
        self.key = key;
        self
    }

    pub(super) fn repaired_by(mut self, repair: Repair) -> Self {
        self.repair = repair;
        self
    }

    /// Records the violation.
    pub(super) fn record(self, rec: &mut Rec<'_>, image: &CheckedImage) {
        let label = image.label();
        let message = self.message.into_owned();
        let optional = rec.rule().level.strength() == Strength::May;
        let entry = if self.text == self.official {
            match self.text {
                Verdict::Fail => rec.fail(label, message),
                Verdict::Miss => rec.miss(label, message),
                Verdict::Dnf => rec.dnf(label, message),
                Verdict::Pass => return,
            }
        } else {
            rec.split(
                Split { text: self.text, official: self.official, difference: self.key },
                label,
                message,
            )
        };
        let entry = entry.compared(self.expected, self.actual);
        // An optional property must still be valid if it is set.
        let entry = if optional { entry.with_severity(Severity::Warning) } else { entry };
        if let Some(fix) = commands::fix(image, self.repair) {
            entry.repaired_by(fix);
        }
    }
}

/// Records a warning that is not a violation, with an optional fix.
pub(super) fn warn(rec: &mut Rec<'_>, image: &CheckedImage, message: String, repair: Repair) {
    let entry = rec.warn(image.label(), message);
    if let Some(fix) = commands::fix(image, repair) {
        entry.repaired_by(fix);
    }
}

/// The value of a property as written in the source; `not set` if it is missing.
pub(super) fn actual(image: &CheckedImage, key: ImageKey) -> String {
    match image.image().get(key) {
        None | Some(ValueRef::Null) => "not set".to_owned(),
        Some(ValueRef::Text("")) => "empty".to_owned(),
        Some(ValueRef::Text(text)) => text.to_string(),
        Some(other) => other.to_string(),
    }
}

/// The violation for a property that is missing or invalid.
///
/// A value that is not text is unusable; an invalid text is a violation.
pub(super) fn invalid_value<T>(
    image: &CheckedImage,
    key: ImageKey,
    property: &Property<T>,
    expected: &str,
    required: bool,
) -> Option<Violation<'static>> {
    let actual = || actual(image, key);
    let wrong = |message: String| Some(Violation::both(message, expected.to_owned(), actual()));
    match property {
        Property::Is(_) => None,
        Property::Absent if !required => None,
        Property::Absent => wrong(format!("`{key}` is not set")),
        Property::Invalid(Invalid::Empty) => wrong(format!("`{key}` is empty")),
        Property::Invalid(Invalid::Nested) => wrong(format!("`{key}` is not text: the data are corrupt"))
            .map(|wrong| Violation { text: Verdict::Dnf, official: Verdict::Dnf, ..wrong }),
        Property::Invalid(Invalid::Malformed) => {
            let mistake = ImageMetadata::mistake(image.image(), key);
            let given = quoted(&actual());
            let message = match &mistake {
                Some(error) if error.is_of_another_year() => {
                    format!("`{key}` is {given}; years before 1970 are not plausible")
                }
                _ => format!("`{key}` is {given}; it must be {expected}"),
            };
            let repair = mistake.map(|error| corrected(key, error.suggestion(), error.is_certain()));
            wrong(message).map(|wrong| wrong.repaired_by(repair.unwrap_or_default()))
        }
    }
}

/// The fix for a misspelled value: unambiguous corrections are set, likely ones need confirmation. Corrections that
/// affect the devices of a guest always need confirmation, because the guest may not boot with others.
pub(super) fn corrected(key: ImageKey, value: Option<&str>, certain: bool) -> Repair {
    let Some(value) = value else { return Repair::None };
    let change = commands::set(key.name(), value);
    if certain && !is_device(key) {
        Repair::Safe(vec![change])
    } else if is_device(key) {
        Repair::if_meant(
            format!(
                "Does the guest start with `{key}` set to `{value}`? Otherwise set a value that it starts with."
            ),
            "it does",
            change,
        )
    } else {
        Repair::if_meant(format!("Is `{value}` meant? Otherwise set the right value."), "it is", change)
    }
}

/// Whether a property affects the devices of a guest.
const fn is_device(key: ImageKey) -> bool {
    matches!(
        key,
        ImageKey::HwDiskBus
            | ImageKey::HwScsiModel
            | ImageKey::HwFirmwareType
            | ImageKey::OsSecureBoot
            | ImageKey::HwMemEncryption
    )
}

/// A value for a message, shortened.
pub(super) fn quoted(value: &str) -> String {
    format!("`{}`", truncated(value, 80))
}

/// Whether a property has one of these values for the official suite.
pub(super) fn is_one_of(image: &CheckedImage, key: ImageKey, values: &[&str]) -> bool {
    image.image().text(key).is_some_and(|value| values.contains(&value))
}

/// Whether the value is truthy in Python: a non-empty text, a number other than 0.
pub(super) fn is_truthy(image: &CheckedImage, key: ImageKey) -> bool {
    match image.image().get(key) {
        None | Some(ValueRef::Null | ValueRef::Flag(false) | ValueRef::Whole(0)) => false,
        Some(ValueRef::Text(text)) => !text.is_empty(),
        Some(ValueRef::List(list)) => !list.is_empty(),
        Some(ValueRef::Object(object)) => !object.is_empty(),
        Some(ValueRef::Number(number)) => number != 0.0,
        Some(ValueRef::Flag(true) | ValueRef::Whole(_) | ValueRef::Negative(_)) => true,
    }
}

/// PASS if true, otherwise FAIL.
pub(super) const fn pass_if(passes: bool) -> Verdict {
    if passes { Verdict::Pass } else { Verdict::Fail }
}

/// Checks a property with a closed list of values in OpenStack, by its type and by the list in use.
pub(super) fn listed<T: Display + Copy>(
    set: &ImageSet,
    image: &CheckedImage,
    key: ImageKey,
    property: &Property<T>,
    required: bool,
) -> Option<Violation<'static>> {
    let values = &set.data().openstack;
    let expected = || {
        let known = values.of(key).map(|of| of.values.iter().map(String::as_str).collect::<Vec<_>>());
        or(known.unwrap_or_default())
    };
    match property {
        Property::Is(_) => None,
        Property::Absent if !required => None,
        // A newer list may have a value that the type does not know.
        Property::Invalid(Invalid::Malformed)
            if image.stored_text(key).is_some_and(|value| values.allows(key, &value)) =>
        {
            None
        }
        other => {
            let mut wrong = invalid_value(image, key, other, &expected(), required)?;
            if matches!(other, Property::Invalid(Invalid::Malformed)) {
                let value = quoted(&actual(image, key));
                wrong.message =
                    format!("`{key}` is {value}, which is not in OpenStack's list of values").into();
            }
            let given = image.stored_text(key);
            let meant = given.as_deref().and_then(|value| values.meant(key, value));
            let certain = given.as_deref().is_some_and(|value| values.certain(key, value).is_some());
            Some(match meant {
                Some(value) => wrong.repaired_by(corrected(key, Some(&value), certain)),
                None => wrong,
            })
        }
    }
}

/// Judges each relevant image and records violations.
pub(super) fn each<'m>(
    set: &ImageSet,
    rec: &mut Rec<'_>,
    keys: &[ImageKey],
    judge: impl Fn(&CheckedImage) -> Option<Violation<'m>>,
) {
    for image in relevant_images(set, rec, keys) {
        if let Some(wrong) = judge(image) {
            wrong.record(rec, image);
        }
    }
}

/// Whether the text decides.
pub(super) fn by_text(rec: &Rec<'_>) -> bool {
    rec.context().profile == Profile::Text
}
