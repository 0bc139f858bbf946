//! The fields of an entry, under their names in the formats.

use std::collections::BTreeMap;

use scs_standards::subject::{Flavor, Unusable};
use scs_standards::wording::truncated;
use serde_json::{Map, Value};

use super::format::FlavorFormat;
use super::properties;

/// The names of a field in Nova, the client's columns, and flavor manager.
const NAME: &[&str] = &["name", "Name"];
const ID: &[&str] = &["id", "ID", "flavorid"];
const VCPUS: &[&str] = &["vcpus", "VCPUs", "cpus"];
const RAM: &[&str] = &["ram", "RAM"];
const DISK: &[&str] = &["disk", "Disk"];
const EPHEMERAL: &[&str] = &["OS-FLV-EXT-DATA:ephemeral", "ephemeral", "Ephemeral"];
const SWAP: &[&str] = &["swap", "Swap"];
const RXTX_FACTOR: &[&str] = &["rxtx_factor", "RXTX Factor"];
const DESCRIPTION: &[&str] = &["description", "Description"];
const PUBLIC: &[&str] = &["os-flavor-access:is_public", "is_public", "Is Public", "public"];
const DISABLED: &[&str] = &["OS-FLV-DISABLED:disabled", "disabled", "Disabled"];
const EXTRA_SPECS: &[&str] = &["extra_specs", "Properties", "properties"];

/// The fields that only flavors have.
const FIGURES: [&[&str]; 2] = [VCPUS, RAM];

/// Further fields of flavors, which are ignored.
const FURTHER: &[&str] = &["links", "access_project_ids", "location", "original_name", "status"];

/// Whether an entry has the figures of a flavor.
pub(super) fn has_figures(entry: &Value) -> bool {
    FIGURES.iter().any(|names| names.iter().any(|name| entry.get(*name).is_some()))
}

/// Whether a flavor may have a field of this name.
pub(super) fn is_field(name: &str) -> bool {
    let known = [
        NAME,
        ID,
        VCPUS,
        RAM,
        DISK,
        EPHEMERAL,
        SWAP,
        RXTX_FACTOR,
        DESCRIPTION,
        PUBLIC,
        DISABLED,
        EXTRA_SPECS,
        FURTHER,
    ];
    known.iter().any(|names| names.contains(&name))
}

/// Parses an entry.
///
/// # Errors
///
/// If it is not a mapping or has no name, so that it cannot be used at all.
pub(super) fn flavor(format: FlavorFormat, entry: &Value) -> Result<Flavor, String> {
    let Value::Object(entry) = entry else {
        return Err("not a mapping of fields".to_owned());
    };
    let name = match get(entry, NAME) {
        Some(Value::String(name)) if !name.is_empty() => name.clone(),
        Some(_) => return Err("`name` is not text".to_owned()),
        None => return Err("`name` is missing".to_owned()),
    };
    let mut unusable = Vec::new();
    let mut reader = Reader { entry, unusable: &mut unusable };
    let mut flavor = Flavor {
        name,
        id: get(entry, ID).and_then(text_of),
        vcpus: reader.number("vcpus", VCPUS, 1),
        ram_mib: match format {
            FlavorFormat::FlavorGroups => reader.gib("ram_mib", RAM),
            _ => reader.number("ram_mib", RAM, 1),
        },
        disk_gb: reader.number("disk_gb", DISK, 1),
        ephemeral_gb: reader.number("ephemeral_gb", EPHEMERAL, 1),
        swap_mib: reader.swap(),
        rxtx_factor: get(entry, RXTX_FACTOR).and_then(text_of),
        description: get(entry, DESCRIPTION).and_then(text_of).filter(|text| !text.is_empty()),
        is_public: reader.flag("is_public", PUBLIC),
        disabled: reader.flag("disabled", DISABLED),
        extra_specs: reader.extra_specs(format),
        unusable: Vec::new(),
    };
    // Flavor files omit the disk if there is none; Nova and the client always include it.
    let is_file = matches!(format, FlavorFormat::FlavorManager | FlavorFormat::FlavorGroups);
    if is_file && get(entry, DISK).is_none() {
        flavor.disk_gb = Some(0);
    }
    // Flavor manager makes flavors public unless the file says otherwise.
    if is_file && get(entry, PUBLIC).is_none() {
        flavor.is_public = Some(true);
    }
    flavor.unusable = unusable;
    Ok(flavor)
}

