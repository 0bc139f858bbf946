//! Image updating: the provider's maintenance commitments, and whether they are met.

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;
use scs_standards::python::is_decimal;
use scs_standards::subject::{ImageKey, ValueRef};
use scs_standards::{Heading, Hint, Level, Rule, Severity, Verdict};

use super::documents::METADATA;
use super::judge::{
    Rec, Violation, actual, by_text, each, invalid_value, is_truthy, pass_if, quoted, relevant_images, warn,
};
use crate::checked_image::CheckedImage;
use crate::fix::Repair;
use crate::lifecycle::{Freshness, Lifecycle};
use crate::official;
use crate::property::Property;
use crate::set::ImageSet;
use crate::support::Support;
use crate::values::{ProvidedUntil, ReplaceFrequency, UuidValidity};

const HERE: Heading = Heading { documents: METADATA, section: "Image updating" };

pub(super) static RULES: &[Rule<ImageSet>] = &[
    HERE.case("scs-0102-prop-replace_frequency", Level::Must, "`replace_frequency` is yearly, quarterly, monthly, weekly, daily, critical_bug or never", replace_frequency),
    HERE.case("scs-0102-prop-provided_until", Level::Must, "`provided_until` is a date, `none` or `notice`", provided_until),
    HERE.case("scs-0102-prop-uuid_validity", Level::Must, "`uuid_validity` is `none`, `last-N`, a date, `notice` or `forever`", uuid_validity),
    HERE.case("scs-0102-image-recency", Level::Must, "the current image of a name is at most as old as its `replace_frequency` plus three days, as long as the name is provided", recency),
    HERE.case("scs-0102-prop-hotfix_hours", Level::May, "`hotfix_hours`, if set, is a number of hours, 0 or more", hotfix_hours),
    HERE.rule("scs-0102-last-n", Level::Must, "with `last-N`, the N predecessors of an image are still available by UUID", last_n),
    HERE.rule("scs-0102-uuid-until", Level::Must, "with a date in `uuid_validity`, the image is available by UUID until that day", uuid_until),
    HERE.rule("scs-0102-monthly", Level::Should, "images are replaced at least monthly", monthly),
    HERE.rule("scs-0102-until-order", Level::Should, "UUID validity and vendor maintenance last as long as the name is provided", until_order),
];

fn replace_frequency(set: &ImageSet, rec: &mut Rec<'_>) {
    let key = ImageKey::ReplaceFrequency;
    each(set, rec, &[key], |image| {
        let expected = "yearly, quarterly, monthly, weekly, daily, critical_bug or never";
        invalid_value(image, key, &image.metadata().replace_frequency, expected, true)
    });
}

fn provided_until(set: &ImageSet, rec: &mut Rec<'_>) {
    let key = ImageKey::ProvidedUntil;
    each(set, rec, &[key], |image| {
        let expected = "a date such as 2026-11-30, `none` or `notice`";
        let wrong = invalid_value(image, key, &image.metadata().provided_until, expected, true)?;
        let official = if wrong.text == Verdict::Dnf { Verdict::Dnf } else { pass_if(is_truthy(image, key)) };
        Some(wrong.official_verdict(official, "C-039"))
    });
}

fn uuid_validity(set: &ImageSet, rec: &mut Rec<'_>) {
    let key = ImageKey::UuidValidity;
    each(set, rec, &[key], |image| {
        let property = &image.metadata().uuid_validity;
        let expected =
            "`none`, `last-N` with N of at least 1, a date such as 2026-11-30, `notice` or `forever`";
        let wrong = invalid_value(image, key, property, expected, true)?;
        let official = match image.image().get(key) {
            None | Some(ValueRef::Null) => Verdict::Pass,
            Some(ValueRef::Text(text)) => pass_if(is_officially_valid(text)),
            Some(_) => Verdict::Dnf,
        };
        Some(wrong.official_verdict(official, "C-038"))
    });
}

/// The values accepted by the official suite in addition to those of the text.
fn is_officially_valid(text: &str) -> bool {
    let count = text.strip_prefix("last-");
    count.is_some_and(is_decimal)
        || matches!(text, "none" | "notice" | "forever")
        || official::date(text).is_some()
}

