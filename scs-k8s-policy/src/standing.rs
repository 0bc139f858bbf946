//! The status of a cluster's version according to the text of scs-0210-v2, *Decision*.

use std::fmt;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use scs_standards::{FactList, Hint, Profile, Recorder};

use crate::due::{Due, dues};
use crate::facts::KubernetesFacts;
use crate::period::{end_of_period, is_over};
use crate::version::{Branch, K8sVersion};

/// The status of a version.
#[derive(Clone, Debug, PartialEq)]
pub enum Standing<'f> {
    /// Overdue: a release had to replace it.
    Overdue(Due<'f>),
    /// Unknown, for this reason.
    Unknown(Gap<'f>),
    /// In time, with the next due release, if known.
    InTime(Option<Due<'f>>),
}

/// Missing data.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Gap<'f> {
    /// No release of the branch is known.
    NoRelease(Branch),
    /// The end of life of the branch is unknown.
    NoEndOfLife(Branch),
    /// The version is newer than all known releases of its branch.
    Newer(&'f K8sVersion),
    /// No release is known at all.
    NoReleases,
    /// The release data end on this date, too long ago.
    StaleReleases(Timestamp),
    /// No release is dated before the check, so the age of the list is unknown.
    UndatedReleases,
    /// The entry of a newer release is unreadable.
    BrokenRelease(&'f K8sVersion),
    /// A newer release is older than the grace period of a critical fix, and there are no CVE records to show whether it
    /// fixes a critical CVE.
    NoCves(&'f K8sVersion),
    /// Like [`Gap::NoCves`], but the list of CVE records is empty.
    EmptyCves(&'f K8sVersion),
    /// Like [`Gap::NoCves`], but the CVE records end on this date, too long ago.
    StaleCves(&'f K8sVersion, Timestamp),
    /// Like [`Gap::NoCves`], but no CVE record has a publication date before the check, so their age is unknown.
    UndatedCves(&'f K8sVersion),
    /// Like [`Gap::NoCves`], but it fixes this CVE, whose record has no score from the CNA.
    NoScore(&'f K8sVersion, &'f str),
    /// Like [`Gap::NoCves`], but the versions in this record are unreadable.
    UnreadableCve(&'f K8sVersion, &'f str),
    /// Like [`Gap::NoCves`], but the score of this record is unreadable.
    UnreadableScore(&'f K8sVersion, &'f str),
    /// Like [`Gap::NoCves`], but the entry at this position (from 1) is not a valid record.
    BrokenCve(&'f K8sVersion, usize),
}

fn day(at: Timestamp) -> String {
    at.to_zoned(TimeZone::UTC).date().to_string()
}

impl fmt::Display for Gap<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const WAITS: &str = "is newer";
        match self {
            Self::NoRelease(branch) => write!(f, "no known release of {branch}"),
            Self::NoReleases => write!(f, "the list of releases is empty"),
            Self::NoEndOfLife(branch) => {
                write!(f, "the end of life of {branch} is unknown")
            }
            Self::Newer(newest) => {
                write!(f, "it is newer than {newest}, the newest known release of its branch")
            }
            Self::StaleReleases(as_of) => {
                write!(f, "release data end on {}, more than 45 days ago", day(*as_of))
            }
            Self::UndatedReleases => {
                write!(f, "no release in the list was published before the check, so its age is unknown")
            }
            Self::BrokenRelease(version) => {
                write!(f, "cannot parse the release date of {version}; fix its entry in the releases")
            }
            Self::NoCves(version) => {
                write!(f, "{version} {WAITS}, and it is unknown whether it fixes a critical CVE")
            }
            Self::EmptyCves(version) => {
                write!(f, "{version} {WAITS}, and the list of CVE records is empty")
            }
            Self::StaleCves(version, as_of) => {
                write!(f, "{version} {WAITS}, and CVE records end on {}, more than 45 days ago", day(*as_of))
            }
            Self::UndatedCves(version) => write!(
                f,
                "{version} {WAITS}, and no CVE record was published before the check, so their age is unknown"
            ),
            Self::UnreadableCve(version, id) => write!(
                f,
                "{version} {WAITS}, and the record of {id} does not show which versions it affects; fix the record, or update"
            ),
            Self::UnreadableScore(version, id) => write!(
                f,
                "{version} {WAITS}, and the record of {id} does not show its severity; fix its `baseScore`, or update"
            ),
            Self::NoScore(version, id) => write!(
                f,
                "{version} {WAITS} and fixes {id}, whose original record has no CVSS score, so it may be critical; update"
            ),
            Self::BrokenCve(version, number) => write!(
                f,
                "{version} {WAITS}, and entry {number} of the CVE records is unreadable; fix it, or update"
            ),
        }
    }
}

impl<'f> Gap<'f> {
    /// The data that would close the gap; `None` if only an update of the cluster, or a corrected entry, helps.
    #[must_use]
    pub const fn hint(&self) -> Option<Hint> {
        let list = match self {
            Self::NoRelease(_)
            | Self::NoReleases
            | Self::Newer(_)
            | Self::StaleReleases(_)
            | Self::UndatedReleases
            | Self::BrokenRelease(_) => FactList::KubernetesReleases,
            Self::NoEndOfLife(_) => FactList::KubernetesEndsOfLife,
            Self::NoCves(_)
            | Self::EmptyCves(_)
            | Self::StaleCves(..)
            | Self::UndatedCves(_)
            | Self::UnreadableCve(..)
            | Self::UnreadableScore(..)
            | Self::BrokenCve(..) => FactList::KubernetesCves,
            Self::NoScore(..) => return None,
        };
        Some(Hint::Facts(list))
    }

    /// Records it as the reason why a rule cannot be evaluated.
    pub(crate) fn record<S: ?Sized>(&self, rec: &mut Recorder<'_, S>, subject: impl fmt::Display) {
        rec.dnf(subject, self.to_string()).hinting(self.hint());
    }

    /// The reason why the releases do not show the newest one; `None` if they are current.
    pub(crate) fn of_releases(facts: &KubernetesFacts, at: Timestamp) -> Option<Self> {
        if facts.releases_are_fresh(at) {
            return None;
        }
        let releases = facts.releases();
        Some(match facts.releases_as_of(at) {
            Some(as_of) => Self::StaleReleases(as_of),
            None if releases.all().is_empty() && releases.broken().is_empty() => Self::NoReleases,
            None => Self::UndatedReleases,
        })
    }

    /// The reason why the CVE records do not cover a release; `None` if they are current.
    fn of_cves(facts: &KubernetesFacts, release: &'f K8sVersion, at: Timestamp) -> Option<Self> {
        let Some(cves) = facts.cves() else { return Some(Self::NoCves(release)) };
        if facts.cves_are_fresh(at) {
            return None;
        }
        Some(match facts.cves_as_of(at) {
            Some(as_of) => Self::StaleCves(release, as_of),
            None if cves.records.is_empty() && cves.broken.is_empty() => Self::EmptyCves(release),
            None => Self::UndatedCves(release),
        })
    }
}

impl<'f> Standing<'f> {
    /// The status of a version as known at a time.
    ///
    /// Outdated facts are still conclusive for an overdue patch, but do not show whether the newest known patch is still the
    /// newest.
    ///
    /// ```
    /// use scs_k8s_policy::{Gap, KubernetesFacts, Releases, Standing};
    ///
    /// let releases: Releases = r#"[{"tag_name": "v1.30.1", "published_at": "2024-05-14T12:00:00Z"}, {"tag_name": "v1.30.2", "published_at": "2024-06-11T12:00:00Z"}]"#.parse()?;
    /// let facts = KubernetesFacts::default().with_releases(releases);
    /// let standing = |version: &str, at: &str| Ok::<_, Box<dyn std::error::Error>>(match Standing::of(&version.parse()?, &facts, at.parse()?) {
    ///     Standing::Overdue(due) => format!("overdue since {}", due.until),
    ///     Standing::Unknown(gap) => gap.to_string(),
    ///     Standing::InTime(_) => "in time".to_owned(),
    /// });
    /// assert_eq!(standing("v1.30.2", "2024-07-01T00:00:00Z")?, "in time");
    /// assert!(standing("v1.30.2", "2024-12-01T00:00:00Z")?.contains("release data end on 2024-06-11"));
    /// assert_eq!(standing("v1.30.1", "2024-06-20T00:00:00Z")?, "in time");
    /// assert!(standing("v1.30.1", "2024-07-01T00:00:00Z")?.contains("unknown whether it fixes a critical CVE"));
    /// assert_eq!(standing("v1.30.1", "2024-12-01T00:00:00Z")?, "overdue since 2024-07-11T12:00:00Z");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn of(version: &K8sVersion, facts: &'f KubernetesFacts, at: Timestamp) -> Self {
        let own = version.upstream();
        let dues = dues(&own, facts, at, Profile::Text);
        if let Some(overdue) = dues.iter().find(|due| is_over(due.until, at)) {
            return Self::Overdue(*overdue);
        }
        let known = facts.releases().of(own.branch()).filter(|release| release.published_at <= at);
        let Some(newest) = known.max_by(|one, other| one.version.cmp(&other.version)) else {
            let none_at_all = Gap::of_releases(facts, at).filter(|gap| *gap == Gap::NoReleases);
            return Self::Unknown(none_at_all.unwrap_or(Gap::NoRelease(own.branch())));
        };
        if own > newest.version {
            return Self::Unknown(Gap::Newer(&newest.version));
        }
        if let Some(gap) = broken_release(facts, &own) {
            return Self::Unknown(gap);
        }
        if let Some(gap) = Gap::of_releases(facts, at) {
            return Self::Unknown(gap);
        }
        // Only a newer release older than two weeks would have to be critical to be overdue.
        match dues.iter().rfind(|due| is_over(end_of_period(due.release.published_at, 14.days()), at)) {
            Some(due) => match unknown_cves(facts, &own, &due.release.version, at) {
                Some(gap) => Self::Unknown(gap),
                None => Self::InTime(dues.first().copied()),
            },
            None => Self::InTime(dues.first().copied()),
        }
    }
}

/// The newest newer release of a version's branch with an unreadable date.
pub(crate) fn broken_release<'f>(facts: &'f KubernetesFacts, own: &K8sVersion) -> Option<Gap<'f>> {
    let broken = facts.releases().broken().iter().filter_map(|broken| broken.version.as_ref());
    let newer = broken.filter(|version| version.branch() == own.branch() && *version > own);
    newer.max().map(Gap::BrokenRelease)
}

/// A release of a branch, or of a newer one, with an unreadable date and without known earlier releases: the age of its
/// branch is unknown.
pub(crate) fn broken_branch(facts: &KubernetesFacts, branch: Branch, at: Timestamp) -> Option<Gap<'_>> {
    let broken = facts.releases().broken().iter().filter_map(|broken| broken.version.as_ref());
    let is_first = |version: &&K8sVersion| {
        let known = facts.releases().of(version.branch());
        known.filter(|release| release.published_at <= at).all(|release| release.version > **version)
    };
    broken.filter(|version| version.branch() >= branch).filter(is_first).min().map(Gap::BrokenRelease)
}

/// The reason why it is unknown whether a release fixes a critical CVE in a version.
pub(crate) fn unknown_cves<'f>(
    facts: &'f KubernetesFacts,
    own: &K8sVersion,
    release: &'f K8sVersion,
    at: Timestamp,
) -> Option<Gap<'f>> {
    if let Some(gap) = Gap::of_cves(facts, release, at) {
        return Some(gap);
    }
    let cves = facts.cves()?;
    if let Some((number, _)) = cves.broken.first() {
        return Some(Gap::BrokenCve(release, *number));
    }
    let known = || cves.records.iter().filter(|record| record.is_known_at(at));
    let unreadable =
        known().find(|record| record.may_be_critical() && !record.affected().unreadable().is_empty());
    if let Some(record) = unreadable {
        return Some(Gap::UnreadableCve(release, record.id()));
    }
    // Its severity only matters if the version is affected.
    let unscored = known()
        .find(|record| !record.is_critical() && record.may_be_critical() && record.affected().contains(own));
    // The score of the original record counts (scs-0210-v2, *Decision*); without one, the severity is unknown.
    let without = || known().find(|record| record.has_no_score() && record.is_fixed_between(own, release));
    let gap = unscored.map(|record| Gap::UnreadableScore(release, record.id()));
    gap.or_else(|| without().map(|record| Gap::NoScore(release, record.id())))
}

