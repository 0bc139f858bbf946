//! The published versions of the naming syntax.

use std::fmt;
use std::str::FromStr;

use scs_standards::DocumentId;
use thiserror::Error;

/// A major version of scs-0100, oldest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "lowercase"))]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Syntax {
    /// scs-0100-v1: `SCS-2V:4:10n-z3`.
    V1,
    /// scs-0100-v2: `SCS-2V-4-10n_z3`.
    V2,
    /// scs-0100-v3: like v2, with more hypervisors, generations and GPU details.
    V3,
}

impl Syntax {
    /// All versions, oldest first.
    pub const ALL: [Self; 3] = [Self::V1, Self::V2, Self::V3];

    /// The document of the version.
    #[must_use]
    pub const fn document(self) -> DocumentId {
        match self {
            Self::V1 => DocumentId::version(100, 1),
            Self::V2 => DocumentId::version(100, 2),
            Self::V3 => DocumentId::version(100, 3),
        }
    }

    /// The name: `v1`, `v2` or `v3`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::V1 => "v1",
            Self::V2 => "v2",
            Self::V3 => "v3",
        }
    }
}

impl fmt::Display for Syntax {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Error: not a version of the naming syntax.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("expected `v1`, `v2` or `v3`, found `{0}`")]
pub struct ParseSyntaxError(String);

impl FromStr for Syntax {
    type Err = ParseSyntaxError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|syntax| syntax.name() == text)
            .ok_or_else(|| ParseSyntaxError(text.chars().take(40).collect()))
    }
}
