//! OpenStack releases and their maintenance periods.

use std::sync::LazyLock;

use jiff::civil::Date;
use serde::Deserialize;

use super::super::release_number::ReleaseNumber;

/// The table in `data/openstack-releases.yaml`.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Releases {
    /// The date of the table; `None` if it is unreadable.
    #[serde(default)]
    pub(super) as_of: Option<Date>,
    /// The last date for which the table has the newest release.
    #[serde(default)]
    pub(super) complete_until: Option<Date>,
    #[serde(rename = "releases")]
    list: Vec<Release>,
}

/// An OpenStack release.
#[derive(Debug, Deserialize)]
pub(super) struct Release {
    /// Its number, such as `2026.1`; older releases have none.
    #[serde(default)]
    version: Option<String>,
    /// Its name in lower case.
    name: String,
    /// Whether upgrades may skip the previous release (SLURP).
    #[serde(default)]
    slurp: bool,
    released: Date,
    /// The first day on which it is no longer maintained.
    #[serde(default)]
    ended: Option<Date>,
    /// The phase that starts then.
    #[serde(default)]
    then: Option<String>,
}

/// The status of a release on a date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// Maintained; the known end of maintenance, exclusive.
    Maintained(Option<Date>),
    /// Unmaintained since this date, with the name of its phase.
    Ended(Date, String),
    /// Not yet released; the release date.
    Future(Date),
}

static RELEASES: LazyLock<Releases> = LazyLock::new(|| {
    serde_saphyr::from_str(include_str!("../../../data/openstack-releases.yaml")).unwrap_or_default()
});

/// The built-in table.
pub(super) fn releases() -> &'static Releases {
    &RELEASES
}

/// The day on which the table was made.
pub(crate) fn as_of() -> Option<Date> {
    releases().as_of
}

/// The year and number of a release by name; for an older one without a number, those of its release date.
pub(in crate::rules) fn number_of(name: &str) -> Option<ReleaseNumber> {
    let release = releases().find(name)?;
    let by_day = || {
        let year = u16::try_from(release.released.year()).ok()?;
        Some(ReleaseNumber { year, number: if release.released.month() < 7 { 1 } else { 2 } })
    };
    match &release.version {
        Some(version) => version.parse().ok(),
        None => by_day(),
    }
}

impl Releases {
    /// Finds a release by number or name: `2026.1`, `Gazpacho`, `stable/2026.1`, `2026.1 (Gazpacho)`.
    pub(super) fn find(&self, text: &str) -> Option<&Release> {
        let text = text.trim().to_lowercase();
        let text =
            text.strip_prefix("stable/").or_else(|| text.strip_prefix("unmaintained/")).unwrap_or(&text);
        let mut words = text.split(|letter: char| letter.is_whitespace() || matches!(letter, '(' | ')'));
        let first = words.find(|word| !word.is_empty())?;
        let found = self.list.iter().find(|release| release.is(first))?;
        // A second word has to be the same release.
        words.filter(|word| !word.is_empty()).all(|word| found.is(word)).then_some(found)
    }

    /// Whether the table may lack a newer release or a changed schedule.
    pub(super) fn is_stale(&self, at: Date) -> bool {
        self.complete_until.is_none_or(|until| at > until)
    }
}

impl Release {
    fn is(&self, word: &str) -> bool {
        self.name == word || self.version.as_deref() == Some(word)
    }

    /// The number and name of the release.
    pub(super) fn label(&self) -> String {
        let slurp = if self.slurp { ", SLURP" } else { "" };
        match &self.version {
            Some(version) => format!("{version} ({}{slurp})", self.name),
            None => self.name.clone(),
        }
    }

    /// The status on a date.
    pub(super) fn phase(&self, at: Date) -> Phase {
        match self.ended {
            Some(ended) if ended <= at => {
                Phase::Ended(ended, self.then.clone().unwrap_or_else(|| "unmaintained".to_owned()))
            }
            _ if at < self.released => Phase::Future(self.released),
            ended => Phase::Maintained(ended),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_table_is_readable_and_sorted() {
        let releases = releases();
        assert_eq!(releases.as_of, Some(date(2026, 8, 21)));
        assert!(releases.complete_until > releases.as_of);
        assert!(releases.list.iter().is_sorted_by(|newer, older| newer.released > older.released));
        assert!(
            releases.list.iter().all(|release| release.ended.is_none_or(|ended| ended > release.released))
        );
    }

    #[test]
    fn a_release_has_a_number_and_a_name() {
        let label = |text| releases().find(text).map(Release::label);
        for text in ["2026.1", "Gazpacho", "stable/2026.1", "2026.1 (Gazpacho)"] {
            assert_eq!(label(text).as_deref(), Some("2026.1 (gazpacho, SLURP)"), "{text}");
        }
        for text in ["", "2026.3", "2026.1 Flamingo", "RHOSO 18"] {
            assert_eq!(label(text), None, "{text}");
        }
    }

    #[test]
    fn the_last_day_of_a_phase_still_counts() {
        let epoxy = releases().find("epoxy").unwrap();
        assert_eq!(epoxy.phase(date(2025, 4, 1)), Phase::Future(date(2025, 4, 2)));
        assert_eq!(epoxy.phase(date(2026, 10, 1)), Phase::Maintained(Some(date(2026, 10, 2))));
        assert_eq!(
            epoxy.phase(date(2026, 10, 2)),
            Phase::Ended(date(2026, 10, 2), "unmaintained".to_owned())
        );
    }
}
