//! Rules and test cases: two things that change at different times and for different reasons.
//!
//! A [`Rule`] is a proposition of a text. A [`TestCase`] is the official unit under which results are published; it
//! covers one or more rules. Which certificate asks for which test case is a third thing and not known here.

use std::fmt;

use jiff::Timestamp;

use crate::context::Context;
use crate::document::DocumentId;
use crate::finding::{Cause, Finding, OtherProfile, Severity};
use crate::fix::Fix;
use crate::judgment::Question;
use crate::level::{Level, Strength};
use crate::profile::Profile;
use crate::verdict::Verdict;

/// One checkable proposition of one or more documents.
///
/// Rules are `static` rows of a table that reads like the standard; `S` is what the rule looks at.
pub struct Rule<S: ?Sized + 'static> {
    /// The official test case's id where the rule is one, otherwise an id of ours in the same style.
    pub id: &'static str,
    /// How strongly the text asks for it.
    pub level: Level,
    /// The documents that state it, the one in force first.
    pub documents: &'static [DocumentId],
    /// The section of the first document.
    pub section: &'static str,
    /// The proposition in one sentence of ours.
    pub summary: &'static str,
    /// The official test case that the rule's findings count for, if any.
    pub test_case: Option<&'static str>,
    /// What the provider is asked, where the rule rests on a declaration.
    pub question: Option<Question>,
    /// The check: a pure function over the subject and the context.
    pub check: fn(&S, &mut Recorder<'_, S>),
}

impl<S: ?Sized> fmt::Debug for Rule<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rule").field("id", &self.id).field("level", &self.level).finish_non_exhaustive()
    }
}

impl<S: ?Sized> Rule<S> {
    /// The document that decides: the one in force among those that state the rule.
    ///
    /// # Panics
    ///
    /// Never for a rule that names a document; a test over each rule table makes sure that it does.
    #[must_use]
    pub const fn document(&self) -> DocumentId {
        self.documents[0]
    }

    /// The same, resting on a declaration of the provider.
    #[must_use]
    pub const fn asking(self, values: &'static str, example: &'static str) -> Self {
        let Self { id, level, documents, section, summary, test_case, question: _, check } = self;
        let question = Some(Question::new(values, example));
        Self { id, level, documents, section, summary, test_case, question, check }
    }

    /// The same, resting on a declaration about a topic that other rules ask for, too.
    #[must_use]
    pub const fn asking_about(
        self,
        topic: &'static str,
        values: &'static str,
        example: &'static str,
    ) -> Self {
        let Self { id, level, documents, section, summary, test_case, question: _, check } = self;
        let question = Some(Question { topic: Some(topic), values, example });
        Self { id, level, documents, section, summary, test_case, question, check }
    }

    /// The same, counting for an official test case of another name.
    #[must_use]
    pub const fn for_test_case(self, test_case: &'static str) -> Self {
        let Self { id, level, documents, section, summary, test_case: _, question, check } = self;
        Self { id, level, documents, section, summary, test_case: Some(test_case), question, check }
    }

    /// Runs the rule over a subject.
    #[must_use]
    pub fn answer(&'static self, subject: &S, context: &Context<'_>) -> Answer {
        let mut recorder = Recorder {
            rule: self,
            context,
            findings: Vec::new(),
            verdict: Verdict::Pass,
            evidence_at: None,
            facts_as_of: None,
        };
        (self.check)(subject, &mut recorder);
        let Recorder { findings, verdict, evidence_at, facts_as_of, .. } = recorder;
        Answer { rule: self.id, verdict, findings, evidence_at, facts_as_of }
    }
}

/// Asks the rules that one of the documents states.
///
/// ```
/// use scs_standards::{Context, DocumentId, Heading, Level, Recorder, Rule, Verdict, answer_all};
///
/// const SYNTAX: Heading = Heading { documents: &[DocumentId::version(999, 1)], section: "Syntax" };
/// static RULES: &[Rule<String>] = &[SYNTAX.rule("scs-0999-short", Level::Must, "a name is short", short)];
///
/// fn short(name: &String, rec: &mut Recorder<'_, String>) {
///     if name.len() > 8 {
///         rec.fail(name, "it is too long");
///     }
/// }
/// let context = Context::at("2026-11-24T00:00:00Z".parse()?);
/// let answers = answer_all(RULES, &"a long name".to_owned(), &context, &[DocumentId::version(999, 1)]);
/// assert_eq!(answers[0].verdict, Verdict::Fail);
/// assert!(answer_all(RULES, &String::new(), &context, &[]).is_empty());
/// # Ok::<(), jiff::Error>(())
/// ```
#[must_use]
pub fn answer_all<S: 'static>(
    rules: impl IntoIterator<Item = &'static Rule<S>>,
    subject: &S,
    context: &Context<'_>,
    documents: &[DocumentId],
) -> Vec<Answer> {
    let is_asked = |rule: &&Rule<S>| rule.documents.iter().any(|document| documents.contains(document));
    rules.into_iter().filter(is_asked).map(|rule| rule.answer(subject, context)).collect()
}

