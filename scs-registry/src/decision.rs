//! Decides which answers count for the verdict about a certificate and which are informational. Used by all frontends.
//!
//! | finding | decides |
//! | --- | --- |
//! | of a test case in a deciding target, with the strength of the case there | always |
//! | a broken MUST of an included document, whatever test case it has | by the text (C-108) |
//! | an unanswered MUST of an included document without a test case | if all rules decide |
//! | any finding of a document that is not included | never |

use std::collections::{BTreeMap, BTreeSet};

use scs_standards::{Answer, DocumentId, Finding, Level, Profile, Severity, Strength, TestCase, Verdict};

use crate::domain::RuleInfo;

/// The effect of a finding on the certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Standing {
    /// A reason to refuse the certificate.
    Blocks,
    /// A broken MUST that no certificate depends on.
    Violates,
    /// An unanswered MUST that no certificate depends on.
    Open,
    /// A recommendation or a note.
    Advice,
}

impl Standing {
    /// Classifies a finding.
    #[must_use]
    pub fn of(finding: &Finding, decides: bool) -> Self {
        match (finding.result, finding.severity) {
            _ if decides => Self::Blocks,
            (Verdict::Fail, Severity::Error) => Self::Violates,
            (Verdict::Miss | Verdict::Dnf, Severity::Error) => Self::Open,
            _ => Self::Advice,
        }
    }
}

/// Decides which findings count for a version of a scope, or for a check without a scope.
///
/// ```
/// use scs_registry::Registry;
/// use scs_registry::decision::Decision;
/// use scs_standards::{Answer, DocumentId, Profile, Verdict};
///
/// let registry = Registry::new();
/// let rule = registry.rule("scs-0214-label-zone")[0];
/// let passed = Answer {
///     rule: rule.id,
///     verdict: Verdict::Pass,
///     findings: Vec::new(),
///     evidence_at: None,
///     facts_as_of: None, holds_until: None,
/// };
/// let decides = |profile| Decision::new(profile, [DocumentId::version(214, 2)]).of_answer(rule, &passed);
/// assert!(decides(Profile::Text));
/// // The official suite has no test case for it.
/// assert!(!decides(Profile::Official));
/// ```
#[derive(Clone, Debug)]
pub struct Decision {
    documents: Vec<DocumentId>,
    cases: BTreeMap<&'static str, TestCase>,
    broken_rules: bool,
    all_rules: bool,
    only: Option<BTreeSet<&'static str>>,
    asked: BTreeSet<String>,
}

impl Decision {
    /// Creates a decision without test cases: by the text, every broken MUST of these documents decides.
    #[must_use]
    pub fn new(profile: Profile, documents: impl IntoIterator<Item = DocumentId>) -> Self {
        Self {
            documents: documents.into_iter().collect(),
            cases: BTreeMap::new(),
            broken_rules: profile == Profile::Text,
            all_rules: false,
            only: None,
            asked: BTreeSet::new(),
        }
    }

    /// Adds a test case, with the strength of its target.
    #[must_use]
    pub fn with_case(mut self, case: &TestCase, level: Level) -> Self {
        let strongest = self.cases.get(case.id).is_none_or(|known| level.strength() < known.level.strength());
        if strongest {
            self.cases.insert(case.id, TestCase { level, ..*case });
        }
        self
    }

    /// Makes all MUST rules of the documents decide, including unanswered ones.
    #[must_use]
    pub const fn with_all_rules(mut self, all: bool) -> Self {
        self.all_rules = all;
        self
    }

    /// Restricts the decision to the test cases of some targets, which may not be required for a certificate.
    #[must_use]
    pub const fn with_cases_alone(mut self, alone: bool) -> Self {
        self.broken_rules = self.broken_rules && !alone;
        self
    }

    /// Restricts the decision to these rules.
    #[must_use]
    pub fn with_only(mut self, only: Option<BTreeSet<&'static str>>) -> Self {
        self.only = only;
        self
    }

    /// Adds the test cases of all targets of the version: other MUST rules have no test case that could decide for them.
    #[must_use]
    pub fn with_asked(mut self, cases: impl IntoIterator<Item = String>) -> Self {
        self.asked.extend(cases);
        self
    }

    /// Whether a test case decides.
    #[must_use]
    pub fn has_case(&self, id: &str) -> bool {
        self.cases.contains_key(id)
    }

    /// Whether an included document states the rule.
    #[must_use]
    pub fn includes(&self, rule: &RuleInfo) -> bool {
        rule.is_stated_by(&self.documents) && self.only.as_ref().is_none_or(|only| only.contains(rule.id))
    }

    /// Whether a finding decides the verdict.
    #[must_use]
    pub fn of_finding(&self, rule: &RuleInfo, finding: &Finding) -> bool {
        finding.result != Verdict::Pass
            && self.includes(rule)
            && (self.by_case(rule, finding) || self.by_rule(finding))
    }

    fn by_case(&self, rule: &RuleInfo, finding: &Finding) -> bool {
        let case = finding.test_case.as_deref().and_then(|id| self.cases.get(id));
        case.is_some_and(|case| {
            case.rules.contains(&rule.id) && finding.level.strength() <= case.level.strength()
        })
    }

    fn by_rule(&self, finding: &Finding) -> bool {
        let must = finding.level.strength() == Strength::Must && finding.severity == Severity::Error;
        let broken = self.broken_rules && finding.result == Verdict::Fail;
        let asked =
            self.all_rules && finding.test_case.as_deref().is_none_or(|case| !self.asked.contains(case));
        must && (broken || asked)
    }

    /// Whether the answer of a rule counts: an answer other than PASS because of a deciding finding, a PASS because it could have
    /// decided.
    #[must_use]
    pub fn of_answer(&self, rule: &RuleInfo, answer: &Answer) -> bool {
        if answer.verdict != Verdict::Pass {
            return answer.findings.iter().any(|finding| self.of_finding(rule, finding));
        }
        let covered = rule.test_case.and_then(|id| self.cases.get(id)).is_some_and(|case| {
            case.rules.contains(&rule.id) && rule.level.strength() <= case.level.strength()
        });
        let must = rule.level.strength() == Strength::Must;
        self.includes(rule) && (covered || must && (self.broken_rules || self.all_rules))
    }

    /// The worst result that decides without a test case.
    #[must_use]
    pub fn of_rules<'a>(
        &self,
        answers: impl IntoIterator<Item = (&'a RuleInfo, &'a Answer)>,
    ) -> Option<Verdict> {
        Verdict::topmost(answers.into_iter().filter(|(rule, _)| self.includes(rule)).flat_map(
            |(_, answer)| {
                answer.findings.iter().filter(|finding| self.by_rule(finding)).map(|finding| finding.result)
            },
        ))
    }
}
