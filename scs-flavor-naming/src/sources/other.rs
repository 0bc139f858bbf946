//! Kinds of lists of other objects, by their keys.

use std::collections::BTreeSet;

use scs_standards::listed::ListKind;
use serde_json::{Map, Value};

/// Characteristic keys of the mapping around the list, and of its entries.
const MARKS: [(ListKind, &[&str], &[&str]); 5] = [
    (ListKind::Kubernetes, &["apiVersion", "items"], &["apiVersion", "metadata"]),
    (
        ListKind::Images,
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
        ListKind::VolumeTypes,
        &["volume_types", "volume_type"],
        &["os-volume-type-access:is_public", "qos_specs_id", "Is Public"],
    ),
    (ListKind::Servers, &["servers", "server"], &["hostId", "accessIPv4", "Flavor", "Networks"]),
    (ListKind::Networks, &["networks", "network"], &["subnets", "Subnets", "router:external"]),
];

/// The content of a mapping that is not a list of flavors.
pub(super) fn kind_of_document(map: &Map<String, Value>) -> Option<ListKind> {
    if matches!(map.get("kind").and_then(Value::as_str), Some("cloud" | "cluster")) {
        return Some(ListKind::Inventory);
    }
    let holds = |keys: &[&str]| keys.iter().any(|key| map.contains_key(*key));
    MARKS.into_iter().find(|(_, around, _)| holds(around)).map(|(kind, ..)| kind)
}

/// The kind of entries with these keys.
pub(super) fn kind_of_entries(keys: &BTreeSet<&str>) -> Option<ListKind> {
    // The output of `openstack image list` without `--long`.
    if keys.len() == 3 && ["ID", "Name", "Status"].iter().all(|key| keys.contains(key)) {
        return Some(ListKind::Images);
    }
    let has = |marks: &[&str]| marks.iter().any(|mark| keys.contains(mark));
    MARKS.into_iter().find(|(.., marks)| has(marks)).map(|(kind, ..)| kind)
}
