//! JSON Schemas for the metadata, and for openstack-image-manager definitions, for editors and CI.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value, json};

use crate::values::{
    Architecture, BuildDate, Day, FirmwareType, Flag, HashAlgorithm, HotfixHours, HwDiskBus, HwRngModel,
    HwScsiModel, HypervisorType, ImageSource, L1SupportContact, MinDisk, MinRam, OriginalUser, OsDistro,
    OsPurpose, ProvidedUntil, ReplaceFrequency, SecureBoot, UuidValidity, VideoRam, WatchdogAction,
};

/// The version of scs-0102 of a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MetadataVersion {
    /// `os_purpose` is recommended.
    V1,
    /// `os_purpose` is mandatory, and may be `oldgeneric`.
    V2,
}

impl MetadataVersion {
    const fn name(self) -> &'static str {
        match self {
            Self::V1 => "scs-0102-v1",
            Self::V2 => "scs-0102-v2",
        }
    }
}

/// The location of a property in a file of definitions.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Next to the name.
    Attribute,
    /// Under `meta`.
    Meta,
    /// Set by the tool from the login, URL and build date of each version.
    Tool,
}

struct Row {
    name: &'static str,
    required: bool,
    place: Place,
    schema: fn(&mut SchemaGenerator) -> Schema,
}

macro_rules! row {
    ($name:literal, $required:literal, $place:ident, $type:ty) => {
        Row { name: $name, required: $required, place: Place::$place, schema: <$type>::json_schema }
    };
}

/// A non-empty text.
struct Text;

impl JsonSchema for Text {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Text".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["string", "number", "boolean"], "minLength": 1, "pattern": "\\S" })
    }
}

/// The properties of scs-0102, in the order of its text.
const ROWS: &[Row] = &[
    row!("architecture", true, Meta, Architecture),
    row!("min_disk", true, Attribute, MinDisk),
    row!("min_ram", true, Attribute, MinRam),
    row!("os_version", true, Meta, Text),
    row!("os_distro", true, Meta, OsDistro),
    row!("os_purpose", false, Meta, OsPurpose),
    row!("hw_disk_bus", true, Meta, HwDiskBus),
    row!("hw_scsi_model", false, Meta, HwScsiModel),
    row!("hypervisor_type", false, Meta, HypervisorType),
    row!("hw_rng_model", false, Meta, HwRngModel),
    row!("os_secure_boot", false, Meta, SecureBoot),
    row!("hw_firmware_type", false, Meta, FirmwareType),
    row!("hw_watchdog_action", false, Meta, WatchdogAction),
    row!("hw_mem_encryption", false, Meta, Flag),
    row!("hw_pmu", false, Meta, Flag),
    row!("hw_video_ram", false, Meta, VideoRam),
    row!("hw_vif_multiqueue_enabled", false, Meta, Flag),
    row!("replace_frequency", true, Meta, ReplaceFrequency),
    row!("provided_until", true, Meta, ProvidedUntil),
    row!("uuid_validity", true, Meta, UuidValidity),
    row!("hotfix_hours", false, Meta, HotfixHours),
    row!("image_source", true, Tool, ImageSource),
    row!("image_description", true, Meta, Text),
    row!("image_build_date", true, Tool, BuildDate),
    row!("image_original_user", true, Tool, OriginalUser),
    row!("patchlevel", false, Meta, Text),
    row!("os_hash_algo", false, Tool, HashAlgorithm),
    row!("license_included", false, Meta, Flag),
    row!("license_required", false, Meta, Flag),
    row!("subscription_included", false, Meta, Flag),
    row!("subscription_required", false, Meta, Flag),
    row!("maintained_until", false, Meta, Day),
    row!("l1_support_contact", false, Meta, L1SupportContact),
];

/// Descriptions for properties whose type has none.
const DESCRIPTIONS: [(&str, &str); 3] = [
    (
        "os_version",
        "The version of the distribution, a number where it has numbers, such as 24.04 (scs-0102, Technical requirements and features).",
    ),
    ("image_description", "A URL or text that describes the image (scs-0102, Image Origin)."),
    ("patchlevel", "The patch level, if not given by the build date (scs-0102, Image build info)."),
];

impl Row {
    fn schema(&self, version: MetadataVersion, generator: &mut SchemaGenerator) -> Value {
        let mut schema = (self.schema)(generator).to_value();
        if let Some((_, description)) = DESCRIPTIONS.iter().find(|(name, _)| *name == self.name) {
            schema["description"] = json!(description);
        }
        // A number in place of text is stored as that text.
        if let Some(words) = schema.get("enum").and_then(Value::as_array)
            && self.name == "os_purpose"
            && version == MetadataVersion::V1
        {
            // Version 1 does not have this value; it is only worth a warning.
            schema["$comment"] =
                json!(format!("of these {} values, `oldgeneric` is from version 2", words.len()));
        }
        schema
    }

