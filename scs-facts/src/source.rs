//! The sources: addresses that a mirror can replace.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// A source of facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Source {
    /// The releases of `kubernetes/kubernetes` in GitHub's API.
    KubernetesReleases,
    /// The directory with the newest version of each Kubernetes branch.
    KubernetesStable,
    /// The ends of life of Kubernetes branches at endoflife.date.
    KubernetesEndsOfLife,
    /// The schedule of Kubernetes releases, with the ends of life of maintained branches.
    KubernetesSchedule,
    /// The official feed of Kubernetes CVEs.
    KubernetesCves,
    /// The directory with all CVE records.
    CveRecords,
    /// The calendar of Ubuntu releases.
    UbuntuReleases,
    /// The calendar of Debian releases.
    DebianReleases,
    /// The official scope file of SCS-compatible IaaS.
    ScsCompatibleIaas,
    /// The official scope file of SCS-compatible KaaS.
    ScsCompatibleKaas,
    /// The newest version of Mozilla's TLS guidelines.
    MozillaTls,
}

/// Error: not the name of a source.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{name}` is not a source; the sources are {}", Source::names())]
pub struct ParseSourceError {
    /// The given name.
    pub name: String,
}

impl Source {
    /// All sources.
    pub const ALL: [Self; 11] = [
        Self::KubernetesReleases,
        Self::KubernetesStable,
        Self::KubernetesEndsOfLife,
        Self::KubernetesSchedule,
        Self::KubernetesCves,
        Self::CveRecords,
        Self::UbuntuReleases,
        Self::DebianReleases,
        Self::ScsCompatibleIaas,
        Self::ScsCompatibleKaas,
        Self::MozillaTls,
    ];

    /// The name, for options.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::KubernetesReleases => "kubernetes-releases",
            Self::KubernetesStable => "kubernetes-stable",
            Self::KubernetesEndsOfLife => "kubernetes-ends-of-life",
            Self::KubernetesSchedule => "kubernetes-schedule",
            Self::KubernetesCves => "kubernetes-cves",
            Self::CveRecords => "cve-records",
            Self::UbuntuReleases => "ubuntu-releases",
            Self::DebianReleases => "debian-releases",
            Self::ScsCompatibleIaas => "scs-compatible-iaas",
            Self::ScsCompatibleKaas => "scs-compatible-kaas",
            Self::MozillaTls => "mozilla-tls",
        }
    }

    /// The address, without a slash at the end.
    #[must_use]
    pub const fn url(self) -> &'static str {
        match self {
            Self::KubernetesReleases => "https://api.github.com/repos/kubernetes/kubernetes/releases",
            Self::KubernetesStable => "https://dl.k8s.io/release",
            Self::KubernetesEndsOfLife => "https://endoflife.date/api/kubernetes.json",
            Self::KubernetesSchedule => {
                "https://raw.githubusercontent.com/kubernetes/website/main/data/releases/schedule.yaml"
            }
            Self::KubernetesCves => {
                "https://kubernetes.io/docs/reference/issues-security/official-cve-feed/index.json"
            }
            Self::CveRecords => "https://cveawg.mitre.org/api/cve",
            Self::UbuntuReleases => "https://debian.pages.debian.net/distro-info-data/ubuntu.csv",
            Self::DebianReleases => "https://debian.pages.debian.net/distro-info-data/debian.csv",
            Self::ScsCompatibleIaas => {
                "https://raw.githubusercontent.com/SovereignCloudStack/standards/main/Tests/scs-compatible-iaas.yaml"
            }
            Self::ScsCompatibleKaas => {
                "https://raw.githubusercontent.com/SovereignCloudStack/standards/main/Tests/scs-compatible-kaas.yaml"
            }
            Self::MozillaTls => "https://ssl-config.mozilla.org/guidelines/latest.json",
        }
    }

    fn names() -> String {
        Self::ALL.map(Self::name).join(", ")
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Source {
    type Err = ParseSourceError;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let known = Self::ALL.into_iter().find(|source| source.name() == name);
        known.ok_or_else(|| ParseSourceError { name: name.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_can_be_parsed_and_addresses_are_secure() {
        for source in Source::ALL {
            assert_eq!(source.name().parse(), Ok(source));
            assert!(source.url().starts_with("https://") && !source.url().ends_with('/'), "{source}");
        }
        let error = "github".parse::<Source>().unwrap_err().to_string();
        assert!(
            error.starts_with("`github` is not a source; the sources are kubernetes-releases, "),
            "{error}"
        );
    }
}
