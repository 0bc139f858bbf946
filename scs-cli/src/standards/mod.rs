//! `scs standards`: what the program knows.

mod schema;

use clap::Subcommand;

use crate::Outcome;
use crate::cli::Common;
use crate::failure::Failure;

#[derive(Debug, Subcommand)]
pub(crate) enum StandardsCommand {
    /// Print the JSON Schema of an output or an input, or list them
    Schema(schema::Schema),
}

impl StandardsCommand {
    pub(crate) fn run(&self, common: &Common) -> Result<Outcome, Failure> {
        match self {
            Self::Schema(schema) => schema.run(common),
        }
    }
}