/// What the rules under one heading of a text share, so that a table has one line a rule.
///
/// ```
/// use scs_standards::{DocumentId, Heading, Level, Recorder, Rule};
///
/// const SYNTAX: Heading = Heading { documents: &[DocumentId::version(999, 1)], section: "Syntax" };
/// static RULES: &[Rule<str>] = &[SYNTAX.rule("scs-0999-short", Level::Must, "a name is short", short)];
///
/// fn short(name: &str, rec: &mut Recorder<'_, str>) {
///     if name.len() > 8 {
///         rec.fail(name, "it is too long");
///     }
/// }
/// assert_eq!(RULES[0].document().to_string(), "scs-0999-v1");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Heading {
    /// The documents that state the rules, the one in force first.
    pub documents: &'static [DocumentId],
    /// The heading in the first of them.
    pub section: &'static str,
}

impl Heading {
    /// A rule that is for no official test case, or for another one than its id says.
    #[must_use]
    pub const fn rule<S: ?Sized>(
        self,
        id: &'static str,
        level: Level,
        summary: &'static str,
        check: fn(&S, &mut Recorder<'_, S>),
    ) -> Rule<S> {
        let Self { documents, section } = self;
        Rule { id, level, documents, section, summary, test_case: None, question: None, check }
    }

    /// A rule that is an official test case.
    #[must_use]
    pub const fn case<S: ?Sized>(
        self,
        id: &'static str,
        level: Level,
        summary: &'static str,
        check: fn(&S, &mut Recorder<'_, S>),
    ) -> Rule<S> {
        let Self { documents, section } = self;
        Rule { id, level, documents, section, summary, test_case: Some(id), question: None, check }
    }
}

/// What a rule says about a subject: a verdict and the reasons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The rule's id.
    pub rule: &'static str,
    /// The topmost result of its findings; PASS where there is none.
    pub verdict: Verdict,
    /// The findings in the order of the subjects.
    pub findings: Vec<Finding>,
    /// When the oldest evidence that it rests on came about, where that was not the check: a test run of last month stays last
    /// month's, and so does its result (scs-0003-v2, *Concept definitions*). `None` where the inventory alone decides.
    pub evidence_at: Option<Timestamp>,
    /// The date of the oldest facts that it rests on, such as a list of releases; `None` where it rests on none.
    pub facts_as_of: Option<Timestamp>,
}

/// How the two profiles decide one point on which the text and the official suite differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Split {
    /// By the text.
    pub text: Verdict,
    /// By the official suite.
    pub official: Verdict,
    /// The key of the difference, `C-025`.
    pub difference: &'static str,
}

impl Split {
    /// The result of a profile.
    #[must_use]
    pub const fn result(self, profile: Profile) -> Verdict {
        match profile {
            Profile::Text => self.text,
            Profile::Official => self.official,
        }
    }
}

/// Collects what a running rule finds.
#[derive(Debug)]
pub struct Recorder<'a, S: ?Sized + 'static> {
    rule: &'static Rule<S>,
    context: &'a Context<'a>,
    findings: Vec<Finding>,
    verdict: Verdict,
    evidence_at: Option<Timestamp>,
    facts_as_of: Option<Timestamp>,
}

/// The earlier of two moments, of which there may be one alone.
fn earlier(one: Option<Timestamp>, other: Timestamp) -> Timestamp {
    one.map_or(other, |one| one.min(other))
}

