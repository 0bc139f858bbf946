//! The version of the standards for images.

use clap::ValueEnum;
use scs_image_metadata::MetadataVersion;
use scs_standards::DocumentId;

/// `--standard`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum StandardVersion {
    /// scs-0102-v1, in force
    V1,
    /// scs-0102-v2 and scs-0104-v2, drafts
    V2,
}

impl StandardVersion {
    /// Both versions.
    pub(super) const ALL: [Self; 2] = [Self::V1, Self::V2];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::V1 => "v1",
            Self::V2 => "v2",
        }
    }

    /// The documents to check. Every scope version uses the scs-0104 test cases of version 1.
    pub(super) fn documents(self) -> Vec<DocumentId> {
        let (metadata, images) =
            (|version| DocumentId::version(102, version), |version| DocumentId::version(104, version));
        match self {
            Self::V1 => vec![metadata(1), images(1)],
            Self::V2 => vec![metadata(2), images(1), images(2)],
        }
    }
}

impl From<StandardVersion> for MetadataVersion {
    fn from(version: StandardVersion) -> Self {
        match version {
            StandardVersion::V1 => Self::V1,
            StandardVersion::V2 => Self::V2,
        }
    }
}
