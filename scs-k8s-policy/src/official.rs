//! The official check of a cluster's version (test case `version-policy-check`), oddities included; only used for the
//! verdict of the other profile.

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use scs_standards::Verdict;

use crate::cve::{OfficialReading, official_version};
use crate::facts::KubernetesFacts;
use crate::version::K8sVersion;

/// The result of the official check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Official {
    /// The cluster is in time.
    Passes,
    /// Its branch is not among the maintained ones; the last day does not count.
    NotMaintained,
    /// This patch is older than 31 days.
    Overdue(K8sVersion),
    /// This patch is older than two weeks, and the cluster's version has a critical CVE.
    Critical(K8sVersion),
    /// The check crashes.
    Stumbles(String),
}

impl Official {
    /// The verdict.
    pub(crate) const fn verdict(&self) -> Verdict {
        match self {
            Self::Passes => Verdict::Pass,
            Self::NotMaintained | Self::Overdue(_) | Self::Critical(_) => Verdict::Fail,
            Self::Stumbles(_) => Verdict::Dnf,
        }
    }

    /// Checks the answer of `/version`.
    pub(crate) fn of(text: &str, facts: &KubernetesFacts, at: Timestamp) -> Self {
        let midnight = |date: jiff::civil::Date| date.to_zoned(TimeZone::UTC).map(|zoned| zoned.timestamp());
        let is_maintained = |end| midnight(end).is_ok_and(|end| at < end);
        let maintained: Vec<_> = facts.ends_of_life().iter().filter(|(_, end)| is_maintained(*end)).collect();
        if maintained.len() < 2 {
            return Self::Stumbles(
                "fewer than two branches are maintained according to the end-of-life data".to_owned(),
            );
        }
        let records = facts.cves().map_or(&[][..], |cves| cves.records.as_slice());
        if let Some(record) = records.iter().find(|it| *it.official() == OfficialReading::Stumbles) {
            return Self::Stumbles(format!("the suite crashes on the record of {}", record.id()));
        }
        let Some(own) = official_version(text) else {
            return Self::Stumbles(format!("the suite cannot read a version from `{text}`"));
        };
        if !maintained.iter().any(|(branch, _)| *branch == own.branch()) {
            return Self::NotMaintained;
        }
        Self::of_releases(&own, facts, at)
    }

    /// Releases in list order: the first conclusive one decides, and an unreadable one crashes the suite.
    fn of_releases(own: &K8sVersion, facts: &KubernetesFacts, at: Timestamp) -> Self {
        let is_affected =
            facts.cves().is_some_and(|cves| cves.records.iter().any(|it| it.official().affects(own)));
        let older_than = |published: Timestamp, days: i64| {
            published.checked_add((24 * days).hours()).is_ok_and(|end| end < at)
        };
        let first_broken = facts.releases().broken().iter().map(|broken| broken.number).min();
        let mut unknown = None;
        let mut releases: Vec<_> = facts.releases().all().iter().collect();
        releases.sort_by_key(|release| release.number);
        for release in releases {
            if first_broken.is_some_and(|broken| broken < release.number) {
                break;
            }
            let version = &release.version;
            if version.branch() != own.branch() || version.patch() <= own.patch() {
                continue;
            }
            if older_than(release.published_at, 31) {
                return Self::Overdue(version.clone());
            }
            if older_than(release.published_at, 14) {
                if is_affected {
                    return Self::Critical(version.clone());
                }
                unknown = Some(version);
            }
        }
        match (first_broken, unknown) {
            (Some(number), _) => {
                Self::Stumbles(format!("the suite crashes on entry {number} of the releases"))
            }
            // The suite fetches the records itself.
            (None, Some(version)) if facts.cves().is_none() => Self::Stumbles(format!(
                "{version} is older than two weeks, and it is unknown whether the cluster's version has a critical CVE; provide CVE records, or update"
            )),
            _ => Self::Passes,
        }
    }
}
