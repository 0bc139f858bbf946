//! `scs image`: images and their metadata.

mod check;
mod lifecycle;
mod list;
mod repair;
mod schema;
mod standard_version;
mod state;
mod template;

pub(crate) use lifecycle::Row as LifecycleRow;
pub(crate) use list::Row as ImageRow;
pub(crate) use repair::Document as RepairDocument;
pub(crate) use template::Made as TemplateDocument;

use clap::Subcommand;

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
