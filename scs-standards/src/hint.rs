//! Typed hints: the input that a rule lacked.

use std::borrow::Cow;
use std::fmt;

/// Input that can be added so that the rule can be evaluated. Each program words it with its own options.
///
/// ```
/// use scs_standards::{FactList, Hint};
///
/// let hint = Hint::Facts(FactList::KubernetesReleases);
/// assert_eq!(hint.to_string(), "provide newer Kubernetes releases");
/// assert_eq!(Hint::Part("nodes".into()).to_string(), "add `nodes` to the inventory");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "kebab-case"))]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Hint {
    /// Add this part to the inventory, or collect it again.
    Part(Cow<'static, str>),
    /// Provide newer facts than those in use.
    Facts(FactList),
}

impl fmt::Display for Hint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Part(name) => write!(f, "add `{name}` to the inventory"),
            Self::Facts(list) => write!(f, "provide newer {list}"),
        }
    }
}

/// A dated list of facts that a caller can replace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "kebab-case"))]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum FactList {
    /// The releases of Kubernetes.
    KubernetesReleases,
    /// The end-of-life dates of Kubernetes branches.
    KubernetesEndsOfLife,
    /// The CVE records of Kubernetes.
    KubernetesCves,
    /// The release calendar of Linux distributions.
    DistributionReleases,
    /// Mozilla's TLS recommendations.
    MozillaTls,
}

impl fmt::Display for FactList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::KubernetesReleases => "Kubernetes releases",
            Self::KubernetesEndsOfLife => "Kubernetes end-of-life data",
            Self::KubernetesCves => "Kubernetes CVE records",
            Self::DistributionReleases => "distribution releases",
            Self::MozillaTls => "Mozilla TLS recommendations",
        })
    }
}
