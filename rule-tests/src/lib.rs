//! Shared tests of rules over inventories: every rule answers PASS, FAIL and its boundary on subjects
//! from files; a rule without subjects fails.

#![expect(clippy::expect_used, clippy::panic, reason = "test helpers panic like tests")]

mod parts;
pub mod patch;
mod profiles;
pub mod says;
mod subject;

use std::collections::BTreeMap;

use scs_standards::{
    Cause, Context, Declarations, DeclaredValue, Profile, Rule, Strength, TestCase, Verdict,
};
use serde::de::DeserializeOwned;

pub use parts::Parts;
pub use profiles::{answer, differ};
pub use subject::{NoFacts, Subject};

/// The default time at which subjects are judged.
pub const AT: &str = "2026-11-24T00:00:00Z";

/// The subjects of a rule.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields, bound = "F: DeserializeOwned")]
struct Subjects<F> {
    passing: Subject<F>,
    /// Whether the rule cannot fail, because it only permits something.
    failing: Option<Subject<F>>,
    #[serde(default)]
    passing_only: bool,
    boundary: Subject<F>,
}

/// The rules of a crate, with a reader for their subjects; `F` is the type of external facts in the files.
#[derive(Clone, Copy, Debug)]
pub struct RuleTests<S: 'static, F> {
    /// The directory of the subject files.
    pub directory: &'static str,
    /// The rules for DNS.
    pub rules: fn() -> Vec<&'static Rule<S>>,
    /// The official test cases that they cover.
    pub cases: fn() -> Vec<&'static TestCase>,
    /// Parses the parts.
    pub read: fn(&Parts) -> S,
    /// Adds the external facts.
    pub complete: fn(S, &Subject<F>) -> S,
}

impl<S: Default, F: DeserializeOwned> RuleTests<S, F> {
    /// Builds the subject of the rules.
    #[must_use]
    pub fn subject(&self, subject: &Subject<F>) -> S {
        (self.complete)((self.read)(&subject.parts()), subject)
    }

    /// Parses a subject in the format of the files.
    ///
    /// # Panics
    ///
    /// If it is not a subject.
    #[must_use]
    pub fn written(&self, text: &str) -> Subject<F> {
        serde_saphyr::from_str(text).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    /// Finds a rule by its id.
    ///
    /// # Panics
    ///
    /// If there is no such rule.
    #[must_use]
    pub fn rule(&self, id: &str) -> &'static Rule<S> {
        let known = (self.rules)().into_iter().find(|known| known.id == id);
        known.unwrap_or_else(|| panic!("there is no rule {id}"))
    }

    /// Evaluates a rule for a subject in the format of the files.
    ///
    /// # Panics
    ///
    /// If there is no such rule, or the subject is invalid.
    #[must_use]
    pub fn verdict_of(&self, rule: &str, subject: &str) -> Verdict {
        let subject = self.written(subject);
        let declarations = subject.declarations(rule);
        self.rule(rule).answer(&self.subject(&subject), &subject.context(&declarations)).verdict
    }

    /// Asserts that rules give the same verdict for all these subjects.
    ///
    /// # Panics
    ///
    /// If they do not.
    #[track_caller]
    pub fn all_are(&self, expected: Verdict, subjects: &[(&str, &str)]) {
        for (rule, subject) in subjects {
            assert_eq!(self.verdict_of(rule, subject), expected, "{rule}: {subject}");
        }
    }

    fn all_subjects(&self) -> BTreeMap<String, Subjects<F>> {
        let mut subjects = BTreeMap::new();
        for file in std::fs::read_dir(self.directory).expect("the subjects").flatten() {
            let text = std::fs::read_to_string(file.path()).expect("a file of subjects");
            let own: BTreeMap<String, Subjects<F>> = serde_saphyr::from_str(&text)
                .unwrap_or_else(|error| panic!("{}: {error}", file.path().display()));
            for (rule, subject) in own {
                assert!(subjects.insert(rule.clone(), subject).is_none(), "{rule} occurs twice");
            }
        }
        subjects
    }

