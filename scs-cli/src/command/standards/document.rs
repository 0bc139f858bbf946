//! Ids of documents on the command line.

use scs_standards::DocumentId;
use scs_standards::catalog::Catalog;

use crate::app::failure::Failure;

/// Parses the id of a document in the catalog.
pub(super) fn document(text: &str) -> Result<DocumentId, Failure> {
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
