//! The JSON Schemas of inputs and outputs: the only module that knows the outputs of all commands.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use scs_certificates::report::ScoreCard;
use scs_entropy::ProbeDocument;
use scs_flavor_naming::{Card, FlavorName};
use scs_image_metadata::{MetadataVersion, definitions_schema, metadata_schema};
use scs_registry::explain::Explanation;
use scs_registry::{Calendar, Comparison as ReportComparison, Report, ReportedFinding};
use serde_json::Value;

use crate::app::files::DeclarationsFile;
use crate::command::certificate::{EvaluationDocument, LevelsDocument, ScopeRow, ShownVersion, TimelineRow};
use crate::command::facts::{ListDocument, UpdateDocument};
use crate::command::flavor::{Comparison, Conversion, Found, Reading, RepairDocument, StandardFlavorRow};
use crate::command::image::{
    ImageRow, LifecycleRow, RepairDocument as ImageRepairDocument, TemplateDocument,
};
use crate::command::k8s::{EnforceDocument, RepairDocument as K8sRepairDocument, RightsDocument, VersionRow};
use crate::command::report::ShownReport;
use crate::command::standards::{ChangedRule, DocumentRow, Shape, ShownStandard, inventory_schema};

/// A line of a check in JSON Lines.
#[derive(serde::Serialize, JsonSchema)]
#[serde(untagged)]
#[schemars(
    title = "A line of scs/check/2",
    description = "A finding; the last line of each subject is its report, and the lines before it are the findings."
)]
#[expect(dead_code, clippy::large_enum_variant, reason = "only its schema is printed")]
enum CheckLine {
    Finding(ReportedFinding),
    Report(Report),
}

/// A report about a scope file, with the version that is shown.
#[derive(serde::Serialize, JsonSchema)]
#[schemars(
    title = "The output of `scs certificate show`",
    description = "A report (scs/check/2) with the version that is shown."
)]
struct ShownScope {
    #[serde(flatten)]
    report: Report,
    shown: ShownVersion<'static>,
}

/// The JSON Schema of an input or output.
pub(crate) fn schema(shape: Shape) -> schemars::Schema {
    match shape {
        Shape::FlavorParse => written::<Reading<'_>>(),
        Shape::Check => written::<Report>(),
        Shape::Calendar => written::<Calendar>(),
        Shape::Diff => written::<ReportComparison>(),
        Shape::Evaluation => written::<EvaluationDocument<'_>>(),
        Shape::ScoreCard => written::<ScoreCard>(),
        Shape::CheckLine => written::<CheckLine>(),
        Shape::Repair => written::<RepairDocument<'_>>(),
        Shape::FlavorConvert => written::<Conversion<'_>>(),
        Shape::FlavorCompare => written::<Comparison<'_>>(),
        Shape::FlavorList => written::<StandardFlavorRow>(),
        Shape::FlavorFind => written::<Found>(),
        Shape::FlavorGpu => written::<Card>(),
        Shape::FlavorName => written::<FlavorName>(),
        Shape::ImageList => written::<ImageRow>(),
        Shape::ImageLifecycle => written::<LifecycleRow>(),
        Shape::ImageTemplate => written::<TemplateDocument>(),
        Shape::ImageRepair => written::<ImageRepairDocument<'_>>(),
        Shape::ImageMetadataV1 => metadata_schema(MetadataVersion::V1),
        Shape::ImageMetadataV2 => metadata_schema(MetadataVersion::V2),
        Shape::ImageDefinitionsV1 => definitions_schema(MetadataVersion::V1),
        Shape::ImageDefinitionsV2 => definitions_schema(MetadataVersion::V2),
        Shape::EntropyProbe => written::<ProbeDocument>(),
        Shape::K8sVersions => written::<VersionRow>(),
        Shape::K8sEnforce => written::<EnforceDocument>(),
        Shape::K8sRepair => written::<K8sRepairDocument>(),
        Shape::K8sRights => written::<RightsDocument>(),
        Shape::StandardsList => written::<DocumentRow>(),
        Shape::StandardsShow => written::<ShownStandard>(),
        Shape::StandardsDiff => written::<ChangedRule>(),
        Shape::FactsList => written::<ListDocument>(),
        Shape::FactsUpdate => written::<UpdateDocument>(),
        Shape::Explain => written::<Explanation>(),
        Shape::CertificateScopes => written::<ScopeRow>(),
        Shape::CertificateShow => written::<ShownScope>(),
        Shape::CertificateTimeline => written::<TimelineRow>(),
        Shape::CertificateLevels => written::<LevelsDocument>(),
        Shape::Report => written::<ShownReport<'_>>(),
        Shape::Inventory => inventory_schema(),
        Shape::Declarations => settings().into_generator().into_root_schema_for::<DeclarationsFile>(),
    }
}

fn settings() -> SchemaSettings {
    SchemaSettings::draft2020_12().with_transform(RecursiveTransform(unwrapped))
}

/// Removes line breaks: descriptions are doc comments, which are hard-wrapped.
fn unwrapped(schema: &mut schemars::Schema) {
    if let Some(Value::String(description)) = schema.get_mut("description") {
        *description = description.replace('\n', " ");
    }
}

/// The schema of an output, which includes null fields.
fn written<T: JsonSchema>() -> schemars::Schema {
    settings().for_serialize().into_generator().into_root_schema_for::<T>()
}
