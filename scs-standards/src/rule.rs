//! Rules and test cases, which change at different times and for different reasons.
//!
//! A [`Rule`] is a requirement of a text. A [`TestCase`] is the official unit under which results are published; it
//! covers one or more rules. Which certificate requires which test case is defined elsewhere.

use std::fmt;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::context::Context;
use crate::document::DocumentId;
use crate::finding::{Cause, Finding, OtherProfile, Severity};
use crate::fix::Fix;
use crate::hint::Hint;
use crate::level::Level;
use crate::profile::Profile;
use crate::question::Question;
use crate::verdict::Verdict;

/// One checkable requirement of one or more documents.
///
/// Rules are `static` rows of a table that reads like the standard; `S` is the type of the subject.
pub struct Rule<S: ?Sized + 'static> {
    /// The id of the official test case if the rule is one, otherwise our own id in the same style.
    pub id: &'static str,
    /// How strongly the text requires it.
    pub level: Level,
    /// The documents that state it; the one in force comes first.
    pub documents: &'static [DocumentId],
    /// The section of the first document.
    pub section: &'static str,
    /// The requirement in one sentence.
    pub summary: &'static str,
    /// The official test case that the rule's findings count for, if any.
    pub test_case: Option<&'static str>,
    /// The question to the provider, if the rule is based on a declaration.
    pub question: Option<Question>,
    /// The check: a pure function of the subject and the context.
    pub check: fn(&S, &mut Recorder<'_, S>),
}

impl<S: ?Sized> fmt::Debug for Rule<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rule").field("id", &self.id).field("level", &self.level).finish_non_exhaustive()
    }
}

impl<S: ?Sized> Rule<S> {
    /// The governing document: the one in force among those that state the rule.
    ///
    /// # Panics
    ///
    /// Never, since every rule names a document, which a test verifies for each rule table.
    #[must_use]
    pub const fn document(&self) -> DocumentId {
        self.documents[0]
    }

    /// Makes the rule depend on a declaration under its own id.
    #[must_use]
    pub const fn asking(self, values: &'static str, example: &'static str) -> Self {
        let Self { id, level, documents, section, summary, test_case, question: _, check } = self;
        let question = Some(Question::new(values, example));
        Self { id, level, documents, section, summary, test_case, question, check }
    }

    /// Makes the rule depend on a declaration under a topic that it shares with other rules.
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

    /// Makes the rule count for an official test case with a different id.
    #[must_use]
    pub const fn for_test_case(self, test_case: &'static str) -> Self {
        let Self { id, level, documents, section, summary, test_case: _, question, check } = self;
        Self { id, level, documents, section, summary, test_case: Some(test_case), question, check }
    }

    /// Evaluates the rule for a subject.
    #[must_use]
    pub fn answer(&'static self, subject: &S, context: &Context<'_>) -> Answer {
        let mut recorder = Recorder {
            rule: self,
            context,
            findings: Vec::new(),
            verdict: Verdict::Pass,
            evidence_at: None,
            facts_as_of: None,
            holds_until: None,
        };
        (self.check)(subject, &mut recorder);
        let Recorder { findings, verdict, evidence_at, facts_as_of, holds_until, .. } = recorder;
        Answer { rule: self.id, verdict, findings, evidence_at, facts_as_of, holds_until }
    }
}

/// Runs the rules of the documents.
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

/// The common part of the rules in one section of a text, so that each rule takes one line of the table.
///
/// ```
/// use scs_standards::{DocumentId, Heading, Level, Recorder, Rule};
///
/// const SYNTAX: Heading = Heading { documents: &[DocumentId::version(999, 1)], section: "Syntax" };
/// static RULES: &[Rule<str>] = &[SYNTAX.rule("scs-0999-short", Level::Must, "a name is short", short)];
///
/// fn short(name: &str, rec: &mut Recorder<'_, str>) {
///     if name.len() > 8 {
///         rec.fail(name, "too long");
///     }
/// }
/// assert_eq!(RULES[0].document().to_string(), "scs-0999-v1");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Heading {
    /// The documents that state the rules; the one in force comes first.
    pub documents: &'static [DocumentId],
    /// The heading in the first document.
    pub section: &'static str,
}

