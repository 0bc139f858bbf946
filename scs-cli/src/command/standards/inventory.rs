//! The JSON Schema of inventories, built from the parts that rules can use.

use scs_registry::Kind;
use serde_json::{Map, Value, json};

/// The schema, with one alternative for each kind.
pub(crate) fn schema() -> schemars::Schema {
    let unavailable = json!({
        "type": "object",
        "required": ["unavailable"],
        "properties": {"unavailable": {"type": "string", "description": "The reason why it could not be collected."}},
    });
    let kind = |kind: Kind| {
        let mut properties: Map<String, Value> = Map::new();
        properties.insert("kind".to_owned(), json!({"const": kind.name()}));
        properties.insert(
            "collected_at".to_owned(),
            json!({"type": "string", "format": "date-time", "description": "The time of collection."}),
        );
        properties.insert(
            "subject".to_owned(),
            json!({"type": "string", "description": "The name of the subject."}),
        );
        properties.insert(
            "declarations".to_owned(),
            json!({"type": "array", "items": {"type": "object"},
                   "description": "The provider's declarations about requirements that no API can show; see `scs standards schema declarations`."}),
        );
        for part in kind.parts() {
            let description = part.strip_suffix("_probe").map_or_else(
                || format!("The API response for {}.", part.replace('_', " ")),
                |probe| format!("The outcome of the probe `{}`.", probe.replace('_', "-")),
            );
            let given = match *part {
                "flavors" | "images" | "nodes" | "networks" | "volume_types" => {
                    json!({"type": ["array", "object"]})
                }
                _ => json!(true),
            };
            properties.insert(
                (*part).to_owned(),
                json!({"description": description, "anyOf": [unavailable, given]}),
            );
        }
        json!({
            "type": "object",
            "title": format!("An inventory of a {kind}"),
            "required": ["kind"],
            "properties": properties,
        })
    };
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "An inventory",
        "description": "The input of `scs check`, in YAML or JSON. Every part is optional; missing parts count as MISS.",
        "oneOf": [kind(Kind::Cloud), kind(Kind::Cluster)],
    });
    schema.try_into().unwrap_or_default()
}
