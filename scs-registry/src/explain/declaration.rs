//! Topics of declarations: questions that several rules share, requirements of levels, and the health of software.

use scs_certificates::CertificationLevel;
use scs_certificates::oss_health::QUESTIONS;
use serde::Serialize;

use super::document::RuleRow;
use super::rule::AskedDeclaration;
use crate::registry::Registry;
use crate::statements;

/// A topic of declarations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct DeclarationTopic {
    /// The topic.
    pub name: String,
    /// What the declaration is about, if no rule says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// The questions that it answers.
    pub questions: Vec<AskedDeclaration>,
    /// The rules that judge its value.
    pub rules: Vec<RuleRow>,
}

impl DeclarationTopic {
    /// A topic; `None` if the name is unknown, or that of a rule.
    pub(super) fn new(registry: &Registry, name: &str) -> Option<Self> {
        let asked = |values: &str, example: &str| AskedDeclaration {
            name: name.to_owned(),
            is_topic: true,
            values: values.to_owned(),
            example: example.to_owned(),
        };
        let alone = |about: String, values: &str, example: &str| Self {
            name: name.to_owned(),
            about: Some(about),
            questions: vec![asked(values, example)],
            rules: Vec::new(),
        };
        let mut items = CertificationLevel::ALL.into_iter().flat_map(CertificationLevel::asks);
        if let Some(item) = items.find(|item| item.topic == name) {
            let about = format!("Requirement of the level {}: {}", item.level, item.summary);
            return Some(alone(about, "`true` or `false`", "true"));
        }
        if let Some(question) = QUESTIONS.iter().find(|question| question.topic == name) {
            let about = format!("Health of software (scs-0008): {}", question.summary);
            return Some(alone(about, "a score from 0 (bad) to 3 (good)", "2"));
        }
        if let Some((_, about, values, example)) =
            statements::FURTHER_TOPICS.iter().find(|(topic, ..)| *topic == name)
        {
            return Some(alone((*about).to_owned(), values, example));
        }
        let mut topic = Self { name: name.to_owned(), about: None, questions: Vec::new(), rules: Vec::new() };
        for rule in registry.rules() {
            let Some(question) = rule.question.filter(|question| question.topic == Some(name)) else {
                continue;
            };
            let question = asked(question.values, question.example);
            if !topic.questions.contains(&question) {
                topic.questions.push(question);
            }
            topic.rules.push(RuleRow::new(rule));
        }
        (!topic.rules.is_empty()).then_some(topic)
    }

    /// All topics.
    pub(super) fn names(registry: &Registry) -> impl Iterator<Item = &'static str> {
        let of_rules: Vec<&'static str> = registry.rules().filter_map(|rule| rule.question?.topic).collect();
        let of_levels =
            CertificationLevel::ALL.into_iter().flat_map(CertificationLevel::asks).map(|item| item.topic);
        let of_software = QUESTIONS.iter().map(|question| question.topic);
        let further = statements::FURTHER_TOPICS.iter().map(|(topic, ..)| *topic);
        of_rules.into_iter().chain(of_levels).chain(of_software).chain(further)
    }
}
