//! The lifecycle of images: when each one becomes outdated, why, and its replacement.

use jiff::ToSpan;
use jiff::civil::Date;
use scs_standards::subject::ImageKey;

use crate::name_suffix::NameSuffix;
use crate::property::Property;
use crate::set::ImageSet;
use crate::values::{BuildDate, ProvidedUntil, ReplaceFrequency};

/// The lifecycle of an image on a day, by the text of scs-0102 (*Image updating*).
///
/// ```
/// use jiff::civil::date;
/// use scs_image_metadata::{ImageList, ImageSet, Freshness, Lifecycle};
///
/// let list: ImageList = r#"{"images": [{"name": "Ubuntu 24.04", "image_build_date": "2026-10-20",
///     "replace_frequency": "monthly", "provided_until": "2029-05-31"}]}"#.parse()?;
/// let lifecycle = Lifecycle::of(&ImageSet::from(list), 0, date(2026, 11, 23));
/// assert_eq!(lifecycle.fresh_until, Some(date(2026, 11, 23)));
/// assert_eq!(lifecycle.freshness, Freshness::Fresh { due_on: Some(date(2026, 11, 24)) });
/// # Ok::<(), scs_standards::listed::ReadListError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Lifecycle {
    /// The date up to which it has all patches.
    pub built: Option<BuildDate>,
    /// The last day on which it is recent enough, including three days of grace.
    pub fresh_until: Option<Date>,
    /// The last day on which its name is provided, if there is one.
    pub provided_until: Option<Date>,
    /// Whether it is recent enough.
    pub freshness: Freshness,
    /// The image that has replaced it, as an index into [`ImageSet::images`].
    pub replacement: Option<usize>,
}

/// Whether an image is replaced in time.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Freshness {
    /// It is recent, until this day unless it is replaced earlier; `None` if its name is no longer provided by then.
    Fresh {
        /// The first day on which it is overdue.
        due_on: Option<Date>,
    },
    /// It is overdue.
    Overdue {
        /// The first day on which it was overdue.
        since: Date,
    },
    /// It is not the current image of a name: hidden, or replaced and marked with its date, or replaced by one with the same
    /// name. Hiding does not end the commitment to a name: an outdated, hidden image without replacement is
    /// [`Freshness::Overdue`] as long as its name has to be provided.
    Retired {
        /// Whether it is too old for a current image.
        outdated: bool,
    },
    /// It never becomes overdue: it is replaced only for critical issues, or never.
    Lasting,
    /// The name is no longer provided.
    Ended,
    /// Unknown.
    Unknown {
        /// The missing or invalid properties.
        missing: Vec<ImageKey>,
        /// Whether one of them is set, but invalid.
        given: bool,
    },
}

impl Freshness {
    /// The name of the state.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Fresh { .. } => "fresh",
            Self::Overdue { .. } => "outdated",
            Self::Retired { .. } => "retired",
            Self::Lasting => "lasting",
            Self::Ended => "ended",
            Self::Unknown { .. } => "unknown",
        }
    }
}

impl Lifecycle {
    /// The lifecycle of an image of a set; unknown for an invalid index.
    #[must_use]
    pub fn of(set: &ImageSet, index: usize, today: Date) -> Self {
        let Some(image) = set.images().get(index) else {
            let freshness = Freshness::Unknown { missing: Vec::new(), given: false };
            return Self {
                built: None,
                fresh_until: None,
                provided_until: None,
                freshness,
                replacement: None,
            };
        };
        let metadata = image.metadata();
        let built = image.built();
        let frequency = metadata.replace_frequency.value().copied();
        let provided_until = match metadata.provided_until.value() {
            Some(ProvidedUntil::Day(day)) => Some(day.date()),
            _ => None,
        };
        let fresh_until = built.zip(frequency).and_then(|(built, frequency)| built.fresh_until(frequency));
        let mut lifecycle =
            Self { built, fresh_until, provided_until, freshness: Freshness::Lasting, replacement: None };
        if matches!(frequency, Some(ReplaceFrequency::CriticalBug | ReplaceFrequency::Never)) {
            return lifecycle;
        }
        // Replacements only matter for old images, and are slow to find.
        let outdated = fresh_until.is_none_or(|until| until < today);
        let marked = image.is_hidden() || image.suffix() != NameSuffix::None;
        if outdated || marked {
            lifecycle.replacement = set.replacement(index);
        }
        let same_name =
            |other: usize| set.images().get(other).is_some_and(|other| other.name() == image.name());
        let dated =
            matches!(image.suffix(), NameSuffix::Dated(_) | NameSuffix::OddlyDated(_) | NameSuffix::Patched);
        let replaced = lifecycle.replacement.is_some_and(|other| dated || same_name(other));
        let outdated = fresh_until.is_some_and(|until| until < today);
        // Hiding an old image does not fulfill the commitment to its name; only a newer image does.
        let alone = image.is_hidden() && outdated && lifecycle.replacement.is_none();
        let promises =
            |until: &ProvidedUntil| matches!(until, ProvidedUntil::Day(day) if day.date() >= today);
        let retired = match metadata.provided_until.value() {
            _ if replaced => true,
            Some(until) => image.is_hidden() && !(alone && promises(until)),
            None => image.is_hidden() && !alone,
        };
        lifecycle.freshness = if retired {
            Freshness::Retired { outdated }
        } else if alone && metadata.provided_until.value().is_none() {
            let given = matches!(metadata.provided_until, Property::Invalid(_));
            Freshness::Unknown { missing: vec![ImageKey::ProvidedUntil], given }
        } else if provided_until.is_some_and(|until| until < today) {
            Freshness::Ended
        } else if let Some(until) = fresh_until {
            let due_on = until.checked_add(1.day()).ok();
            match due_on {
                Some(since) if since <= today => Freshness::Overdue { since },
                _ => Freshness::Fresh {
                    due_on: due_on.filter(|breaks| provided_until.is_none_or(|end| *breaks <= end)),
                },
            }
        } else {
            let (frequency, built) = (&metadata.replace_frequency, &metadata.image_build_date);
            let mut missing = Vec::new();
            if frequency.value().is_none() {
                missing.push(ImageKey::ReplaceFrequency);
            }
            if built.value().is_none() {
                missing.push(ImageKey::ImageBuildDate);
            }
            let given = matches!(frequency, Property::Invalid(_)) || matches!(built, Property::Invalid(_));
            Freshness::Unknown { missing, given }
        };
        lifecycle
    }
}
