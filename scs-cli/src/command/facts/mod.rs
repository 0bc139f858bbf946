//! `scs facts`: the dated facts that checks rest on.

mod list;
mod update;

pub(crate) use list::Document as ListDocument;
pub(crate) use update::Document as UpdateDocument;

use clap::Subcommand;

use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::options::Common;

#[derive(Debug, Subcommand)]
pub(crate) enum FactsCommand {
    /// List dated facts: as of when, from where, what rests on them
    List(list::List),
    /// Fetch newer facts; the only command that does
    Update(update::Update),
}

impl FactsCommand {
    pub(crate) fn run(&self, common: &Common) -> Result<Exit, Failure> {
        match self {
            Self::List(list) => list.run(common),
            Self::Update(update) => update.run(common),
        }
    }
}
