//! The live probes, their names and their plans.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// A live probe. Probes are opt-in, since they temporarily change the cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Probe {
    /// Writes to a volume of the default storage class, and reads it from a second pod.
    Pvc,
    /// Asks whether pods that violate the Pod Security Standard baseline are accepted.
    PodSecurity,
    /// Connects two pods without and with a network policy.
    NetworkPolicy,
}

/// Error: not the name of a probe.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{0}` is not a probe of clusters; these are pvc, pod-security and network-policy")]
pub struct ParseProbeError(String);

impl Probe {
    /// All probes.
    pub const ALL: [Self; 3] = [Self::Pvc, Self::PodSecurity, Self::NetworkPolicy];

    /// Its name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pvc => "pvc",
            Self::PodSecurity => "pod-security",
            Self::NetworkPolicy => "network-policy",
        }
    }

    /// The inventory part that it fills.
    #[must_use]
    pub const fn part(self) -> &'static str {
        match self {
            Self::Pvc => "pvc_probe",
            Self::PodSecurity => "pod_security_probe",
            Self::NetworkPolicy => "network_policy_probe",
        }
    }

    /// A description of its actions. Everything it creates is in namespaces named after the run, and is deleted afterwards.
    #[must_use]
    pub const fn plan(self) -> &'static str {
        match self {
            Self::Pvc => {
                "creates a namespace with a claim of 1 GiB without a class, a pod for which it is bound, a pod that writes to it and a pod that reads it, and deletes the namespace; only if no existing volume could be bound"
            }
            Self::PodSecurity => {
                "creates two namespaces, one without a label and one that enforces baseline, asks in each with a dry run whether a privileged pod and a pod in the host's network are accepted, and deletes them; starts no pod"
            }
            Self::NetworkPolicy => {
                "creates a namespace with two servers, a network policy that rejects all connections to one of them, and three pods that connect before, with and after the policy, and deletes the namespace"
            }
        }
    }
}

impl fmt::Display for Probe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Probe {
    type Err = ParseProbeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|probe| probe.name() == text)
            .ok_or_else(|| ParseProbeError(text.to_owned()))
    }
}
