//! `scs flavor`: names and flavors.

mod check;
mod compare;
mod convert;
mod find;
mod generate;
mod gpu;
mod list;
mod parse;
mod reading;
mod repair;
mod text;

pub(crate) use compare::Comparison;
pub(crate) use convert::Conversion;
pub(crate) use find::Found;
pub(crate) use list::Row as StandardFlavorRow;
pub(crate) use reading::Reading;
pub(crate) use repair::Document as RepairDocument;

use clap::{Subcommand, ValueEnum};
use scs_flavor_naming::{DiskType, Parser, Syntax};
use scs_standards::Profile;

use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::options::Common;

#[derive(Debug, Subcommand)]
pub(crate) enum FlavorCommand {
    /// Explain flavor names
    Parse(parse::Parse),
    /// Check flavors, or only their names, against the standards
    Check(check::Check),
    /// Convert flavor names to another version
    Convert(convert::Convert),
    /// Check whether one flavor can replace another
    Compare(compare::Compare),
    /// Generate flavors: standard flavors, families of sizes, or from names
    Generate(generate::Generate),
    /// List the standard flavors
    List(list::List),
    /// Find the smallest flavors that meet requirements
    Find(find::Find),
    /// Look up GPU cards and their name parts
    Gpu(gpu::Gpu),
    /// Print the commands that fix a cloud's flavors
    Repair(repair::Repair),
}

impl FlavorCommand {
    pub(crate) fn run(&self, common: &Common) -> Result<Exit, Failure> {
        match self {
            Self::Parse(parse) => parse.run(common),
            Self::Check(check) => check.run(common),
            Self::Convert(convert) => convert.run(common),
            Self::Compare(compare) => compare.run(common),
            Self::Generate(generate) => generate.run(common),
            Self::List(list) => list.run(common),
            Self::Find(find) => find.run(common),
            Self::Gpu(gpu) => gpu.run(common),
            Self::Repair(repair) => repair.run(common),
        }
    }
}

/// `--syntax`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum SyntaxChoice {
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
    const fn parser(self, profile: Profile) -> Parser {
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
enum DiskTypeChoice {
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
enum StandardChoice {
    /// Flavors that must exist
    Mandatory,
    /// Flavors that should exist
    Recommended,
    /// Both
    All,
}
