//! Refuses lists of other objects, which also have names and would be read as flavors without figures.

use std::collections::BTreeSet;

use scs_standards::listed::ReadListError;
use serde_json::{Map, Value};

use super::error::{other_kind, shape};
use super::fields;
use super::other::kind_of_entries;

/// Rejects a list if no entry has the figures of a flavor and one has a field that no flavor has.
///
/// # Errors
///
/// Names the actual content.
pub(super) fn refuse(list: &[Value]) -> Result<(), ReadListError> {
    if list.iter().any(fields::has_figures) {
        return Ok(());
    }
    let keys: BTreeSet<&str> =
        list.iter().filter_map(Value::as_object).flat_map(Map::keys).map(String::as_str).collect();
    // The client always lists flavors with their figures, unless only names are requested.
    if let Some(kind) = kind_of_entries(&keys) {
        return Err(other_kind(kind));
    }
    match keys.iter().find(|key| !fields::is_field(key) && !key.contains(':')) {
        None => Ok(()),
        Some(strange) => Err(shape(format!("a list of mappings with `{strange}`"))),
    }
}

#[cfg(test)]
mod tests {
    use scs_standards::listed::ListKind;
    use serde_json::json;

    use super::super::FlavorList;
    use super::*;

    #[test]
    fn other_lists_are_not_flavors() {
        for (value, kind) in [
            (
                json!([{"id": "1", "name": "Ubuntu", "disk_format": "qcow2", "properties": {}}]),
                ListKind::Images,
            ),
            (json!([{"ID": "1", "Name": "Ubuntu", "Status": "active"}]), ListKind::Images),
            (json!({"images": []}), ListKind::Images),
            (json!({"flavors": [{"name": "Ubuntu", "min_disk": 8}]}), ListKind::Images),
            (json!([{"ID": "1", "Name": "ssd", "Is Public": true}]), ListKind::VolumeTypes),
            (json!({"apiVersion": "v1", "kind": "List", "items": []}), ListKind::Kubernetes),
            (json!([{"metadata": {"name": "coredns"}, "spec": {}}]), ListKind::Kubernetes),
            (json!({"kind": "cloud", "images": []}), ListKind::Inventory),
        ] {
            let error = FlavorList::from_value(&value).unwrap_err();
            assert_eq!(error, other_kind(kind), "{value}");
        }
        let strange = FlavorList::from_value(&json!([{"id": "1", "name": "x", "cidr": "10.0.0.0/8"}]));
        assert!(matches!(strange, Err(ReadListError::Shape { found, .. }) if found.contains("`cidr`")));
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
