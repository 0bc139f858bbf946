//! Every rule for entropy answers PASS, FAIL and its boundary on subjects from a file; a rule without subjects fails.

#![expect(clippy::expect_used, reason = "helpers of tests fail as tests do")]

use std::collections::BTreeMap;

use scs_entropy::{
    ConsoleOutput, ENTROPY_DOCUMENTS, EntropyEvidence, EntropyRevision, check_entropy, entropy_rules,
    entropy_test_case, entropy_test_cases,
};
use scs_rule_tests::says;
use scs_standards::Listed;
use scs_standards::subject::{Flavor, Image};
use scs_standards::{
    Answer, Context, Declaration, Declarations, DeclaredValue, Given, Profile, Severity, Verdict,
};
use serde_json::{Map, Value, json};

const AT: &str = "2026-11-24T00:00:00Z";

/// A subject in the file.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Subject {
    console: Option<String>,
    probe: Option<Map<String, Value>>,
    hosts: Option<Value>,
    flavors: Option<Vec<NamedFlavor>>,
    images: Option<Vec<Image>>,
    revision: Option<EntropyRevision>,
    at: Option<String>,
    /// The declared value of the rule.
    declared: Option<DeclaredValue>,
    /// The expected text of a finding: its subject, a colon and a part of the message.
    says: Option<String>,
    /// The verdict, for a boundary.
    verdict: Option<Verdict>,
}

#[derive(serde::Deserialize)]
struct NamedFlavor {
    name: String,
    extra_specs: BTreeMap<String, String>,
}

#[derive(serde::Deserialize)]
struct Subjects {
    passing: Subject,
    failing: Subject,
    boundary: Subject,
}

impl Subject {
    fn evidence(&self) -> EntropyEvidence {
        let mut evidence = EntropyEvidence::default();
        if let Some(text) = &self.console {
            evidence = evidence.with_console_part(&Value::from(text.as_str()).to_string());
        }
        if let Some(probe) = &self.probe {
            let mut document = json!({"schema": "scs/entropy-probe/1", "kernel": "6.8.0-45-generic"});
            let fields = document.as_object_mut().expect("an object");
            fields.extend(probe.clone());
            evidence = evidence.with_console_part(&document.to_string());
        }
        if let Some(hosts) = &self.hosts {
            evidence = evidence.with_host_facts_part(&hosts.to_string());
        }
        if let Some(flavors) = &self.flavors {
            let flavor = |flavor: &NamedFlavor| Flavor {
                name: flavor.name.clone(),
                extra_specs: Some(flavor.extra_specs.clone()),
                ..Flavor::default()
            };
            let entries = flavors.iter().map(flavor).collect();
            evidence.flavors = Given::Data(Listed::new(entries, Vec::new()));
        }
        if let Some(images) = &self.images {
            evidence.images = Given::Data(Listed::new(images.clone(), Vec::new()));
        }
        evidence.revision = self.revision;
        evidence
    }

    fn declarations(&self, rule: &str) -> Declarations {
        let value = self.declared.iter().cloned();
        value
            .map(|value| Declaration {
                rule: rule.to_owned(),
                value,
                subjects: Vec::new(),
                statement: None,
                document: None,
                date: "2026-11-01".parse().expect("a day"),
                valid_until: "2026-12-31".parse().expect("a day"),
                responsible: None,
            })
            .collect()
    }
}

