//! Locates the entries in each format.

use std::borrow::Cow;

use scs_standards::listed::ReadListError;
use scs_standards::wording::mapping_with;
use serde_json::{Map, Value};

use super::error::{other_kind, shape};
use super::format::FlavorFormat;
use super::other::kind_of_document;
use super::refusal::refuse;

/// The entries of a document, with the defaults of a flavor-manager file applied.
pub(super) fn entries(value: &Value) -> Result<(FlavorFormat, Vec<Cow<'_, Value>>), ReadListError> {
    match value {
        Value::Array(list) if !list.is_empty() && !list.iter().any(Value::is_object) => {
            Err(shape("a list without any mapping"))
        }
        Value::Array(list) => {
            refuse(list)?;
            Ok((format_of_entries(list), borrowed(list)))
        }
        Value::Object(map) => {
            if let Some(Value::Array(groups)) = map.get("flavor_groups") {
                let lists = groups.iter().filter_map(|group| group.get("list").and_then(Value::as_array));
                return Ok((FlavorFormat::FlavorGroups, lists.flatten().map(Cow::Borrowed).collect()));
            }
            if map.contains_key("mandatory") || map.contains_key("recommended") {
                return Ok((FlavorFormat::FlavorManager, flavor_manager_entries(map)));
            }
            match (map.get("flavors"), map.get("flavor")) {
                (Some(Value::Array(list)), _) => {
                    refuse(list)?;
                    Ok((FlavorFormat::Nova, borrowed(list)))
                }
                (None, Some(flavor @ Value::Object(_))) => {
                    Ok((FlavorFormat::Nova, vec![Cow::Borrowed(flavor)]))
                }
                // `openstack flavor show -f json`, or a single flavor from Nova.
                _ if map.contains_key("vcpus") || map.contains_key("ram") => {
                    Ok((FlavorFormat::Osc, vec![Cow::Borrowed(value)]))
                }
                (Some(other), _) => {
                    let found = format!("{} under `flavors`", found(other));
                    Err(shape(found))
                }
                _ => Err(match kind_of_document(map) {
                    Some(kind) => other_kind(kind),
                    None => shape(found(value)),
                }),
            }
        }
        _ => Err(shape(found(value))),
    }
}

fn borrowed(list: &[Value]) -> Vec<Cow<'_, Value>> {
    list.iter().map(Cow::Borrowed).collect()
}

/// The client capitalizes its columns.
fn format_of_entries(list: &[Value]) -> FlavorFormat {
    let client = list.iter().any(|entry| entry.get("Name").is_some() || entry.get("properties").is_some());
    if client { FlavorFormat::Osc } else { FlavorFormat::Nova }
}

/// The lists `mandatory` and `recommended`; `reference` holds defaults by field.
fn flavor_manager_entries(map: &Map<String, Value>) -> Vec<Cow<'_, Value>> {
    let defaults: Vec<(&str, &Value)> = map
        .get("reference")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|item| Some((item.get("field")?.as_str()?, item.get("default")?)))
        .collect();
    let lists =
        ["mandatory", "recommended"].into_iter().filter_map(|key| map.get(key).and_then(Value::as_array));
    lists
        .flatten()
        .map(|entry| match entry {
            Value::Object(fields) => {
                let mut fields = fields.clone();
                for (field, default) in &defaults {
                    if !fields.contains_key(*field) {
                        fields.insert((*field).to_owned(), (*default).clone());
                    }
                }
                Cow::Owned(Value::Object(fields))
            }
            _ => Cow::Borrowed(entry),
        })
        .collect()
}

pub(super) fn found(value: &Value) -> String {
    match value {
        Value::Object(map) => mapping_with(map.keys()),
        Value::Array(_) => "a list".to_owned(),
        Value::String(_) => "a string".to_owned(),
        Value::Number(_) => "a number".to_owned(),
        Value::Bool(_) => "a boolean".to_owned(),
        Value::Null => "nothing".to_owned(),
    }
}
