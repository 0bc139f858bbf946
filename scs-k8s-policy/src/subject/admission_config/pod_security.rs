//! Pod Security Standards: levels, modes, and defaults for namespaces without labels.

use std::fmt;
use std::str::FromStr;

use serde::Deserialize;
use thiserror::Error;

/// A level of the Pod Security Standards, from least to most strict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PodSecurityLevel {
    /// Unrestricted.
    #[default]
    Privileged,
    /// Prevents known privilege escalations.
    Baseline,
    /// Heavily restricted.
    Restricted,
}

impl PodSecurityLevel {
    /// The name used in labels.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Privileged => "privileged",
            Self::Baseline => "baseline",
            Self::Restricted => "restricted",
        }
    }
}

impl fmt::Display for PodSecurityLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for PodSecurityLevel {
    type Err = ParsePodSecurityLevelError;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        [Self::Privileged, Self::Baseline, Self::Restricted]
            .into_iter()
            .find(|level| level.as_str() == word)
            .ok_or_else(|| ParsePodSecurityLevelError(word.chars().take(80).collect()))
    }
}

/// Error: not a level of the Pod Security Standards.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("expected privileged, baseline or restricted, found `{0}`")]
pub struct ParsePodSecurityLevelError(String);

/// The effect on a pod that violates a level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PodSecurityMode {
    /// The pod is rejected.
    Enforce,
    /// It is recorded in the audit log.
    Audit,
    /// Its creator gets a warning.
    Warn,
}

impl PodSecurityMode {
    /// All modes, strongest first.
    pub const ALL: [Self; 3] = [Self::Enforce, Self::Audit, Self::Warn];

    /// The label of a namespace that sets the level.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Enforce => "pod-security.kubernetes.io/enforce",
            Self::Audit => "pod-security.kubernetes.io/audit",
            Self::Warn => "pod-security.kubernetes.io/warn",
        }
    }
}

/// The defaults for namespaces without labels.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct PodSecurityDefaults {
    #[serde(default)]
    defaults: Levels,
    #[serde(default)]
    exemptions: Exemptions,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
struct Levels {
    #[serde(default)]
    enforce: PodSecurityLevel,
    #[serde(default)]
    audit: PodSecurityLevel,
    #[serde(default)]
    warn: PodSecurityLevel,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
struct Exemptions {
    #[serde(default)]
    namespaces: Vec<String>,
    #[serde(default)]
    usernames: Vec<String>,
    #[serde(default, rename = "runtimeClasses")]
    runtime_classes: Vec<String>,
}

impl PodSecurityDefaults {
    /// The level of a mode.
    #[must_use]
    pub const fn level(&self, mode: PodSecurityMode) -> PodSecurityLevel {
        match mode {
            PodSecurityMode::Enforce => self.defaults.enforce,
            PodSecurityMode::Audit => self.defaults.audit,
            PodSecurityMode::Warn => self.defaults.warn,
        }
    }

    /// The exempt namespaces, regardless of their labels.
    #[must_use]
    pub fn exempt_namespaces(&self) -> &[String] {
        &self.exemptions.namespaces
    }

    /// The users whose pods are exempt, in any namespace.
    #[must_use]
    pub fn exempt_users(&self) -> &[String] {
        &self.exemptions.usernames
    }

    /// The runtime classes of exempt pods, in any namespace.
    #[must_use]
    pub fn exempt_runtime_classes(&self) -> &[String] {
        &self.exemptions.runtime_classes
    }
}
