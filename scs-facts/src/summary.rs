//! What a fact has: enough to tell whether another edition is shorter or older.

use std::fmt;
use std::num::NonZeroI64;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use scs_certificates::Scope;
use scs_iaas_policy::TlsProfiles;
use scs_image_metadata::{ImageData, Releases as DistributionReleases};
use scs_k8s_policy::{CveRecords, EndsOfLife, KubernetesFacts, Releases};
use scs_standards::Severity;

/// A summary of an edition.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Summary {
    /// The number of entries.
    pub entries: usize,
    /// The name of the newest entry, such as `v1.36.5`.
    pub newest: String,
    /// Orders the newest entries of two editions.
    rank: i64,
    /// The day on which the data are no longer complete, if they state it.
    pub complete_until: Option<Date>,
    /// When the newest entry was published, if entries are about the past only, in seconds: errors have two summaries, and should
    /// stay small.
    published: Option<NonZeroI64>,
}

impl Summary {
    const fn new(entries: usize, newest: String, rank: i64) -> Self {
        Self { entries, newest, rank, complete_until: None, published: None }
    }

    /// Whether the newest entry was published after a time, with a tolerance of a day for clocks and time zones: it would stay
    /// the newest one for so long that real ones look old.
    pub(crate) fn is_after(&self, at: Timestamp) -> Option<Timestamp> {
        let latest = at.checked_add(24.hours()).unwrap_or(Timestamp::MAX);
        self.published_at().filter(|published| *published > latest)
    }

    fn published_at(&self) -> Option<Timestamp> {
        Timestamp::from_second(self.published?.get()).ok()
    }

    fn published(self, at: Option<Timestamp>) -> Self {
        Self { published: at.and_then(|at| NonZeroI64::new(at.as_second())), ..self }
    }

    /// Whether it has less than four fifths of the entries of another edition.
    #[must_use]
    pub const fn is_much_shorter_than(&self, other: &Self) -> bool {
        self.entries.saturating_mul(5) < other.entries.saturating_mul(4)
    }

    /// Whether its newest entry is older than that of another edition.
    #[must_use]
    pub const fn is_older_than(&self, other: &Self) -> bool {
        self.rank < other.rank
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} entries, the newest is {}", self.entries, self.newest)
    }
}

fn days(date: Date) -> i64 {
    date.to_zoned(TimeZone::UTC).map_or(i64::MIN, |zoned| zoned.timestamp().as_second())
}

fn of_releases(releases: &Releases) -> Option<Summary> {
    let newest = releases.all().iter().max_by_key(|release| release.published_at)?;
    let rank = newest.published_at.to_zoned(TimeZone::UTC).date();
    let summary = Summary::new(releases.all().len(), newest.version.to_string(), days(rank));
    Some(summary.published(Some(newest.published_at)))
}

pub(crate) fn embedded_releases() -> Option<Summary> {
    of_releases(KubernetesFacts::embedded().releases())
}

/// Entries without a date are accepted, if they have a version: rules report them.
pub(crate) fn releases(text: &str) -> Result<Summary, String> {
    let releases: Releases =
        text.parse().map_err(|error: scs_k8s_policy::ReadReleasesError| error.to_string())?;
    if let Some(broken) = releases.broken().iter().find(|broken| broken.version.is_none()) {
        return Err(format!("entry {}: {}", broken.number, broken.reason));
    }
    if releases.broken().len() > releases.all().len() / 10 {
        return Err(format!("{} of the releases have no date", releases.broken().len()));
    }
    of_releases(&releases).ok_or_else(|| "it has no release".to_owned())
}

pub(crate) fn of_ends(ends: &EndsOfLife) -> Option<Summary> {
    let newest = ends.newest()?;
    let rank = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let rank = rank(newest.major()).saturating_mul(1_000).saturating_add(rank(newest.minor()));
    Some(Summary::new(ends.iter().count(), newest.to_string(), rank))
}

pub(crate) fn embedded_ends_of_life() -> Option<Summary> {
    of_ends(KubernetesFacts::embedded().ends_of_life())
}

pub(crate) fn ends_of_life(text: &str) -> Result<Summary, String> {
    let ends: EndsOfLife =
        text.parse().map_err(|error: scs_k8s_policy::ReadEndsOfLifeError| error.to_string())?;
    of_ends(&ends).ok_or_else(|| "it has no branch".to_owned())
}

/// The fewest CVE records that can be all of them. Nothing is built in that a first edition can be compared with, and a truncated
/// one would hide critical CVEs. The feed never loses entries and had well over 40 of them in 2026, so that fewer are a part.
const FEWEST_CVES: usize = 40;