#[test]
fn every_rule_has_a_passing_a_failing_and_a_boundary_subject() {
    let subjects: BTreeMap<String, Subjects> =
        serde_saphyr::from_str(include_str!("subjects/entropy.yaml")).expect("subjects");
    let mut wrong = Vec::new();
    for rule in entropy_rules() {
        let subjects = subjects.get(rule.id).unwrap_or_else(|| panic!("{} has no subjects", rule.id));
        let cases = [
            ("passing", &subjects.passing, Some(Verdict::Pass)),
            ("failing", &subjects.failing, Some(Verdict::Fail)),
            ("boundary", &subjects.boundary, subjects.boundary.verdict),
        ];
        for (which, subject, expected) in cases {
            let expected = expected.unwrap_or_else(|| panic!("{}: its boundary has no verdict", rule.id));
            let at = subject.at.as_deref().unwrap_or(AT).parse().expect("a time");
            let declarations = subject.declarations(rule.id);
            let context = Context { at, profile: Profile::Text, declarations: &declarations };
            let answer = rule.answer(&subject.evidence(), &context);
            let mismatch = says::wrong(&answer, expected, subject.says.as_deref());
            wrong.extend(mismatch.map(|mismatch| format!("{}, {which}: {mismatch}", rule.id)));
        }
    }
    assert!(wrong.is_empty(), "{} subjects:\n{}", wrong.len(), wrong.join("\n"));
    let unknown: Vec<_> = subjects.keys().filter(|id| !entropy_rules().any(|rule| rule.id == **id)).collect();
    assert!(unknown.is_empty(), "subjects of no rule: {unknown:?}");
    println!("{} rules with a passing, a failing and a boundary subject", subjects.len());
}

#[test]
fn ids_are_unique_and_test_cases_name_rules() {
    let mut ids: Vec<&str> = entropy_rules().map(|rule| rule.id).collect();
    assert_eq!(ids.len(), 9);
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 9);
    for rule in entropy_rules() {
        assert!(!rule.section.is_empty() && !rule.summary.is_empty(), "{}", rule.id);
        assert_eq!(rule.documents, ENTROPY_DOCUMENTS, "{}", rule.id);
        assert_eq!(rule.test_case.is_some(), entropy_test_case(rule.id).is_some(), "{}", rule.id);
    }
    for case in entropy_test_cases() {
        for rule in case.rules {
            assert!(ids.contains(rule), "{} covers {rule}, which is not a rule", case.id);
        }
    }
}

fn answers(evidence: &EntropyEvidence, profile: Profile) -> Vec<Answer> {
    let declarations = Declarations::default();
    let context = Context { at: AT.parse().expect("a time"), profile, declarations: &declarations };
    check_entropy(evidence, &context, &ENTROPY_DOCUMENTS)
}

fn from_console(text: &str) -> EntropyEvidence {
    EntropyEvidence::default().with_console_part(&Value::from(text).to_string())
}

/// The answer of a rule to console output.
fn answer(rule: &str, text: &str, profile: Profile) -> Answer {
    answers(&from_console(text), profile).into_iter().find(|answer| answer.rule == rule).expect("a rule")
}

fn verdict(rule: &str, text: &str, profile: Profile) -> Verdict {
    answer(rule, text, profile).verdict
}

#[test]
fn missing_data_are_miss_and_unusable_data_are_dnf() {
    let without_asking = ["scs-0101-flavor-property", "scs-0101-image-property", "scs-0101-rngd"];
    for profile in Profile::ALL {
        for answer in answers(&EntropyEvidence::default(), profile) {
            let expected = if without_asking.contains(&answer.rule) { Verdict::Pass } else { Verdict::Miss };
            assert_eq!(answer.verdict, expected, "{}", answer.rule);
        }
        for answer in answers(&from_console("login: \n"), profile) {
            let expected = match answer.rule {
                "scs-0101-cpu-rng-unfiltered" => Verdict::Miss,
                rule if without_asking.contains(&rule) => Verdict::Pass,
                _ => Verdict::Dnf,
            };
            assert_eq!(answer.verdict, expected, "{}: {:#?}", answer.rule, answer.findings);
        }
    }
}