    const fn required(&self, version: MetadataVersion) -> bool {
        self.required
            || matches!(version, MetadataVersion::V2) && matches!(self.name.as_bytes(), b"os_purpose")
    }
}

fn properties(
    version: MetadataVersion,
    keep: impl Fn(&Row) -> bool,
    required: impl Fn(&Row) -> bool,
) -> (Map<String, Value>, Vec<&'static str>) {
    let mut generator = SchemaGenerator::default();
    let rows = || ROWS.iter().filter(|row| keep(row));
    (
        rows().map(|row| (row.name.to_owned(), row.schema(version, &mut generator))).collect(),
        rows().filter(|row| row.required(version) && required(row)).map(|row| row.name).collect(),
    )
}

fn schema(value: Value) -> Schema {
    Schema::try_from(value).unwrap_or_default()
}

/// The metadata of an image as returned by Glance: required properties and their values. Whatever it accepts is also accepted by the
/// rules for individual properties.
///
/// ```
/// use scs_image_metadata::{MetadataVersion, metadata_schema};
///
/// let schema = metadata_schema(MetadataVersion::V2);
/// let required = schema.as_value()["required"].as_array().unwrap();
/// assert!(required.iter().any(|name| name == "os_purpose"));
/// ```
#[must_use]
pub fn metadata_schema(version: MetadataVersion) -> Schema {
    let (properties, required) = properties(version, |_| true, |_| true);
    schema(json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": format!("Image metadata by {}", version.name()),
        "description": "The properties of an image in Glance. Others may be set as well.",
        "type": "object",
        "properties": properties,
        "patternProperties": { "^trait:": { "const": "required", "description": "A trait that the host must have." } },
        "required": required,
    }))
}

/// The files of openstack-image-manager: lists of definitions whose images will have the metadata.
///
/// ```
/// use scs_image_metadata::{MetadataVersion, definitions_schema};
///
/// let schema = definitions_schema(MetadataVersion::V1);
/// assert!(schema.as_value().pointer("/properties/images/items/properties/meta").is_some());
/// ```
#[must_use]
pub fn definitions_schema(version: MetadataVersion) -> Schema {
    // The tool sets the description to the name, and the system version to the image version if
    // missing; so both are optional.
    let by_tool = |row: &Row| ["os_version", "image_description"].contains(&row.name);
    let (meta, mut meta_required) = properties(version, |row| row.place == Place::Meta, |row| !by_tool(row));
    meta_required.sort_unstable();
    let (mut fields, mut required) = properties(version, |row| row.place == Place::Attribute, |_| true);
    let mut generator = SchemaGenerator::default();
    fields.extend([
        ("name".to_owned(), json!({ "type": "string", "minLength": 1, "description": "The name; of the newest version where `multi` is true." })),
        ("login".to_owned(), OriginalUser::json_schema(&mut generator).to_value()),
        ("multi".to_owned(), json!({ "type": "boolean", "description": "Whether the newest version has the plain name." })),
        ("enable".to_owned(), json!({ "type": "boolean" })),
        ("visibility".to_owned(), json!({ "enum": ["public", "private", "community", "shared"] })),
        ("status".to_owned(), json!({ "enum": ["active", "deactivated"] })),
        ("tags".to_owned(), json!({ "type": "array", "items": { "type": "string" } })),
        (
            "meta".to_owned(),
            json!({
                "type": "object",
                "description": "The properties that all versions share.",
                "properties": meta,
                "patternProperties": { "^trait:": { "const": "required" } },
                "required": meta_required,
            }),
        ),
        (
            "versions".to_owned(),
            json!({
                "type": "array",
                "minItems": 1,
                "items": {
                    "type": "object",
                    "properties": {
                        "version": { "type": ["string", "number"] },
                        "url": ImageSource::json_schema(&mut generator).to_value(),
                        "build_date": BuildDate::json_schema(&mut generator).to_value(),
                        "meta": { "type": "object", "properties": meta },
                    },
                    "required": ["version", "url", "build_date"],
                },
            }),
        ),
    ]);
    required.extend(["name", "login", "meta", "versions", "visibility", "status"]);
    schema(json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": format!("Definitions of openstack-image-manager whose images conform to {}", version.name()),
        "type": "object",
        "properties": {
            "images": { "type": "array", "items": { "type": "object", "properties": fields, "required": required } },
        },
        "required": ["images"],
    }))
}
