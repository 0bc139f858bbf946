//! `scs standards schema`: the shapes of what programs read and write, as JSON Schemas.

use std::io::Write;

use clap::{Args, ValueEnum};

use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::options::Common;
use crate::app::output::Output;

/// `scs standards schema`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  scs standards schema                             which there are
  scs standards schema check > check.schema.json
  scs standards schema declarations                for an editor that helps to write declarations

Outputs may have more fields than a schema names; fields that it requires stay.
Exit status: 0 it is printed.")]
pub(crate) struct Schema {
    /// The shape
    #[arg(value_name = "NAME")]
    name: Option<Shape>,
}

/// What has a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Shape {
    /// One result of `scs flavor parse -f json` or `-f jsonl`
    FlavorParse,
    /// The report of every check with `-f json` (scs/check/2)
    Check,
    /// What `scs calendar -f json` prints (scs/calendar/1)
    Calendar,
    /// What `scs diff -f json` prints (scs/diff/1)
    Diff,
    /// What `scs certificate evaluate -f json` prints (scs/evaluation/1)
    Evaluation,
    /// What `scs report merge -f json` prints: a score card
    ScoreCard,
    /// A line of every check with `-f jsonl`: a finding or, at the end, the report
    CheckLine,
    /// What `scs flavor repair -f json` prints (scs/repair/1)
    Repair,
    /// One result of `scs flavor convert -f json` or `-f jsonl`
    FlavorConvert,
    /// What `scs flavor compare -f json` prints
    FlavorCompare,
    /// One flavor of `scs flavor list -f json` or `-f jsonl`
    FlavorList,
    /// One flavor of `scs flavor find -f json`
    FlavorFind,
    /// One card of `scs flavor gpu -f json`
    FlavorGpu,
    /// A flavor name, by any version of scs-0100
    FlavorName,
    /// One image of `scs image list -f json`
    ImageList,
    /// One image of `scs image lifecycle -f json`
    ImageLifecycle,
    /// What `scs image template -f json` prints
    ImageTemplate,
    /// What `scs image repair -f json` prints (scs/image-repair/1)
    ImageRepair,
    /// The properties of an image by scs-0102-v1
    ImageMetadataV1,
    /// The properties of an image by scs-0102-v2
    ImageMetadataV2,
    /// A file of openstack-image-manager whose images conform to scs-0102-v1
    ImageDefinitionsV1,
    /// A file of openstack-image-manager whose images conform to scs-0102-v2
    ImageDefinitionsV2,
    /// What `scs entropy probe -f json` prints (scs/entropy-probe/1)
    EntropyProbe,
    /// One branch of `scs k8s versions -f json`
    K8sVersions,
    /// What `scs k8s enforce -f json` prints
    K8sEnforce,
    /// One document of `scs standards list -f json`
    StandardsList,
    /// What `scs standards show -f json` prints
    StandardsShow,
    /// One change of `scs standards diff -f json`
    StandardsDiff,
    /// One version of `scs certificate scopes -f json`
    CertificateScopes,
    /// What `scs certificate show -f json` prints
    CertificateShow,
    /// One entry of `scs certificate timeline -f json`
    CertificateTimeline,
    /// What `scs certificate levels -f json` prints
    CertificateLevels,
    /// One report of `scs report show -f json`
    Report,
    /// The inventory that `scs check` reads
    Inventory,
    /// The file that `--declarations` reads
    Declarations,
}

impl Schema {
    pub(crate) fn run(
        &self,
        common: &Common,
        schema: fn(Shape) -> schemars::Schema,
    ) -> Result<Exit, Failure> {
        let mut output = Output::open(common.output.as_deref())?;
        if let Some(shape) = self.name {
            serde_json::to_writer_pretty(&mut output, &schema(shape))?;
            output.write_all(b"\n")?;
        } else {
            for value in Shape::value_variants().iter().filter_map(Shape::to_possible_value) {
                let about = value.get_help().map(ToString::to_string).unwrap_or_default();
                writeln!(output, "{:<20} {about}", value.get_name())?;
            }
        }
        output.finish()?;
        Ok(Exit::Success)
    }
}