/// Former requirements no longer apply, and earlier ones match the suite.
#[test]
fn the_revision_depends_on_date_or_option() {
    let evidence = from_console("_scs-test-rngd: Unit rngd.service could not be found.\n_scs-test-end\n");
    let declarations = Declarations::default();
    for (at, revision, expected) in [
        ("2026-06-24T23:59:59Z", None, Verdict::Fail),
        ("2026-06-25T00:00:00Z", None, Verdict::Pass),
        (AT, Some(EntropyRevision::V1_0), Verdict::Fail),
        ("2024-03-01T00:00:00Z", Some(EntropyRevision::V1_1), Verdict::Pass),
    ] {
        let context =
            Context { at: at.parse().expect("a time"), profile: Profile::Text, declarations: &declarations };
        let mut evidence = evidence.clone();
        evidence.revision = revision;
        let answers = check_entropy(&evidence, &context, &ENTROPY_DOCUMENTS);
        let case = entropy_test_case("scs-0101-rngd").expect("a case");
        assert_eq!(case.verdict(&answers), Some(expected), "{at} {revision:?}");
        let findings =
            answers.iter().filter(|answer| answer.rule == case.id).flat_map(|answer| &answer.findings);
        if expected == Verdict::Pass {
            assert!(findings.into_iter().all(|finding| finding.severity == Severity::Info));
        }
    }
}

fn fips(successes: u64, failures: u64) -> String {
    format!(
        "_scs-test-fips-test: rngtest: FIPS 140-2 successes: {successes}\n_scs-test-fips-test: rngtest: FIPS 140-2 failures: {failures}\n_scs-test-end\n"
    )
}

/// C-059: at exactly 5 failures, the profiles differ.
#[test]
fn failures_are_counted_by_text_and_suite() {
    const RULE: &str = "scs-0101-fips-test";
    for (failures, text, official, is_told) in [
        (0, Verdict::Pass, Verdict::Pass, false),
        (3, Verdict::Pass, Verdict::Pass, false),
        (4, Verdict::Pass, Verdict::Pass, true),
        (5, Verdict::Fail, Verdict::Pass, true),
        (6, Verdict::Fail, Verdict::Fail, true),
    ] {
        let console = fips(1_000 - failures, failures);
        for (profile, expected, other) in
            [(Profile::Text, text, official), (Profile::Official, official, text)]
        {
            let answer = answer(RULE, &console, profile);
            assert_eq!(answer.verdict, expected, "{failures}, {profile}");
            assert_eq!(answer.findings.len(), usize::from(is_told), "{failures}, {profile}");
            for finding in &answer.findings {
                let told = finding.other_profile.as_ref().map(|other| (other.result, &*other.difference));
                assert_eq!(told, (expected != other).then_some((other, "C-059")), "{failures}, {profile}");
            }
        }
    }
    // Too few blocks are not enough; with more blocks, more may fail.
    assert_eq!(verdict(RULE, &fips(999, 0), Profile::Text), Verdict::Dnf);
    assert_eq!(verdict(RULE, &fips(999, 0), Profile::Official), Verdict::Pass);
    assert_eq!(verdict(RULE, &fips(9_951, 49), Profile::Text), Verdict::Pass);
    assert_eq!(verdict(RULE, &fips(9_950, 50), Profile::Text), Verdict::Fail);
    let without = "_scs-test-fips-test: rngtest: FIPS 140-2 failures: 0\n_scs-test-end\n";
    assert_eq!(verdict(RULE, without, Profile::Text), Verdict::Dnf);
    let bits = format!("_scs-test-fips-test: rngtest: bits received from input: 20000032\n{without}");
    assert_eq!(verdict(RULE, &bits, Profile::Text), Verdict::Pass);
}

/// C-061: the message names the kernel.
#[test]
fn messages_name_the_kernel() {
    let console = "[    0.000000] Linux version 5.4.0-190-generic (buildd@lcy02)\n_scs-test-entropy-avail: 3400\n_scs-test-end\n";
    let answer = answer("scs-0101-entropy-avail", console, Profile::Text);
    assert!(answer.findings[0].message.contains("5.4.0-190-generic"), "{:#?}", answer.findings);
    assert_eq!(verdict("scs-0101-kernel", console, Profile::Text), Verdict::Fail);
    let pinned = console.replace("3400", "256");
    assert_eq!(verdict("scs-0101-kernel", &pinned, Profile::Text), Verdict::Pass);
    let untold = "_scs-test-kernel: 5.15.0-47-generic\n_scs-test-end\n";
    assert_eq!(verdict("scs-0101-kernel", untold, Profile::Text), Verdict::Dnf);
}

