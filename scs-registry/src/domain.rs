//! The interface between the registry and a crate of rules.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use scs_iaas_policy::TlsProfiles;
use scs_image_metadata::ImageData;
use scs_k8s_policy::KubernetesFacts;
use scs_standards::{
    Answer, Cause, Context, DocumentId, Finding, Given, Level, Question, Rule, Source, TestCase, Verdict,
};

use crate::inventory::{Inventory, Kind};

/// The metadata of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RuleInfo {
    /// The id. Two versions of a document may each have a rule with the same id.
    pub id: &'static str,
    /// The strength of the requirement.
    pub level: Level,
    /// The documents that state the rule, the one in force first.
    pub documents: &'static [DocumentId],
    /// The section in the first document.
    pub section: &'static str,
    /// The requirement in one sentence.
    pub summary: &'static str,
    /// The official test case of the rule.
    pub test_case: Option<&'static str>,
    /// The question to the provider, if the rule evaluates a declaration.
    pub question: Option<Question>,
}

impl<S: ?Sized> From<&'static Rule<S>> for RuleInfo {
    fn from(rule: &'static Rule<S>) -> Self {
        Self {
            id: rule.id,
            level: rule.level,
            documents: rule.documents,
            section: rule.section,
            summary: rule.summary,
            test_case: rule.test_case,
            question: rule.question,
        }
    }
}

impl RuleInfo {
    /// Whether one of the documents states the rule.
    #[must_use]
    pub fn is_stated_by(&self, documents: &[DocumentId]) -> bool {
        self.documents.iter().any(|document| documents.contains(document))
    }

    /// The answer if nothing can be checked.
    pub(crate) fn unanswered(&self, result: Verdict, subject: &str, message: &str) -> Answer {
        let finding = Finding {
            rule: self.id.into(),
            test_case: self.test_case.map(Into::into),
            level: self.level,
            document: self.documents[0],
            section: self.section.into(),
            severity: self.level.severity(),
            result,
            cause: Cause::of(result),
            subject: subject.to_owned(),
            message: message.to_owned(),
            expected: None,
            actual: None,
            fix: None,
            hint: None,
            other_profile: None,
        };
        Answer {
            rule: self.id,
            verdict: result,
            findings: vec![finding],
            evidence_at: None,
            facts_as_of: None,
            holds_until: None,
        }
    }
}

/// The answers from a crate of rules.
#[derive(Default)]
pub(crate) struct DomainAnswers {
    /// The checked rules with their answers.
    pub(crate) answers: Vec<(RuleInfo, Answer)>,
    /// Notices about the part.
    pub(crate) notices: Vec<String>,
}

/// A crate of rules.
pub(crate) trait Domain: Sync {
    /// The kind of inventory that the rules check.
    fn kind(&self) -> Kind;

    /// All rules, without duplicates.
    fn rules(&self) -> Vec<RuleInfo>;

    /// The covered official test cases.
    fn test_cases(&self) -> Vec<&'static TestCase>;

    /// Checks the rules that one of the documents states.
    fn answers(&self, asked: &Asked<'_>) -> DomainAnswers;
}

/// The inputs of a check.
pub(crate) struct Asked<'a> {
    /// The inventory.
    pub(crate) inventory: &'a Inventory,
    /// The date, the profile and the declarations.
    pub(crate) context: &'a Context<'a>,
    /// The documents to check.
    pub(crate) documents: &'a [DocumentId],
    /// The facts about Kubernetes.
    pub(crate) facts: &'a KubernetesFacts,
    /// The facts about images; the embedded ones if `None`.
    pub(crate) image_data: Option<&'a ImageData>,
    /// The versions of Mozilla's TLS profile; the embedded ones if `None`.
    pub(crate) tls_profiles: Option<&'a Arc<TlsProfiles>>,
    /// The number of days in which images that become outdated are reported.
    pub(crate) horizon_days: Option<u32>,
}

/// Checks a domain that needs one part of the inventory. If the part is missing or unusable, every rule reports that.
pub(crate) fn answers_for_part<L: FromStr<Err: fmt::Display>>(
    domain: &impl Domain,
    asked: &Asked<'_>,
    source: Source,
    ask: impl FnOnce(L) -> DomainAnswers,
) -> DomainAnswers {
    let (result, message) = match asked.inventory.given(source.name).read(str::parse) {
        Given::Missing => (Verdict::Miss, source.not_given()),
        Given::Unusable(reason) => (Verdict::Dnf, source.unusable(&reason)),
        Given::Data(list) => return ask(list),
    };
    let answers = domain
        .rules()
        .into_iter()
        .filter(|rule| rule.is_stated_by(asked.documents))
        .map(|rule| {
            let mut answer = rule.unanswered(result, source.name, &message);
            for finding in &mut answer.findings {
                finding.hint = Some(source.hint());
            }
            (rule, answer)
        })
        .collect();
    DomainAnswers { answers, notices: Vec::new() }
}

/// Checks the rules about a subject that is built from several parts of the inventory, if any rule is selected. `subject` builds
/// it and returns notices about it.
pub(crate) fn answers_for_subject<S: 'static>(
    rules: impl Iterator<Item = &'static Rule<S>>,
    asked: &Asked<'_>,
    subject: impl FnOnce() -> (S, Vec<String>),
) -> DomainAnswers {
    let mut rules = rules.filter(|rule| RuleInfo::from(*rule).is_stated_by(asked.documents)).peekable();
    if rules.peek().is_none() {
        return DomainAnswers::default();
    }
    let (subject, notices) = subject();
    DomainAnswers { notices, ..answers_of(rules, &subject, asked.documents, asked.context) }
}

/// Checks the rules that one of the documents states.
pub(crate) fn answers_of<S: 'static>(
    rules: impl Iterator<Item = &'static Rule<S>>,
    subject: &S,
    documents: &[DocumentId],
    context: &Context<'_>,
) -> DomainAnswers {
    let answers = rules
        .map(|rule| (RuleInfo::from(rule), rule))
        .filter(|(info, _)| info.is_stated_by(documents))
        .map(|(info, rule)| (info, rule.answer(subject, context)))
        .collect();
    DomainAnswers { answers, notices: Vec::new() }
}
