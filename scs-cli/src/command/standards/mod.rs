//! `scs standards`: what the program knows.

mod diff;
mod docs;
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
use scs_standards::DocumentId;
use scs_standards::catalog::Catalog;

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

/// Parses the id of a document in the catalog.
fn document(text: &str) -> Result<DocumentId, Failure> {
    let catalog = Catalog::embedded();
    let unknown = || {
        let failure = Failure::new(format!("unknown document `{text}`"));
        match catalog.suggestion(text) {
            Some(meant) => failure.hint(format!("did you mean `{meant}`?")),
            None => failure.hint("`scs standards list` lists all documents"),
        }
    };
    let id: DocumentId = text.parse().map_err(|_| unknown())?;
    catalog.get(id).map(scs_standards::catalog::Document::id).ok_or_else(unknown)
}
