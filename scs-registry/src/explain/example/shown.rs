//! The presentation of stored subjects.

use jiff::Timestamp;
use scs_standards::{Context, Declarations, Profile};
use serde_json::Value;

use super::checked::Example;
use super::excerpt::{IMAGE_PARTS, completed, is_image_rule};
use super::stored::{DATA, Stored};
use crate::domain::RuleInfo;
use crate::inventory::Inventory;

/// The time at which most subjects are checked.
pub(super) const USUAL: &str = "2026-11-24T00:00:00Z";

impl Stored {
    /// The subject for its rule; `None` if it cannot be parsed.
    pub(super) fn judged(&self, rule: &RuleInfo) -> Option<Example> {
        let profile = if self.official { Profile::Official } else { Profile::Text };
        // Scope files are checked half a year after the newest entry of their timeline.
        let usual = if self.scope.is_some() { "2026-09-01T00:00:00Z" } else { USUAL };
        let at = self.at.or_else(|| usual.parse().ok())?;
        let inventory = self.inventory.as_ref();
        let inventory = inventory.map(|inventory| completed(inventory, is_image_rule(rule), at));
        let read = inventory.as_ref().map(|inventory| Inventory::of_text(inventory.to_string()));
        let read = read.transpose().ok()?;
        let none = Declarations::default();
        let declarations = read.as_ref().map_or(&none, Inventory::declarations);
        let answer = self.answer(rule, read.as_ref(), &Context { at, profile, declarations })?;
        let (format, subject) = self.shown(inventory.as_ref())?;
        Some(Example {
            at,
            profile,
            format,
            subject,
            excerpt: None,
            facts: self.facts.as_ref().and_then(|facts| serde_saphyr::to_string(facts).ok()),
            result: answer.verdict,
            findings: answer.findings,
        })
    }

    /// The subject, reduced to these fields of its images.
    pub(super) fn excerpt(&self, at: Timestamp, fields: &[String]) -> Option<String> {
        let mut inventory = completed(self.inventory.as_ref()?, true, at);
        for part in IMAGE_PARTS {
            for image in inventory.get_mut(part).and_then(Value::as_array_mut).into_iter().flatten() {
                if let Some(image) = image.as_object_mut() {
                    image.retain(|field, _| fields.contains(field));
                }
            }
        }
        self.shown(Some(&inventory)).map(|(_, excerpt)| excerpt)
    }

    /// The subject in its usual notation, with the language.
    fn shown(&self, inventory: Option<&Value>) -> Option<(&'static str, String)> {
        if let Some(files) = &self.files {
            let files: Vec<String> =
                files.iter().map(|(name, text)| format!("<!-- {name} -->\n{text}")).collect();
            return Some(("markdown", files.join("\n")));
        }
        match self.scope.as_deref() {
            Some([]) => return Some(("yaml", DATA.scope.clone())),
            Some(changes) => {
                let marked = |mark: &'static str, text: &str| {
                    text.lines().flat_map(|line| [mark, line, "\n"]).collect::<String>()
                };
                let changes = changes.iter().map(|(from, to)| marked("-", from) + &marked("+", to));
                return Some(("diff", changes.collect()));
            }
            None => {}
        }
        let mut yaml = serde_saphyr::to_string(inventory?).ok()?;
        for (name, text) in [
            ("standard images", &self.standard_images),
            ("earlier standard images", &self.earlier_standard_images),
        ] {
            if let Some(text) = text {
                yaml.extend(["---\n# ", name, "\n", text.trim_end(), "\n"]);
            }
        }
        Some(("yaml", yaml))
    }
}