/// A command echoed by the console is not a result; the suite counts it as one.
#[test]
fn echoed_commands_are_results_only_for_the_suite() {
    let console = "cloud-init: cat entropy_avail | awk '$0=\"_scs-test-entropy-avail: \"$0'\n_scs-test-entropy-avail: 256\n_scs-test-end\n";
    assert_eq!(verdict("scs-0101-entropy-avail", console, Profile::Text), Verdict::Pass);
    assert_eq!(verdict("scs-0101-entropy-avail", console, Profile::Official), Verdict::Fail);
}

#[test]
fn instructions_are_compared_with_all_hosts() {
    use Verdict::{Dnf, Fail, Pass};
    let console = |flags: &str| format!("_scs-test-cpu-flags: flags : {flags}\n_scs-test-end\n");
    let verdicts = |flags: &str, hosts: &str| {
        let evidence = from_console(&console(flags)).with_host_facts_part(hosts);
        let answers = answers(&evidence, Profile::Text);
        let of = |rule| answers.iter().find(|answer| answer.rule == rule).expect("a rule").verdict;
        (of("scs-0101-cpu-rng"), of("scs-0101-cpu-rng-unfiltered"))
    };
    assert_eq!(verdicts("rdrand rdseed", r#"[{"cpu_flags": "rdrand rdseed"}]"#), (Pass, Pass));
    assert_eq!(verdicts("rdrand", r#"[{"cpu_flags": "rdrand rdseed"}]"#), (Pass, Fail));
    assert_eq!(verdicts("rdrand", r#"[{"cpu_flags": "rdrand"}, {"cpu_flags": "sse2"}]"#), (Fail, Pass));
    assert_eq!(verdicts("rdrand", r#"[{"cpu_flags": "rdrand"}, {"cpu_flags": 7}]"#), (Dnf, Dnf));
    assert_eq!(verdicts("rdrand", r#"[{"cpu_flags": "rng", "architecture": "arm64"}]"#), (Pass, Dnf));
    assert_eq!(verdicts("rdrand", "[]"), (Dnf, Dnf));
    // A VM that has all flags cannot have any hidden from it.
    for (flags, expected) in
        [("flags : rdrand rdseed", Pass), ("Features : rng", Pass), ("flags : rdrand", Verdict::Miss)]
    {
        let console = format!("_scs-test-cpu-flags: {flags}\n_scs-test-end\n");
        assert_eq!(verdict("scs-0101-cpu-rng-unfiltered", &console, Profile::Text), expected, "{flags}");
    }
    // Without a VM, the facts about hosts are enough.
    let hosts = EntropyEvidence::default().with_host_facts_part(r#"{"one": {"cpu_flags": ["rdrand"]}}"#);
    let answers = answers(&hosts, Profile::Text);
    let of = |rule| answers.iter().find(|answer| answer.rule == rule).expect("a rule").verdict;
    assert_eq!((of("scs-0101-cpu-rng"), of("scs-0101-cpu-rng-unfiltered")), (Pass, Verdict::Miss));
}

#[test]
fn a_probe_and_its_lines_agree() {
    let document = json!({
        "schema": "scs/entropy-probe/1", "entropy_available": 256, "kernel": "6.1.0-26-cloud-amd64", "rngd": "stopped",
        "hwrng_available": ["virtio_rng.0"], "hwrng_current": "virtio_rng.0",
        "cpu": {"kind": "x86", "flags": ["fpu", "rdrand"]},
    });
    let part = ConsoleOutput::from_part(&document.to_string()).expect("a probe");
    let probe: scs_entropy::ProbeDocument = serde_json::from_value(document).expect("a probe");
    assert_eq!(ConsoleOutput::read(&probe.marker_lines()).expect("lines"), part);
    assert!(part.problems.is_empty() && part.is_complete);
}

#[test]
fn markers_in_kernel_messages_are_not_results_by_the_text() {
    let spoofed = "[    3.1] printk: _scs-test-entropy-avail: 256\n\
        [    4.1] usb 1-1: Product: _scs-test-fips-test: rngtest: FIPS 140-2 successes: 1000\n\
        [    4.2] usb 1-1: Product: _scs-test-fips-test: rngtest: FIPS 140-2 failures: 0\n";
    for (profile, expected) in [(Profile::Text, Verdict::Dnf), (Profile::Official, Verdict::Pass)] {
        let answers = answers(&from_console(spoofed), profile);
        for case in ["scs-0101-entropy-avail", "scs-0101-fips-test"] {
            let case = entropy_test_case(case).expect("a test case");
            assert_eq!(case.verdict(&answers), Some(expected), "{} {profile}", case.id);
        }
        if profile == Profile::Text {
            let told = answers.iter().flat_map(|answer| &answer.findings);
            assert!(
                told.into_iter().any(|finding| finding.message.contains("inside messages of the kernel"))
            );
        }
    }
}

#[test]
fn inconsistent_figures_are_dnf() {
    let fips = |figures: &Value| {
        let document = json!({"schema": "scs/entropy-probe/1", "fips": figures});
        // A document pasted as a string is recognized.
        let console = Value::from(document.to_string()).to_string();
        let answers = answers(&EntropyEvidence::default().with_console_part(&console), Profile::Text);
        entropy_test_case("scs-0101-fips-test").expect("a test case").verdict(&answers)
    };
    let mut figures = json!({
        "bits": 20_000_032, "successes": 1000, "failures": 0,
        "monobit": 0, "poker": 0, "runs": 0, "long_run": 0, "continuous_run": 0,
    });
    assert_eq!(fips(&figures), Some(Verdict::Pass));
    figures["runs"] = json!(900);
    assert_eq!(fips(&figures), Some(Verdict::Dnf));
    figures["runs"] = json!(0);
    figures["bits"] = json!(20_032);
    assert_eq!(fips(&figures), Some(Verdict::Dnf));
    figures["bits"] = json!(20_000_032);
    (figures["successes"], figures["failures"]) = (json!(999), json!(1));
    assert_eq!(fips(&figures), Some(Verdict::Dnf));
}

#[test]
fn blocks_of_another_device_do_not_count() {
    let document = json!({"schema": "scs/entropy-probe/1", "device": "/dev/hwrng", "fips": {
        "bits": 20_000_032, "successes": 1000, "failures": 0,
        "monobit": 0, "poker": 0, "runs": 0, "long_run": 0, "continuous_run": 0,
    }});
    let evidence = EntropyEvidence::default().with_console_part(&document.to_string());
    let answers = answers(&evidence, Profile::Text);
    let case = entropy_test_case("scs-0101-fips-test").expect("a test case");
    assert_eq!(case.verdict(&answers), Some(Verdict::Dnf));
}

#[test]
fn revision_1_0_applies_through_its_last_day() {
    // C-057: an image without `hw_rng_model` is fine since 1.1. C-058: the test cases left stable versions on a day.
    let mut evidence = from_console("_scs-test-rngd: Unit rngd.service could not be found.\n_scs-test-end\n");
    evidence.images = Given::Data(Listed::new(vec![Image::default()], Vec::new()));
    let declarations = Declarations::default();
    for (at, expected) in [("2026-06-24T00:00:00Z", Verdict::Fail), ("2026-06-25T00:00:00Z", Verdict::Pass)] {
        let context =
            Context { at: at.parse().expect("a time"), profile: Profile::Text, declarations: &declarations };
        let answers = check_entropy(&evidence, &context, &ENTROPY_DOCUMENTS);
        for case in ["scs-0101-image-property", "scs-0101-rngd"] {
            let case = entropy_test_case(case).expect("a test case");
            assert_eq!(case.verdict(&answers), Some(expected), "{}, {at}: C-057, C-058", case.id);
        }
    }
}