fn recency(set: &ImageSet, rec: &mut Rec<'_>) {
    let keys = [ImageKey::ImageBuildDate, ImageKey::ReplaceFrequency, ImageKey::ProvidedUntil];
    // An unreadable entry may be the newer image.
    let complete = super::judge::report_unreadable(set, rec) || !by_text(rec);
    if let Some(key) = keys.iter().find(|key| !set.format().carries(**key)) {
        return super::judge::record_not_carried(set, rec, *key);
    }
    let (now, today) = (rec.context().at, rec.context().date());
    for (index, image) in set.images().iter().enumerate().filter(|(_, image)| image.is_offered()) {
        let officially = official::recency(set, image, now);
        let lifecycle = Lifecycle::of(set, index, today);
        if let (Freshness::Fresh { .. }, Some(day)) = (&lifecycle.freshness, lifecycle.fresh_until) {
            rec.holds_through(day);
        }
        match judged(set, &lifecycle, image, today) {
            Some((Verdict::Fail, _)) if !complete => {
                let message = "overdue, unless replaced by one of the unreadable entries";
                rec.dnf(image.label(), message);
            }
            Some((Verdict::Fail, message)) => {
                let key = official::recency_difference(image, now);
                split(Verdict::Fail, officially, key, message, &lifecycle).record(rec, image);
            }
            Some((text, message)) => {
                split(text, officially, "official-recency", message, &lifecycle).record(rec, image);
            }
            None => {
                if officially != Verdict::Pass {
                    let message = if officially == Verdict::Dnf {
                        "the missing `provided_until` makes the official test suite fail with an error"
                    } else {
                        "overdue and without replacement for the official test suite"
                    };
                    let fresh = matches!(lifecycle.freshness, Freshness::Fresh { .. });
                    let key = if fresh { "C-042" } else { "C-043" };
                    split(Verdict::Pass, officially, key, message.to_owned(), &lifecycle).record(rec, image);
                }
                notes(set, rec, image, &lifecycle);
            }
        }
    }
}

fn split(
    text: Verdict,
    official: Verdict,
    key: &'static str,
    message: String,
    lifecycle: &Lifecycle,
) -> Violation<'static> {
    let until = lifecycle.fresh_until.map_or_else(
        || "a known build date".to_owned(),
        |date| format!("a build that is current after {date}"),
    );
    let built = lifecycle.built.map_or_else(|| "unknown".to_owned(), |built| format!("built {built}"));
    Violation { text, official, key, ..Violation::both(message, until, built) }
}

/// The verdict of the text on an image that is overdue or of which that is unknown.
fn judged(
    set: &ImageSet,
    lifecycle: &Lifecycle,
    image: &CheckedImage,
    today: Date,
) -> Option<(Verdict, String)> {
    match &lifecycle.freshness {
        Freshness::Overdue { since } => {
            let built = lifecycle.built.map(|built| built.to_string()).unwrap_or_default();
            let frequency =
                image.metadata().replace_frequency.value().map(|it| it.name()).unwrap_or_default();
            let name = image.base_name().map(|name| format!(" as {}", quoted(name))).unwrap_or_default();
            let hidden = if image.is_hidden() {
                format!(
                    "it is hidden, but no newer image has its name, which must be provided until {}; ",
                    lifecycle.provided_until.map(|day| day.to_string()).unwrap_or_default(),
                )
            } else {
                String::new()
            };
            let end = retiring(image, today);
            let action = match set.support(image) {
                Support::Ended { release, on } if on < today => format!(
                    "{release} reached its end of life on {on} (regular support): {end}, or upload a new build{name} if there is one"
                ),
                Support::Ended { .. } if image.is_hidden() => format!("upload a new build{name}"),
                Support::Ended { .. } => format!("upload a new build{name} and hide or rename this one"),
                Support::Unknown if image.is_hidden() => {
                    format!("upload a new build{name}, or {end} if its release reached its end of life")
                }
                Support::Unknown => format!(
                    "upload a new build{name} and hide or rename this one, or {end} if its release reached its end of life"
                ),
            };
            Some((
                Verdict::Fail,
                format!("built {built}, replaced {frequency}, overdue since {since}; {hidden}{action}"),
            ))
        }
        Freshness::Unknown { missing, given } => Some((
            if *given { Verdict::Dnf } else { Verdict::Miss },
            format!(
                "cannot tell when it is due without a valid {}",
                missing.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(" and ")
            ),
        )),
        _ => None,
    }
}

/// How to stop providing an image.
fn retiring(image: &CheckedImage, today: Date) -> &'static str {
    match (image.metadata().provided_until.value(), image.is_hidden()) {
        (Some(ProvidedUntil::Day(day)), true) if day.date() >= today => "end its `provided_until`",
        (Some(ProvidedUntil::Day(day)), false) if day.date() >= today => {
            "hide it and end its `provided_until`"
        }
        (Some(ProvidedUntil::Notice), _) => "announce its deprecation and hide it",
        _ => "hide it",
    }
}

