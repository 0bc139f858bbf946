//! What is known about a stored fact, beside its file.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::address::public;
use crate::fact::Key;

/// Metadata of a stored fact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Metadata {
    /// The name of the fact.
    pub key: Key,
    /// The address that it came from.
    pub source: String,
    /// When the source was last asked successfully.
    pub fetched_at: Timestamp,
    /// The time up to which the fact is known to be complete.
    pub as_of: Timestamp,
    /// The SHA-256 hash of the file.
    pub sha256: String,
    /// What makes the next requests conditional, by address.
    #[serde(default)]
    pub validators: BTreeMap<String, Validator>,
    /// The metadata of the edition before. The two files are replaced one after the other, so for a moment, or after a crash,
    /// the file may still be of that edition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) previous: Option<Box<Metadata>>,
}

/// What a source returned to recognize an edition.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Validator {
    /// `ETag`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
    /// `Last-Modified`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_modified: Option<String>,
}

impl Metadata {
    /// Only this edition, without secrets in addresses: earlier versions of the program stored them.
    pub(crate) fn public(self) -> Self {
        let validators = self.validators.into_iter().map(|(url, validator)| (public(&url), validator));
        Self { source: public(&self.source), validators: validators.collect(), previous: None, ..self }
    }
}

impl Validator {
    pub(crate) const fn is_empty(&self) -> bool {
        self.etag.is_none() && self.last_modified.is_none()
    }
}
