//! The release calendar of the distributions required by scs-0104-v2.

use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::distro_info;
use super::read::{ReadDataError, read};

/// A release calendar, complete up to a date.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Releases {
    /// The date of the data.
    pub as_of: Date,
    /// The last day on which the newest listed release can be assumed to be the latest.
    pub complete_until: Date,
    distributions: Vec<DistributionReleases>,
}

/// The releases of one distribution.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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

    /// Builds a calendar from the files of Debian's package distro-info-data, `ubuntu.csv` and `debian.csv`, which were current
    /// on a day. Releases without a date are skipped: they are planned for an unknown day.
    ///
    /// The calendar is complete for a month: a later release is not due earlier (scs-0104-v2, *Generic OS images*).
    ///
    /// # Errors
    ///
    /// If a file is not of this form.
    ///
    /// ```
    /// use scs_image_metadata::Releases;
    ///
    /// let ubuntu = "version,codename,series,created,release,eol\n26.04 LTS,Resolute Raccoon,resolute,2025-10-09,2026-04-23,2031-05-29\n";
    /// let debian = "version,codename,series,created,release,eol\n13,Trixie,trixie,2023-06-10,2025-08-09,2028-08-09\n,Sid,sid,1993-08-16\n";
    /// let releases = Releases::from_distro_info(ubuntu, debian, "2026-12-01".parse()?)?;
    /// assert_eq!(releases.complete_until.to_string(), "2027-01-01");
    /// assert!(releases.release("ubuntu", "26.04").unwrap().long_term);
    /// // What it writes can be read again.
    /// assert_eq!(Releases::from_yaml(&releases.to_yaml()?)?, releases);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn from_distro_info(ubuntu: &str, debian: &str, as_of: Date) -> Result<Self, ReadDataError> {
        let distributions = vec![distro_info::ubuntu(ubuntu)?, distro_info::debian(debian)?];
        let none = Self { as_of, complete_until: as_of, distributions };
        Ok(none.confirmed_on(as_of))
    }

    /// The same calendar, which was still current on a day. It stays complete for as long as it was known to be.
    #[must_use]
    pub fn confirmed_on(self, day: Date) -> Self {
        let month = day.checked_add(1.month()).unwrap_or(day);
        Self { as_of: self.as_of.max(day), complete_until: self.complete_until.max(month), ..self }
    }

    /// The calendar as a data file.
    ///
    /// # Errors
    ///
    /// If it cannot be written as YAML, which no calendar causes.
    pub fn to_yaml(&self) -> Result<String, ReadDataError> {
        serde_saphyr::to_string(self).map_err(|error| ReadDataError::of("releases", error.to_string()))
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
