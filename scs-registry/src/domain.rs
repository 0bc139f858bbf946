//! How the registry knows a crate of rules, whatever it looks at.

use std::fmt;
use std::str::FromStr;

use scs_k8s_policy::KubernetesFacts;
use scs_standards::{
    Answer, Cause, Context, DocumentId, Finding, Given, Level, Question, Rule, Severity, Source, Strength,
    TestCase, Verdict,
};

use crate::inventory::{Inventory, Kind};

/// What there is to know of a rule besides its check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RuleInfo {
    /// Its id. Two versions of a document may have a rule of the same id each.
    pub id: &'static str,
    /// How strongly the text asks for it.
    pub level: Level,
    /// The documents that state it, the one in force first.
    pub documents: &'static [DocumentId],
    /// The section of the first document.
    pub section: &'static str,
    /// The proposition in one sentence.
    pub summary: &'static str,
    /// The official test case that it counts for.
    pub test_case: Option<&'static str>,
    /// What the provider is asked, where it rests on a declaration.
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
    /// Whether one of the documents states it.
    #[must_use]
    pub fn is_stated_by(&self, documents: &[DocumentId]) -> bool {
        self.documents.iter().any(|document| documents.contains(document))
    }

    /// The answer where nothing can be checked.
    pub(crate) fn unanswered(&self, result: Verdict, subject: &str, message: &str) -> Answer {
        let severity = match self.level.strength() {
            Strength::Must => Severity::Error,
            Strength::Should => Severity::Warning,
            Strength::May => Severity::Info,
        };
        let finding = Finding {
            rule: self.id.into(),
            test_case: self.test_case.map(Into::into),
            level: self.level,
            document: self.documents[0],
            section: self.section.into(),
            severity,
            result,
            cause: Cause::of(result),
            subject: subject.to_owned(),
            message: message.to_owned(),
            expected: None,
            actual: None,
            fix: None,
            other_profile: None,
        };
        Answer {
            rule: self.id,
            verdict: result,
            findings: vec![finding],
            evidence_at: None,
            facts_as_of: None,
        }
    }
}

/// The answers of a crate of rules.
#[derive(Default)]
pub(crate) struct DomainAnswers {
    /// The rules that were asked, each with its answer.
    pub(crate) answers: Vec<(RuleInfo, Answer)>,
    /// What the reader should know of the part.
    pub(crate) notices: Vec<String>,
}

/// A crate of rules.
pub(crate) trait Domain: Sync {
    /// The kind of inventory that it looks at.
    fn kind(&self) -> Kind;

    /// All rows of its tables, each once.
    fn rules(&self) -> Vec<RuleInfo>;

    /// The official test cases that it covers.
    fn test_cases(&self) -> Vec<&'static TestCase>;

    /// Asks the rules that one of the documents states.
    fn answers(&self, asked: &Asked<'_>) -> DomainAnswers;
}

/// What is to be judged, and by what.
pub(crate) struct Asked<'a> {
    /// What was collected.
    pub(crate) inventory: &'a Inventory,
    /// The date, the profile and the declarations.
    pub(crate) context: &'a Context<'a>,
    /// The documents whose rules are asked.
    pub(crate) documents: &'a [DocumentId],
    /// What is known of Kubernetes.
    pub(crate) facts: &'a KubernetesFacts,
    /// How many days ahead to look for images that become outdated.
    pub(crate) horizon_days: Option<u32>,
}

/// The answers of a domain that needs one part of the inventory. Where the part is not there, could not be collected or cannot
/// be read as what it should be, every rule says so.
pub(crate) fn of_part<L: FromStr<Err: fmt::Display>>(
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
        .map(|rule| (rule, rule.unanswered(result, source.name, &message)))
        .collect();
    DomainAnswers { answers, notices: Vec::new() }
}

/// The answers of rules over a subject that is made of several parts of the inventory, if any of them is asked. `subject`
/// gives it, and what the reader should know of it.
pub(crate) fn of_subject<S: 'static>(
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

/// The answers of the rules that one of the documents states.
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
