//! Images in subjects: completed with the base image, and reduced to relevant fields.

use jiff::Timestamp;
use scs_image_metadata::IMAGE_DOCUMENTS;
use serde_json::{Map, Value};

use super::checked::Example;
use super::stored::{DATA, Pair};
use crate::domain::RuleInfo;

/// The parts that list images.
pub(super) const IMAGE_PARTS: [&str; 2] = ["images", "earlier_images"];

impl Pair {
    /// The relevant fields of images: those that differ from the base image, the one in the name of the rule, and those
    /// mentioned in a finding.
    pub(super) fn telling_fields(&self, rule: &RuleInfo, failing: Option<&Example>) -> Vec<String> {
        let stored = [&self.passing, &self.failing].into_iter().flatten();
        let inventories = stored.filter_map(|stored| stored.inventory.as_ref());
        let parts = inventories.flat_map(|inventory| IMAGE_PARTS.map(|part| inventory.get(part)));
        let images = parts.flatten().filter_map(Value::as_array).flatten().filter_map(Value::as_object);
        let mut fields: Vec<String> = images.flat_map(|image| image.keys().cloned()).collect();
        fields.extend(rule.id.strip_prefix("scs-0102-prop-").map(str::to_owned));
        fields.push("name".to_owned());
        let said =
            failing.into_iter().flat_map(|failing| &failing.findings).map(|finding| finding.message.as_str());
        let said: String = said.chain([rule.summary]).collect();
        let is_said = |(field, value): &(&String, &Value)| {
            let is_value = value.as_str().is_some_and(|value| value.len() > 3 && said.contains(value));
            is_value || said.contains(&format!("`{field}`"))
        };
        fields.extend(DATA.image.iter().filter(is_said).map(|(field, _)| field.clone()));
        fields
    }
}

/// Whether a rule is about images.
pub(super) fn is_image_rule(rule: &RuleInfo) -> bool {
    IMAGE_DOCUMENTS.iter().any(|document| rule.documents.contains(document))
}

/// An inventory with the time of its collection and, for rules about images, with the fields of the base image added to its images;
/// `null` deletes a field.
pub(super) fn completed(inventory: &Value, has_images: bool, at: Timestamp) -> Value {
    let mut inventory = inventory.clone();
    for part in IMAGE_PARTS.iter().filter(|_| has_images) {
        for image in inventory.get_mut(part).and_then(Value::as_array_mut).into_iter().flatten() {
            let Some(own) = image.as_object() else { continue };
            let mut completed = DATA.image.clone();
            for (key, value) in own {
                if value.is_null() {
                    completed.shift_remove(key);
                } else {
                    completed.insert(key.clone(), value.clone());
                }
            }
            *image = Value::Object(completed);
        }
    }
    let mut fields = Map::new();
    for (key, value) in inventory.as_object().into_iter().flatten() {
        fields.insert(key.clone(), value.clone());
        if key == "kind" && value == "cloud" {
            fields.insert("collected_at".to_owned(), at.to_string().into());
        }
    }
    Value::Object(fields)
}
