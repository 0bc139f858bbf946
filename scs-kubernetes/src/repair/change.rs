//! Changes of objects, as they are shown, stored and undone.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A kind of objects that repairs change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Resource {
    /// A node.
    Node,
    /// A namespace.
    Namespace,
    /// A storage class.
    StorageClass,
    /// An ingress class.
    IngressClass,
    /// A validating admission policy.
    ValidatingAdmissionPolicy,
    /// The binding of a validating admission policy.
    ValidatingAdmissionPolicyBinding,
}

impl Resource {
    /// The resource of a part of an inventory.
    pub(super) fn of_part(part: &str) -> Option<Self> {
        match part {
            "nodes" => Some(Self::Node),
            "namespaces" => Some(Self::Namespace),
            "storage_classes" => Some(Self::StorageClass),
            "ingress_classes" => Some(Self::IngressClass),
            _ => None,
        }
    }

    /// The resource of a manifest.
    pub(super) fn of_kind(kind: &str) -> Option<Self> {
        [Self::ValidatingAdmissionPolicy, Self::ValidatingAdmissionPolicyBinding]
            .into_iter()
            .find(|resource| resource.kind() == kind)
    }

    /// The kind, as in a manifest.
    #[must_use]
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Node => "Node",
            Self::Namespace => "Namespace",
            Self::StorageClass => "StorageClass",
            Self::IngressClass => "IngressClass",
            Self::ValidatingAdmissionPolicy => "ValidatingAdmissionPolicy",
            Self::ValidatingAdmissionPolicyBinding => "ValidatingAdmissionPolicyBinding",
        }
    }

    /// The path of all its objects.
    pub(super) const fn path(self) -> &'static str {
        match self {
            Self::Node => "/api/v1/nodes",
            Self::Namespace => "/api/v1/namespaces",
            Self::StorageClass => "/apis/storage.k8s.io/v1/storageclasses",
            Self::IngressClass => "/apis/networking.k8s.io/v1/ingressclasses",
            Self::ValidatingAdmissionPolicy => {
                "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies"
            }
            Self::ValidatingAdmissionPolicyBinding => {
                "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings"
            }
        }
    }
}

/// The object of a change.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Target {
    /// The kind.
    pub resource: Resource,
    /// The name.
    pub name: String,
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} `{}`", self.resource.kind(), self.name)
    }
}

/// The mapping in the metadata of an object that an entry belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Fields {
    /// The labels.
    Labels,
    /// The annotations.
    Annotations,
}

impl Fields {
    /// The key in the metadata.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Labels => "labels",
            Self::Annotations => "annotations",
        }
    }
}

/// A label or an annotation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Entry {
    /// Whether it is a label or an annotation.
    pub of: Fields,
    /// The key.
    pub key: String,
    /// The old value; `None` if it was not set.
    pub before: Option<String>,
    /// The new value; `None` to remove it.
    pub after: Option<String>,
}

/// A change of an object.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "lowercase")]
#[non_exhaustive]
pub enum Change {
    /// Labels and annotations.
    Patch {
        /// The object.
        #[serde(flatten)]
        target: Target,
        /// Its id.
        uid: String,
        /// The labels and annotations.
        entries: Vec<Entry>,
    },
    /// A new object.
    Create {
        /// The object.
        #[serde(flatten)]
        target: Target,
        /// The manifest.
        object: Value,
    },
    /// The specification of an object.
    Replace {
        /// The object.
        #[serde(flatten)]
        target: Target,
        /// Its id.
        uid: String,
        /// The old specification.
        before: Value,
        /// The new specification.
        after: Value,
    },
}

impl Change {
    /// The object.
    #[must_use]
    pub const fn target(&self) -> &Target {
        match self {
            Self::Patch { target, .. } | Self::Create { target, .. } | Self::Replace { target, .. } => target,
        }
    }
}

/// What is needed to undo changes.
///
/// ```
/// use scs_kubernetes::Undo;
///
/// let undo = Undo::new("https://127.0.0.1:6443".to_owned(), "2026-12-01T08:00:00Z".parse()?, Vec::new());
/// let read: Undo = serde_json::from_str(&serde_json::to_string(&undo)?)?;
/// assert_eq!(read, undo);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Undo {
    /// `scs/k8s-undo/1`.
    pub schema: Schema,
    /// The URL of the API server.
    pub server: String,
    /// The time of the changes.
    pub at: Timestamp,
    /// The changes, in the order in which they are made.
    pub changes: Vec<Change>,
}

/// The schema of an undo file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Schema {
    /// The first version.
    #[serde(rename = "scs/k8s-undo/1")]
    V1,
}

impl Undo {
    /// Keeps changes of a cluster.
    #[must_use]
    pub const fn new(server: String, at: Timestamp, changes: Vec<Change>) -> Self {
        Self { schema: Schema::V1, server, at, changes }
    }
}