/// The number of days after which a first edition of CVE records cannot be the current one: several CVEs are announced every year.
const OLDEST_CVE: i64 = 2 * 365;

/// Whether a first edition of CVE records can be the current one at a time.
pub(crate) fn first_cves(summary: &Summary, at: Timestamp) -> Result<(), String> {
    let earliest = at.checked_sub((OLDEST_CVE * 24).hours()).unwrap_or(Timestamp::MIN);
    match summary.published_at() {
        Some(published) if published >= earliest => Ok(()),
        Some(published) => {
            let day = published.to_zoned(TimeZone::UTC).date();
            Err(format!("its newest record, {}, is of {day}, so the list is years old", summary.newest))
        }
        None => Err("none of its records has a date".to_owned()),
    }
}

pub(crate) fn cves(text: &str) -> Result<Summary, String> {
    let cves: CveRecords = text.parse().map_err(|error: scs_k8s_policy::ReadCveError| error.to_string())?;
    if let Some((number, error)) = cves.broken.first() {
        return Err(format!("entry {number}: {error}"));
    }
    let newest = cves.records.iter().max_by_key(|record| record.published_at());
    let newest = newest.ok_or_else(|| "it has no record".to_owned())?;
    if cves.records.len() < FEWEST_CVES {
        return Err(format!(
            "it has {} CVE records, and the official feed has at least {FEWEST_CVES}",
            cves.records.len()
        ));
    }
    let rank = newest.published_at().map_or(i64::MIN, Timestamp::as_second);
    let summary = Summary::new(cves.records.len(), newest.id().to_owned(), rank);
    Ok(summary.published(newest.published_at()))
}

fn of_distributions(releases: &DistributionReleases) -> Option<Summary> {
    let all = || releases.iter().flat_map(|of| of.releases.iter().map(move |release| (of, release)));
    let (of, newest) = all().max_by_key(|(_, release)| release.released)?;
    let name = format!("{} {}", of.name, newest.version);
    // Every release that rules ask for is a long-term one.
    let long_term = all().filter(|(_, release)| release.long_term).count();
    let complete_until = Some(releases.complete_until);
    Some(Summary { complete_until, ..Summary::new(long_term, name, days(newest.released)) })
}

pub(crate) fn embedded_distributions() -> Option<Summary> {
    of_distributions(&ImageData::embedded().releases)
}

pub(crate) fn distributions(text: &str) -> Result<Summary, String> {
    let releases = DistributionReleases::from_yaml(text).map_err(|error| error.to_string())?;
    for id in ["ubuntu", "debian"] {
        if releases.of(id).is_none_or(|of| of.releases.is_empty()) {
            return Err(format!("it has no release of {id}"));
        }
    }
    of_distributions(&releases).ok_or_else(|| "it has no release".to_owned())
}

pub(crate) fn of_scope(scope: &Scope) -> Summary {
    let last = scope.timeline().entries().iter().map(|entry| entry.date).max();
    let newest = last.map_or_else(|| "an unknown day".to_owned(), |date| format!("of {date}"));
    Summary::new(scope.versions().len(), newest, last.map_or(i64::MIN, days))
}

/// A scope file without errors that is about the same scope as the embedded one.
pub(crate) fn scope(text: &str, embedded: &Scope) -> Result<Summary, String> {
    let scope: Scope = text.parse().map_err(|error: scs_certificates::ReadScopeError| error.to_string())?;
    if scope.uuid() != embedded.uuid() {
        return Err(format!("it is about another scope, {}", scope.name()));
    }
    if let Some(problem) = scope.problems().iter().find(|problem| problem.severity == Severity::Error) {
        return Err(problem.to_string());
    }
    if scope.versions().is_empty() {
        return Err("it has no version".to_owned());
    }
    Ok(of_scope(&scope))
}

fn of_tls(profiles: &TlsProfiles) -> Option<Summary> {
    let newest = profiles.versions().next()?;
    Some(Summary::new(profiles.versions().count(), format!("version {newest}"), 0))
}

pub(crate) fn embedded_tls() -> Option<Summary> {
    of_tls(TlsProfiles::embedded())
}

pub(crate) fn tls(text: &str) -> Result<Summary, String> {
    let profiles: TlsProfiles =
        text.parse().map_err(|error: scs_iaas_policy::ReadTlsProfilesError| error.to_string())?;
    of_tls(&profiles).ok_or_else(|| "it has no version".to_owned())
}
