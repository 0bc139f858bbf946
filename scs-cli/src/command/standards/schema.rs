//! `scs standards schema`: prints the JSON Schemas of inputs and outputs.

use std::io::Write;

use clap::{Args, ValueEnum};

use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::options::Common;
use crate::app::output::Output;

/// `scs standards schema`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  scs standards schema                             list all schemas
  scs standards schema check > check.schema.json
  scs standards schema declarations                for use in an editor

Outputs may have more fields than their schema lists; required fields stay.

Exit status: 0 success.")]
pub(crate) struct Schema {
    /// Name of the schema [default: none, to list all]
    #[arg(value_name = "NAME")]
    name: Option<Shape>,
}

/// Inputs and outputs with a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Shape {
    /// A result of `scs flavor parse -f json` or `-f jsonl`
    FlavorParse,
    /// The report of every check with `-f json` (scs/check/2)
    Check,
    /// Output of `scs calendar -f json` (scs/calendar/1)
    Calendar,
    /// Output of `scs diff -f json` (scs/diff/1)
    Diff,
    /// Output of `scs certificate evaluate -f json` (scs/evaluation/1)
    Evaluation,
    /// Score card from `scs report merge -f json`
    ScoreCard,
    /// A line of every check with `-f jsonl`: a finding or, at the end, the report
    CheckLine,
    /// Output of `scs flavor repair -f json` (scs/repair/1)
    Repair,
    /// One result of `scs flavor convert -f json` or `-f jsonl`
    FlavorConvert,
    /// Output of `scs flavor compare -f json`
    FlavorCompare,
    /// One flavor of `scs flavor list -f json` or `-f jsonl`
    FlavorList,
    /// One flavor of `scs flavor find -f json`
    FlavorFind,
    /// One card of `scs flavor gpu -f json`
    FlavorGpu,
    /// A flavor name in any version of scs-0100
    FlavorName,
    /// One image of `scs image list -f json`
    ImageList,
    /// One image of `scs image lifecycle -f json`
    ImageLifecycle,
    /// Output of `scs image template -f json`
    ImageTemplate,
    /// Output of `scs image repair -f json` (scs/image-repair/1)
    ImageRepair,
    /// Image properties according to scs-0102-v1
    ImageMetadataV1,
    /// Image properties according to scs-0102-v2
    ImageMetadataV2,
    /// A file of openstack-image-manager whose images conform to scs-0102-v1
    ImageDefinitionsV1,
    /// A file of openstack-image-manager whose images conform to scs-0102-v2
    ImageDefinitionsV2,
    /// Output of `scs entropy probe -f json` (scs/entropy-probe/1)
    EntropyProbe,
    /// One branch of `scs k8s versions -f json`
    K8sVersions,
    /// Output of `scs k8s enforce -f json`
    K8sEnforce,
    /// Output of `scs k8s repair -f json`
    K8sRepair,
    /// Output of `scs k8s rights -f json`
    K8sRights,
    /// One document of `scs standards list -f json`
    StandardsList,
    /// Output of `scs standards show -f json`
    StandardsShow,
    /// One change of `scs standards diff -f json`
    StandardsDiff,
    /// Output of `scs facts list -f json` (scs/facts/1)
    FactsList,
    /// Output of `scs facts update -f json` (scs/facts-update/1)
    FactsUpdate,
    /// The output of `scs explain -f json` (scs/explanation/1)
    Explain,
    /// One version of `scs certificate scopes -f json`
    CertificateScopes,
    /// Output of `scs certificate show -f json`
    CertificateShow,
    /// One entry of `scs certificate timeline -f json`
    CertificateTimeline,
    /// Output of `scs certificate levels -f json`
    CertificateLevels,
    /// One report of `scs report show -f json`
    Report,
    /// Inventory for `scs check`
    Inventory,
    /// File for `--declarations`
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
