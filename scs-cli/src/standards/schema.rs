//! `scs standards schema`: the shapes of what programs read and write, as JSON Schemas.

use std::io::Write;

use clap::{Args, ValueEnum};
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use scs_certificates::report::ScoreCard;
use scs_entropy::ProbeDocument;
use scs_flavor_naming::{Card, FlavorName};
use scs_image_metadata::{MetadataVersion, definitions_schema, metadata_schema};
use scs_registry::explain::Explanation;
use serde_json::Value;

use super::diff::ChangedRule;
use super::lint::LintDocument;
use super::list::DocumentRow;
use super::show::Shown as ShownStandard;
use crate::Exit;
use crate::certificate::{EvaluationDocument, LevelsDocument, ScopeRow, ShownVersion, TimelineRow};
use crate::check::CheckDocument as InventoryCheckDocument;
use crate::checked::{Document as CheckDocument, Line as CheckLine};
use crate::cli::Common;
use crate::failure::Failure;
use crate::files::DeclarationsFile;
use crate::flavor::{Comparison, Conversion, Found, Reading, RepairDocument, StandardFlavorRow};
use crate::image::{ImageRow, LifecycleRow, RepairDocument as ImageRepairDocument, TemplateDocument};
use crate::k8s::{EnforceDocument, VersionRow};
use crate::output::Output;
use crate::report::ShownReport;

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
enum Shape {
    /// One result of `scs flavor parse -f json` or `-f jsonl`
    FlavorParse,
    /// What `scs check -f json` prints of an inventory (scs/check/2)
    CheckInventory,
    /// What `scs flavor check -f json`, `scs image check -f json` and `scs entropy check -f json` print (scs/check/2)
    Check,
    /// What `scs certificate evaluate -f json` prints (scs/evaluation/1)
    Evaluation,
    /// What `scs report merge -f json` prints: a score card
    ScoreCard,
    /// A line of `-f jsonl` of the same: a finding or, at the end, the results
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
    /// What `scs standards lint -f json` prints
    StandardsLint,
    /// What `scs explain -f json` prints (scs/explanation/1)
    Explain,
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
    pub(crate) fn run(&self, common: &Common) -> Result<Exit, Failure> {
        let mut output = Output::open(common.output.as_deref())?;
        if let Some(shape) = self.name {
            serde_json::to_writer_pretty(&mut output, &shape.schema())?;
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

impl Shape {
    fn schema(self) -> schemars::Schema {
        match self {
            Self::FlavorParse => written::<Reading<'_>>(),
            Self::CheckInventory => written::<InventoryCheckDocument<'_>>(),
            Self::Check => written::<CheckDocument<'_>>(),
            Self::Evaluation => written::<EvaluationDocument<'_>>(),
            Self::ScoreCard => written::<ScoreCard>(),
            Self::CheckLine => written::<CheckLine<'_>>(),
            Self::Repair => written::<RepairDocument<'_>>(),
            Self::FlavorConvert => written::<Conversion<'_>>(),
            Self::FlavorCompare => written::<Comparison<'_>>(),
            Self::FlavorList => written::<StandardFlavorRow>(),
            Self::FlavorFind => written::<Found>(),
            Self::FlavorGpu => written::<Card>(),
            Self::FlavorName => written::<FlavorName>(),
            Self::ImageList => written::<ImageRow>(),
            Self::ImageLifecycle => written::<LifecycleRow>(),
            Self::ImageTemplate => written::<TemplateDocument>(),
            Self::ImageRepair => written::<ImageRepairDocument<'_>>(),
            Self::ImageMetadataV1 => metadata_schema(MetadataVersion::V1),
            Self::ImageMetadataV2 => metadata_schema(MetadataVersion::V2),
            Self::ImageDefinitionsV1 => definitions_schema(MetadataVersion::V1),
            Self::ImageDefinitionsV2 => definitions_schema(MetadataVersion::V2),
            Self::EntropyProbe => written::<ProbeDocument>(),
            Self::K8sVersions => written::<VersionRow>(),
            Self::K8sEnforce => written::<EnforceDocument>(),
            Self::StandardsList => written::<DocumentRow>(),
            Self::StandardsShow => written::<ShownStandard>(),
            Self::StandardsDiff => written::<ChangedRule>(),
            Self::StandardsLint => written::<LintDocument<'_>>(),
            Self::Explain => written::<Explanation>(),
            Self::CertificateScopes => written::<ScopeRow>(),
            Self::CertificateShow => written::<ShownVersion<'_>>(),
            Self::CertificateTimeline => written::<TimelineRow>(),
            Self::CertificateLevels => written::<LevelsDocument>(),
            Self::Report => written::<ShownReport<'_>>(),
            Self::Inventory => super::inventory::schema(),
            Self::Declarations => settings().into_generator().into_root_schema_for::<DeclarationsFile>(),
        }
    }
}

fn settings() -> SchemaSettings {
    SchemaSettings::draft2020_12().with_transform(RecursiveTransform(unwrapped))
}

/// The descriptions are comments of the source, whose lines end where the source's do.
fn unwrapped(schema: &mut schemars::Schema) {
    if let Some(Value::String(description)) = schema.get_mut("description") {
        *description = description.replace('\n', " ");
    }
}

/// Of an output, in which what may be null is there all the same.
fn written<T: JsonSchema>() -> schemars::Schema {
    settings().for_serialize().into_generator().into_root_schema_for::<T>()
}
