//! The kinds of documents.

use std::fmt;

use super::table::PartKind;
use crate::kind::Kind;

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
