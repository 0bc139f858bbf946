//! Kinds of lists of other objects, by their keys.

use std::collections::BTreeSet;
use std::fmt;

use serde_json::{Map, Value};

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
    pub(super) fn from_entries(keys: &BTreeSet<&str>) -> Option<Self> {
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