fn get<'a>(entry: &'a Map<String, Value>, names: &[&str]) -> Option<&'a Value> {
    names.iter().find_map(|name| entry.get(*name)).filter(|value| !value.is_null())
}

/// A value as the string that Nova would store.
fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(true) => Some("True".to_owned()),
        Value::Bool(false) => Some("False".to_owned()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Parses fields and records unusable values.
struct Reader<'a> {
    entry: &'a Map<String, Value>,
    unusable: &'a mut Vec<Unusable>,
}

impl Reader<'_> {
    /// An integer times `unit`; numbers in strings are accepted.
    fn number(&mut self, field: &'static str, names: &[&str], unit: u64) -> Option<u64> {
        let value = get(self.entry, names)?;
        let number = match value {
            Value::Number(number) => number.as_u64().or_else(|| whole(number.as_f64()?)),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        self.keep(field, value, "a whole number", number.and_then(|number| number.checked_mul(unit)))
    }

    /// Up to microversion 2.74, Nova writes an empty string for none.
    fn swap(&mut self) -> Option<u64> {
        match get(self.entry, SWAP)? {
            Value::String(text) if text.is_empty() => Some(0),
            _ => self.number("swap_mib", SWAP, 1),
        }
    }

    /// An amount in GiB, possibly with halves, as MiB.
    fn gib(&mut self, field: &'static str, names: &[&str]) -> Option<u64> {
        let value = get(self.entry, names)?;
        let mib = value.as_f64().and_then(|gib| whole(gib * 1024.0));
        self.keep(field, value, "a number of GiB", mib)
    }

    fn flag(&mut self, field: &'static str, names: &[&str]) -> Option<bool> {
        let value = get(self.entry, names)?;
        let flag = match value {
            Value::Bool(flag) => Some(*flag),
            Value::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
            Value::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
            _ => None,
        };
        self.keep(field, value, "true or false", flag)
    }

    fn extra_specs(&mut self, format: FlavorFormat) -> Option<BTreeMap<String, String>> {
        if matches!(format, FlavorFormat::FlavorManager | FlavorFormat::FlavorGroups) {
            let inline = self.entry.iter().filter(|(key, _)| key.contains(':'));
            return Some(self.texts(inline.collect()));
        }
        match get(self.entry, EXTRA_SPECS)? {
            Value::Object(specs) => Some(self.texts(specs.iter().collect())),
            Value::String(text) => match properties::read(text) {
                Ok(specs) => Some(specs),
                Err(reason) => {
                    self.unusable.push(Unusable { field: "extra_specs".into(), reason });
                    None
                }
            },
            other => self.keep("extra_specs", other, "an object", None),
        }
    }

    fn texts(&mut self, specs: Vec<(&String, &Value)>) -> BTreeMap<String, String> {
        let mut texts = BTreeMap::new();
        for (key, value) in specs {
            if let Some(text) = text_of(value) {
                texts.insert(key.clone(), text);
            } else {
                let reason = format!("the value of `{key}` is not text: {}", shortened(value));
                self.unusable.push(Unusable { field: "extra_specs".into(), reason });
            }
        }
        texts
    }

    fn keep<T>(&mut self, field: &'static str, value: &Value, expected: &str, read: Option<T>) -> Option<T> {
        if read.is_none() {
            self.unusable.push(Unusable {
                field: field.into(),
                reason: format!("expected {expected}, found {}", shortened(value)),
            });
        }
        read
    }
}

/// An integer that 64 bits represent exactly.
fn whole(number: f64) -> Option<u64> {
    const LARGEST_EXACT: f64 = 9_007_199_254_740_992.0;
    if !(0.0..=LARGEST_EXACT).contains(&number) || number.fract() != 0.0 {
        return None;
    }
    // An integer, non-negative and below 2^53, as checked above.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "whole and in range, as checked above"
    )]
    Some(number as u64)
}

fn shortened(value: &Value) -> String {
    truncated(&value.to_string(), 60).into_owned()
}