impl Heading {
    /// A rule that is not an official test case under its own id.
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

/// The answer of a rule about a subject: a verdict and its reasons.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Answer {
    /// The rule id.
    pub rule: &'static str,
    /// The topmost result of the findings; PASS if there are none.
    pub verdict: Verdict,
    /// The findings, ordered by subject.
    pub findings: Vec<Finding>,
    /// The time of the oldest evidence, if that is not the check itself: the result of last month's test run
    /// is a month old (scs-0003-v2, *Concept definitions*). `None` if the inventory alone decides.
    pub evidence_at: Option<Timestamp>,
    /// The date of the oldest facts used, such as a list of releases; `None` if none were used.
    pub facts_as_of: Option<Timestamp>,
    /// The last moment for which the answer is known to hold without new data, such as the end of a declaration; `None` if it
    /// does not change over time.
    pub holds_until: Option<Timestamp>,
}

/// The verdicts of both profiles for a point on which the text and the official suite differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Split {
    /// By the text.
    pub text: Verdict,
    /// By the official suite.
    pub official: Verdict,
    /// The key of the difference, such as `C-025`.
    pub difference: &'static str,
}

impl Split {
    /// The result for a profile.
    #[must_use]
    pub const fn result(self, profile: Profile) -> Verdict {
        match profile {
            Profile::Text => self.text,
            Profile::Official => self.official,
        }
    }
}

/// Collects the findings of a running rule.
#[derive(Debug)]
pub struct Recorder<'a, S: ?Sized + 'static> {
    rule: &'static Rule<S>,
    context: &'a Context<'a>,
    findings: Vec<Finding>,
    verdict: Verdict,
    evidence_at: Option<Timestamp>,
    facts_as_of: Option<Timestamp>,
    holds_until: Option<Timestamp>,
}

/// The earlier of two times, one of which may be missing.
fn earlier(one: Option<Timestamp>, other: Timestamp) -> Timestamp {
    one.map_or(other, |one| one.min(other))
}

impl<'a, S: ?Sized> Recorder<'a, S> {
    /// The running rule; a check function may serve several rows of a table.
    #[must_use]
    pub const fn rule(&self) -> &'static Rule<S> {
        self.rule
    }

    /// The date, the profile and the declarations.
    #[must_use]
    pub const fn context(&self) -> &'a Context<'a> {
        self.context
    }

    /// The verdict so far: the topmost result, PASS if there is none.
    #[must_use]
    pub const fn verdict(&self) -> Verdict {
        self.verdict
    }

    /// Records that the answer is based on evidence from this time; the oldest one counts.
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

    /// Records that the answer is based on facts as of this time; the oldest one counts.
    pub fn rests_on_facts_of(&mut self, as_of: Timestamp) {
        self.facts_as_of = Some(earlier(self.facts_as_of, as_of));
    }

    /// Records that the answer may change after this moment without new data; the earliest one counts, and past ones do not.
    pub fn holds_until(&mut self, end: Timestamp) {
        if end >= self.context.at {
            self.holds_until = Some(earlier(self.holds_until, end));
        }
    }

    /// Records that the answer may change after this day (UTC).
    pub fn holds_through(&mut self, day: Date) {
        let next = day.tomorrow().ok().and_then(|next| next.to_zoned(TimeZone::UTC).ok());
        if let Some(end) = next.and_then(|next| next.timestamp().checked_sub(1.second()).ok()) {
            self.holds_until(end);
        }
    }

    /// Records that the requirement is broken.
    pub fn fail(&mut self, subject: impl fmt::Display, message: impl Into<String>) -> Entry<'_> {
        self.record(Verdict::Fail, self.rule.level.severity(), subject, message)
    }

    /// Records that required data were not given.
    pub fn miss(&mut self, subject: impl fmt::Display, message: impl Into<String>) -> Entry<'_> {
        self.record(Verdict::Miss, self.unanswered(), subject, message)
    }

    /// Records that data were given but cannot be used.
    pub fn dnf(&mut self, subject: impl fmt::Display, message: impl Into<String>) -> Entry<'_> {
        self.record(Verdict::Dnf, self.unanswered(), subject, message)
    }

    /// Records a warning that does not break the requirement.
    pub fn warn(&mut self, subject: impl fmt::Display, message: impl Into<String>) -> Entry<'_> {
        self.record(Verdict::Pass, Severity::Warning, subject, message)
    }

    /// Records a note.
    pub fn note(&mut self, subject: impl fmt::Display, message: impl Into<String>) -> Entry<'_> {
        self.record(Verdict::Pass, Severity::Info, subject, message)
    }

    /// Records a point on which the profiles differ: the selected profile decides, and the other's answer is kept.
    /// If the selected one passes, it is a note.
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

    /// The severity of a requirement that could not be evaluated: that of a violation.
    const fn unanswered(&self) -> Severity {
        self.rule.level.severity()
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
            hint: None,
            other_profile: None,
        });
        Entry(&mut self.findings[index])
    }
}

