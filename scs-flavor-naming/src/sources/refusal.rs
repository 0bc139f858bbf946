//! Refuses lists of other objects, which also have names and would be read as flavors without figures.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::error::ReadFlavorsError;
use super::fields;
use super::other::OtherKind;

/// Rejects a list if no entry has the figures of a flavor and one has a field that no flavor has.
///
/// # Errors
///
/// Names the actual content.
pub(super) fn refuse(list: &[Value]) -> Result<(), ReadFlavorsError> {
    if list.iter().any(fields::has_figures) {
        return Ok(());
    }
    let keys: BTreeSet<&str> =
        list.iter().filter_map(Value::as_object).flat_map(Map::keys).map(String::as_str).collect();
    // The client always lists flavors with their figures, unless only names are requested.
    if let Some(kind) = OtherKind::from_entries(&keys) {
        return Err(ReadFlavorsError::OtherKind(kind));
    }
    match keys.iter().find(|key| !fields::is_field(key) && !key.contains(':')) {
        None => Ok(()),
        Some(strange) => {
            Err(ReadFlavorsError::Shape { found: format!("a list of mappings with `{strange}`") })
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::FlavorList;
    use super::*;

    #[test]
    fn other_lists_are_not_flavors() {
        for (value, kind) in [
            (
                json!([{"id": "1", "name": "Ubuntu", "disk_format": "qcow2", "properties": {}}]),
                OtherKind::Images,
            ),
            (json!([{"ID": "1", "Name": "Ubuntu", "Status": "active"}]), OtherKind::Images),
            (json!({"images": []}), OtherKind::Images),
            (json!({"flavors": [{"name": "Ubuntu", "min_disk": 8}]}), OtherKind::Images),
            (json!([{"ID": "1", "Name": "ssd", "Is Public": true}]), OtherKind::VolumeTypes),
            (json!({"apiVersion": "v1", "kind": "List", "items": []}), OtherKind::Kubernetes),
            (json!([{"metadata": {"name": "coredns"}, "spec": {}}]), OtherKind::Kubernetes),
            (json!({"kind": "cloud", "images": []}), OtherKind::Inventory),
        ] {
            let error = FlavorList::from_value(&value).unwrap_err();
            assert_eq!(error, ReadFlavorsError::OtherKind(kind), "{value}");
        }
        let strange = FlavorList::from_value(&json!([{"id": "1", "name": "x", "cidr": "10.0.0.0/8"}]));
        assert!(matches!(strange, Err(ReadFlavorsError::Shape { found }) if found.contains("`cidr`")));
    }

    #[test]
    fn sparse_flavors_are_accepted() {
        for value in [
            json!([]),
            json!([{"name": "SCS-2V-8"}]),
            json!([{"Name": "SCS-2V-8"}]),
            json!({"flavors": [{"id": "1", "name": "SCS-2V-8", "links": []}]}),
            json!([{"name": "SCS-2V-8", "vcpus": 2, "min_disk": 8}]),
        ] {
            assert!(FlavorList::from_value(&value).is_ok(), "{value}");
        }
    }
}
