//! `scs image`: images and their metadata.

mod check;
mod lifecycle;
mod list;
mod repair;
mod schema;
mod template;

pub(crate) use lifecycle::Row as LifecycleRow;
pub(crate) use list::Row as ImageRow;
pub(crate) use repair::Document as RepairDocument;
pub(crate) use template::Made as TemplateDocument;

use clap::{Subcommand, ValueEnum};
use scs_image_metadata::MetadataVersion;
use scs_standards::DocumentId;

use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::options::Common;

#[derive(Debug, Subcommand)]
pub(crate) enum ImageCommand {
    /// Check images against scs-0102 and scs-0104
    Check(check::Check),
    /// List images with their key properties
    List(list::List),
    /// Show when each image becomes overdue
    Lifecycle(lifecycle::LifecycleOf),
    /// Generate the metadata of a new image
    Template(template::Make),
    /// Print a JSON Schema for the metadata, or for files of openstack-image-manager
    Schema(schema::Schema),
    /// Print the commands that fix a cloud's images
    Repair(repair::Repair),
}

impl ImageCommand {
    pub(crate) fn run(&self, common: &Common) -> Result<Exit, Failure> {
        match self {
            Self::Check(check) => check.run(common),
            Self::List(list) => list.run(common),
            Self::Lifecycle(lifecycle) => lifecycle.run(common),
            Self::Template(template) => template.run(common),
            Self::Schema(schema) => schema.run(common),
            Self::Repair(repair) => repair.run(common),
        }
    }
}

/// The state of an image in tables. Findings and the calendar call an outdated image overdue; `outdated` is the word of the JSON
/// output.
fn state_in_words(state: &'static str) -> &'static str {
    if state == "outdated" { "overdue" } else { state }
}

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
    const ALL: [Self; 2] = [Self::V1, Self::V2];

    const fn name(self) -> &'static str {
        match self {
            Self::V1 => "v1",
            Self::V2 => "v2",
        }
    }

    /// The documents to check. Every scope version uses the scs-0104 test cases of version 1.
    fn documents(self) -> Vec<DocumentId> {
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
