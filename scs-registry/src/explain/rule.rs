//! Rules.

use jiff::civil::Date;
use scs_standards::catalog::Catalog;
use scs_standards::{DocumentId, Level};
use serde::Serialize;

use super::counted::Counted;
use super::example::{Example, examples};
use super::reasons::reason;
use crate::domain::RuleInfo;
use crate::registry::Registry;

/// A rule.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct RuleTopic {
    /// The id.
    pub id: String,
    /// The level.
    pub level: Level,
    /// The proposition in one sentence.
    pub asks: String,
    /// The reason for the rule.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The documents that state it, the one in force first.
    pub documents: Vec<DocumentId>,
    /// The section of the first document.
    pub section: String,
    /// The URL of the first document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The official test cases that it decides.
    pub test_cases: Vec<String>,
    /// The declaration that the rule needs because no API shows the facts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub declaration: Option<AskedDeclaration>,
    /// The scope versions that count it.
    pub counted: Vec<Counted>,
    /// A subject that passes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub passing: Option<Example>,
    /// A subject that fails, with fixes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failing: Option<Example>,
    /// The keys of differences between text and official suite that the examples show.
    pub differences: Vec<String>,
}

/// A declaration that a rule needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct AskedDeclaration {
    /// The topic or rule of the declaration.
    pub name: String,
    /// Whether it is a topic that several rules share.
    pub is_topic: bool,
    /// The values that the rule understands.
    pub values: String,
    /// A value that satisfies it, in YAML.
    pub example: String,
}

impl RuleTopic {
    pub(super) fn new(registry: &Registry, rule: &RuleInfo, day: Date) -> Self {
        let cases: Vec<&str> =
            registry.test_cases().filter(|case| case.rules.contains(&rule.id)).map(|case| case.id).collect();
        let (passing, failing) = examples(rule);
        let findings = [&passing, &failing].into_iter().flatten().flat_map(|example| &example.findings);
        let mut differences: Vec<String> = findings
            .filter_map(|finding| Some(finding.other_profile.as_ref()?.difference.to_string()))
            .collect();
        differences.sort();
        differences.dedup();
        let document = rule.documents.first().and_then(|id| Catalog::embedded().get(*id));
        Self {
            id: rule.id.to_owned(),
            level: rule.level,
            asks: rule.summary.to_owned(),
            reason: reason(rule).map(str::to_owned),
            documents: rule.documents.to_vec(),
            section: rule.section.to_owned(),
            url: document.map(scs_standards::catalog::Document::url),
            counted: Counted::all(&cases, rule.documents, day),
            test_cases: cases.into_iter().map(str::to_owned).collect(),
            declaration: rule.question.map(|question| AskedDeclaration {
                name: question.topic.unwrap_or(rule.id).to_owned(),
                is_topic: question.topic.is_some(),
                values: question.values.to_owned(),
                example: question.example.to_owned(),
            }),
            passing,
            failing,
            differences,
        }
    }
}
