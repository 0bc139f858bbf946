//! Every rule over clusters answers PASS, FAIL and its boundary on subjects of its own; a rule without subjects fails.

#![expect(clippy::expect_used, clippy::panic, reason = "helpers of tests fail as tests do")]

use std::collections::BTreeMap;

use scs_k8s_policy::{Cluster, CveRecords, KubernetesFacts, Releases, k8s_rules, k8s_test_cases};
use scs_standards::{Context, Declaration, Declarations, DeclaredValue, Given, Profile, Rule, Verdict};
use serde_json::{Value, json};

const AT: &str = "2026-11-24T00:00:00Z";

/// A subject as the files have it.
#[derive(Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Subject {
    /// The parts of the cluster, as an inventory has them.
    #[serde(default)]
    cluster: BTreeMap<String, Value>,
    /// What is known of Kubernetes, where it is not what the crate knows.
    facts: Option<Facts>,
    at: Option<String>,
    /// The declared value of the rule.
    declared: Option<DeclaredValue>,
    /// The document that the declaration names.
    document: Option<String>,
    /// What is declared of other rules or topics.
    #[serde(default)]
    declarations: BTreeMap<String, DeclaredValue>,
    /// Whether it is about the official suite, where the text asks for nothing.
    #[serde(default)]
    official: bool,
    /// Given for a boundary.
    verdict: Option<Verdict>,
}

/// Facts as the files have them: versions with the times of their release, branches with their last days, and records.
#[derive(Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Facts {
    #[serde(default)]
    releases: BTreeMap<String, String>,
    #[serde(default)]
    ends_of_life: BTreeMap<String, String>,
    cves: Option<Vec<Value>>,
}

impl Facts {
    fn read(&self) -> KubernetesFacts {
        let releases: Vec<Value> = self
            .releases
            .iter()
            .map(|(version, at)| json!({"tag_name": version, "published_at": at, "draft": false, "prerelease": false}))
            .collect();
        let releases = Releases::read(&Value::from(releases).to_string()).expect("releases");
        let ends = self.ends_of_life.iter();
        let ends = ends.map(|(branch, end)| (branch.parse().expect("a branch"), end.parse().expect("a day")));
        let facts = KubernetesFacts::default().with_releases(releases).with_ends_of_life(ends.collect());
        match &self.cves {
            None => facts,
            Some(records) => {
                facts.with_cves(CveRecords::read(&Value::from(records.clone()).to_string()).expect("records"))
            }
        }
    }
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Subjects {
    passing: Subject,
    /// A rule that only says what may be done fails nothing.
    failing: Option<Subject>,
    #[serde(default)]
    passing_only: bool,
    boundary: Subject,
}

impl Subject {
    fn cluster(&self) -> Cluster {
        let parts: BTreeMap<&str, String> =
            self.cluster.iter().map(|(name, value)| (name.as_str(), value.to_string())).collect();
        let cluster = Cluster::read(|part| match (self.cluster.get(part), parts.get(part)) {
            (Some(value), _) if value.get("unavailable").is_some() => {
                Given::Unusable(value["unavailable"].to_string())
            }
            (Some(_), Some(json)) => Given::Data(json.as_str()),
            _ => Given::Not,
        });
        match &self.facts {
            Some(facts) => cluster.with_facts(facts.read()),
            None => cluster,
        }
    }