    /// The key of a rule's subjects: its id, plus the version of its document if two versions have a rule with that id.
    fn key(&self, rule: &'static Rule<S>) -> String {
        let same = (self.rules)().iter().filter(|other| other.id == rule.id).count();
        if same > 1 { format!("{} {}", rule.id, rule.document()) } else { rule.id.to_owned() }
    }

    /// Asserts that every rule has a passing, a failing and a boundary subject, each with the expected verdict and message.
    ///
    /// # Panics
    ///
    /// If not.
    pub fn subjects_are_judged(&self) {
        let subjects = self.all_subjects();
        let rules = (self.rules)();
        let mut wrong = Vec::new();
        for rule in &rules {
            let key = self.key(rule);
            let of_rule = subjects.get(&key).unwrap_or_else(|| panic!("{key} has no subjects"));
            assert!(
                of_rule.failing.is_some() != of_rule.passing_only,
                "{key}: either `failing` or `passing_only` is required"
            );
            let cases = [
                ("passing", Some(&of_rule.passing), Some(Verdict::Pass)),
                ("failing", of_rule.failing.as_ref(), Some(Verdict::Fail)),
                ("boundary", Some(&of_rule.boundary), of_rule.boundary.verdict),
            ];
            for (which, subject, expected) in cases {
                let Some(subject) = subject else { continue };
                let expected = expected.unwrap_or_else(|| panic!("{key}: the boundary has no verdict"));
                let declarations = subject.declarations(rule.id);
                let answer = rule.answer(&self.subject(subject), &subject.context(&declarations));
                let mismatch = says::wrong(&answer, expected, subject.says.as_deref());
                wrong.extend(mismatch.map(|mismatch| format!("{key}, {which}: {mismatch}")));
            }
        }
        assert!(wrong.is_empty(), "{} subjects:\n{}", wrong.len(), wrong.join("\n"));
        let is_of_none = |known: &&String| !rules.iter().any(|rule| self.key(rule) == **known);
        let unknown: Vec<_> = subjects.keys().filter(is_of_none).collect();
        assert!(unknown.is_empty(), "subjects without rule: {unknown:?}");
    }

    /// Asserts that no mandatory rule passes without data, or with unusable data.
    ///
    /// # Panics
    ///
    /// If one does.
    pub fn nothing_passes_by_absence(&self) {
        let (nothing, unusable) = (S::default(), (self.read)(&Parts::all("7")));
        let declarations = Declarations::default();
        for profile in Profile::ALL {
            let context = Context { at: AT.parse().expect("a time"), profile, declarations: &declarations };
            for rule in (self.rules)() {
                if rule.level.strength() == Strength::May {
                    continue;
                }
                let verdict = rule.answer(&nothing, &context).verdict;
                assert_eq!(verdict, Verdict::Miss, "{} without data", rule.id);
                let verdict = rule.answer(&unusable, &context).verdict;
                assert!(
                    verdict > Verdict::Fail && verdict != Verdict::Pass,
                    "{} over what cannot be used: {verdict}",
                    rule.id
                );
            }
        }
    }

    /// Asserts that rules have documents, sections and summaries, questions have examples that are facts, and test cases have rules.
    ///
    /// # Panics
    ///
    /// If not.
    pub fn rules_are_complete(&self) {
        let declarations = Declarations::default();
        let context =
            Context { at: AT.parse().expect("a time"), profile: Profile::Text, declarations: &declarations };
        for rule in (self.rules)() {
            let is_named = !rule.documents.is_empty() && !rule.section.is_empty() && !rule.summary.is_empty();
            assert!(is_named, "{}", rule.id);
            if let Some(question) = rule.question {
                let example: DeclaredValue = serde_saphyr::from_str(question.example)
                    .unwrap_or_else(|error| panic!("{}: {error}", rule.id));
                assert!(!matches!(example, DeclaredValue::Flag(_)), "{}: a plain yes is not a fact", rule.id);
            } else {
                let findings = rule.answer(&S::default(), &context).findings;
                let waits = findings.iter().any(|finding| finding.cause == Cause::Undeclared);
                assert!(!waits, "{} has no question", rule.id);
            }
        }
        for case in (self.cases)() {
            for rule in case.rules {
                assert_eq!(self.rule(rule).test_case, Some(case.id), "{rule}");
            }
        }
    }
}