impl<'a, S: ?Sized> Recorder<'a, S> {
    /// The rule that runs; one check function may serve many rows of a table.
    #[must_use]
    pub const fn rule(&self) -> &'static Rule<S> {
        self.rule
    }

    /// The date, the profile and the declarations.
    #[must_use]
    pub const fn context(&self) -> &'a Context<'a> {
        self.context
    }

    /// What is recorded so far: the topmost result, PASS where there is none.
    #[must_use]
    pub const fn verdict(&self) -> Verdict {
        self.verdict
    }

    /// The answer rests on evidence of this moment; of several the oldest counts.
    ///
    /// ```
    /// use scs_standards::{Context, Declarations, DocumentId, Heading, Level, Profile, Recorder, Rule};
    ///
    /// const TESTS: Heading = Heading { documents: &[DocumentId::version(999, 1)], section: "Tests" };
    /// static RULES: &[Rule<[i64]>] = &[TESTS.rule("scs-0999-tested", Level::Must, "tests were run", tested)];
    ///
    /// fn tested(runs: &[i64], rec: &mut Recorder<'_, [i64]>) {
    ///     for run in runs.iter().filter_map(|second| jiff::Timestamp::from_second(*second).ok()) {
    ///         rec.rests_on_evidence_of(run);
    ///     }
    /// }
    /// let (declarations, at) = (Declarations::default(), "2026-11-30T00:00:00Z".parse()?);
    /// let context = Context { at, profile: Profile::Text, declarations: &declarations };
    /// assert_eq!(RULES[0].answer(&[7, 3, 5], &context).evidence_at, Some(jiff::Timestamp::from_second(3)?));
    /// assert_eq!(RULES[0].answer(&[], &context).evidence_at, None);
    /// # Ok::<(), jiff::Error>(())
    /// ```
    pub fn rests_on_evidence_of(&mut self, moment: Timestamp) {
        self.evidence_at = Some(earlier(self.evidence_at, moment));
    }

    /// The answer rests on facts that are known until this moment; of several the oldest counts.
    pub fn rests_on_facts_of(&mut self, as_of: Timestamp) {
        self.facts_as_of = Some(earlier(self.facts_as_of, as_of));
    }

    /// The requirement is broken.
    pub fn fail(&mut self, subject: impl fmt::Display, message: impl Into<String>) -> Entry<'_> {
        self.record(Verdict::Fail, self.rule.level.severity(), subject, message)
    }

    /// The data that would answer were not given.
    pub fn miss(&mut self, subject: impl fmt::Display, message: impl Into<String>) -> Entry<'_> {
        self.record(Verdict::Miss, self.unanswered(), subject, message)
    }

    /// Data were given, but cannot be used.
    pub fn dnf(&mut self, subject: impl fmt::Display, message: impl Into<String>) -> Entry<'_> {
        self.record(Verdict::Dnf, self.unanswered(), subject, message)
    }

    /// Worth a warning, though the requirement is not broken.
    pub fn warn(&mut self, subject: impl fmt::Display, message: impl Into<String>) -> Entry<'_> {
        self.record(Verdict::Pass, Severity::Warning, subject, message)
    }

    /// Good to know.
    pub fn note(&mut self, subject: impl fmt::Display, message: impl Into<String>) -> Entry<'_> {
        self.record(Verdict::Pass, Severity::Info, subject, message)
    }

    /// A point on which the profiles differ: recorded as the profile of the check decides, with the other's answer.
    /// Where ours passes it is a note.
    pub fn split(
        &mut self,
        split: Split,
        subject: impl fmt::Display,
        message: impl Into<String>,
    ) -> Entry<'_> {
        let profile = self.context.profile;
        let result = split.result(profile);
        let severity = match result {
            Verdict::Pass => Severity::Info,
            Verdict::Fail => self.rule.level.severity(),
            Verdict::Miss | Verdict::Dnf => self.unanswered(),
        };
        let other =
            OtherProfile { result: split.result(profile.other()), difference: split.difference.into() };
        let entry = self.record(result, severity, subject, message);
        if other.result != result {
            entry.0.other_profile = Some(other);
        }
        entry
    }

    /// What could not be answered weighs as much as the requirement, but never more than a note for a MAY.
    const fn unanswered(&self) -> Severity {
        match self.rule.level.strength() {
            Strength::Must => Severity::Error,
            Strength::Should => Severity::Warning,
            Strength::May => Severity::Info,
        }
    }

    fn record(
        &mut self,
        result: Verdict,
        severity: Severity,
        subject: impl fmt::Display,
        message: impl Into<String>,
    ) -> Entry<'_> {
        self.verdict = self.verdict.min(result);
        let index = self.findings.len();
        self.findings.push(Finding {
            rule: self.rule.id.into(),
            test_case: self.rule.test_case.map(Into::into),
            level: self.rule.level,
            document: self.rule.document(),
            section: self.rule.section.into(),
            severity,
            result,
            cause: Cause::of(result),
            subject: subject.to_string(),
            message: message.into(),
            expected: None,
            actual: None,
            fix: None,
            other_profile: None,
        });
        Entry(&mut self.findings[index])
    }
}

