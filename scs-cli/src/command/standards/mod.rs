//! `scs standards`: what the program knows.

mod diff;
mod docs;
mod document;
mod folder;
mod inventory;
mod lint;
mod list;
mod schema;
mod show;
mod site;

pub(crate) use diff::ChangedRule;
pub(crate) use inventory::schema as inventory_schema;
pub(crate) use list::DocumentRow;
pub(crate) use schema::Shape;
pub(crate) use show::Shown as ShownStandard;

use clap::Subcommand;

use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::options::Common;

#[derive(Debug, Subcommand)]
pub(crate) enum StandardsCommand {
    /// List all documents and their states
    List(list::List),
    /// Show a document, a standard, a rule or a test case
    Show(show::Show),
    /// Show the differences between two versions of a standard, rule by rule
    Diff(diff::Diff),
    /// Check a folder of standard documents: names, front matter, relations
    Lint(lint::Lint),
    /// Print the tables of the documentation, update them in pages, or write the documentation site's pages
    Docs(docs::Docs),
    /// Print the JSON Schema of an output or an input, or list all schemas
    Schema(schema::Schema),
}

impl StandardsCommand {
    pub(crate) fn run(
        &self,
        common: &Common,
        schema_of: fn(Shape) -> schemars::Schema,
    ) -> Result<Exit, Failure> {
        match self {
            Self::List(list) => list.run(common),
            Self::Show(show) => show.run(common),
            Self::Diff(diff) => diff.run(common),
            Self::Lint(lint) => lint.run(common),
            Self::Docs(docs) => docs.run(common),
            Self::Schema(schema) => schema.run(common, schema_of),
        }
    }
}
