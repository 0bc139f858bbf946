//! Detects what a document is by its content: an inventory, a part of one, or another common kind of file.
//!
//! ```
//! use scs_registry::part::{Content, PartKind, recognize};
//!
//! let content = |text| recognize(text).into_iter().next().map(|document| document.content);
//! assert_eq!(content(r#"{"images": [], "next": null}"#), Some(Content::Part(PartKind::Images)));
//! assert_eq!(content(r#"[{"ID": "1", "Name": "SCS-2V-8", "VCPUs": 2}]"#), Some(Content::Part(PartKind::Flavors)));
//! assert_eq!(content(r#"{"kind": "PodList", "items": []}"#), Some(Content::Part(PartKind::Pods)));
//! ```

mod content;
mod glimpse;
mod table;
mod text;

use serde_json::value::RawValue;

pub use content::{Content, OtherContent};
pub use table::PartKind;
pub use text::{ReadDocumentsError, documents};

/// A document of a text, as JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// The document as JSON.
    pub json: String,
    /// The kind of the document.
    pub content: Content,
}

/// The documents of a text and their kinds. A text without documents counts as one document: a table, names, or something unknown.
#[must_use]
pub fn recognize(text: &str) -> Vec<Document> {
    if let Some(other) = text::other(text) {
        return vec![Document { json: String::new(), content: Content::Other(other) }];
    }
    match documents(text) {
        Ok(documents) => documents
            .into_iter()
            .map(|json| {
                let content = content_of(&json);
                Document { json, content }
            })
            .collect(),
        Err(error) => vec![Document { json: String::new(), content: Content::Unknown(error.to_string()) }],
    }
}

/// Detects the kind of a JSON document.
#[must_use]
pub fn content_of(json: &str) -> Content {
    glimpse::content(json)
}

/// The entries of a part as JSON: those of a list, of a list under the API's key, or the document itself if it is a single
/// object. `None` for a part that is not a list.
pub(crate) fn entries(part: PartKind, json: &str) -> Option<Vec<&RawValue>> {
    glimpse::entries(part, json)
}

/// Whether a document is a list under the API's key.
pub(crate) fn is_wrapped_list(part: PartKind, json: &str) -> bool {
    glimpse::is_wrapped_list(part, json)
}
