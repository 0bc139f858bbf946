//! Applies fixes to an inventory as data, so that it can be checked again before running any command.

use scs_iaas_policy::config::Ini;
use scs_standards::{Data, Edit, Object};
use serde_json::{Map, Value};
use thiserror::Error;

/// The error for an edit that cannot be applied.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum EditError {
    /// The part is missing or not a list of objects.
    #[error("`{0}` has no objects")]
    NoObjects(String),
    /// No object has the value, or several have.
    #[error("{found} objects of `{part}` have `{field}` = `{value}`")]
    Object {
        /// The name of the part.
        part: String,
        /// The path of the field.
        field: String,
        /// The value of the field.
        value: String,
        /// The number of matching objects.
        found: usize,
    },
    /// The path does not exist: something on it is neither a mapping nor a list with that index.
    #[error("the path `{0}` does not exist")]
    Path(String),
}

/// Applies edits in order.
///
/// # Errors
///
/// If an edit refers to something that the inventory does not have; the edits before it stay applied.
///
/// ```
/// use scs_registry::apply_edits;
/// use scs_standards::{Edit, Object};
/// use serde_json::json;
///
/// let mut inventory = json!({"kind": "cloud", "flavors": [{"name": "SCS-2V-8", "extra_specs": {}}]});
/// let class = Edit::set("flavors", Object::named("SCS-2V-8"), ["extra_specs", "scs:cpu-type"], "shared-core");
/// apply_edits(&mut inventory, &[class])?;
/// assert_eq!(inventory["flavors"][0]["extra_specs"]["scs:cpu-type"], "shared-core");
/// # Ok::<(), scs_registry::EditError>(())
/// ```
pub fn apply_edits(inventory: &mut Value, edits: &[Edit]) -> Result<(), EditError> {
    edits.iter().try_for_each(|edit| apply(inventory, edit))
}

fn apply(inventory: &mut Value, edit: &Edit) -> Result<(), EditError> {
    match edit {
        Edit::Set { part, object, path, value } => {
            let target = target(inventory, part, object.as_ref())?;
            match (part.as_str(), path.as_slice(), value) {
                ("config_files", [file, section, option], Data::Text(value)) => {
                    set_option(target, file, section, option, value)?;
                }
                _ => *place(target, path)? = json(value),
            }
        }
        Edit::Unset { part, object, path } => {
            let Some((last, before)) = path.split_last() else { return Err(EditError::Path(part.clone())) };
            match place(target(inventory, part, object.as_ref())?, before)? {
                Value::Object(mapping) => drop(mapping.shift_remove(last)),
                Value::Array(entries) if last.parse().is_ok_and(|index: usize| index < entries.len()) => {
                    entries.remove(last.parse().unwrap_or_default());
                }
                _ => return Err(EditError::Path(path.join("."))),
            }
        }
        Edit::Argument { part, object, path, name, value } => {
            let line = place(target(inventory, part, Some(object))?, path)?;
            set_argument(line, name, value.as_deref()).ok_or_else(|| EditError::Path(path.join(".")))?;
        }
        Edit::Create { part, object } => {
            if let Value::Object(parts) = &mut *inventory
                && parts.get(part).is_none_or(Value::is_null)
            {
                parts.insert(part.clone(), Value::Array(Vec::new()));
            }
            objects(inventory, part)?.push(json(object));
        }
        Edit::Delete { part, object } => {
            let list = objects(inventory, part)?;
            let index = only(list, part, object)?;
            list.remove(index);
        }
    }
    Ok(())
}

/// Sets, adds or removes a word of a command line; `None` if there is no command line.
fn set_argument(line: &mut Value, name: &str, value: Option<&str>) -> Option<()> {
    if let Value::String(text) = line {
        let mut inner: Value = serde_json::from_str(text).ok()?;
        set_argument(&mut inner, name, value)?;
        *text = inner.to_string();
        return Some(());
    }
    if line.is_null() {
        *line = Value::Array(Vec::new());
    }
    let words = line.as_array_mut()?;
    let is_meant = |word: &Value| {
        let word = word.as_str().unwrap_or_default();
        let (before, behind) = word.split_at_checked(name.len()).unwrap_or_default();
        // Flags may have one dash or two.
        before.replace('_', "-") == name && (behind.is_empty() || behind.starts_with('='))
    };
    let found = words.iter().position(is_meant);
    match (found, value.map(|value| Value::String(format!("{name}={value}")))) {
        (Some(index), Some(word)) => *words.get_mut(index)? = word,
        (Some(index), None) => drop(words.remove(index)),
        (None, Some(word)) => words.push(word),
        (None, None) => {}
    }
    Some(())
}

