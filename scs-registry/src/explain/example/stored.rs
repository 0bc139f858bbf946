//! Subjects as they are stored, and as they are shown.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::Timestamp;
use scs_standards::{Context, Declarations, Profile};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::Example;
use super::excerpt::{IMAGE_PARTS, completed, is_image_rule};
use super::facts::StoredFacts;
use crate::domain::RuleInfo;
use crate::inventory::Inventory;

/// The data: written by `cargo xtask generate` from the subjects of the tests.
#[derive(Default, Deserialize)]
pub(super) struct Data {
    /// The image that those of the subjects differ from.
    pub(super) image: Map<String, Value>,
    /// The scope file that those of the subjects differ from.
    pub(super) scope: String,
    pub(super) rules: BTreeMap<String, Pair>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Pair {
    pub(super) passing: Option<Stored>,
    pub(super) failing: Option<Stored>,
}

/// A subject as it is stored.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Stored {
    pub(super) at: Option<Timestamp>,
    #[serde(default)]
    pub(super) official: bool,
    pub(super) inventory: Option<Value>,
    pub(super) facts: Option<StoredFacts>,
    pub(super) files: Option<BTreeMap<String, String>>,
    /// Changes of the scope file: from what to what.
    pub(super) scope: Option<Vec<(String, String)>>,
    /// A file of standard images, and its earlier edition.
    pub(super) standard_images: Option<String>,
    pub(super) earlier_standard_images: Option<String>,
}

pub(super) static DATA: LazyLock<Data> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../../data/examples.json")).unwrap_or_default());

impl Stored {
    /// The subject as its rule judges it; nothing where it cannot be read.
    pub(super) fn judged(&self, rule: &RuleInfo) -> Option<Example> {
        let profile = if self.official { Profile::Official } else { Profile::Text };
        // Scope files are judged when the newest entry of their timeline is half a year old.
        let usual = if self.scope.is_some() { "2026-09-01T00:00:00Z" } else { "2026-11-24T00:00:00Z" };
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

    /// The subject with these fields of its images only.
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

    /// The subject as people write it.
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
