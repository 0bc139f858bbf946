//! How the version of one cluster stands to scs-0210-v2, *Decision*, by the text.

use std::fmt;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use scs_standards::Profile;

use crate::due::{Due, dues, end_of_period, is_over};
use crate::facts::KubernetesFacts;
use crate::version::{Branch, K8sVersion};

/// How a version stands.
#[derive(Clone, Debug, PartialEq)]
pub enum Standing<'f> {
    /// A release had to take its place, and time is over.
    Overdue(Due<'f>),
    /// Nobody can say, for this reason.
    Unknown(Gap<'f>),
    /// It is in time; the release that has to take its place next, where one is known.
    InTime(Option<Due<'f>>),
}

/// What is not known.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Gap<'f> {
    /// No release of the branch is known.
    NoRelease(Branch),
    /// Until when the branch is maintained is not known.
    NoEndOfLife(Branch),
    /// The version is newer than all that is known of its branch.
    Newer(&'f K8sVersion),
    /// No release is known at all.
    NoReleases,
    /// The releases are known until this time, which is too long ago.
    StaleReleases(Timestamp),
    /// None of the releases is of before the check, so that nobody knows how old the list is.
    UndatedReleases,
    /// The entry of a release that is newer cannot be read.
    BrokenRelease(&'f K8sVersion),
    /// A newer release has been there for longer than a critical fix may wait, and no CVE records say whether it mends a critical one.
    NoCves(&'f K8sVersion),
    /// The same, and there is not a single CVE record.
    EmptyCves(&'f K8sVersion),
    /// The same, and the CVE records are known until this time, which is too long ago.
    StaleCves(&'f K8sVersion, Timestamp),
    /// The same, and no CVE record says when before the check it was published, so that nobody knows how old they are.
    UndatedCves(&'f K8sVersion),
    /// The same, it mends this record, and whoever assigned that has given it no score.
    NoScore(&'f K8sVersion, &'f str),
    /// The same, and what this record says of versions cannot be read.
    UnreadableCve(&'f K8sVersion, &'f str),
    /// The same, and the score of this record cannot be read.
    UnreadableScore(&'f K8sVersion, &'f str),
    /// The same, and the entry at this place, counted from 1, cannot be read as a record.
    BrokenCve(&'f K8sVersion, usize),
}

fn day(at: Timestamp) -> String {
    at.to_zoned(TimeZone::UTC).date().to_string()
}

impl fmt::Display for Gap<'_> {
    /// A sentence that says what to give.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const RENEW: &str = "give newer releases, as GitHub's API returns them";
        const CVES: &str = "give newer CVE records, or update";
        const WAITS: &str = "is newer";
        match self {
            Self::NoRelease(branch) => write!(f, "no release of {branch} is known; {RENEW}"),
            Self::NoReleases => write!(f, "the list of releases is empty; {RENEW}"),
            Self::NoEndOfLife(branch) => {
                write!(f, "until when {branch} is maintained is not known; give newer ends of life")
            }
            Self::Newer(newest) => {
                write!(
                    f,
                    "it is newer than {newest}, the newest release of its branch that is known; {RENEW}"
                )
            }
            Self::StaleReleases(as_of) => {
                write!(f, "releases are known only until {}, more than 45 days ago; {RENEW}", day(*as_of))
            }
            Self::UndatedReleases => {
                write!(
                    f,
                    "no release in the list was published before the check, so its age is unknown; {RENEW}"
                )
            }
            Self::BrokenRelease(version) => {
                write!(f, "when {version} was released cannot be read; repair its entry in the releases")
            }
            Self::NoCves(version) => write!(
                f,
                "{version} {WAITS}, and whether it fixes a critical CVE is not known; give CVE records, or update"
            ),
            Self::EmptyCves(version) => {
                write!(f, "{version} {WAITS}, and the list of CVE records is empty; {CVES}")
            }
            Self::StaleCves(version, as_of) => write!(
                f,
                "{version} {WAITS}, and CVE records are known only until {}, more than 45 days ago; {CVES}",
                day(*as_of)
            ),
            Self::UndatedCves(version) => write!(
                f,
                "{version} {WAITS}, and no CVE record was published before the check, so their age is unknown; {CVES}"
            ),
            Self::UnreadableCve(version, id) => write!(
                f,
                "{version} {WAITS}, and which versions {id} affects cannot be read from its record; repair the record, or update"
            ),
            Self::UnreadableScore(version, id) => write!(
                f,
                "{version} {WAITS}, and how bad {id} is cannot be read from its record; repair its `baseScore`, or update"
            ),
            Self::NoScore(version, id) => write!(
                f,
                "{version} {WAITS} and fixes {id}, to which the original record gives no CVSS score, so that it may be critical; update"
            ),
            Self::BrokenCve(version, number) => write!(
                f,
                "{version} {WAITS}, and entry {number} of the CVE records cannot be read; repair it, or update"
            ),
        }
    }
}

impl<'f> Gap<'f> {
    /// Why the releases say nothing of what is newest; `None` where they are fresh.
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

    /// Why CVE records say nothing of a release; `None` where they are fresh.
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
    /// How a version stands by what is known at a moment.
    ///
    /// Facts that are old decide what does not rest on their newness: a patch that is overdue stays so. Whether the newest patch that
    /// is known is still the newest, they cannot tell.
    ///
    /// ```
    /// use scs_k8s_policy::{Gap, KubernetesFacts, Releases, Standing};
    ///
    /// let releases = Releases::read(
    ///     r#"[{"tag_name": "v1.30.1", "published_at": "2024-05-14T12:00:00Z"}, {"tag_name": "v1.30.2", "published_at": "2024-06-11T12:00:00Z"}]"#,
    /// )?;
    /// let facts = KubernetesFacts::default().with_releases(releases);
    /// let standing = |version: &str, at: &str| Ok::<_, Box<dyn std::error::Error>>(match Standing::of(&version.parse()?, &facts, at.parse()?) {
    ///     Standing::Overdue(due) => format!("overdue since {}", due.until),
    ///     Standing::Unknown(gap) => gap.to_string(),
    ///     Standing::InTime(_) => "in time".to_owned(),
    /// });
    /// assert_eq!(standing("v1.30.2", "2024-07-01T00:00:00Z")?, "in time");
    /// assert!(standing("v1.30.2", "2024-12-01T00:00:00Z")?.contains("known only until 2024-06-11"));
    /// assert_eq!(standing("v1.30.1", "2024-06-20T00:00:00Z")?, "in time");
    /// assert!(standing("v1.30.1", "2024-07-01T00:00:00Z")?.contains("give CVE records"));
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
        // Only a newer release that waits for more than two weeks would have to be critical to be overdue.
        match dues.iter().rfind(|due| is_over(end_of_period(due.release.published_at, 14.days()), at)) {
            Some(due) => match unknown_cves(facts, &own, &due.release.version, at) {
                Some(gap) => Self::Unknown(gap),
                None => Self::InTime(dues.first().copied()),
            },
            None => Self::InTime(dues.first().copied()),
        }
    }
}

/// The newest release of a version's branch that is newer, and of which no day can be read.
pub(crate) fn broken_release<'f>(facts: &'f KubernetesFacts, own: &K8sVersion) -> Option<Gap<'f>> {
    let broken = facts.releases().broken().iter().filter_map(|broken| broken.version.as_ref());
    let newer = broken.filter(|version| version.branch() == own.branch() && *version > own);
    newer.max().map(Gap::BrokenRelease)
}

/// A release of a branch or of a newer one of which no day can be read, and before which none is known: since when its branch
/// has been there is not known.
pub(crate) fn broken_branch(facts: &KubernetesFacts, branch: Branch, at: Timestamp) -> Option<Gap<'_>> {
    let broken = facts.releases().broken().iter().filter_map(|broken| broken.version.as_ref());
    let is_first = |version: &&K8sVersion| {
        let known = facts.releases().of(version.branch());
        known.filter(|release| release.published_at <= at).all(|release| release.version > **version)
    };
    broken.filter(|version| version.branch() >= branch).filter(is_first).min().map(Gap::BrokenRelease)
}

/// Why it is not known whether a release mends a critical CVE that a version has.
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
    // How bad it is counts where the version has it.
    let unscored = known()
        .find(|record| !record.is_critical() && record.may_be_critical() && record.affected().contains(own));
    // The score of the original record counts (scs-0210-v2, *Decision*); where it gives none, nobody knows.
    let without = || known().find(|record| record.has_no_score() && record.is_mended_between(own, release));
    let gap = unscored.map(|record| Gap::UnreadableScore(release, record.id()));
    gap.or_else(|| without().map(|record| Gap::NoScore(release, record.id())))
}

/// Whether a branch is maintained on a day (scs-0210-v2, *Decision*).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Maintenance {
    /// Until this day, which counts.
    Until(Date),
    /// It ended on this day.
    EndedOn(Date),
    /// It is older than branches that have ended.
    Ended,
    /// Nobody can say.
    Unknown,
}

impl Maintenance {
    /// Whether a branch is maintained on a day, by the ends of life that are known.
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
            // Branches end in their order.
            None => match facts.ends_of_life().iter().next() {
                Some((oldest, end)) if branch < oldest && end < today => Self::Ended,
                _ => Self::Unknown,
            },
        }
    }

    /// Whether it is over.
    #[must_use]
    pub const fn is_over(self) -> bool {
        matches!(self, Self::EndedOn(_) | Self::Ended)
    }
}
