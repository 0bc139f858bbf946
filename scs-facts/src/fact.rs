//! The table of facts.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use jiff::{Span, Timestamp, ToSpan};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::plausible::{self, Check};
use crate::source::Source;
use crate::summary::{self, Summary};

/// The name of a fact.
///
/// ```
/// use scs_facts::Key;
///
/// assert_eq!("kubernetes-cves".parse::<Key>()?, Key::KubernetesCves);
/// assert_eq!(Key::MozillaTls.fact().file, "mozilla-tls.yaml");
/// # Ok::<(), scs_facts::ParseKeyError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Key {
    /// The releases of Kubernetes, with their dates.
    KubernetesReleases,
    /// The last days of Kubernetes branches.
    KubernetesEndsOfLife,
    /// The CVE records of Kubernetes.
    KubernetesCves,
    /// The releases of Ubuntu and Debian.
    DistributionReleases,
    /// The official scope file of SCS-compatible IaaS.
    ScsCompatibleIaas,
    /// The official scope file of SCS-compatible KaaS.
    ScsCompatibleKaas,
    /// Mozilla's TLS recommendations.
    MozillaTls,
}

/// Error: not the name of a fact.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{name}` is not a fact that can be fetched; these can be: {}", names())]
pub struct ParseKeyError {
    /// The given name.
    pub name: String,
}

fn names() -> String {
    FACTS.iter().map(|fact| fact.key.name()).collect::<Vec<_>>().join(", ")
}

/// The time for which a fact suffices after its date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Freshness {
    /// This number of days.
    Days(i64),
    /// This number of years.
    Years(i64),
    /// Until a day in the data themselves.
    Stated,
    /// The date does not matter.
    Unlimited,
}

impl Freshness {
    /// The last day on which a fact of a date suffices; `None` without a limit, or if the data state it.
    ///
    /// ```
    /// use jiff::civil::date;
    /// use scs_facts::Freshness;
    ///
    /// assert_eq!(Freshness::Days(45).until(date(2026, 12, 1)), Some(date(2027, 1, 15)));
    /// assert_eq!(Freshness::Unlimited.until(date(2026, 12, 1)), None);
    /// ```
    #[must_use]
    pub fn until(self, as_of: Date) -> Option<Date> {
        let span: Span = match self {
            Self::Days(days) => days.days(),
            Self::Years(years) => years.years(),
            Self::Stated | Self::Unlimited => return None,
        };
        as_of.checked_add(span).ok()
    }
}

/// Checks an edition for a time, and returns the reason against it.
type CheckAt = fn(&Summary, Timestamp) -> Result<(), String>;

/// A dated fact that can be fetched.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Fact {
    /// The name.
    pub key: Key,
    /// What it is, as a plural or a name.
    pub name: &'static str,
    /// The format of its file.
    pub format: &'static str,
    /// The sources, the preferred one first.
    pub sources: &'static [Source],
    /// The name of its file.
    pub file: &'static str,
    /// The documents whose rules rest on it.
    pub documents: &'static [&'static str],
    /// The time for which it suffices.
    pub freshness: Freshness,
    /// Reads a file, and returns what it has.
    pub(crate) read: fn(&str) -> Result<Summary, String>,
    /// What the embedded data have; `None` if there are none.
    pub(crate) embedded: fn() -> Option<Summary>,
    /// Compares an edition with what is known.
    pub(crate) check: Check,
    /// Checks the first edition for a time, if none is embedded with which it could be compared.
    pub(crate) first: Option<CheckAt>,
}

