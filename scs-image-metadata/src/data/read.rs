//! Parses data files.

use scs_standards::yaml;
use thiserror::Error;

/// Error: not a valid data file.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("not a file of {kind}: {reason}")]
pub struct ReadDataError {
    kind: &'static str,
    reason: String,
}

impl ReadDataError {
    fn new(kind: &'static str, error: &serde_saphyr::Error) -> Self {
        Self::of(kind, yaml::reason(error))
    }

    pub(super) const fn of(kind: &'static str, reason: String) -> Self {
        Self { kind, reason }
    }
}

/// Parses a data file of one of the kinds.
pub(super) fn read<T: serde::de::DeserializeOwned>(
    kind: &'static str,
    text: &str,
) -> Result<T, ReadDataError> {
    serde_saphyr::from_str(text).map_err(|error| ReadDataError::new(kind, &error))
}
