//! Names as strings in JSON and YAML, serialized with `Display` and deserialized with `FromStr`. The JSON Schema has
//! the pattern of all versions, so that an editor accepts what the parser accepts.

use std::borrow::Cow;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::cpu::CpuType;
use crate::disk::DiskType;
use crate::name::FlavorName;

impl Serialize for FlavorName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for FlavorName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <Cow<'de, str>>::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

impl Serialize for CpuType {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.key())
    }
}

impl Serialize for DiskType {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.key())
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for FlavorName {
    fn schema_name() -> Cow<'static, str> {
        "FlavorName".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "pattern": crate::pattern::pattern_any(),
            "description": "A flavor name of scs-0100, e.g. `SCS-4V-16-100s`; memory in GiB, disks in GB.",
        })
    }
}
