//! The release calendar of the distributions required by scs-0104-v2.

use jiff::ToSpan;
use jiff::civil::Date;
use serde::Deserialize;

use super::read::{ReadDataError, read};

/// A release calendar, complete up to a date.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Releases {
    /// The date of the data.
    pub as_of: Date,
    /// The last day on which the newest listed release can be assumed to be the latest.
    pub complete_until: Date,
    distributions: Vec<DistributionReleases>,
}

/// The releases of one distribution.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct DistributionReleases {
    /// The value of `os_distro`.
    pub id: String,
    /// The display name.
    pub name: String,
    /// The releases, oldest first.
    pub releases: Vec<Release>,
}

/// A release.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Release {
    /// The value of `os_version`.
    pub version: String,
    /// The codename, as used in image sources.
    pub codename: String,
    /// The day of the release.
    pub released: Date,
    /// The end of regular vendor support.
    pub end_of_life: Date,
    /// Whether it is an Ubuntu LTS release or a stable Debian release.
    pub long_term: bool,
}

impl Releases {
    /// Parses a data file.
    ///
    /// # Errors
    ///
    /// If it is not a valid file; the message contains the position.
    pub fn from_yaml(text: &str) -> Result<Self, ReadDataError> {
        read("releases", text)
    }

    /// The releases of a distribution.
    #[must_use]
    pub fn of(&self, distro: &str) -> Option<&DistributionReleases> {
        self.distributions.iter().find(|known| known.id == distro)
    }

    /// Finds a release.
    #[must_use]
    pub fn release(&self, distro: &str, version: &str) -> Option<&Release> {
        self.of(distro)?.releases.iter().find(|release| release.version == version)
    }

    /// All distributions.
    pub fn iter(&self) -> impl Iterator<Item = &DistributionReleases> {
        self.distributions.iter()
    }
}

impl DistributionReleases {
    /// The long-term releases available on a day, newest first.
    pub fn out(&self, date: Date) -> impl Iterator<Item = &Release> {
        self.releases.iter().rev().filter(move |release| release.long_term && release.released <= date)
    }

    /// The release considered the latest by scs-0104-v2 on a day: the newest one whose grace period is over.
    ///
    /// ```
    /// use jiff::civil::date;
    /// use scs_image_metadata::ImageData;
    ///
    /// let releases = ImageData::embedded().releases;
    /// let ubuntu = releases.of("ubuntu").unwrap();
    /// assert_eq!(ubuntu.due(date(2026, 4, 30)).map(|it| it.version.as_str()), Some("24.04"));
    /// assert_eq!(ubuntu.due(date(2026, 5, 1)).map(|it| it.version.as_str()), Some("26.04"));
    /// ```
    #[must_use]
    pub fn due(&self, date: Date) -> Option<&Release> {
        self.out(date).find(|release| release.due(&self.id).is_some_and(|due| due < date))
    }
}

impl Release {
    /// The last day on which its image may be missing (scs-0104-v2, *Generic OS images*): 30 April of its year for Ubuntu,
    /// a month after the release for Debian.
    #[must_use]
    pub fn due(&self, distro: &str) -> Option<Date> {
        match distro {
            "ubuntu" => Date::new(self.released.year(), 4, 30).ok().map(|april| april.max(self.released)),
            _ => self.released.checked_add(1.month()).ok(),
        }
    }
}
