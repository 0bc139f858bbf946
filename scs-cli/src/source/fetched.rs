//! `--facts`: the facts that `scs facts update` fetched, where they are newer than the built-in ones.

use std::env;
use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, ValueEnum};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use scs_certificates::Scope;
use scs_facts::{BrokenFact, FACTS, Key, Store, Stored};
use scs_iaas_policy::TlsProfiles;
use scs_image_metadata::{ImageData, Releases};
use scs_k8s_policy::KubernetesFacts;
use scs_registry::Kind;

/// The choice between built-in and fetched facts.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct Fetched {
    /// The facts to use if no file is given
    #[arg(
        long,
        value_name = "WHICH",
        env = "SCS_FACTS",
        hide_env_values = true,
        default_value = "newest",
        help_heading = "Data"
    )]
    facts: Which,
}

/// `--facts`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Which {
    /// The newer ones of built-in and fetched facts (`scs facts update`)
    Newest,
    /// The built-in facts
    Embedded,
}

/// The directory of fetched facts; `None` if the system has no home directory.
pub(crate) fn store() -> Option<Store> {
    let data = env::var_os("XDG_DATA_HOME").map(PathBuf::from);
    Store::of_user(data.as_deref(), env::home_dir().as_deref())
}

/// The date of a time.
pub(crate) fn day(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date()
}

/// The date of the built-in edition; `None` if there is none, or if it has no date.
pub(crate) fn embedded_as_of(key: Key) -> Option<Date> {
    match key {
        Key::KubernetesReleases | Key::KubernetesEndsOfLife => {
            KubernetesFacts::embedded().releases_as_of(Timestamp::MAX).map(day)
        }
        Key::DistributionReleases => Some(ImageData::embedded().releases.as_of),
        Key::MozillaTls => TlsProfiles::embedded().as_of(),
        _ => None,
    }
}

/// A notice about a stored fact that must not be used.
pub(crate) fn ignored(broken: &BrokenFact) -> String {
    format!("ignored {broken}; `scs facts update` fetches it again")
}

/// The address of a source without its scheme.
pub(crate) fn short(source: &str) -> &str {
    source.split_once("://").map_or(source, |(_, rest)| rest)
}

impl Fetched {
    /// As in the environment, for output without options.
    pub(crate) fn from_environment() -> Self {
        let is_embedded = env::var_os("SCS_FACTS").is_some_and(|value| value == "embedded");
        Self { facts: if is_embedded { Which::Embedded } else { Which::Newest } }
    }

    /// A stored fact.
    pub(crate) fn stored(self, key: Key) -> Result<Option<Stored>, BrokenFact> {
        if self.facts == Which::Embedded {
            return Ok(None);
        }
        // Real time, regardless of `--at`: it shows facts from the future.
        store().map_or(Ok(None), |store| store.read(key.fact(), Timestamp::now()))
    }

    /// A stored fact, if it is newer than the built-in one. Notices tell its date and origin, or why it is ignored.
    pub(crate) fn newer<T: FromStr>(self, key: Key, notices: &mut Vec<String>) -> Option<(Stored, T)> {
        let stored = match self.stored(key) {
            Ok(stored) => stored?,
            Err(broken) => {
                notices.push(ignored(&broken));
                return None;
            }
        };
        if embedded_as_of(key).is_some_and(|embedded| day(stored.metadata.as_of) < embedded) {
            return None;
        }
        // The directory only returns what the same reader accepts.
        let read = stored.text.parse().ok()?;
        notices.push(origin(&stored));
        Some((stored, read))
    }

    /// The facts about images with the fetched release calendar, if that is newer than the built-in one.
    pub(crate) fn image_data(self, notices: &mut Vec<String>) -> Option<ImageData> {
        let (_, Calendar(releases)) = self.newer(Key::DistributionReleases, notices)?;
        Some(ImageData::embedded().with_releases(releases))
    }

    /// A notice if the official scope file for a kind of inventory is known to differ from the built-in one.
    pub(crate) fn scope_notice(self, kind: Kind) -> Option<String> {
        let key = match kind {
            Kind::Cloud => Key::ScsCompatibleIaas,
            Kind::Cluster => Key::ScsCompatibleKaas,
        };
        let stored = match self.stored(key) {
            Ok(stored) => stored?,
            Err(broken) => return Some(ignored(&broken)),
        };
        let differences = differences(&stored);
        (!differences.is_empty()).then(|| {
            format!(
                "the official scope file as of {} differs from the built-in one in {} facts; `--scope {}` uses it",
                day(stored.metadata.as_of),
                differences.len(),
                stored.path.display()
            )
        })
    }
}

/// The release calendar, read by its own function.
struct Calendar(Releases);

impl FromStr for Calendar {
    type Err = scs_image_metadata::ReadDataError;

    fn from_str(yaml: &str) -> Result<Self, Self::Err> {
        Releases::from_yaml(yaml).map(Self)
    }
}

/// The date and origin of a fetched fact.
pub(crate) fn origin(stored: &Stored) -> String {
    let name = stored.key().fact().name;
    format!("{name} as of {}, fetched from {}", day(stored.metadata.as_of), short(&stored.metadata.source))
}

/// Lines about all fetched facts, for `scs --version`.
pub(crate) fn of_version() -> String {
    let fetched = Fetched::from_environment();
    let mut text = String::new();
    for fact in FACTS {
        let line = match fetched.stored(fact.key) {
            Ok(None) => continue,
            Ok(Some(stored)) => origin(&stored),
            Err(broken) => ignored(&broken),
        };
        if text.is_empty() {
            text.push_str("\n\nFetched data, which count if they are newer");
        }
        text.extend(["\n", &line]);
    }
    text
}

/// The differences between a stored scope file and the built-in one: what is new has a plus sign, what is gone a minus sign.
pub(crate) fn differences(stored: &Stored) -> Vec<String> {
    let embedded = match stored.key() {
        Key::ScsCompatibleIaas => Scope::compatible_iaas(),
        Key::ScsCompatibleKaas => Scope::compatible_kaas(),
        _ => return Vec::new(),
    };
    let Ok(scope) = stored.text.parse::<Scope>() else { return Vec::new() };
    let (new, old) = (scope.facts(), embedded.facts());
    let missing = |from: &str, sign: char, other: &str| -> Vec<String> {
        let known: std::collections::HashSet<&str> = other.lines().collect();
        from.lines().filter(|line| !known.contains(line)).map(|line| format!("{sign} {line}")).collect()
    };
    let mut differences = missing(&new, '+', &old);
    differences.extend(missing(&old, '-', &new));
    differences
}
