//! Availability zones of compute and storage.

use serde::Deserialize;
use serde_json::Value;

use scs_standards::listed::{Listed, ReadPartError, kind_of};

/// The zones of the services; `None` if missing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct AvailabilityZones {
    /// Nova's zones.
    pub compute: Option<Zones>,
    /// Cinder's zones.
    pub volume: Option<Zones>,
}

/// The zones of a service.
pub type Zones = Listed<Zone>;

/// A zone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Zone {
    /// Its name.
    #[serde(alias = "zoneName", alias = "Zone Name")]
    pub name: String,
}

impl AvailabilityZones {
    /// Parses `{"compute": …, "volume": …}`, each a list of names or the service's answer; a bare list is Nova's.
    ///
    /// # Errors
    ///
    /// If it is neither.
    pub fn read(json: &str) -> Result<Self, ReadPartError> {
        let value: Value =
            serde_json::from_str(json).map_err(|error| ReadPartError::Json(error.to_string()))?;
        match &value {
            Value::Array(_) => Ok(Self { compute: Some(zones(&value)?), volume: None }),
            Value::Object(mapping) if mapping.contains_key("availabilityZoneInfo") => {
                Ok(Self { compute: Some(zones(&value)?), volume: None })
            }
            Value::Object(mapping) => Ok(Self {
                compute: mapping.get("compute").map(zones).transpose()?,
                volume: mapping.get("volume").map(zones).transpose()?,
            }),
            other => Err(ReadPartError::Shape {
                expected: "a mapping with `compute` and `volume`".to_owned(),
                found: kind_of(other),
            }),
        }
    }
}

fn zones(value: &Value) -> Result<Zones, ReadPartError> {
    // A plain name is a zone, too.
    let mut named = value.clone();
    let list = match &mut named {
        // The fields next to the list show whether it is complete.
        Value::Object(answer) => answer.get_mut("availabilityZoneInfo"),
        list => Some(list),
    };
    if let Some(Value::Array(entries)) = list {
        for entry in entries {
            if let Value::String(name) = entry {
                *entry = serde_json::json!({"name": name});
            }
        }
    }
    Listed::read(&named.to_string(), "availabilityZoneInfo")
}
