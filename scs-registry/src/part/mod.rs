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

mod glimpse;
mod table;
mod text;

use std::fmt;

use serde_json::value::RawValue;

use crate::kind::Kind;

pub use table::PartKind;
pub use text::{ReadDocumentsError, documents};

/// The detected kind of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Content {
    /// A whole inventory.
    Inventory(Kind),
    /// A part of an inventory.
    Part(PartKind),
    /// A list of objects of several kinds, as printed by `kubectl get nodes,pods -o json`.
    MixedList,
    /// Another known kind of file.
    Other(OtherContent),
    /// An unknown kind of file, with a description.
    Unknown(String),
}

/// A file that is often given instead of a list or an inventory.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OtherContent {
    /// A table for people, printed by a command-line client.
    Table,
    /// Comma-separated values.
    Csv,
    /// Names, one per line.
    Names,
    /// Terraform's or OpenTofu's configuration, state or plan.
    Terraform,
    /// Tests in XML.
    TestResults,
    /// The configuration of `kubectl`.
    Kubeconfig,
    /// The configuration of OpenStack's clients.
    CloudsYaml,
    /// The output of a check.
    CheckResult,
    /// A report for the compliance monitor.
    Report,
    /// A scope file.
    ScopeFile,
    /// Declarations of a provider.
    Declarations,
    /// An error response of an API, with the reason.
    Refusal(String),
    /// Rules of a single security group, which may be a new or the default group.
    SecurityGroupRules,
    /// An empty list, whose kind is unknown.
    EmptyList,
    /// Kubernetes objects that no rule uses, with their kind.
    KubernetesObjects(String),
    /// A list from OpenStack that no rule uses, by name.
    OpenStackList(&'static str),
}

impl fmt::Display for OtherContent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Table => f.write_str("a table for people"),
            Self::Csv => f.write_str("comma-separated values"),
            Self::Names => f.write_str("names, one per line"),
            Self::Terraform => f.write_str("a configuration, a state or a plan of Terraform"),
            Self::TestResults => f.write_str("test results in XML"),
            Self::Kubeconfig => f.write_str("a kubeconfig"),
            Self::CloudsYaml => f.write_str("a clouds.yaml"),
            Self::CheckResult => f.write_str("the result of a check"),
            Self::Report => f.write_str("a report for the compliance monitor"),
            Self::ScopeFile => f.write_str("a scope file"),
            Self::Declarations => f.write_str("declarations"),
            Self::Refusal(reason) => write!(f, "an error of an API: {reason}"),
            Self::SecurityGroupRules => f.write_str("rules of a security group"),
            Self::EmptyList => f.write_str("an empty list"),
            Self::KubernetesObjects(kind) => write!(f, "Kubernetes objects of kind {kind}"),
            Self::OpenStackList(what) => write!(f, "a list of {what}"),
        }
    }
}

impl fmt::Display for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Inventory(kind) => write!(f, "an inventory of a {kind}"),
            Self::Part(part) => write!(f, "a list of {part}"),
            Self::MixedList => f.write_str("a list of Kubernetes objects"),
            Self::Other(other) => other.fmt(f),
            Self::Unknown(found) => f.write_str(found),
        }
    }
}

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
