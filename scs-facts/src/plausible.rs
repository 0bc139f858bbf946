//! What an edition of each fact has to keep before it replaces another one. Sources are not trusted: a mistake of theirs, or a
//! changed answer on the way, must not decide verdicts for as long as it is the newest.

use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use scs_certificates::Scope;
use scs_iaas_policy::TlsProfiles;
use scs_image_metadata::{ImageData, Releases as DistributionReleases};
use scs_k8s_policy::{Branch, CveRecords, EndsOfLife, KubernetesFacts, Releases};

use crate::store::Stored;

/// What a new edition is compared with.
#[derive(Clone, Copy)]
pub(crate) struct Basis<'k> {
    /// The stored edition; without one, the embedded data.
    pub(crate) known: Option<&'k Stored>,
    /// The time for which the new edition was fetched.
    pub(crate) at: Timestamp,
}

/// Compares an edition with what is known, and returns the reason against it.
pub(crate) type Check = fn(&str, Basis<'_>) -> Result<(), String>;

/// The day of the first commit of Kubernetes: nothing about it is older.
const FIRST_OF_KUBERNETES: Date = date(2014, 6, 6);
/// The day of the first release of a distribution that rules know.
const FIRST_OF_DISTRIBUTIONS: Date = date(1993, 8, 16);
/// The day of the first commit of the standards.
const FIRST_OF_SCOPES: Date = date(2021, 1, 1);
/// How many branches newer than the newest known one are plausible at once.
const AHEAD: u64 = 2;
/// The days after which one more is plausible: there are three branches a year.
const DAYS_PER_BRANCH: i64 = 100;
/// How many years after the update a Kubernetes branch can end: each is maintained for 14 months.
const YEARS_OF_A_BRANCH: i16 = 3;
/// How many years after the update a distribution can end: the longest support is for 15 years.
const YEARS_OF_A_DISTRIBUTION: i16 = 17;
/// How many years after the update a calendar or a timeline can have entries.
const YEARS_AHEAD: i16 = 5;

impl Basis<'_> {
    fn day(&self) -> Date {
        day(self.at)
    }

    /// The stored edition, if it can be read.
    fn stored<T: std::str::FromStr>(&self) -> Option<T> {
        self.known.and_then(|known| known.text.parse().ok())
    }

    /// The day this many years after the update.
    fn years_later(&self, years: i16) -> Date {
        self.day().checked_add(i64::from(years).years()).unwrap_or(Date::MAX)
    }
}

fn day(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date()
}

fn parsed<T: std::str::FromStr>(text: &str) -> Result<T, String>
where
    T::Err: ToString,
{
    text.parse().map_err(|error: T::Err| error.to_string())
}

/// Fails if a date is outside of a period.
fn within(what: &str, date: Date, first: Date, last: Date) -> Result<(), String> {
    if date < first || date > last {
        return Err(format!("{what} is dated {date}, which is not between {first} and {last}"));
    }
    Ok(())
}

/// Fails if something that is known is missing.
fn has_all<T: PartialEq>(
    what: &str,
    known: impl IntoIterator<Item = T>,
    new: &[T],
    name: impl Fn(&T) -> String,
) -> Result<(), String> {
    match known.into_iter().find(|it| !new.contains(it)) {
        Some(missing) => Err(format!("it lacks the {what} {}, which is known", name(&missing))),
        None => Ok(()),
    }
}

/// Fails if the newest branch is further ahead of the newest known one than the time since then explains.
fn follows(
    new: Option<Branch>,
    known: Option<Branch>,
    since: Option<Timestamp>,
    at: Timestamp,
) -> Result<(), String> {
    let (Some(new), Some(known)) = (new, known) else { return Ok(()) };
    let hours = since.map_or(0, |since| at.duration_since(since).as_hours());
    let ahead = AHEAD + u64::try_from(hours / 24 / DAYS_PER_BRANCH).unwrap_or(0);
    let first = if new.major() == known.major() { known.minor() } else { 0 };
    let is_near =
        new.major() <= known.major().saturating_add(1) && new.minor() <= first.saturating_add(ahead);
    if new > known && !is_near {
        return Err(format!(
            "its newest branch is {new}, more than {ahead} branches after {known}, the newest known one"
        ));
    }
    Ok(())
}

pub(crate) fn releases(new: &str, basis: Basis<'_>) -> Result<(), String> {
    let new: Releases = parsed(new)?;
    let stored = basis.stored::<Releases>();
    let known = stored.as_ref().unwrap_or(KubernetesFacts::embedded().releases());
    let branches = new.branches();
    follows(
        branches.iter().max().copied(),
        known.branches().into_iter().max(),
        known.as_of(basis.at),
        basis.at,
    )?;
    has_all("branch", known.branches(), &branches, ToString::to_string)?;
    let last = basis.years_later(1);
    for release in new.all() {
        within(&release.version.to_string(), day(release.published_at), FIRST_OF_KUBERNETES, last)?;
    }
    Ok(())
}

