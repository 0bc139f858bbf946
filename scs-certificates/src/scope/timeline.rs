//! The timeline of a scope: the validity of its versions over time (scs-0003-v1, *Timeline entry*).

use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The validity of a scope version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Validity {
    /// Certificates can be issued.
    Effective,
    /// Certificates can be issued, but the version is about to expire.
    Warn,
    /// Can be tested against.
    Draft,
    /// Can be tested against, but is outdated.
    Deprecated,
}

impl Validity {
    /// All values.
    pub const ALL: [Self; 4] = [Self::Effective, Self::Warn, Self::Draft, Self::Deprecated];

    /// The word used in scope files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Effective => "effective",
            Self::Warn => "warn",
            Self::Draft => "draft",
            Self::Deprecated => "deprecated",
        }
    }

    /// Whether certificates can be issued.
    #[must_use]
    pub const fn is_certifiable(self) -> bool {
        matches!(self, Self::Effective | Self::Warn)
    }
}

impl fmt::Display for Validity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Error: not a validity.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{0}` is not one of effective, warn, draft and deprecated")]
pub struct ParseValidityError(String);

impl FromStr for Validity {
    type Err = ParseValidityError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let known = Self::ALL.into_iter().find(|validity| validity.name() == text);
        known.ok_or_else(|| ParseValidityError(text.chars().take(60).collect()))
    }
}

/// A timeline entry, which is in effect until the next one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct TimelineEntry {
    /// The first day.
    pub date: Date,
    /// The validity of each version.
    #[serde(serialize_with = "super::write::mapping")]
    pub versions: Vec<(String, Validity)>,
}

/// All entries in file order, which is not significant.
///
/// ```
/// use jiff::civil::date;
/// use scs_certificates::{Scope, Validity};
///
/// let timeline = Scope::compatible_iaas().timeline();
/// assert_eq!(timeline.validity("v4", date(2025, 6, 30)), Some(Validity::Warn));
/// assert_eq!(timeline.validity("v4", date(2025, 7, 1)), Some(Validity::Deprecated));
/// // No longer named.
/// assert_eq!(timeline.validity("v4", date(2026, 6, 11)), None);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Timeline {
    entries: Vec<TimelineEntry>,
    /// The indices of the entries ordered by date; among equal dates, the first entry comes last.
    by_date: Vec<usize>,
}

impl Timeline {
    pub(super) fn new(entries: Vec<TimelineEntry>) -> Self {
        let mut by_date: Vec<usize> = (0..entries.len()).collect();
        by_date.sort_by_key(|place| (entries.get(*place).map(|entry| entry.date), std::cmp::Reverse(*place)));
        Self { entries, by_date }
    }

    /// The entries in file order.
    #[must_use]
    pub fn entries(&self) -> &[TimelineEntry] {
        &self.entries
    }

    /// The entry in effect on a day; `None` before the first one. Of two for the same day, the first in the file counts.
    #[must_use]
    pub fn on(&self, day: Date) -> Option<&TimelineEntry> {
        let has_begun = |place: &usize| self.entries.get(*place).is_some_and(|entry| entry.date <= day);
        let last = self.by_date.partition_point(has_begun).checked_sub(1)?;
        self.entries.get(*self.by_date.get(last)?)
    }

    /// The validity of a version on a day; `None` if the timeline does not name it, which means deprecated.
    #[must_use]
    pub fn validity(&self, version: &str, day: Date) -> Option<Validity> {
        let (_, validity) = self.on(day)?.versions.iter().find(|(name, _)| name == version)?;
        Some(*validity)
    }

    /// The validity of each version that the timeline names on a day.
    #[must_use]
    pub fn validities(&self, day: Date) -> HashMap<&str, Validity> {
        let mut validities = HashMap::new();
        for (name, validity) in self.on(day).into_iter().flat_map(|entry| &entry.versions) {
            validities.entry(name.as_str()).or_insert(*validity);
        }
        validities
    }

    /// The validity of a version over time, as periods with first day and end (exclusive); the last one may be open.
    /// Periods in which the timeline does not name it are left out.
    ///
    /// ```
    /// use jiff::civil::date;
    /// use scs_certificates::{Scope, Validity};
    ///
    /// let periods = Scope::compatible_iaas().timeline().periods("v4");
    /// assert_eq!(periods[0], (date(2024, 12, 19), Some(date(2025, 2, 1)), Validity::Effective));
    /// assert_eq!(periods[1], (date(2025, 2, 1), Some(date(2025, 7, 1)), Validity::Warn));
    /// ```
    #[must_use]
    pub fn periods(&self, version: &str) -> Vec<(Date, Option<Date>, Validity)> {
        let mut days: Vec<Date> = self.entries.iter().map(|entry| entry.date).collect();
        days.sort();
        days.dedup();
        let mut periods: Vec<(Date, Option<Date>, Validity)> = Vec::new();
        for (index, day) in days.iter().enumerate() {
            let Some(validity) = self.validity(version, *day) else { continue };
            let until = days.get(index + 1).copied();
            match periods.last_mut() {
                Some((_, end, known)) if *end == Some(*day) && *known == validity => *end = until,
                _ => periods.push((*day, until, validity)),
            }
        }
        periods
    }

    /// The later days on which something may change.
    pub fn changes_after(&self, day: Date) -> impl Iterator<Item = Date> {
        self.entries.iter().map(|entry| entry.date).filter(move |date| *date > day)
    }
}
