//! Subjects that pass and fail, judged when they are shown: what they say cannot be older than the rules.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::Timestamp;
use scs_certificates::{Scope, ScopeSubject, scope_rules};
use scs_entropy::{EntropyRevision, entropy_rules};
use scs_flavor_naming::{FlavorList, FlavorSet, flavor_rules};
use scs_iaas_policy::{Cloud, iaas_rules};
use scs_image_metadata::{GivenSpecification, IMAGE_DOCUMENTS, ImageList, ImageSet, image_rules};
use scs_k8s_policy::{Cluster, ConformanceFacts, CveRecords, KubernetesFacts, Releases, k8s_rules};
use scs_standards::lint::{DocumentFolder, document_rules};
use scs_standards::{Answer, Context, Declarations, Finding, Profile, Rule, Verdict};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::domain::RuleInfo;
use crate::domains::evidence;
use crate::inventory::Inventory;

/// A subject, and what its rule says about it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Example {
    /// When it is judged.
    #[cfg_attr(feature = "schemars", schemars(with = "String", extend("format" = "date-time")))]
    pub at: Timestamp,
    /// By which profile.
    pub profile: Profile,
    /// The format of the subject: `yaml` for an inventory or a scope file, `markdown` for documents, `diff` for what changes in
    /// a scope file.
    pub format: &'static str,
    /// The subject.
    pub subject: String,
    /// What matters of the subject, where the rest only conforms to the standard.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub excerpt: Option<String>,
    /// Facts that are not those of the program, in YAML.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub facts: Option<String>,
    /// What the rule says.
    pub result: Verdict,
    /// The findings.
    pub findings: Vec<Finding>,
}

/// The data: written by `cargo xtask generate` from the subjects of the tests.
#[derive(Default, Deserialize)]
struct Data {
    /// The image that those of the subjects differ from.
    image: Map<String, Value>,
    /// The scope file that those of the subjects differ from.
    scope: String,
    rules: BTreeMap<String, Pair>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pair {
    passing: Option<Stored>,
    failing: Option<Stored>,
}

/// A subject as it is stored.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    at: Option<Timestamp>,
    #[serde(default)]
    official: bool,
    inventory: Option<Value>,
    facts: Option<StoredFacts>,
    files: Option<BTreeMap<String, String>>,
    /// Changes of the scope file: from what to what.
    scope: Option<Vec<(String, String)>>,
    /// A file of standard images, and its earlier edition.
    standard_images: Option<String>,
    earlier_standard_images: Option<String>,
}

/// What is known of Kubernetes: releases with their times, branches with their last days, CVE records, numbers of tests.
#[derive(Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
struct StoredFacts {
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    releases: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    ends_of_life: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cves: Option<Vec<Value>>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    network_policy_tests: BTreeMap<String, usize>,
}

static DATA: LazyLock<Data> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../data/examples.json")).unwrap_or_default());

/// The examples of a rule: one that passes, and one that fails.
pub(super) fn examples(rule: &RuleInfo) -> (Option<Example>, Option<Example>) {
    let with_document = || {
        let document = rule.documents.first()?;
        DATA.rules.get(&format!("{} {document}", rule.id))
    };
    let Some(pair) = with_document().or_else(|| DATA.rules.get(rule.id)) else { return (None, None) };
    let judged = |stored: &Option<Stored>| stored.as_ref().and_then(|stored| stored.judged(rule));
    let (mut passing, mut failing) = (judged(&pair.passing), judged(&pair.failing));
    if is_image_rule(rule) {
        let telling = pair.telling_fields(rule, failing.as_ref());
        let shortened = [(&mut passing, &pair.passing), (&mut failing, &pair.failing)];
        for (example, stored) in
            shortened.into_iter().filter_map(|(one, other)| Some((one.as_mut()?, other.as_ref()?)))
        {
            example.excerpt =
                stored.excerpt(example.at, &telling).filter(|excerpt| *excerpt != example.subject);
        }
    }
    (passing, failing)
}

/// The parts that list images.
const IMAGE_PARTS: [&str; 2] = ["images", "earlier_images"];

