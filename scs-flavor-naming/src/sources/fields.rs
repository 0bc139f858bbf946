//! The fields of one entry, under the names that the formats give them.

use std::collections::BTreeMap;

use scs_standards::subject::{Flavor, Unusable};
use serde_json::{Map, Value};

use super::FlavorFormat;
use super::properties;

/// Under which names a field occurs: Nova's, the client's columns, flavor manager's.
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

/// Further fields of flavors, which nothing here needs.
const FURTHER: &[&str] = &["links", "access_project_ids", "location", "original_name", "status"];

/// Whether an entry has the figures of a flavor.
pub(super) fn has_figures(entry: &Value) -> bool {
    FIGURES.iter().any(|names| names.iter().any(|name| entry.get(*name).is_some()))
}

/// Whether a flavor may have a field of this name.
pub(super) fn is_field(name: &str) -> bool {
    let known = [
        NAME, ID, VCPUS, RAM, DISK, EPHEMERAL, SWAP, RXTX_FACTOR, DESCRIPTION, PUBLIC, DISABLED, EXTRA_SPECS, FURTHER,
    ];
    known.iter().any(|names| names.contains(&name))
}

/// Reads an entry.
///
/// # Errors
///
/// When it is no mapping or has no name, so that nothing can be said of it.
pub(super) fn flavor(format: FlavorFormat, entry: &Value) -> Result<Flavor, String> {
    let Value::Object(entry) = entry else {
        return Err("it is no mapping of fields".to_owned());
    };
    let name = match get(entry, NAME) {
        Some(Value::String(name)) if !name.is_empty() => name.clone(),
        Some(_) => return Err("its name is no text".to_owned()),
        None => return Err("it has no name".to_owned()),
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
    // Flavor files leave the disk out where there is none; Nova and the client always write it.
    let is_file = matches!(format, FlavorFormat::FlavorManager | FlavorFormat::FlavorGroups);
    if is_file && get(entry, DISK).is_none() {
        flavor.disk_gb = Some(0);
    }
    // What a flavor file does not say to be private, the flavor manager makes public.
    if is_file && get(entry, PUBLIC).is_none() {
        flavor.is_public = Some(true);
    }
    flavor.unusable = unusable;
    Ok(flavor)
}

fn get<'a>(entry: &'a Map<String, Value>, names: &[&str]) -> Option<&'a Value> {
    names.iter().find_map(|name| entry.get(*name)).filter(|value| !value.is_null())
}

/// A value as the text that Nova would store.
fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(true) => Some("True".to_owned()),
        Value::Bool(false) => Some("False".to_owned()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Reads fields and keeps what cannot be used.
struct Reader<'a> {
    entry: &'a Map<String, Value>,
    unusable: &'a mut Vec<Unusable>,
}

impl Reader<'_> {
    /// A whole number, times `unit`; numbers that arrive as text are taken.
    fn number(&mut self, field: &'static str, names: &[&str], unit: u64) -> Option<u64> {
        let value = get(self.entry, names)?;
        let number = match value {
            Value::Number(number) => number.as_u64().or_else(|| whole(number.as_f64()?)),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        self.keep(field, value, "a whole number", number.and_then(|number| number.checked_mul(unit)))
    }

    /// Nova writes an empty text for none up to microversion 2.74.
    fn swap(&mut self) -> Option<u64> {
        match get(self.entry, SWAP)? {
            Value::String(text) if text.is_empty() => Some(0),
            _ => self.number("swap_mib", SWAP, 1),
        }
    }

    /// An amount in GiB, halves allowed, as MiB.
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
                    self.unusable.push(Unusable { field: "extra_specs", reason });
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
                let reason = format!("the value of `{key}` is no text: {}", shortened(value));
                self.unusable.push(Unusable { field: "extra_specs", reason });
            }
        }
        texts
    }

    fn keep<T>(&mut self, field: &'static str, value: &Value, expected: &str, read: Option<T>) -> Option<T> {
        if read.is_none() {
            self.unusable
                .push(Unusable { field, reason: format!("expected {expected}, found {}", shortened(value)) });
        }
        read
    }
}

/// A number without fraction that 64 bits hold exactly.
fn whole(number: f64) -> Option<u64> {
    const LARGEST_EXACT: f64 = 9_007_199_254_740_992.0;
    if !(0.0..=LARGEST_EXACT).contains(&number) || number.fract() != 0.0 {
        return None;
    }
    // Whole, not negative and below 2^53, as checked above.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "whole and in range, as checked above"
    )]
    Some(number as u64)
}

fn shortened(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
