//! `scs flavor`: names and flavors.

mod check;
mod compare;
mod convert;
mod names;
mod parse;
mod reading;
mod text;

use clap::{Subcommand, ValueEnum};
use scs_flavor_naming::{Parser, Syntax};
use scs_standards::Profile;

use crate::Outcome;
use crate::cli::Common;
use crate::failure::Failure;

#[derive(Debug, Subcommand)]
pub(crate) enum FlavorCommand {
    /// Say what flavor names mean, or what is wrong with them
    Parse(parse::Parse),
    /// Check flavors or their names against scs-0100
    Check(check::Check),
    /// Write flavor names as another version of the standard does
    Convert(convert::Convert),
    /// Tell whether one flavor can stand in for another
    Compare(compare::Compare),
}

impl FlavorCommand {
    pub(crate) fn run(&self, common: &Common) -> Result<Outcome, Failure> {
        match self {
            Self::Parse(parse) => parse.run(common),
            Self::Check(check) => check.run(common),
            Self::Convert(convert) => convert.run(common),
            Self::Compare(compare) => compare.run(common),
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
    /// The parser for it.
    const fn parser(self, profile: Profile) -> Parser {
        match self {
            Self::V1 => Parser::of(Syntax::V1, profile),
            Self::V2 => Parser::of(Syntax::V2, profile),
            Self::V3 => Parser::of(Syntax::V3, profile),
            Self::Any => Parser::new(profile),
        }
    }
}
