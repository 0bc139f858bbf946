//! `scs image schema`: prints JSON Schemas for editors and CI.

use std::io::Write;

use clap::{Args, ValueEnum};
use scs_image_metadata::{definitions_schema, metadata_schema};

use super::standard_version::StandardVersion;
use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::options::Common;
use crate::app::output::Output;

/// `scs image schema`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  scs image schema > metadata.schema.json          properties of an image
  scs image schema --of image-manager -o images.schema.json

To use a schema in an editor, add `# yaml-language-server: $schema=images.schema.json` to the file.

Exit status: 0 success.")]
pub(crate) struct Schema {
    /// Subject of the schema
    #[arg(long, value_name = "WHAT", default_value = "metadata")]
    of: Of,

    /// Version of scs-0102
    #[arg(long, value_name = "VERSION", default_value = "v1")]
    standard: StandardVersion,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Of {
    /// Properties of an image
    Metadata,
    /// Definitions for openstack-image-manager
    ImageManager,
}

impl Schema {
    pub(crate) fn run(&self, common: &Common) -> Result<Exit, Failure> {
        let schema = match self.of {
            Of::Metadata => metadata_schema(self.standard.into()),
            Of::ImageManager => definitions_schema(self.standard.into()),
        };
        let mut output = Output::open(common.output.as_deref())?;
        serde_json::to_writer_pretty(&mut output, &schema)?;
        output.write_all(b"\n")?;
        output.finish()?;
        Ok(Exit::Success)
    }
}
