//! Options that several commands share.

use clap::ValueEnum;
use scs_flavor_naming::{DiskType, Parser, Syntax};
use scs_standards::Profile;

/// `--syntax`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum SyntaxChoice {
    /// SCS-2V:4:10n-z3
    V1,
    /// SCS-2V-4-10n_z3
    V2,
    /// As v2, with more hypervisors, generations and GPU details
    V3,
    /// The newest version that accepts the name
    Any,
}

impl SyntaxChoice {
    /// The parser for this syntax.
    pub(super) const fn parser(self, profile: Profile) -> Parser {
        match self {
            Self::V1 => Parser::of(Syntax::V1, profile),
            Self::V2 => Parser::of(Syntax::V2, profile),
            Self::V3 => Parser::of(Syntax::V3, profile),
            Self::Any => Parser::new(profile),
        }
    }
}

/// `--disk-type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum DiskTypeChoice {
    /// Shared storage, n
    Network,
    /// Local hard disk, h
    Hdd,
    /// Local SSD, s
    Ssd,
    /// Local NVMe, p
    Nvme,
}

impl From<DiskTypeChoice> for DiskType {
    fn from(choice: DiskTypeChoice) -> Self {
        match choice {
            DiskTypeChoice::Network => Self::Network,
            DiskTypeChoice::Hdd => Self::Hdd,
            DiskTypeChoice::Ssd => Self::Ssd,
            DiskTypeChoice::Nvme => Self::Nvme,
        }
    }
}

/// `--standard`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum StandardChoice {
    /// Flavors that must exist
    Mandatory,
    /// Flavors that should exist
    Recommended,
    /// Both
    All,
}