/// Remarks about an image that is not overdue.
fn notes(set: &ImageSet, rec: &mut Rec<'_>, image: &CheckedImage, lifecycle: &Lifecycle) {
    if !by_text(rec) {
        return;
    }
    let today = rec.context().date();
    if let (Freshness::Fresh { due_on: Some(overdue) }, Some(by), Some(days)) =
        (&lifecycle.freshness, lifecycle.fresh_until, set.options().horizon_days)
    {
        let until = |day: Date| today.until(day).map_or(i32::MAX, |span| span.get_days());
        if u32::try_from(until(*overdue)).is_ok_and(|left| left <= days) {
            let left = match until(by) {
                0 => "today".to_owned(),
                1 => "in 1 day".to_owned(),
                left => format!("in {left} days"),
            };
            warn(rec, image, format!("due for replacement by {by} ({left})"), Repair::None);
        }
    }
    if matches!(lifecycle.freshness, Freshness::Retired { outdated: true })
        && image.is_hidden()
        && lifecycle.replacement.is_none()
    {
        let message = if image.metadata().provided_until.value() == Some(&ProvidedUntil::Notice) {
            "hidden and overdue, and no newer image has its name, which is provided until notice: announce the deprecation"
        } else {
            "hidden and overdue, and no newer image has its name"
        };
        warn(rec, image, message.to_owned(), Repair::None);
    }
    let current = matches!(lifecycle.freshness, Freshness::Fresh { .. });
    if current && image.metadata().provided_until.value() == Some(&ProvidedUntil::None) {
        rec.warn(image.label(), "`provided_until` is `none`: users cannot rely on the name (C-043)")
            .with_severity(Severity::Info);
    }
}

fn hotfix_hours(set: &ImageSet, rec: &mut Rec<'_>) {
    let key = ImageKey::HotfixHours;
    each(set, rec, &[key], |image| {
        let property = &image.metadata().hotfix_hours;
        let officially = match image.image().get(key) {
            Some(ValueRef::Text(text)) => pass_if(text.is_empty() || is_decimal(text)),
            // A number is not text, which makes the suite fail with an error, except for 0.
            Some(_) if is_truthy(image, key) => Verdict::Dnf,
            _ => Verdict::Pass,
        };
        let mut wrong = invalid_value(image, key, property, "a number of hours, 0 or more", false);
        if wrong.is_none() && officially != Verdict::Pass {
            let message = format!(
                "`hotfix_hours` is {}, which the official test suite does not accept",
                quoted(&actual(image, key))
            );
            let mut official =
                Violation::both(message, "a whole number as text".to_owned(), actual(image, key));
            official.text = Verdict::Pass;
            wrong = Some(official);
        }
        wrong.map(|wrong| wrong.official_verdict(officially, "official-hotfix-hours"))
    });
}

fn monthly(set: &ImageSet, rec: &mut Rec<'_>) {
    let key = ImageKey::ReplaceFrequency;
    // An unreadable entry may have replaced an image that is not replaced monthly itself.
    let complete = super::judge::report_unreadable(set, rec);
    if !set.format().carries(key) {
        return super::judge::record_not_carried(set, rec, key);
    }
    for (index, image) in set.images().iter().enumerate().filter(|(_, image)| image.is_visible()) {
        let Some(frequency) = image.metadata().replace_frequency.value() else { continue };
        if matches!(frequency, ReplaceFrequency::Monthly | ReplaceFrequency::Weekly | ReplaceFrequency::Daily)
            || set.replacement(index).is_some()
            || !complete
        {
            continue;
        }
        let message = format!("`replace_frequency` is `{frequency}`; at least monthly is recommended");
        Violation::both(message, "monthly, weekly or daily".to_owned(), frequency.to_string())
            .record(rec, image);
    }
}

fn until_order(set: &ImageSet, rec: &mut Rec<'_>) {
    let keys = [ImageKey::ProvidedUntil, ImageKey::UuidValidity, ImageKey::MaintainedUntil];
    each(set, rec, &keys, |image| {
        let metadata = image.metadata();
        let Some(ProvidedUntil::Day(provided)) = metadata.provided_until.value() else { return None };
        if let Some(UuidValidity::Day(valid)) = metadata.uuid_validity.value()
            && valid < provided
        {
            let message =
                format!("the UUID is valid only until {valid}, but the name is provided until {provided}");
            return Some(Violation::both(message, format!("{provided} or later"), valid.to_string()));
        }
        let maintained = metadata.maintained_until.value().filter(|maintained| *maintained < provided)?;
        let message = format!(
            "the vendor maintains it only until {maintained}, but the name is provided until {provided}"
        );
        Some(Violation::both(message, format!("{maintained} or earlier"), provided.to_string()))
    });
}

