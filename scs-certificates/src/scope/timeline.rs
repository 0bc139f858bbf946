//! When which version of a scope counts (scs-0003-v1, *Timeline entry*).

use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// What a version is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Validity {
    /// It can be certified against.
    Effective,
    /// It can be certified against, and is about to expire.
    Warn,
    /// It can be tested against.
    Draft,
    /// It can be tested against, and is over.
    Deprecated,
}

impl Validity {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Effective, Self::Warn, Self::Draft, Self::Deprecated];

    /// The word of a scope file.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Effective => "effective",
            Self::Warn => "warn",
            Self::Draft => "draft",
            Self::Deprecated => "deprecated",
        }
    }

    /// Whether a certificate can be had.
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

/// A word that is no validity.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{0}` is none of effective, warn, draft and deprecated")]
pub struct ParseValidityError(String);

impl FromStr for Validity {
    type Err = ParseValidityError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let known = Self::ALL.into_iter().find(|validity| validity.name() == text);
        known.ok_or_else(|| ParseValidityError(text.chars().take(60).collect()))
    }
}

/// From a day until the next entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimelineEntry {
    /// The day on which it begins.
    pub date: Date,
    /// What each version is good for.
    pub versions: Vec<(String, Validity)>,
}

/// All entries, in the order of the file, on which nothing depends.
///
/// ```
/// use jiff::civil::date;
/// use scs_certificates::{Scope, Validity};
///
/// let timeline = Scope::compatible_iaas().timeline();
/// assert_eq!(timeline.validity("v4", date(2025, 6, 30)), Some(Validity::Warn));
/// assert_eq!(timeline.validity("v4", date(2025, 7, 1)), Some(Validity::Deprecated));
/// // Not named any more.
/// assert_eq!(timeline.validity("v4", date(2026, 6, 11)), None);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Timeline {
    entries: Vec<TimelineEntry>,
    /// The places of the entries by their dates, of the same date the first one last.
    by_date: Vec<usize>,
}

impl Timeline {
    pub(super) fn new(entries: Vec<TimelineEntry>) -> Self {
        let mut by_date: Vec<usize> = (0..entries.len()).collect();
        by_date.sort_by_key(|place| (entries.get(*place).map(|entry| entry.date), std::cmp::Reverse(*place)));
        Self { entries, by_date }
    }

    /// The entries in the order of the file.
    #[must_use]
    pub fn entries(&self) -> &[TimelineEntry] {
        &self.entries
    }

    /// The entry that counts on a day; `None` before the first one. Of two of the same day the first in the file counts.
    #[must_use]
    pub fn on(&self, day: Date) -> Option<&TimelineEntry> {
        let has_begun = |place: &usize| self.entries.get(*place).is_some_and(|entry| entry.date <= day);
        let last = self.by_date.partition_point(has_begun).checked_sub(1)?;
        self.entries.get(*self.by_date.get(last)?)
    }

    /// What the timeline says of a version on a day; `None` where it does not name it, which means deprecated.
    #[must_use]
    pub fn validity(&self, version: &str, day: Date) -> Option<Validity> {
        let (_, validity) = self.on(day)?.versions.iter().find(|(name, _)| name == version)?;
        Some(*validity)
    }

    /// What each version that the timeline names on a day is good for.
    #[must_use]
    pub fn validities(&self, day: Date) -> HashMap<&str, Validity> {
        let mut validities = HashMap::new();
        for (name, validity) in self.on(day).into_iter().flat_map(|entry| &entry.versions) {
            validities.entry(name.as_str()).or_insert(*validity);
        }
        validities
    }

    /// What a version was, is and will be good for, period by period: from which day, and until which, the last one without an
    /// end. Periods in which the timeline does not name it are left out.
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

    /// The days after this one on which something may change.
    pub fn changes_after(&self, day: Date) -> impl Iterator<Item = Date> {
        self.entries.iter().map(|entry| entry.date).filter(move |date| *date > day)
    }
}