/// A recorded finding, to be completed.
#[derive(Debug)]
pub struct Entry<'a>(&'a mut Finding);

impl Entry<'_> {
    /// Adds the required and the actual state.
    #[expect(clippy::return_self_not_must_use, reason = "the finding is recorded already")]
    pub fn compared(self, expected: impl fmt::Display, actual: impl fmt::Display) -> Self {
        self.0.expected = Some(expected.to_string());
        self.0.actual = Some(actual.to_string());
        self
    }

    /// Adds a fix.
    #[expect(
        clippy::return_self_not_must_use,
        clippy::must_use_candidate,
        reason = "the finding is recorded already"
    )]
    pub fn repaired_by(self, fix: Fix) -> Self {
        self.0.fix = Some(fix);
        self
    }

    /// Adds a fix, if there is one.
    #[expect(
        clippy::return_self_not_must_use,
        clippy::must_use_candidate,
        reason = "the finding is recorded already"
    )]
    pub fn maybe_repaired_by(self, fix: Option<Fix>) -> Self {
        self.0.fix = fix;
        self
    }

    /// Adds the input that was missing or outdated.
    #[expect(clippy::return_self_not_must_use, reason = "the finding is recorded already")]
    pub fn hinting(self, hint: impl Into<Option<Hint>>) -> Self {
        self.0.hint = hint.into();
        self
    }

    /// Marks it as waiting for a declaration.
    #[expect(
        clippy::return_self_not_must_use,
        clippy::must_use_candidate,
        reason = "the finding is recorded already"
    )]
    pub fn undeclared(self) -> Self {
        self.0.cause = Cause::Undeclared;
        self
    }

    /// Overrides the severity given by the rule's level, for example for an invalid value of an optional property.
    #[expect(
        clippy::return_self_not_must_use,
        clippy::must_use_candidate,
        reason = "the finding is recorded already"
    )]
    pub fn with_severity(self, severity: Severity) -> Self {
        self.0.severity = severity;
        self
    }

    /// Assigns it to this official test case instead of the rule's own.
    #[expect(clippy::return_self_not_must_use, reason = "the finding is recorded already")]
    pub fn for_test_case(self, test_case: Option<&'static str>) -> Self {
        self.0.test_case = test_case.map(Into::into);
        self
    }

    /// Adds the verdict of the other profile.
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
    /// MUST for a test case of the target *main*, SHOULD for a recommended one.
    pub level: Level,
    /// The rules whose findings decide it.
    pub rules: &'static [&'static str],
}

impl TestCase {
    /// The result: the topmost of the decisive findings that count for it.
    ///
    /// A violated MUST is decisive. A violated SHOULD is decisive only if the test case itself is SHOULD or weaker; otherwise
    /// it is a warning. A MAY is decisive only for a MAY test case, which certificates recommend at most. `None` if none
    /// of its rules was evaluated.
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