/// The maintenance status of a branch on a date (scs-0210-v2, *Decision*).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Maintenance {
    /// Maintained until this day, inclusive.
    Until(Date),
    /// Its last day was this one.
    EndedOn(Date),
    /// It is older than branches that have ended.
    Ended,
    /// Unknown.
    Unknown,
}

impl Maintenance {
    /// The maintenance status of a branch on a date, according to the end-of-life data.
    ///
    /// ```
    /// use jiff::civil::date;
    /// use scs_k8s_policy::{Branch, KubernetesFacts, Maintenance};
    ///
    /// let of = |minor, day| Maintenance::of(Branch::new(1, minor), KubernetesFacts::embedded(), day);
    /// assert_eq!(of(34, date(2026, 10, 27)), Maintenance::Until(date(2026, 10, 27)));
    /// assert_eq!(of(34, date(2026, 10, 28)), Maintenance::EndedOn(date(2026, 10, 27)));
    /// assert_eq!(of(12, date(2026, 10, 28)), Maintenance::Ended);
    /// assert_eq!(of(99, date(2026, 10, 28)), Maintenance::Unknown);
    /// ```
    #[must_use]
    pub fn of(branch: Branch, facts: &KubernetesFacts, today: Date) -> Self {
        match facts.ends_of_life().of(branch) {
            Some(end) if today <= end => Self::Until(end),
            Some(end) => Self::EndedOn(end),
            // Branches reach their end of life in order.
            None => match facts.ends_of_life().iter().next() {
                Some((oldest, end)) if branch < oldest && end < today => Self::Ended,
                _ => Self::Unknown,
            },
        }
    }

    /// Whether maintenance has ended.
    #[must_use]
    pub const fn is_over(self) -> bool {
        matches!(self, Self::EndedOn(_) | Self::Ended)
    }
}
