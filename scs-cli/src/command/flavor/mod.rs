//! `scs flavor`: names and flavors.

mod check;
mod choices;
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

use clap::Subcommand;

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
