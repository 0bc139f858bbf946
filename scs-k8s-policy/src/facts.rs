//! The dated facts for the version policy: releases, end-of-life dates and CVE records, built-in or supplied.

use std::sync::LazyLock;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde::Deserialize;
use thiserror::Error;

use crate::cve::CveRecords;
use crate::end_of_life::EndsOfLife;
use crate::period::{end_of_period, is_over};
use crate::releases::{Release, Releases};
use crate::version::{Branch, K8sVersion};

/// The age in days from which facts are outdated.
const FRESH_DAYS: i64 = 45;

/// Facts about Kubernetes, with their date. `Default` is without any facts, so that rules about versions are DNF.
///
/// ```
/// use scs_k8s_policy::{Branch, KubernetesFacts};
///
/// let facts = KubernetesFacts::embedded();
/// assert_eq!(facts.releases().newest_of(Branch::new(1, 36)).unwrap().version.to_string(), "v1.36.5");
/// assert!(facts.releases_are_fresh("2026-10-30T00:00:00Z".parse()?));
/// assert!(!facts.releases_are_fresh("2026-10-31T00:00:00Z".parse()?));
/// # Ok::<(), jiff::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct KubernetesFacts {
    releases: Releases,
    /// The date of the built-in facts; a supplied list has no date.
    stated_as_of: Option<Timestamp>,
    ends: EndsOfLife,
    cves: Option<CveRecords>,
    /// The date on which the CVE records were known to be complete; a supplied list has no date.
    cves_stated_as_of: Option<Timestamp>,
}

#[derive(Deserialize)]
struct File {
    as_of: Date,
    branches: Vec<FileBranch>,
}

#[derive(Deserialize)]
struct FileBranch {
    branch: String,
    end_of_life: Date,
    #[serde(default)]
    releases: Vec<FileRelease>,
}

#[derive(Deserialize)]
struct FileRelease {
    version: String,
    date: Date,
}

