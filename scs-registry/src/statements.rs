//! The declarations of a provider: entries that do not answer any question, claimed exceptions, and open questions.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use scs_certificates::CertificationLevel;
use scs_certificates::oss_health::QUESTIONS;
use scs_standards::suggestion::nearest;
use scs_standards::{Answer, Cause, Declarations, DocumentId, Question, Verdict};
use serde::{Deserialize, Serialize};

use crate::domain::RuleInfo;
use crate::registry::Registry;

/// Topics that are not questions of a rule but are used if declared: the name, what they are about, values, an example.
pub(crate) const FURTHER_TOPICS: [(&str, &str, &str, &str); 1] = [(
    "architecture",
    "the CPU architecture of the hosts, if it is not x86-64: the standard flavors are those of x86-64 (C-033)",
    "a server architecture of OpenStack, such as `aarch64`, `ppc64le` or `s390x`",
    "aarch64",
)];

/// Notices about invalid entries.
pub(crate) fn notices(declarations: &Declarations, registry: &Registry, today: Date) -> Vec<String> {
    let mut notices: Vec<String> = declarations.unusable().map(ToString::to_string).collect();
    let known = topics(registry);
    let mut told = BTreeSet::new();
    for declaration in declarations.iter().filter(|declaration| !known.contains(declaration.rule.as_str())) {
        if !told.insert(&declaration.rule) {
            continue;
        }
        let given = &declaration.rule;
        notices.push(if registry.rule(given).is_empty() {
            let meant = nearest(given, known.iter().copied());
            let hint = meant.map(|name| format!("; did you mean `{name}`?")).unwrap_or_default();
            format!("the declaration for `{given}` is ignored: unknown rule or topic{hint}")
        } else {
            format!("the declaration for `{given}` is ignored: the data of the cloud decide it")
        });
    }
    for exception in declarations.exceptions() {
        let id = &exception.exception;
        if registry.test_case(id).is_none() && registry.rule(id).is_empty() {
            notices
                .push(format!("an exception is claimed for `{id}`, which is neither a test case nor a rule"));
        }
        if exception.valid_until < today {
            notices.push(format!("the exception for `{id}` expired on {}", exception.valid_until));
        }
    }
    notices
}

/// Everything that can be declared.
fn topics(registry: &Registry) -> BTreeSet<&'static str> {
    let of_rules = registry.rules().filter_map(|rule| rule.question.map(|question| key(rule, question)));
    let of_levels =
        CertificationLevel::ALL.into_iter().flat_map(CertificationLevel::asks).map(|item| item.topic);
    let of_software = QUESTIONS.iter().map(|question| question.topic);
    of_rules.chain(of_levels).chain(of_software).chain(FURTHER_TOPICS.map(|(topic, ..)| topic)).collect()
}

/// The name for answering a question.
fn key(rule: &RuleInfo, question: Question) -> &'static str {
    question.topic.unwrap_or(rule.id)
}

/// An open question to the provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct OpenQuestion {
    /// The rule or topic of the declaration that answers it.
    pub name: Cow<'static, str>,
    /// Whether the name is a topic that several rules share.
    pub is_topic: bool,
    /// The rules that need the answer; the question is that of the first one.
    pub rules: Vec<AskingRule>,
    /// The values that the rules accept.
    pub values: Cow<'static, str>,
    /// A value that satisfies the rules, as single-line YAML.
    pub example: Cow<'static, str>,
    /// The reason why it is open: the message of the first rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// A rule that needs an answer, as stated by a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct AskingRule {
    /// The id of the rule.
    pub rule: Cow<'static, str>,
    /// The document that states the rule.
    pub document: DocumentId,
}

/// The open questions on a day, in the order of the rules: those of rules that are MISS or DNF without a valid declaration.
pub(crate) fn open_questions(
    answers: &[(RuleInfo, Answer)],
    declarations: &Declarations,
    today: Date,
) -> Vec<OpenQuestion> {
    let mut open: Vec<OpenQuestion> = Vec::new();
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    for (rule, answer) in answers {
        let Some(question) = rule.question else { continue };
        let name = key(rule, question);
        if !waits(answer, declarations, name, today) {
            continue;
        }
        let asking = AskingRule { rule: rule.id.into(), document: rule.documents[0] };
        if let Some(known) = places.get(name).and_then(|place| open.get_mut(*place)) {
            known.rules.push(asking);
            continue;
        }
        places.insert(name, open.len());
        let reason = answer.findings.iter().find(|finding| finding.result == answer.verdict);
        open.push(OpenQuestion {
            name: name.into(),
            is_topic: question.topic.is_some(),
            rules: vec![asking],
            values: question.values.into(),
            example: question.example.into(),
            reason: reason.map(|finding| finding.message.clone()),
        });
    }
    open
}

fn waits(answer: &Answer, declarations: &Declarations, name: &str, today: Date) -> bool {
    let in_force = declarations
        .iter()
        .any(|statement| statement.rule == name && statement.date <= today && today <= statement.valid_until);
    let undeclared = answer.findings.iter().any(|finding| finding.cause == Cause::Undeclared);
    match answer.verdict {
        Verdict::Pass => false,
        // A declaration can state that a failing requirement does not apply.
        Verdict::Fail => undeclared,
        Verdict::Miss | Verdict::Dnf => !in_force || undeclared,
    }
}

/// A claimed exception, with the result that it is claimed for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ShownException {
    /// The id of the test case or rule.
    pub exception: String,
    /// The reason why the requirement is not met.
    pub reason: String,
    /// The grantor.
    pub granted_by: Option<String>,
    /// The last day of the exception.
    pub valid_until: String,
    /// Whether the exception is in force.
    pub in_force: bool,
    /// The result, which the exception does not change.
    pub result: Option<Verdict>,
}

/// The exceptions that a provider claims, each with the result that it does not change.
pub(crate) fn exceptions(
    results: &BTreeMap<String, Verdict>,
    answers: &[(RuleInfo, Answer)],
    declarations: &Declarations,
    today: Date,
) -> Vec<ShownException> {
    let of_rule = |id: &str| {
        let answers = answers.iter().filter(|(rule, _)| rule.id == id);
        Verdict::topmost(answers.map(|(_, answer)| answer.verdict))
    };
    declarations
        .exceptions()
        .map(|claimed| ShownException {
            exception: claimed.exception.clone(),
            reason: claimed.reason.clone(),
            granted_by: claimed.granted_by.clone(),
            valid_until: claimed.valid_until.to_string(),
            in_force: today <= claimed.valid_until && claimed.date.is_none_or(|from| from <= today),
            result: results.get(&claimed.exception).copied().or_else(|| of_rule(&claimed.exception)),
        })
        .collect()
}