pub(crate) fn ends_of_life(new: &str, basis: Basis<'_>) -> Result<(), String> {
    let new: EndsOfLife = parsed(new)?;
    let stored = basis.stored::<EndsOfLife>();
    let embedded = KubernetesFacts::embedded();
    let known = stored.as_ref().unwrap_or(embedded.ends_of_life());
    let since = match basis.known {
        Some(known) => Some(known.metadata.as_of),
        None => embedded.releases_as_of(Timestamp::MAX),
    };
    follows(new.newest(), known.newest(), since, basis.at)?;
    let branches: Vec<Branch> = new.iter().map(|(branch, _)| branch).collect();
    has_all("branch", known.iter().map(|(branch, _)| branch), &branches, ToString::to_string)?;
    for (branch, end) in new.iter() {
        let last = basis.years_later(YEARS_OF_A_BRANCH);
        within(&format!("the end of {branch}"), end, FIRST_OF_KUBERNETES, last)?;
        // The end of a branch is moved before it comes, and not after it.
        let before = known.of(branch).filter(|known| since.is_some_and(|since| *known < day(since)));
        if let Some(before) = before.filter(|_| end >= basis.day()) {
            return Err(format!("{branch} ended on {before}, and would now be maintained until {end}"));
        }
    }
    Ok(())
}

pub(crate) fn cves(new: &str, basis: Basis<'_>) -> Result<(), String> {
    let new: CveRecords = parsed(new)?;
    let known = basis.stored::<CveRecords>();
    let critical = known.iter().flat_map(|known| &known.records).filter(|record| record.is_critical());
    let ids: Vec<&str> = new.records.iter().map(scs_k8s_policy::CveRecord::id).collect();
    has_all("critical CVE", critical.map(scs_k8s_policy::CveRecord::id), &ids, ToString::to_string)?;
    let last = basis.years_later(1);
    for record in &new.records {
        if let Some(published) = record.published_at() {
            within(record.id(), day(published), FIRST_OF_KUBERNETES, last)?;
        }
    }
    Ok(())
}

pub(crate) fn distributions(new: &str, basis: Basis<'_>) -> Result<(), String> {
    let read = |text: &str| DistributionReleases::from_yaml(text).map_err(|error| error.to_string());
    let new = read(new)?;
    let stored = basis.known.and_then(|known| read(&known.text).ok());
    let embedded = ImageData::embedded();
    let known = stored.as_ref().unwrap_or(&embedded.releases);
    for distribution in new.iter() {
        let name = |version: &str| format!("{} {version}", distribution.name);
        for release in &distribution.releases {
            let name = name(&release.version);
            within(&name, release.released, FIRST_OF_DISTRIBUTIONS, basis.years_later(YEARS_AHEAD))?;
            let last = basis.years_later(YEARS_OF_A_DISTRIBUTION);
            within(&format!("the end of {name}"), release.end_of_life, release.released, last)?;
        }
        let versions: Vec<&str> =
            distribution.releases.iter().map(|release| release.version.as_str()).collect();
        let before = known.of(&distribution.id).into_iter().flat_map(|it| &it.releases);
        let before = before.filter(|release| release.long_term).map(|release| release.version.as_str());
        has_all("release", before, &versions, |version| name(version))?;
    }
    let last = basis.years_later(YEARS_AHEAD);
    within("the next unknown release", new.complete_until, FIRST_OF_DISTRIBUTIONS, last)
}

/// Against the embedded file: a stored one has passed this before.
fn scope(new: &str, embedded: &Scope, basis: Basis<'_>) -> Result<(), String> {
    let new: Scope = parsed(new)?;
    let names: Vec<&str> = new.versions().iter().map(scs_certificates::ScopeVersion::name).collect();
    let stable = embedded.versions().iter().filter(|version| version.stabilized_at().is_some());
    has_all("version", stable.map(scs_certificates::ScopeVersion::name), &names, ToString::to_string)?;
    let last = basis.years_later(YEARS_AHEAD);
    new.timeline()
        .entries()
        .iter()
        .try_for_each(|entry| within("an entry of its timeline", entry.date, FIRST_OF_SCOPES, last))
}

pub(crate) fn compatible_iaas(new: &str, basis: Basis<'_>) -> Result<(), String> {
    scope(new, Scope::compatible_iaas(), basis)
}

pub(crate) fn compatible_kaas(new: &str, basis: Basis<'_>) -> Result<(), String> {
    scope(new, Scope::compatible_kaas(), basis)
}

pub(crate) fn tls(new: &str, basis: Basis<'_>) -> Result<(), String> {
    let new: TlsProfiles = parsed(new)?;
    let stored = basis.stored::<TlsProfiles>();
    let known = stored.as_ref().unwrap_or(TlsProfiles::embedded());
    let versions: Vec<&str> = new.versions().collect();
    has_all("version", known.versions(), &versions, ToString::to_string)?;
    // Versions have been numbered 1.0 to 5.7 in twelve years.
    let major = |version: Option<&str>| version?.split('.').next()?.parse::<u64>().ok();
    match (major(new.versions().next()), major(known.versions().next())) {
        (None, _) => Err("its newest version is not a number".to_owned()),
        (Some(new), Some(known)) if new > known.saturating_add(AHEAD) => {
            Err(format!("its newest version is {new}, more than {AHEAD} after {known}, the newest known one"))
        }
        _ => Ok(()),
    }
}