/// Sets an option in the text of a configuration file.
fn set_option(
    files: &mut Value,
    file: &str,
    section: &str,
    option: &str,
    value: &str,
) -> Result<(), EditError> {
    let nowhere = || EditError::Path(file.to_owned());
    let text = files.get_mut(file).ok_or_else(nowhere)?;
    let changed = Ini::set(text.as_str().ok_or_else(nowhere)?, section, option, value);
    *text = Value::String(changed.map_err(|_| nowhere())?);
    Ok(())
}

/// The target of an edit: an object, or the part itself.
fn target<'v>(
    inventory: &'v mut Value,
    part: &str,
    object: Option<&Object>,
) -> Result<&'v mut Value, EditError> {
    let Some(object) = object else {
        let Value::Object(parts) = inventory else { return Err(EditError::NoObjects(part.to_owned())) };
        return Ok(parts.entry(part).or_insert_with(|| Value::Object(Map::new())));
    };
    let list = objects(inventory, part)?;
    let index = only(list, part, object)?;
    list.get_mut(index).ok_or_else(|| EditError::NoObjects(part.to_owned()))
}

/// The objects of a part: a list, or a list wrapped in a mapping as by an API or `kubectl`.
fn objects<'v>(inventory: &'v mut Value, part: &str) -> Result<&'v mut Vec<Value>, EditError> {
    match inventory.get_mut(part) {
        Some(Value::Array(list)) => Ok(list),
        Some(Value::Object(wrapper)) => {
            let key = if wrapper.contains_key("items") { "items" } else { part };
            wrapper.get_mut(key).and_then(Value::as_array_mut)
        }
        .ok_or_else(|| EditError::NoObjects(part.to_owned())),
        _ => Err(EditError::NoObjects(part.to_owned())),
    }
}

/// The index of the only matching object.
fn only(list: &[Value], part: &str, object: &Object) -> Result<usize, EditError> {
    let is_meant = |candidate: &Value| {
        let found = object.field.iter().try_fold(candidate, |value, key| value.get(key));
        match found {
            Some(Value::String(text)) => *text == object.value,
            Some(other) => *other == object.value,
            None => false,
        }
    };
    let meant: Vec<usize> =
        list.iter().enumerate().filter(|(_, it)| is_meant(it)).map(|(index, _)| index).collect();
    match meant[..] {
        [index] => Ok(index),
        _ => Err(EditError::Object {
            part: part.to_owned(),
            field: object.field.join("."),
            value: object.value.clone(),
            found: meant.len(),
        }),
    }
}

/// The value at the end of a path; creates missing mappings on the way.
fn place<'v>(value: &'v mut Value, path: &[String]) -> Result<&'v mut Value, EditError> {
    path.iter().try_fold(value, |value, key| {
        // The client prints empty properties as an empty string.
        if value.is_null() || value.as_str() == Some("") {
            *value = Value::Object(Map::new());
        }
        match value {
            Value::Object(mapping) => Ok(mapping.entry(key).or_insert(Value::Null)),
            Value::Array(list) => {
                let known = key.parse::<usize>().ok().and_then(|index| list.get_mut(index));
                known.ok_or_else(|| EditError::Path(path.join(".")))
            }
            _ => Err(EditError::Path(path.join("."))),
        }
    })
}

fn json(data: &Data) -> Value {
    match data {
        Data::Null => Value::Null,
        Data::Bool(truth) => Value::Bool(*truth),
        Data::Number(number) => Value::from(*number),
        Data::Text(text) => Value::String(text.clone()),
        Data::List(list) => list.iter().map(json).collect(),
        Data::Map(map) => Value::Object(map.iter().map(|(key, value)| (key.clone(), json(value))).collect()),
    }
}
