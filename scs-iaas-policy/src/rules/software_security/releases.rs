//! OpenStack's releases, and until when each is maintained.

use std::sync::LazyLock;

use jiff::civil::Date;
use serde::Deserialize;

use super::super::evidence::Release as Number;

/// The table of `data/openstack-releases.yaml`.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Releases {
    /// The day on which it was made; `None` where the table cannot be read.
    #[serde(default)]
    pub(super) as_of: Option<Date>,
    /// The last day on which the newest release is in it.
    #[serde(default)]
    pub(super) complete_until: Option<Date>,
    #[serde(rename = "releases")]
    list: Vec<Release>,
}

/// A release.
#[derive(Debug, Deserialize)]
pub(super) struct Release {
    /// Its number, such as `2026.1`; older ones have none.
    #[serde(default)]
    version: Option<String>,
    /// Its name in lower case.
    name: String,
    /// Whether upgrades may skip the one before it.
    #[serde(default)]
    slurp: bool,
    released: Date,
    /// The first day on which it is not maintained.
    #[serde(default)]
    ended: Option<Date>,
    /// The phase that begins then.
    #[serde(default)]
    then: Option<String>,
}

/// How it stands with a release on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// It is maintained, and as far as is known until the day before this.
    Maintained(Option<Date>),
    /// It is no longer maintained, since this day, in the phase of this name.
    Ended(Date, String),
    /// It was or will be released on this day.
    Future(Date),
}

static RELEASES: LazyLock<Releases> = LazyLock::new(|| {
    serde_saphyr::from_str(include_str!("../../../data/openstack-releases.yaml")).unwrap_or_default()
});

/// The table that is part of the program.
pub(super) fn releases() -> &'static Releases {
    &RELEASES
}

/// The day on which the table was made.
pub(crate) fn as_of() -> Option<Date> {
    releases().as_of
}

/// The year and number of a release that is given by its name; of an older one, which has a name alone, those of the day on
/// which it came.
pub(in crate::rules) fn number_of(name: &str) -> Option<Number> {
    let release = releases().find(name)?;
    let by_day = || {
        let year = u16::try_from(release.released.year()).ok()?;
        Some(Number { year, number: if release.released.month() < 7 { 1 } else { 2 } })
    };
    match &release.version {
        Some(version) => version.parse().ok(),
        None => by_day(),
    }
}

impl Releases {
    /// The release of a number or a name: `2026.1`, `Gazpacho`, `stable/2026.1`, `2026.1 (Gazpacho)`.
    pub(super) fn find(&self, text: &str) -> Option<&Release> {
        let text = text.trim().to_lowercase();
        let text =
            text.strip_prefix("stable/").or_else(|| text.strip_prefix("unmaintained/")).unwrap_or(&text);
        let mut words = text.split(|letter: char| letter.is_whitespace() || matches!(letter, '(' | ')'));
        let first = words.find(|word| !word.is_empty())?;
        let found = self.list.iter().find(|release| release.is(first))?;
        // A second word has to mean the same.
        words.filter(|word| !word.is_empty()).all(|word| found.is(word)).then_some(found)
    }

    /// Whether a release may have come, or a plan been changed, of which the table does not know.
    pub(super) fn is_stale(&self, at: Date) -> bool {
        self.complete_until.is_none_or(|until| at > until)
    }
}

impl Release {
    fn is(&self, word: &str) -> bool {
        self.name == word || self.version.as_deref() == Some(word)
    }

    /// Its number and its name.
    pub(super) fn label(&self) -> String {
        let slurp = if self.slurp { ", SLURP" } else { "" };
        match &self.version {
            Some(version) => format!("{version} ({}{slurp})", self.name),
            None => self.name.clone(),
        }
    }

    /// How it stands on a day.
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
    fn the_table_can_be_read_and_is_in_order() {
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
