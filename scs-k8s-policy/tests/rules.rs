//! Every cluster rule is tested with PASS, FAIL and boundary subjects; a rule without subjects fails.

#![expect(clippy::expect_used, reason = "helpers of tests fail as tests do")]

use std::collections::BTreeMap;

use scs_k8s_policy::{
    Cluster, ConformanceFacts, CveRecords, KubernetesFacts, Releases, k8s_rules, k8s_test_cases,
    reduced_command,
};
use scs_rule_tests::RuleTests;
use scs_standards::{Given, Verdict};
use serde_json::{Value, json};

/// Facts in the subject files: versions with release times, branches with end-of-life dates, and CVE records.
#[derive(Default, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Facts {
    releases: BTreeMap<String, String>,
    ends_of_life: BTreeMap<String, String>,
    cves: Option<Vec<Value>>,
    /// The number of network policy tests by branch; defaults to the built-in ones.
    network_policy_tests: BTreeMap<String, usize>,
}

impl Facts {
    fn conformance(&self) -> ConformanceFacts {
        let embedded = ConformanceFacts::embedded().clone();
        if self.network_policy_tests.is_empty() {
            return embedded;
        }
        let rows = self.network_policy_tests.iter();
        let rows: Vec<Value> =
            rows.map(|(branch, tests)| json!({"branch": branch, "tests": tests})).collect();
        let counted: ConformanceFacts =
            json!({"network_policy_tests": rows}).to_string().parse().expect("facts");
        counted.with_exceptions_of(embedded)
    }

    fn read(&self) -> KubernetesFacts {
        let releases: Vec<Value> = self
            .releases
            .iter()
            .map(|(version, at)| json!({"tag_name": version, "published_at": at, "draft": false, "prerelease": false}))
            .collect();
        let releases: Releases = Value::from(releases).to_string().parse().expect("releases");
        let ends = self.ends_of_life.iter();
        let ends = ends.map(|(branch, end)| (branch.parse().expect("a branch"), end.parse().expect("a day")));
        let facts = KubernetesFacts::default().with_releases(releases).with_ends_of_life(ends.collect());
        match &self.cves {
            None => facts,
            Some(records) => facts
                .with_cves(Value::from(records.clone()).to_string().parse::<CveRecords>().expect("records")),
        }
    }
}

const TESTS: RuleTests<Cluster, Facts> = RuleTests {
    directory: concat!(env!("CARGO_MANIFEST_DIR"), "/tests/subjects"),
    rules: || k8s_rules().collect(),
    cases: || k8s_test_cases().collect(),
    read: |parts| Cluster::read(|part| parts.given(part)),
    complete: |cluster, subject| match &subject.facts {
        Some(facts) => cluster.with_facts(facts.read()).with_conformance_facts(facts.conformance()),
        None => cluster,
    },
};

#[test]
fn every_rule_has_a_passing_a_failing_and_a_boundary_subject() {
    TESTS.subjects_are_judged();
}

/// The tests with what a collector keeps of commands.
const REDUCED: RuleTests<Cluster, Facts> = RuleTests {
    read: |parts| {
        let reduced: BTreeMap<&str, String> = ["pods", "daemon_sets"]
            .into_iter()
            .filter_map(|part| Some((part, with_reduced_commands(parts.given(part).data()?))))
            .collect();
        Cluster::read(|part| {
            reduced.get(part).map_or_else(|| parts.given(part), |text| Given::Data(text.as_str()))
        })
    },
    ..TESTS
};

fn with_reduced_commands(json: &str) -> String {
    fn reduce(value: &mut Value) {
        match value {
            Value::Array(list) => list.iter_mut().for_each(reduce),
            Value::Object(map) => {
                for (key, value) in map {
                    let words: Option<Vec<String>> =
                        value.as_array().filter(|_| key == "command" || key == "args").and_then(|words| {
                            words.iter().map(|word| word.as_str().map(str::to_owned)).collect()
                        });
                    match words {
                        Some(words) => *value = json!(reduced_command(&words)),
                        None => reduce(value),
                    }
                }
            }
            _ => {}
        }
    }
    serde_json::from_str(json).map_or_else(
        |_| json.to_owned(),
        |mut value: Value| {
            reduce(&mut value);
            value.to_string()
        },
    )
}

#[test]
fn what_is_kept_of_commands_decides_every_rule() {
    REDUCED.subjects_are_judged();
}

#[test]
fn nothing_that_obliges_passes_by_absence() {
    TESTS.nothing_passes_by_absence();
}

#[test]
fn rules_have_documents_sections_and_questions_with_examples() {
    TESTS.rules_are_complete();
}

#[test]
fn negative_words_are_not_values() {
    for word in
        ["unknown", "not known", "nobody knows", "no document", "will follow", "tbc", "unbekannt", "disabled"]
    {
        let cluster = "cluster: { offered_versions: [v1.36.4] }";
        let classes = "cluster: { ingress_classes: [] }";
        for (rule, subject) in [
            ("scs-0219-ingress", format!("{{ {classes}, declared: {word} }}")),
            ("scs-0215-etcd-backup-encrypted", format!("{{ declared: {word} }}")),
            ("scs-0210-tested", format!("{{ {cluster}, declared: {{ v1.36.4: {word} }} }}")),
            ("scs-0210-tested", format!("{{ {cluster}, declared: {{ v1.36.4: {word}. }} }}")),
            ("node-distribution-check", format!("{{ declared: {{ c1: rack1, c2: {word} }} }}")),
            (
                "scs-0212-required-features",
                format!("{{ declarations: {{ registry-features: {{ audit-logs: {word} }} }} }}"),
            ),
        ] {
            assert_eq!(TESTS.verdict_of(rule, &subject), Verdict::Dnf, "{rule}: {subject}");
        }
    }
}

#[test]
fn errors_of_end_to_end_tests_do_not_pass() {
    let run = |run: &str| {
        format!("{{ cluster: {{ offered_versions: [v1.36.4] }}, declared: {{ v1.36.4: {run} }} }}")
    };
    for (declared, expected) in [
        ("{ passed: 411, failed: 0, errors: 2 }", Verdict::Fail),
        ("{ passed: 411, failed: 0, broken: 2 }", Verdict::Dnf),
        ("{ passed: 411, failed: 0, errors: 0, skipped: 6500 }", Verdict::Pass),
    ] {
        assert_eq!(TESTS.verdict_of("scs-0210-tested-e2e", &run(declared)), expected, "{declared}");
    }
}
