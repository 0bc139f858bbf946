//! The live probes, their names and their plans.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::things::Kind;

/// A live probe. Probes are opt-in, since they temporarily change the cloud.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Probe {
    /// Stores, finds and deletes a secret in the key manager.
    KeyManager,
    /// Backs up a volume and restores the backup.
    Backup,
    /// Requests S3 with wrong credentials.
    S3,
    /// Boots a virtual machine that reports its entropy.
    Vm,
    /// Creates a security group to show the rules of new groups.
    SecurityGroup,
}

/// Error: not the name of a probe.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{0}` is not a probe; the probes are key-manager, backup, s3, vm and security-group")]
pub struct ParseProbeError(String);

impl Probe {
    /// All probes.
    pub const ALL: [Self; 5] = [Self::KeyManager, Self::Backup, Self::S3, Self::Vm, Self::SecurityGroup];

    /// Its name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::KeyManager => "key-manager",
            Self::Backup => "backup",
            Self::S3 => "s3",
            Self::Vm => "vm",
            Self::SecurityGroup => "security-group",
        }
    }

    /// The inventory part that it fills.
    #[must_use]
    pub const fn part(self) -> &'static str {
        match self {
            Self::KeyManager => "secrets",
            Self::Backup => "backup",
            Self::S3 => "s3",
            Self::Vm => "console_output",
            Self::SecurityGroup => "security_group_rules_of_new_group",
        }
    }

    /// A description of its actions. Everything it creates has the name of the run as prefix, and is deleted afterwards.
    #[must_use]
    pub const fn plan(self) -> &'static str {
        match self {
            Self::KeyManager => {
                "stores a secret with the payload `foo` in the key manager, lists it and deletes it"
            }
            Self::Backup => {
                "creates an empty volume of 1 GiB, backs it up, restores the backup to a second volume, and deletes all three"
            }
            Self::S3 => {
                "requests a list of buckets from S3 on the host of the object store, with a nonexistent key; creates nothing"
            }
            Self::Vm => {
                "creates a network with a subnet (10.1.0.0/24) and a router to an external network, boots a server of the smallest flavor from a new volume with a public Debian or Ubuntu image, reads its console for up to 5 minutes, and deletes everything"
            }
            Self::SecurityGroup => "creates a security group, reads its initial rules, and deletes it",
        }
    }

    /// The rights that it needs.
    #[must_use]
    pub const fn needs(self) -> &'static str {
        match self {
            Self::KeyManager => "the role `member`; by policies without secure RBAC, the role `creator`",
            Self::Backup => "the role `member`, and a quota for two volumes and a backup of 1 GiB each",
            Self::S3 => "none: only the catalog of the token is read",
            Self::Vm => {
                "the role `member`, and a quota for a network, a router, a volume and a server; it needs an external network"
            }
            Self::SecurityGroup => "the role `member`, and a quota for a security group",
        }
    }

    /// The kinds of objects that it creates.
    pub(super) const fn kinds(self) -> &'static [Kind] {
        match self {
            Self::KeyManager => &[Kind::Secret],
            Self::Backup => &[Kind::Backup, Kind::Volume],
            Self::S3 => &[],
            Self::Vm => &[Kind::Server, Kind::Volume, Kind::Router, Kind::Network],
            Self::SecurityGroup => &[Kind::SecurityGroup],
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