/// The earlier images, if given and relevant for a UUID.
fn earlier<'s>(
    set: &'s ImageSet,
    rec: &mut Rec<'_>,
    promises: impl Fn(&CheckedImage) -> bool,
) -> Option<&'s [CheckedImage]> {
    let key = ImageKey::UuidValidity;
    if !set.format().carries(key) {
        super::judge::record_not_carried(set, rec, key);
        return None;
    }
    let Some(earlier) = set.earlier() else {
        if relevant_images(set, rec, &[key]).any(promises) {
            let message = "only an earlier list of the same cloud shows which images were removed";
            rec.miss(super::judge::LIST, message).hinting(Hint::Part("earlier_images".into()));
        }
        return None;
    };
    if let Some(first) = set.earlier_broken().first() {
        rec.dnf(super::judge::LIST, format!("unreadable in the earlier list: {first}"));
    }
    // An unreadable entry may be the missing image.
    super::judge::report_unreadable(set, rec).then_some(earlier)
}

/// An image of the earlier list that was available to everyone by UUID, and its current state.
struct Removed<'s> {
    image: &'s CheckedImage,
    /// `removed`, `deactivated`, `private`, …
    state: &'s str,
}

/// The images of the earlier list that were available to everyone and no longer are.
fn removed<'s>(set: &'s ImageSet, earlier: &'s [CheckedImage]) -> Vec<Removed<'s>> {
    let now: HashMap<&str, &CheckedImage> =
        set.images().iter().filter_map(|image| Some((image.id()?, image))).collect();
    let removed = |image: &'s CheckedImage| {
        let state = match now.get(image.id()?) {
            None => "removed",
            Some(now) => now.unusable_reason()?,
        };
        Some(Removed { image, state })
    };
    earlier.iter().filter(|image| image.unusable_reason().is_none()).filter_map(removed).collect()
}

/// The base names of the images of the earlier list that are no longer available.
pub(super) fn removed_names(set: &ImageSet) -> HashSet<&str> {
    let earlier = set.earlier().unwrap_or_default();
    removed(set, earlier).into_iter().filter_map(|removed| removed.image.base_name()).collect()
}

impl Removed<'_> {
    fn words(&self) -> String {
        if self.state == "removed" { self.state.to_owned() } else { format!("now {}", self.state) }
    }
}

fn last_n(set: &ImageSet, rec: &mut Rec<'_>) {
    let promised = |image: &CheckedImage| match image.metadata().uuid_validity {
        Property::Is(UuidValidity::Last(last)) => usize::try_from(last.count()).ok(),
        _ => None,
    };
    let Some(earlier) = earlier(set, rec, |image| promised(image).is_some()) else { return };
    let today = rec.context().date();
    let all_removed = removed(set, earlier);
    for one in &all_removed {
        let removed = one.image;
        let Some(name) = removed.name() else { continue };
        // The value of its successor counts, or its own if there is none.
        let family: Vec<&CheckedImage> = set
            .family(name)
            .map(|(_, image)| image)
            .filter(|image| {
                image.unusable_reason().is_none() && (removed.id().is_none() || image.id() != removed.id())
            })
            .collect();
        let current = family.iter().max_by_key(|image| image.built()).copied().unwrap_or(removed);
        let Some(last) = promised(current) else { continue };
        if let Some(ProvidedUntil::Day(day)) = current.metadata().provided_until.value()
            && day.date() < today
        {
            continue;
        }
        let vanished_after = all_removed.iter().filter(|other| {
            other.image.base_name() == removed.base_name() && other.image.built() > removed.built()
        });
        let newer =
            family.iter().filter(|image| image.built() > removed.built()).count() + vanished_after.count();
        if newer > last {
            continue;
        }
        let message = format!(
            "{}, but `uuid_validity` of {} is `last-{last}` and only {newer} newer images have replaced it",
            one.words(),
            quoted(&current.label())
        );
        Violation::both(message, format!("the last {last} predecessors are kept"), one.state.to_owned())
            .record(rec, removed);
    }
}

fn uuid_until(set: &ImageSet, rec: &mut Rec<'_>) {
    let promised = |image: &CheckedImage| {
        matches!(image.metadata().uuid_validity, Property::Is(UuidValidity::Day(_) | UuidValidity::Forever))
    };
    let Some(earlier) = earlier(set, rec, promised) else { return };
    let today = rec.context().date();
    for removed in removed(set, earlier).into_iter().filter(|removed| promised(removed.image)) {
        let Some(validity) = removed.image.metadata().uuid_validity.value() else { continue };
        if let UuidValidity::Day(day) = validity
            && day.date() < today
        {
            continue;
        }
        let message = format!("{}, but `uuid_validity` was `{validity}`", removed.words());
        Violation::both(message, "available by UUID".to_owned(), removed.state.to_owned())
            .record(rec, removed.image);
    }
}
