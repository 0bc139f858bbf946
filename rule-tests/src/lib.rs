//! What the tests of rules over inventories share: every rule answers PASS, FAIL and its boundary on subjects of its own, which
//! stand in files; a rule without subjects fails.

#![expect(clippy::expect_used, clippy::panic, reason = "helpers of tests fail as tests do")]

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

/// When the subjects are judged that say nothing else.
pub const AT: &str = "2026-11-24T00:00:00Z";

/// The subjects of a rule.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields, bound = "F: DeserializeOwned")]
struct Subjects<F> {
    passing: Subject<F>,
    /// A rule that only says what may be done fails nothing.
    failing: Option<Subject<F>>,
    #[serde(default)]
    passing_only: bool,
    boundary: Subject<F>,
}

/// The rules of a crate with what reads a subject of theirs; `F` is what subjects say of the world beside themselves.
#[derive(Clone, Copy, Debug)]
pub struct RuleTests<S: 'static, F> {
    /// Where the files of subjects are.
    pub directory: &'static str,
    /// The rules for DNS.
    pub rules: fn() -> Vec<&'static Rule<S>>,
    /// The official test cases that they cover.
    pub cases: fn() -> Vec<&'static TestCase>,
    /// Reads the parts.
    pub read: fn(&Parts) -> S,
    /// Adds what the subject says beside its parts.
    pub complete: fn(S, &Subject<F>) -> S,
}

impl<S: Default, F: DeserializeOwned> RuleTests<S, F> {
    /// The subject as rules see it.
    #[must_use]
    pub fn subject(&self, subject: &Subject<F>) -> S {
        (self.complete)((self.read)(&subject.parts()), subject)
    }

    /// A subject that is written as those in the files.
    ///
    /// # Panics
    ///
    /// When it is none.
    #[must_use]
    pub fn written(&self, text: &str) -> Subject<F> {
        serde_saphyr::from_str(text).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    /// The rule of an id.
    ///
    /// # Panics
    ///
    /// When there is none.
    #[must_use]
    pub fn rule(&self, id: &str) -> &'static Rule<S> {
        let known = (self.rules)().into_iter().find(|known| known.id == id);
        known.unwrap_or_else(|| panic!("no rule {id}"))
    }

    /// What a rule says of a subject that is written as those in the files.
    ///
    /// # Panics
    ///
    /// When there is no such rule, and when it is no subject.
    #[must_use]
    pub fn verdict_of(&self, rule: &str, subject: &str) -> Verdict {
        let subject = self.written(subject);
        let declarations = subject.declarations(rule);
        self.rule(rule).answer(&self.subject(&subject), &subject.context(&declarations)).verdict
    }

    /// Whether rules say the same of all these subjects.
    ///
    /// # Panics
    ///
    /// When they do not.
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
                assert!(subjects.insert(rule.clone(), subject).is_none(), "{rule} is there twice");
            }
        }
        subjects
    }

    /// The key of a rule's subjects: its id, and the version of its document where two versions have a rule of that id.
    fn key(&self, rule: &'static Rule<S>) -> String {
        let same = (self.rules)().iter().filter(|other| other.id == rule.id).count();
        if same > 1 { format!("{} {}", rule.id, rule.document()) } else { rule.id.to_owned() }
    }

    /// Every rule has a passing, a failing and a boundary subject, and says of each what it should, with a reason.
    ///
    /// # Panics
    ///
    /// When it is not so.
    pub fn subjects_are_judged(&self) {
        let subjects = self.all_subjects();
        let rules = (self.rules)();
        let mut wrong = Vec::new();
        for rule in &rules {
            let key = self.key(rule);
            let of_rule = subjects.get(&key).unwrap_or_else(|| panic!("{key} has no subjects"));
            assert!(of_rule.failing.is_some() != of_rule.passing_only, "{key}: it fails, or it cannot");
            let cases = [
                ("passing", Some(&of_rule.passing), Some(Verdict::Pass)),
                ("failing", of_rule.failing.as_ref(), Some(Verdict::Fail)),
                ("boundary", Some(&of_rule.boundary), of_rule.boundary.verdict),
            ];
            for (which, subject, expected) in cases {
                let Some(subject) = subject else { continue };
                let expected = expected.unwrap_or_else(|| panic!("{key}: its boundary has no verdict"));
                let declarations = subject.declarations(rule.id);
                let answer = rule.answer(&self.subject(subject), &subject.context(&declarations));
                let told = says::wrong(&answer, expected, subject.says.as_deref());
                wrong.extend(told.map(|told| format!("{key}, {which}: {told}")));
            }
        }
        assert!(wrong.is_empty(), "{} subjects:\n{}", wrong.len(), wrong.join("\n"));
        let is_of_none = |known: &&String| !rules.iter().any(|rule| self.key(rule) == **known);
        let unknown: Vec<_> = subjects.keys().filter(is_of_none).collect();
        assert!(unknown.is_empty(), "subjects of no rule: {unknown:?}");
    }

    /// No rule that obliges passes where nothing was given, or where nothing of it can be used.
    ///
    /// # Panics
    ///
    /// When one does.
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
                assert_eq!(verdict, Verdict::Miss, "{} over nothing", rule.id);
                let verdict = rule.answer(&unusable, &context).verdict;
                assert!(
                    verdict > Verdict::Fail && verdict != Verdict::Pass,
                    "{} over what cannot be used: {verdict}",
                    rule.id
                );
            }
        }
    }

    /// Rules have documents, sections and summaries, questions have examples that are facts, and test cases know their rules.
    ///
    /// # Panics
    ///
    /// When it is not so.
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
                assert!(!matches!(example, DeclaredValue::Flag(_)), "{}: a bare yes is no fact", rule.id);
            } else {
                let findings = rule.answer(&S::default(), &context).findings;
                let waits = findings.iter().any(|finding| finding.cause == Cause::Undeclared);
                assert!(!waits, "{} asks without a question", rule.id);
            }
        }
        for case in (self.cases)() {
            for rule in case.rules {
                assert_eq!(self.rule(rule).test_case, Some(case.id), "{rule}");
            }
        }
    }
}