impl Pair {
    /// The fields of images that matter: those in which they differ from the usual one, the one that the rule is named after,
    /// and those of which a finding speaks.
    fn telling_fields(&self, rule: &RuleInfo, failing: Option<&Example>) -> Vec<String> {
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

/// Whether a rule judges images.
fn is_image_rule(rule: &RuleInfo) -> bool {
    IMAGE_DOCUMENTS.iter().any(|document| rule.documents.contains(document))
}

impl Stored {
    /// The subject as its rule judges it; nothing where it cannot be read.
    fn judged(&self, rule: &RuleInfo) -> Option<Example> {
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
    fn excerpt(&self, at: Timestamp, fields: &[String]) -> Option<String> {
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
                let marked = |mark: char, text: &str| {
                    text.lines().map(|line| format!("{mark}{line}\n")).collect::<String>()
                };
                let changes = changes.iter().map(|(from, to)| marked('-', from) + &marked('+', to));
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
                yaml.push_str(&format!("---\n# {name}\n{}\n", text.trim_end()));
            }
        }
        Some(("yaml", yaml))
    }

    fn answer(
        &self,
        rule: &RuleInfo,
        inventory: Option<&Inventory>,
        context: &Context<'_>,
    ) -> Option<Answer> {
        if let Some(files) = &self.files {
            let files = files.iter().map(|(name, text)| (name.clone(), text.clone()));
            return Some(same(document_rules(), rule)?.answer(&DocumentFolder::new(files), context));
        }
        if let Some(changes) = &self.scope {
            let text = changes.iter().fold(DATA.scope.clone(), |text, (from, to)| text.replacen(from, to, 1));
            let subject = ScopeSubject::new(Scope::read(&text).ok()?)
                .with_earlier(Scope::read(&DATA.scope).ok()?)
                .with_others(Scope::embedded().into_iter().cloned().collect());
            return Some(same(scope_rules(), rule)?.answer(&subject, context));
        }
        let inventory = inventory?;
        if let Some(rule) = same(flavor_rules(), rule) {
            let list: FlavorList = inventory.given("flavors").data()?.parse().ok()?;
            return Some(rule.answer(&FlavorSet::from(list), context));
        }
        if let Some(rule) = same(IMAGE_DOCUMENTS.into_iter().flat_map(image_rules), rule) {
            return Some(rule.answer(&self.images(inventory)?, context));
        }
        if let Some(rule) = same(entropy_rules(), rule) {
            return Some(rule.answer(&evidence(inventory, EntropyRevision::at(context.date())), context));
        }
        if let Some(rule) = same(iaas_rules(), rule) {
            let cloud = Cloud::read(|part| inventory.given(part)).with_collected_at(Some(context.at));
            return Some(rule.answer(&cloud, context));
        }
        let rule = same(k8s_rules(), rule)?;
        let mut cluster = Cluster::read(|part| inventory.given(part));
        if let Some(facts) = &self.facts {
            cluster = cluster.with_facts(facts.kubernetes()?).with_conformance_facts(facts.conformance()?);
        }
        Some(rule.answer(&cluster, context))
    }

    fn images(&self, inventory: &Inventory) -> Option<ImageSet> {
        let list: ImageList = inventory.given("images").data()?.parse().ok()?;
        let mut set = ImageSet::from(list);
        if let Some(earlier) = inventory.given("earlier_images").data() {
            set = set.with_earlier(earlier.parse().ok()?);
        }
        if let Some(text) = &self.standard_images {
            let earlier = self.earlier_standard_images.as_ref().map(|text| text.parse());
            set = set.with_specification(GivenSpecification { current: text.parse(), earlier });
        }
        Some(set)
    }
}

impl StoredFacts {
    fn kubernetes(&self) -> Option<KubernetesFacts> {
        let releases = self.releases.iter().map(|(version, at)| {
            json!({"tag_name": version, "published_at": at, "draft": false, "prerelease": false})
        });
        let releases = Releases::read(&Value::from(releases.collect::<Vec<_>>()).to_string()).ok()?;
        let ends = self.ends_of_life.iter();
        let ends = ends.filter_map(|(branch, end)| Some((branch.parse().ok()?, end.parse().ok()?))).collect();
        let facts = KubernetesFacts::default().with_releases(releases).with_ends_of_life(ends);
        match &self.cves {
            None => Some(facts),
            Some(records) => {
                let records = CveRecords::read(&Value::from(records.clone()).to_string()).ok()?;
                Some(facts.with_cves(records))
            }
        }
    }

    fn conformance(&self) -> Option<ConformanceFacts> {
        let embedded = ConformanceFacts::embedded().clone();
        if self.network_policy_tests.is_empty() {
            return Some(embedded);
        }
        let rows = self.network_policy_tests.iter();
        let rows: Vec<Value> =
            rows.map(|(branch, tests)| json!({"branch": branch, "tests": tests})).collect();
        let counted = ConformanceFacts::read(&json!({"network_policy_tests": rows}).to_string()).ok()?;
        Some(counted.with_exceptions_of(embedded))
    }
}

/// The row of a table that a rule was made from.
fn same<S>(mut rules: impl Iterator<Item = &'static Rule<S>>, rule: &RuleInfo) -> Option<&'static Rule<S>> {
    rules.find(|known| known.id == rule.id && known.documents == rule.documents)
}

/// An inventory with the time of its collection, and, for rules over images, the fields of the usual image where its images do
/// not say otherwise; `null` deletes one.
fn completed(inventory: &Value, has_images: bool, at: Timestamp) -> Value {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::Registry;
    use scs_standards::Strength;

    /// Their subjects are too long to explain anything.
    const WITHOUT: &[(&str, &str)] = &[("scs-0128-list-complete", "passing")];

    #[test]
    fn the_data_can_be_read() {
        let read: Result<Data, _> = serde_json::from_str(include_str!("../../data/examples.json"));
        assert!(read.unwrap().rules.len() > 180);
    }

    #[test]
    fn examples_pass_and_fail_as_they_should() {
        let registry = Registry::new();
        let mut wrong = Vec::new();
        for rule in registry.rules() {
            let (passing, failing) = examples(rule);
            // What may be done fails nothing.
            let can_fail = rule.level.strength() != Strength::May;
            for (which, example, expected, is_needed) in
                [("passing", passing, Verdict::Pass, true), ("failing", failing, Verdict::Fail, can_fail)]
            {
                match example {
                    Some(example) if example.result == expected => {}
                    Some(example) => wrong.push(format!(
                        "{} {which}: {} {:?}",
                        rule.id,
                        example.result,
                        example.findings.iter().map(|it| &it.message).collect::<Vec<_>>()
                    )),
                    None if is_needed && !WITHOUT.contains(&(rule.id, which)) => {
                        wrong.push(format!("{} {which}: none", rule.id));
                    }
                    None => {}
                }
            }
        }
        assert!(wrong.is_empty(), "{} examples:\n{}", wrong.len(), wrong.join("\n"));
    }
}