/// Used if the built-in facts are unreadable; a test ensures that they are readable.
#[derive(Debug, Error)]
enum ReadFactsError {
    #[error(transparent)]
    Yaml(#[from] serde_saphyr::Error),
    #[error(transparent)]
    Version(#[from] crate::version::ParseVersionError),
    #[error(transparent)]
    Date(#[from] jiff::Error),
}

fn read(yaml: &str) -> Result<KubernetesFacts, ReadFactsError> {
    let file: File = serde_saphyr::from_str(yaml)?;
    let start = |date: Date| date.to_zoned(TimeZone::UTC).map(|zoned| zoned.timestamp());
    let mut releases = Vec::new();
    let mut ends = Vec::new();
    for branch in file.branches {
        ends.push((branch.branch.parse::<Branch>()?, branch.end_of_life));
        for release in branch.releases {
            let version: K8sVersion = release.version.parse()?;
            let number = releases.len() + 1;
            releases.push(Release { version, published_at: start(release.date)?, number });
        }
    }
    Ok(KubernetesFacts {
        releases: releases.into_iter().collect(),
        stated_as_of: Some(start(file.as_of)?),
        ends: ends.into_iter().collect(),
        cves: None,
        cves_stated_as_of: None,
    })
}

static EMBEDDED: LazyLock<KubernetesFacts> =
    LazyLock::new(|| read(include_str!("../data/kubernetes.yaml")).unwrap_or_default());

impl KubernetesFacts {
    /// The built-in facts, which have no CVE records.
    #[must_use]
    pub fn embedded() -> &'static Self {
        &EMBEDDED
    }

    /// Replaces the releases; their date is that of the newest one that is not in the future.
    #[must_use]
    pub fn with_releases(self, releases: Releases) -> Self {
        Self { stated_as_of: None, releases, ..self }
    }

    /// Replaces the releases with a list that was known to be complete at a time, such as a list that was just fetched.
    ///
    /// ```
    /// use scs_k8s_policy::{KubernetesFacts, Releases};
    ///
    /// let releases: Releases = r#"[{"tag_name": "v1.36.5", "published_at": "2026-09-15T12:00:00Z"}]"#.parse()?;
    /// let facts = KubernetesFacts::default().with_releases_as_of(releases, "2026-12-01T00:00:00Z".parse()?);
    /// assert!(facts.releases_are_fresh("2027-01-15T00:00:00Z".parse()?));
    /// assert!(!facts.releases_are_fresh("2027-01-17T00:00:00Z".parse()?));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_releases_as_of(self, releases: Releases, as_of: Timestamp) -> Self {
        Self { stated_as_of: Some(as_of), releases, ..self }
    }

    /// Replaces the end-of-life dates.
    #[must_use]
    pub fn with_ends_of_life(self, ends: EndsOfLife) -> Self {
        Self { ends, ..self }
    }

    /// Adds CVE records; their date is that of the newest one that is not in the future.
    #[must_use]
    pub fn with_cves(self, cves: CveRecords) -> Self {
        Self { cves: Some(cves), cves_stated_as_of: None, ..self }
    }

    /// Adds CVE records that were known to be complete at a time, such as records that were just fetched.
    #[must_use]
    pub fn with_cves_as_of(self, cves: CveRecords, as_of: Timestamp) -> Self {
        Self { cves: Some(cves), cves_stated_as_of: Some(as_of), ..self }
    }

    /// The releases.
    #[must_use]
    pub const fn releases(&self) -> &Releases {
        &self.releases
    }

    /// The end-of-life dates.
    #[must_use]
    pub const fn ends_of_life(&self) -> &EndsOfLife {
        &self.ends
    }

    /// The CVE records, if supplied.
    #[must_use]
    pub const fn cves(&self) -> Option<&CveRecords> {
        self.cves.as_ref()
    }

    /// The date of the release data, as of a time.
    #[must_use]
    pub fn releases_as_of(&self, at: Timestamp) -> Option<Timestamp> {
        match self.stated_as_of {
            Some(as_of) => Some(as_of.min(at)),
            None => self.releases.as_of(at),
        }
    }

    /// The date of the CVE records, as of a time: the stated one, or that of the newest record published by then.
    #[must_use]
    pub fn cves_as_of(&self, at: Timestamp) -> Option<Timestamp> {
        if let Some(as_of) = self.cves_stated_as_of {
            return Some(as_of.min(at));
        }
        let records = &self.cves.as_ref()?.records;
        let published = records.iter().filter_map(crate::cve::CveRecord::published_at);
        published.filter(|published| *published <= at).max()
    }

    /// Whether the releases are no older than 45 days.
    #[must_use]
    pub fn releases_are_fresh(&self, at: Timestamp) -> bool {
        is_fresh(self.releases_as_of(at), at)
    }

    /// The last moment at which the releases are no older than 45 days; `None` without a date.
    #[must_use]
    pub fn releases_fresh_until(&self, at: Timestamp) -> Option<Timestamp> {
        self.releases_as_of(at).map(|as_of| end_of_period(as_of, FRESH_DAYS.days()))
    }

    /// The last moment at which no branch can be missing that would have to be offered: branches are due after four months.
    #[must_use]
    pub fn branches_known_until(&self, at: Timestamp) -> Option<Timestamp> {
        self.releases_as_of(at).map(|as_of| end_of_period(as_of, 4.months()))
    }

    /// Whether the CVE records are no older than 45 days.
    #[must_use]
    pub fn cves_are_fresh(&self, at: Timestamp) -> bool {
        is_fresh(self.cves_as_of(at), at)
    }
}

fn is_fresh(as_of: Option<Timestamp>, at: Timestamp) -> bool {
    as_of.is_some_and(|as_of| !is_over(end_of_period(as_of, FRESH_DAYS.days()), at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_facts_are_readable() {
        let facts = read(include_str!("../data/kubernetes.yaml")).unwrap();
        assert_eq!(facts, *KubernetesFacts::embedded());
        assert_eq!(facts.releases().branches().len(), 13);
        assert_eq!(facts.ends_of_life().newest(), Some(Branch::new(1, 37)));
        // A branch may get a last patch soon after its last day, as 1.25 did.
        for release in facts.releases().all() {
            let end = facts.ends_of_life().of(release.version.branch()).unwrap();
            let last = end.checked_add(1.month()).unwrap();
            assert!(release.published_at.to_zoned(TimeZone::UTC).date() <= last, "{}", release.version);
        }
        assert_eq!(
            facts.releases().as_of(Timestamp::MAX),
            facts.stated_as_of,
            "the date of the file is that of its newest release"
        );
    }

    #[test]
    fn future_entries_do_not_make_a_list_newer() {
        let releases: Releases = r#"[{"tag_name": "v1.38.0", "published_at": "2030-01-01T00:00:00Z"}, {"tag_name": "v1.36.5", "published_at": "2026-09-15T00:00:00Z"}]"#.parse()
        .unwrap();
        let record = |id: &str, day: &str| {
            format!(
                r#"{{"cveMetadata": {{"cveId": "{id}", "datePublished": "{day}T00:00:00Z"}}, "containers": {{"cna": {{}}}}}}"#
            )
        };
        let records =
            [record("CVE-2025-1", "2025-01-01"), "7".to_owned(), record("CVE-2030-1", "2030-01-01")];
        let cves: CveRecords = format!("[{}]", records.join(", ")).parse().unwrap();
        let facts = KubernetesFacts::default().with_releases(releases).with_cves(cves);
        let at: Timestamp = "2027-05-20T00:00:00Z".parse().unwrap();
        assert_eq!(facts.releases_as_of(at), Some("2026-09-15T00:00:00Z".parse().unwrap()));
        assert_eq!(facts.cves_as_of(at), Some("2025-01-01T00:00:00Z".parse().unwrap()));
        assert!(!facts.releases_are_fresh(at) && !facts.cves_are_fresh(at));
        let later: Vec<usize> = facts.releases().after(at).iter().map(|release| release.number).collect();
        assert_eq!(later, [1]);
        let later: Vec<_> =
            facts.cves().unwrap().after(at).map(|(number, record)| (number, record.id())).collect();
        assert_eq!(later, [(3, "CVE-2030-1")]);
        let then: Timestamp = "2030-01-01T00:00:00Z".parse().unwrap();
        assert!(facts.releases_are_fresh(then) && facts.cves_are_fresh(then));
        assert!(
            facts.releases().after(then).is_empty() && facts.cves().unwrap().after(then).next().is_none()
        );
    }

    /// The end-of-life dates in the official repository, if its data files are available.
    #[test]
    fn end_of_life_dates_match_the_official_repository() {
        let Ok(standards) = std::env::var("SCS_STANDARDS_DIR") else {
            println!("skipped: SCS_STANDARDS_DIR is not set");
            return;
        };
        let path = format!("{standards}/Tests/kaas/scs_0210_version_policy/k8s-eol-data.yml");
        let official: EndsOfLife = std::fs::read_to_string(path).unwrap().parse().unwrap();
        for (branch, end) in official.iter() {
            assert_eq!(KubernetesFacts::embedded().ends_of_life().of(branch), Some(end), "{branch}");
        }
    }
}
