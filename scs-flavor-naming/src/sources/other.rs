//! Detects lists of other objects, which also have names and would be read as flavors without figures.

use std::collections::BTreeSet;
use std::fmt;

use serde_json::{Map, Value};

use super::{ReadFlavorsError, fields};

/// The content of a list that is not a list of flavors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OtherKind {
    /// Glance images.
    Images,
    /// Cinder volume types.
    VolumeTypes,
    /// Nova servers.
    Servers,
    /// Neutron networks.
    Networks,
    /// Kubernetes objects.
    Kubernetes,
    /// An inventory.
    Inventory,
}

/// Characteristic keys of the mapping around the list, and of its entries.
const MARKS: [(OtherKind, &[&str], &[&str]); 5] = [
    (OtherKind::Kubernetes, &["apiVersion", "items"], &["apiVersion", "metadata"]),
    (
        OtherKind::Images,
        &["images", "disk_format", "container_format"],
        &[
            "disk_format",
            "container_format",
            "min_disk",
            "os_hash_algo",
            "os_hidden",
            "checksum",
            "visibility",
            "Disk Format",
            "Container Format",
            "Checksum",
            "Visibility",
        ],
    ),
    (
        OtherKind::VolumeTypes,
        &["volume_types", "volume_type"],
        &["os-volume-type-access:is_public", "qos_specs_id", "Is Public"],
    ),
    (OtherKind::Servers, &["servers", "server"], &["hostId", "accessIPv4", "Flavor", "Networks"]),
    (OtherKind::Networks, &["networks", "network"], &["subnets", "Subnets", "router:external"]),
];

impl OtherKind {
    /// The content of a mapping that is not a list of flavors.
    pub(super) fn from_document(map: &Map<String, Value>) -> Option<Self> {
        if matches!(map.get("kind").and_then(Value::as_str), Some("cloud" | "cluster")) {
            return Some(Self::Inventory);
        }
        let holds = |keys: &[&str]| keys.iter().any(|key| map.contains_key(*key));
        MARKS.into_iter().find(|(_, around, _)| holds(around)).map(|(kind, ..)| kind)
    }

    /// The kind of entries with these keys.
    fn from_entries(keys: &BTreeSet<&str>) -> Option<Self> {
        // The output of `openstack image list` without `--long`.
        if keys.len() == 3 && ["ID", "Name", "Status"].iter().all(|key| keys.contains(key)) {
            return Some(Self::Images);
        }
        let has = |marks: &[&str]| marks.iter().any(|mark| keys.contains(mark));
        MARKS.into_iter().find(|(.., marks)| has(marks)).map(|(kind, ..)| kind)
    }
}

impl fmt::Display for OtherKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Images => "images",
            Self::VolumeTypes => "volume types",
            Self::Servers => "servers",
            Self::Networks => "networks",
            Self::Kubernetes => "Kubernetes objects",
            Self::Inventory => "the parts of an inventory",
        })
    }
}

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