/// A finding just recorded, to be completed.
#[derive(Debug)]
pub struct Entry<'a>(&'a mut Finding);

impl Entry<'_> {
    /// With what was asked for and what was found.
    #[expect(clippy::return_self_not_must_use, reason = "the finding is recorded already")]
    pub fn compared(self, expected: impl fmt::Display, actual: impl fmt::Display) -> Self {
        self.0.expected = Some(expected.to_string());
        self.0.actual = Some(actual.to_string());
        self
    }

    /// With what removes it.
    #[expect(
        clippy::return_self_not_must_use,
        clippy::must_use_candidate,
        reason = "the finding is recorded already"
    )]
    pub fn repaired_by(self, fix: Fix) -> Self {
        self.0.fix = Some(fix);
        self
    }

    /// With what removes it, if there is anything.
    #[expect(
        clippy::return_self_not_must_use,
        clippy::must_use_candidate,
        reason = "the finding is recorded already"
    )]
    pub fn maybe_repaired_by(self, fix: Option<Fix>) -> Self {
        self.0.fix = fix;
        self
    }

    /// As one that waits for a declaration of the provider.
    #[expect(
        clippy::return_self_not_must_use,
        clippy::must_use_candidate,
        reason = "the finding is recorded already"
    )]
    pub fn undeclared(self) -> Self {
        self.0.cause = Cause::Undeclared;
        self
    }

    /// As heavy as this, whatever the rule's level says: a value that may be left out, but that is wrong.
    #[expect(
        clippy::return_self_not_must_use,
        clippy::must_use_candidate,
        reason = "the finding is recorded already"
    )]
    pub fn with_severity(self, severity: Severity) -> Self {
        self.0.severity = severity;
        self
    }

    /// As a finding of this official test case instead of the rule's own one.
    #[expect(
        clippy::return_self_not_must_use,
        clippy::must_use_candidate,
        reason = "the finding is recorded already"
    )]
    pub fn for_test_case(self, test_case: Option<&'static str>) -> Self {
        self.0.test_case = test_case.map(Into::into);
        self
    }

    /// With the answer of the profile that was not asked for.
    #[expect(
        clippy::return_self_not_must_use,
        clippy::must_use_candidate,
        reason = "the finding is recorded already"
    )]
    pub fn other_profile(self, result: Verdict, difference: &'static str) -> Self {
        self.0.other_profile = Some(OtherProfile { result, difference: difference.into() });
        self
    }
}

/// An official unit of testing, under whose id results are published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TestCase {
    /// The official id, such as `scs-0100-syntax-check`.
    pub id: &'static str,
    /// MUST for a test case of target *main*, SHOULD for a recommended one.
    pub level: Level,
    /// The rules whose findings decide it.
    pub rules: &'static [&'static str],
}

impl TestCase {
    /// The result: the topmost of the findings that count for it and that decide.
    ///
    /// A broken MUST decides. A broken SHOULD decides only where the test case itself is a SHOULD one or weaker; elsewhere
    /// it is a warning. A MAY decides nothing but a MAY test case, which certificates recommend at most. `None` when none
    /// of its rules was asked.
    #[must_use]
    pub fn verdict<'a>(&self, answers: impl IntoIterator<Item = &'a Answer>) -> Option<Verdict> {
        let mut asked = answers.into_iter().filter(|answer| self.rules.contains(&answer.rule)).peekable();
        asked.peek()?;
        let findings = asked.flat_map(|answer| &answer.findings).filter(|finding| self.decided_by(finding));
        Verdict::topmost(findings.map(|finding| finding.result).chain([Verdict::Pass]))
    }

    fn decided_by(&self, finding: &Finding) -> bool {
        finding.test_case.as_deref() == Some(self.id) && finding.level.strength() <= self.level.strength()
    }
}