/// All facts that can be fetched.
pub static FACTS: &[Fact] = &[
    Fact {
        key: Key::KubernetesReleases,
        name: "Kubernetes releases",
        format: "JSON array of releases as in GitHub's API",
        sources: &[Source::KubernetesReleases, Source::KubernetesStable],
        file: "kubernetes-releases.json",
        documents: &["scs-0210-v1", "scs-0210-v2"],
        freshness: Freshness::Days(45),
        read: summary::releases,
        embedded: summary::embedded_releases,
        check: plausible::releases,
        first: None,
    },
    Fact {
        key: Key::KubernetesEndsOfLife,
        name: "Kubernetes ends of life",
        format: "YAML list of branches with their last day",
        sources: &[Source::KubernetesEndsOfLife, Source::KubernetesSchedule],
        file: "kubernetes-ends-of-life.yaml",
        documents: &["scs-0210-v1", "scs-0210-v2"],
        freshness: Freshness::Days(45),
        read: summary::ends_of_life,
        embedded: summary::embedded_ends_of_life,
        check: plausible::ends_of_life,
        first: None,
    },
    Fact {
        key: Key::KubernetesCves,
        name: "Kubernetes CVE records",
        format: "JSON array of CVE records (5.x)",
        sources: &[Source::KubernetesCves, Source::CveRecords],
        file: "kubernetes-cves.json",
        documents: &["scs-0210-v1", "scs-0210-v2"],
        freshness: Freshness::Days(45),
        read: summary::cves,
        embedded: || None,
        check: plausible::cves,
        first: Some(summary::first_cves),
    },
    Fact {
        key: Key::DistributionReleases,
        name: "releases of distributions",
        format: "YAML release calendar of scs-image-metadata",
        sources: &[Source::UbuntuReleases, Source::DebianReleases],
        file: "distribution-releases.yaml",
        documents: &["scs-0104-v2"],
        freshness: Freshness::Stated,
        read: summary::distributions,
        embedded: summary::embedded_distributions,
        check: plausible::distributions,
        first: None,
    },
    Fact {
        key: Key::ScsCompatibleIaas,
        name: "scope file of SCS-compatible IaaS",
        format: "YAML scope file of scs-0003",
        sources: &[Source::ScsCompatibleIaas],
        file: "scs-compatible-iaas.yaml",
        documents: &["scs-0003-v1"],
        freshness: Freshness::Unlimited,
        read: |text| summary::scope(text, scs_certificates::Scope::compatible_iaas()),
        embedded: || Some(summary::of_scope(scs_certificates::Scope::compatible_iaas())),
        check: plausible::compatible_iaas,
        first: None,
    },
    Fact {
        key: Key::ScsCompatibleKaas,
        name: "scope file of SCS-compatible KaaS",
        format: "YAML scope file of scs-0003",
        sources: &[Source::ScsCompatibleKaas],
        file: "scs-compatible-kaas.yaml",
        documents: &["scs-0003-v1"],
        freshness: Freshness::Unlimited,
        read: |text| summary::scope(text, scs_certificates::Scope::compatible_kaas()),
        embedded: || Some(summary::of_scope(scs_certificates::Scope::compatible_kaas())),
        check: plausible::compatible_kaas,
        first: None,
    },
    Fact {
        key: Key::MozillaTls,
        name: "Mozilla's TLS recommendations",
        format: "YAML list of versions of the intermediate profile",
        sources: &[Source::MozillaTls],
        file: "mozilla-tls.yaml",
        documents: &["scs-0125-v1"],
        freshness: Freshness::Years(1),
        read: summary::tls,
        embedded: summary::embedded_tls,
        check: plausible::tls,
        first: None,
    },
];

impl Key {
    /// The name, as on a command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::KubernetesReleases => "kubernetes-releases",
            Self::KubernetesEndsOfLife => "kubernetes-ends-of-life",
            Self::KubernetesCves => "kubernetes-cves",
            Self::DistributionReleases => "distribution-releases",
            Self::ScsCompatibleIaas => "scs-compatible-iaas",
            Self::ScsCompatibleKaas => "scs-compatible-kaas",
            Self::MozillaTls => "mozilla-tls",
        }
    }

    /// The row of the table.
    #[must_use]
    pub fn fact(self) -> &'static Fact {
        // The table is in the order of the variants, which a test shows.
        &FACTS[self as usize]
    }
}

impl Fact {
    /// Reads a text as this fact.
    ///
    /// # Errors
    ///
    /// The reason, if the fact's own reader rejects it.
    pub fn read(&self, text: &str) -> Result<Summary, String> {
        (self.read)(text)
    }

    /// A summary of the embedded data; `None` if there are none.
    #[must_use]
    pub fn embedded(&self) -> Option<Summary> {
        (self.embedded)()
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Key {
    type Err = ParseKeyError;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let known = FACTS.iter().find(|fact| fact.key.name() == name);
        known.map(|fact| fact.key).ok_or_else(|| ParseKeyError { name: name.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_keys() {
        for (place, fact) in FACTS.iter().enumerate() {
            assert_eq!(fact.key as usize, place);
            assert_eq!(fact.key.fact().key, fact.key);
            assert_eq!(fact.key.name().parse(), Ok(fact.key));
            assert_eq!(serde_json::to_value(fact.key).unwrap(), fact.key.name());
            assert!(fact.file.starts_with(fact.key.name()), "{}", fact.file);
        }
    }

    #[test]
    fn all_facts_but_the_cve_records_are_embedded() {
        let without: Vec<Key> =
            FACTS.iter().filter(|fact| fact.embedded().is_none()).map(|fact| fact.key).collect();
        assert_eq!(without, [Key::KubernetesCves]);
    }
}