    fn declarations(&self, rule: &str) -> Declarations {
        let declaration = |rule: &str, value: &DeclaredValue| Declaration {
            rule: rule.to_owned(),
            value: value.clone(),
            subjects: Vec::new(),
            statement: None,
            document: self.document.clone(),
            date: "2026-10-01".parse().expect("a date"),
            valid_until: "2026-12-31".parse().expect("a date"),
            responsible: None,
        };
        let own = self.declared.iter().map(|value| declaration(rule, value));
        own.chain(self.declarations.iter().map(|(rule, value)| declaration(rule, value))).collect()
    }
}

fn all_subjects() -> BTreeMap<String, Subjects> {
    let mut subjects = BTreeMap::new();
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/subjects");
    for file in std::fs::read_dir(directory).expect("the subjects").flatten() {
        let text = std::fs::read_to_string(file.path()).expect("a file of subjects");
        let own: BTreeMap<String, Subjects> = serde_saphyr::from_str(&text)
            .unwrap_or_else(|error| panic!("{}: {error}", file.path().display()));
        for (rule, subject) in own {
            assert!(subjects.insert(rule.clone(), subject).is_none(), "{rule} is there twice");
        }
    }
    subjects
}

/// The key of a rule's subjects: its id, and the version of its document where two versions have a rule of that id.
fn key(rule: &'static Rule<Cluster>) -> String {
    let same = k8s_rules().filter(|other| other.id == rule.id).count();
    if same > 1 { format!("{} {}", rule.id, rule.document()) } else { rule.id.to_owned() }
}

#[test]
fn every_rule_has_a_passing_a_failing_and_a_boundary_subject() {
    let subjects = all_subjects();
    for rule in k8s_rules() {
        let of_rule = subjects.get(&key(rule)).unwrap_or_else(|| panic!("{} has no subjects", key(rule)));
        assert!(of_rule.failing.is_some() != of_rule.passing_only, "{}: it fails, or it cannot", rule.id);
        let boundary = of_rule.boundary.verdict;
        let cases = [
            ("passing", Some(&of_rule.passing), Some(Verdict::Pass)),
            ("failing", of_rule.failing.as_ref(), Some(Verdict::Fail)),
            ("boundary", Some(&of_rule.boundary), boundary),
        ];
        for (which, subject, expected) in cases {
            let Some(subject) = subject else { continue };
            let expected = expected.unwrap_or_else(|| panic!("{}: its boundary has no verdict", rule.id));
            let at = subject.at.as_deref().unwrap_or(AT).parse().expect("a time");
            let declarations = subject.declarations(rule.id);
            let profile = if subject.official { Profile::Official } else { Profile::Text };
            let context = Context { at, profile, declarations: &declarations };
            let answer = rule.answer(&subject.cluster(), &context);
            assert_eq!(answer.verdict, expected, "{}, {which}: {:#?}", rule.id, answer.findings);
            assert!(expected == Verdict::Pass || !answer.findings.is_empty(), "{}: no reason given", rule.id);
        }
    }
    let unknown: Vec<_> =
        subjects.keys().filter(|known| !k8s_rules().any(|rule| key(rule) == **known)).collect();
    assert!(unknown.is_empty(), "subjects of no rule: {unknown:?}");
}

#[test]
fn nothing_passes_that_obliges_and_was_not_given() {
    let declarations = Declarations::default();
    for profile in Profile::ALL {
        let context = Context { at: AT.parse().expect("a time"), profile, declarations: &declarations };
        for rule in k8s_rules() {
            let verdict = rule.answer(&Cluster::default(), &context).verdict;
            let obliges = rule.level.strength() != scs_standards::Strength::May;
            assert!(!obliges || verdict == Verdict::Miss, "{} over nothing: {verdict}", rule.id);
        }
    }
}

#[test]
fn unusable_parts_are_dnf_and_never_pass() {
    let declarations = Declarations::default();
    for profile in Profile::ALL {
        let context = Context { at: AT.parse().expect("a time"), profile, declarations: &declarations };
        let cluster = Cluster::read(|_| Given::Data("7"));
        for rule in k8s_rules() {
            let verdict = rule.answer(&cluster, &context).verdict;
            let obliges = rule.level.strength() != scs_standards::Strength::May;
            assert!(
                !obliges || verdict > Verdict::Fail && verdict != Verdict::Pass,
                "{}: {verdict}",
                rule.id
            );
        }
    }
}

#[test]
fn rules_have_documents_sections_and_questions_with_examples() {
    let declarations = Declarations::default();
    let context =
        Context { at: AT.parse().expect("a time"), profile: Profile::Text, declarations: &declarations };
    for rule in k8s_rules() {
        assert!(
            !rule.documents.is_empty() && !rule.section.is_empty() && !rule.summary.is_empty(),
            "{}",
            rule.id
        );
        if let Some(question) = rule.question {
            let example: DeclaredValue = serde_saphyr::from_str(question.example)
                .unwrap_or_else(|error| panic!("{}: {error}", rule.id));
            assert!(!matches!(example, DeclaredValue::Flag(_)), "{}: a bare yes is no fact", rule.id);
        } else {
            let findings = rule.answer(&Cluster::default(), &context).findings;
            let waits = findings.iter().any(|finding| finding.message.contains("not declared"));
            assert!(!waits, "{} asks without a question", rule.id);
        }
    }
    for case in k8s_test_cases() {
        for rule in case.rules {
            let known = k8s_rules().find(|known| known.id == *rule);
            let known = known.unwrap_or_else(|| panic!("{} covers {rule}, which is no rule", case.id));
            assert_eq!(known.test_case, Some(case.id), "{rule}");
        }
    }
}
