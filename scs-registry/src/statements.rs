//! What a provider states in an inventory, held against what there is to state: entries that answer nothing, exceptions, and the
//! questions that are still open.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use scs_certificates::CertificationLevel;
use scs_certificates::oss_health::QUESTIONS;
use scs_standards::{Answer, Cause, Declarations, DocumentId, Question, Verdict};
use serde::{Deserialize, Serialize};

use crate::domain::RuleInfo;
use crate::registry::Registry;

/// Topics that are no questions of a rule: what a rule takes into account where it is declared.
const FURTHER_TOPICS: [&str; 1] = ["architecture"];

/// What is wrong with entries, for whoever wrote them.
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
            let meant = known
                .iter()
                .map(|name| (strsim::damerau_levenshtein(name, given), name))
                .min()
                .filter(|(distance, name)| *distance <= 3 && 3 * distance < name.len());
            let hint = meant.map(|(_, name)| format!("; did you mean `{name}`?")).unwrap_or_default();
            format!("a declaration is about `{given}`, which is no rule and no topic{hint}")
        } else {
            format!("a declaration is about `{given}`, which is decided by what the cloud shows and not by what is declared")
        });
    }
    for exception in declarations.exceptions() {
        let id = &exception.exception;
        if registry.test_case(id).is_none() && registry.rule(id).is_empty() {
            notices.push(format!("an exception is claimed for `{id}`, which is no test case and no rule"));
        }
        if exception.valid_until < today {
            notices.push(format!("the exception for `{id}` has expired on {}", exception.valid_until));
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
    of_rules.chain(of_levels).chain(of_software).chain(FURTHER_TOPICS).collect()
}

/// The name under which a question is answered.
fn key(rule: &RuleInfo, question: Question) -> &'static str {
    question.topic.unwrap_or(rule.id)
}

/// A question that waits for an answer of the provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct OpenQuestion {
    /// The rule or topic under which it is answered.
    pub name: Cow<'static, str>,
    /// Whether the name is a topic, which several rules ask about.
    pub is_topic: bool,
    /// The rules that wait for it; the first one asks.
    pub rules: Vec<AskingRule>,
    /// The values that the rules understand.
    pub values: Cow<'static, str>,
    /// A value that satisfies them, as YAML writes it on one line.
    pub example: Cow<'static, str>,
    /// Why it is open: the message of the first rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// A rule that waits for an answer, in the edition of a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct AskingRule {
    /// The id of the rule.
    pub rule: Cow<'static, str>,
    /// The document that states it.
    pub document: DocumentId,
}

/// The questions that wait for an answer on a day, in the order of the rules: those of rules that are MISS or DNF without a
/// declaration in force.
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
        // A declaration may say that what fails is not asked.
        Verdict::Fail => undeclared,
        Verdict::Miss | Verdict::Dnf => !in_force || undeclared,
    }
}

/// A claimed exception beside the result that it is claimed for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct ShownException {
    /// The test case, or the rule.
    pub exception: String,
    /// Why the requirement is not met.
    pub reason: String,
    /// Who granted it.
    pub granted_by: Option<String>,
    /// Its last day.
    pub valid_until: String,
    /// Whether it is in force.
    pub in_force: bool,
    /// The result that stands all the same.
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
