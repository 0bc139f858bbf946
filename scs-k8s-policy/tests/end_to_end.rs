//! Rules for end-to-end tests and networking: differences between text and official suite, and messages of findings.

use std::fmt::Write;

use scs_k8s_policy::{Cluster, k8s_rules};
use scs_rule_tests::Parts;
use scs_standards::{Answer, Profile, Severity, Verdict};
use serde_json::{Value, json};

use Verdict::{Dnf, Fail, Miss, Pass};

fn answer(rule: &str, parts: &Value, profile: Profile) -> Answer {
    let parts = Parts::of(parts);
    let cluster = Cluster::read(|part| parts.given(part));
    scs_rule_tests::answer(k8s_rules(), rule, &cluster, profile)
}

/// Asserts the verdict of the text, and that a message contains this.
fn says(rule: &str, cluster: &Value, verdict: Verdict, message: &str) -> Answer {
    let answer = answer(rule, cluster, Profile::Text);
    assert_eq!(answer.verdict, verdict, "{rule}: {:#?}", answer.findings);
    let told: Vec<_> = answer.findings.iter().map(|finding| finding.message.as_str()).collect();
    assert!(told.iter().any(|told| told.contains(message)), "{rule}: {told:#?}");
    answer
}

/// Asserts the verdicts of both profiles, and that each cites the difference.
#[track_caller]
fn differ(key: &str, rule: &str, parts: &Value, text: Verdict, official: Verdict) {
    let answer = |rule: &str, profile| answer(rule, parts, profile);
    scs_rule_tests::differ(key, rule, answer, text, official);
}

/// JUnit XML as written by the end-to-end tests: all tests of a suite, most of them skipped.
fn junit(started: &str, properties: &str, cases: &[(&str, &str)], others: usize) -> String {
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites><testsuite name=\"Kubernetes e2e suite\" timestamp=\"{started}\">\
         <properties>{properties}</properties><testcase name=\"[SynchronizedBeforeSuite]\" classname=\"Kubernetes e2e suite\" status=\"passed\"></testcase>"
    );
    let mut case = |name: &str, inner: &str| {
        let written = write!(
            text,
            "<testcase name=\"[It] {name}\" classname=\"Kubernetes e2e suite\" time=\"0\">{inner}</testcase>"
        );
        assert!(written.is_ok());
    };
    for number in 0..others {
        case(&format!("[sig-storage] test {number} [Slow]"), "<skipped message=\"skipped\"></skipped>");
    }
    for (name, inner) in cases {
        case(name, inner);
    }
    text + "</testsuite></testsuites>"
}

/// The fifty network policy tests of 1.34 to 1.36, some of them with given outcomes.
fn policies(given: &[(&str, &str)]) -> Value {
    let mut tests: serde_json::Map<String, Value> =
        given.iter().map(|(test, outcome)| ((*test).to_owned(), json!(outcome))).collect();
    for number in 0.. {
        if tests.len() == 50 {
            break;
        }
        tests.insert(format!("[sig-network] Netpol NetworkPolicy case {number}"), json!("passed"));
    }
    Value::Object(tests)
}

/// Like `network_policies`, in a run at this time.
fn policies_at(at: &str, given: &[(&str, &str)]) -> Value {
    json!({"tests": policies(given), "at": at})
}

const SKIPPED: &str = "<skipped message=\"skipped\"></skipped>";
const FAILED: &str = "<failure message=\"x\" type=\"failed\">log &lt;</failure><system-err>…</system-err>";

#[test]
fn text_and_suite_differ_on_the_lifetime_of_results() {
    let names: Vec<String> = (0..50).map(|number| format!("NetworkPolicy {number}")).collect();
    let at = |day: &str| {
        let policies = names.iter().map(|name| (name.as_str(), ""));
        let cases: Vec<(&str, &str)> = policies.chain([("b [Conformance]", "")]).collect();
        json!({"version": {"gitVersion": "v1.36.5"}, "conformance_results": junit(&format!("{day}T08:00:00"), "", &cases, 0)})
    };
    differ("C-089", "kaas-networking-check", &at("2026-08-01"), Pass, Dnf);
    differ("C-089", "cncf-k8s-conformance", &at("2025-11-01"), Dnf, Pass);
    says("kaas-networking-check", &at("2025-11-01"), Dnf, "ran on 2025-11-01");
    says("cncf-k8s-conformance", &at("2026-11-25"), Dnf, "after the time of this check");
    assert!(answer("cncf-k8s-conformance", &at("2026-08-01"), Profile::Official).findings.is_empty());
    // One recent run is enough.
    let runs = json!({"conformance_results": [at("2024-01-01")["conformance_results"], at("2026-11-01")["conformance_results"]]});
    assert_eq!(answer("cncf-k8s-conformance", &runs, Profile::Text).verdict, Pass);
}

#[test]
fn exceptions_end_and_are_reported_when_needed() {
    let flaky = "[sig-network] Netpol NetworkPolicy between server and client should allow ingress access from updated namespace [Feature:NetworkPolicy]";
    let results = policies_at("2026-11-01T08:00:00Z", &[(flaky, "failed")]);
    let cluster = |version: &str| json!({"version": {"gitVersion": version}, "conformance_results": results});
    differ("C-091", "kaas-networking-check", &cluster("v1.36.2"), Fail, Pass);
    says("kaas-networking-check", &cluster("v1.35.9"), Pass, "an exception was needed for the test");
    says("scs-0201-exceptions-used", &cluster("v1.35.9"), Pass, "mended in 1.36");
    // Exceptions that were not needed are not mentioned.
    let passed = json!({"conformance_results": {"a [Conformance]": "passed"}});
    assert!(answer("scs-0201-exceptions-used", &passed, Profile::Text).findings.is_empty());

    let port = json!({"[sig-network] Services should have session affinity work for NodePort service [Conformance]": "failed"});
    let nodes = |kind: &str| json!({"conformance_results": dated(&port), "nodes": [{"metadata": {"name": "a"}, "status": {"addresses": [{"type": kind, "address": "192.0.2.1"}]}}]});
    let findings = says("scs-0201-exceptions-used", &nodes("InternalIP"), Pass, "but all nodes have one");
    assert_eq!(findings.findings[0].severity, Severity::Warning);
    let findings =
        says("scs-0201-exceptions-used", &nodes("ExternalIP"), Pass, "wants nodes with an InternalIP");
    assert_eq!(findings.findings[0].severity, Severity::Info);
    // The exception ends with its reason, and is unknown without data about it.
    differ("C-091", "cncf-k8s-conformance", &nodes("InternalIP"), Fail, Pass);
    assert_eq!(answer("cncf-k8s-conformance", &nodes("ExternalIP"), Profile::Text).verdict, Pass);
    let blind = json!({"conformance_results": dated(&port)});
    says("cncf-k8s-conformance", &blind, Miss, "it is unknown whether the exception for it applies");
    let calico = json!({
        "conformance_results": {"Netpol NetworkPolicy should allow egress access to server in CIDR block": "failed"},
        "daemon_sets": [{"metadata": {"name": "calico-node", "namespace": "kube-system"}}]
    });
    says(
        "scs-0201-exceptions-used",
        &calico,
        Pass,
        "but its exception is for Cilium, but the network plug-in is Calico",
    );
    let cidr = "Netpol NetworkPolicy should allow egress access to server in CIDR block";
    let of = |plugin: &str| {
        json!({
            "version": {"gitVersion": "v1.36.2"},
            "conformance_results": policies_at("2026-11-01T08:00:00Z", &[(cidr, "failed")]),
            "daemon_sets": [{"metadata": {"name": plugin, "namespace": "kube-system"}}]
        })
    };
    differ("C-091", "kaas-networking-check", &of("calico-node"), Fail, Pass);
    assert_eq!(answer("kaas-networking-check", &of("cilium"), Profile::Text).verdict, Pass);
    differ("C-091", "kaas-networking-check", &of("our-network"), Dnf, Pass);
}

/// A part of the set does not prove the whole (scs-0219-w1, *Automated tests*).
#[test]
fn a_part_of_the_network_policy_tests_is_not_enough() {
    let version = json!({"gitVersion": "v1.36.5"});
    let of = |results: Value| json!({"version": version, "conformance_results": results});
    let whole = policies_at("2026-11-20T08:00:00Z", &[]);
    assert_eq!(answer("kaas-networking-check", &of(whole.clone()), Profile::Text).verdict, Pass);
    let mut part = whole.clone();
    part["tests"].as_object_mut().expect("tests").remove("[sig-network] Netpol NetworkPolicy case 0");
    differ("official-skipped-tests", "kaas-networking-check", &of(part.clone()), Dnf, Pass);
    says(
        "kaas-networking-check",
        &of(part.clone()),
        Dnf,
        "the results have 49 tests of `NetworkPolicy`, but 1.36 has at least 50",
    );
    // Two runs together may be complete.
    let rest = json!({"tests": {"[sig-network] Netpol NetworkPolicy case 0": "passed"}, "at": "2026-11-20T09:00:00Z"});
    assert_eq!(answer("kaas-networking-check", &of(json!([part, rest])), Profile::Text).verdict, Pass);
    // Only the whole set shows the behavior of an unknown plug-in.
    let api = serde_json::from_str::<Value>(NETWORKING).expect("JSON");
    let unknown = |results: Value| json!({"version": version, "api_resources": api, "daemon_sets": [{"metadata": {"name": "x", "namespace": "kube-system"}}], "conformance_results": results});
    says("scs-0219-api", &unknown(whole), Pass, "the end-to-end tests show");
    let one = json!({"tests": {"a NetworkPolicy": "passed"}, "at": "2026-11-20T08:00:00Z"});
    assert_eq!(answer("scs-0219-api", &unknown(one), Profile::Text).verdict, Dnf);
}

/// If the number of a branch's tests is unknown, a run has to show that it is complete.
#[test]
fn without_a_known_number_a_run_must_show_that_it_is_complete() {
    let run = |focus: &str, skip: &str, others: usize| {
        let properties = format!(
            r#"<property name="FocusStrings" value="{focus}"/><property name="SkipStrings" value="{skip}"/>"#
        );
        let junit = junit("2026-11-20T08:00:00", &properties, &[("a NetworkPolicy", "")], others);
        json!({"version": {"gitVersion": "v1.38.0"}, "conformance_results": junit})
    };
    let verdict = |cluster: &Value| answer("kaas-networking-check", cluster, Profile::Text).verdict;
    assert_eq!(verdict(&run("NetworkPolicy", "", 7)), Pass);
    for cluster in [
        run("NetworkPolicy", "", 0),
        run("NetworkPolicy.*a", "", 7),
        run("NetworkPolicy", "egress|a Network", 7),
    ] {
        differ("official-skipped-tests", "kaas-networking-check", &cluster, Dnf, Pass);
        says("kaas-networking-check", &cluster, Dnf, "a run does not show by itself that it was complete");
    }
}

#[test]
fn unfinished_runs_prove_nothing() {
    let summary = |plugin: &str, test: &str| {
        let yaml = format!(
            "name: e2e\nstatus: {plugin}\nitems:\n- name: f\n  items:\n  - name: s\n    items:\n    - {{name: 'a [Conformance]', status: {test}}}\n"
        );
        json!({"conformance_results": {"sonobuoy_results": yaml, "at": "2026-11-20T08:00:00Z"}})
    };
    let verdict = |cluster: &Value| answer("cncf-k8s-conformance", cluster, Profile::Text).verdict;
    assert_eq!(verdict(&summary("passed", "passed")), Pass);
    assert_eq!(verdict(&summary("failed", "timeout")), Fail);
    for state in ["running", "pending", "unknown", "complete"] {
        says(
            "cncf-k8s-conformance",
            &summary("passed", state),
            Dnf,
            "the outcome of the test `a [Conformance]` is unknown",
        );
        says(
            "cncf-k8s-conformance",
            &summary(state, "passed"),
            Dnf,
            &format!("the run is not finished: `e2e` is `{state}`"),
        );
        assert_eq!(verdict(&summary(state, "failed")), Fail, "what failed has failed");
    }
}

/// A run that reports missing or failed tests has not passed.
#[test]
fn results_with_unlisted_failures_do_not_pass() {
    let whole = |tests: &str| {
        let text = junit("2026-11-01T08:00:00", "", &[("a [Conformance]", "")], 0);
        json!({"conformance_results": text.replace("<testsuite ", &format!("<testsuite {tests} "))})
    };
    let rule = "cncf-k8s-conformance";
    assert_eq!(answer(rule, &whole("tests=\"2\""), Profile::Text).verdict, Pass);
    says(rule, &whole("tests=\"900\""), Dnf, "count 898 tests that they do not list");
    says(rule, &whole("failures=\"1\""), Dnf, "count 1 failure that they do not list");
    let failed = junit("2026-11-01T08:00:00", "", &[("a [Conformance]", "")], 0)
        .replace("name=\"[It] a [Conformance]\"", "name=\"[It] a [Conformance]\" status=\"failed\"");
    says(rule, &json!({ "conformance_results": failed }), Fail, "1 of 1 tests with `[Conformance]` failed");
    // A broken entry may be a newer run with failures.
    let broken = "<testsuite timestamp='2026-11-19T00:00:00'><testcase name='a [Conformance]'><failure/>";
    let runs = json!({"conformance_results": [whole("")["conformance_results"], {"junit": broken}]});
    says(rule, &runs, Dnf, "entry 2 of the results is unusable");
    // Such results do not show the behavior of a plug-in either.
    let policies = policies_at("2026-11-01T08:00:00Z", &[]);
    let plug_in = |results: Value| {
        let version = json!({"gitVersion": "v1.36.5"});
        let served = json!([{"kind": "APIResourceList", "groupVersion": "networking.k8s.io/v1", "resources": [{"name": "networkpolicies"}]}]);
        let parts = json!({"version": version, "api_resources": served, "conformance_results": results});
        answer("scs-0219-api", &parts, Profile::Text).verdict
    };
    assert_eq!(plug_in(policies.clone()), Pass);
    assert_ne!(plug_in(json!([policies, {"junit": broken}])), Pass);
}

/// A suite that timed out may have passed all of its tests.
#[test]
fn a_failed_suite_does_not_pass() {
    let properties = r#"<property name="SuiteSucceeded" value="false"/><property name="SpecialSuiteFailureReason" value="Suite Timeout Elapsed"/>"#;
    let cluster = |inner: &str| json!({"conformance_results": junit("2026-11-20T08:00:00", properties, &[("a [Conformance]", inner)], 7)});
    let told =
        says("cncf-k8s-conformance", &cluster(""), Pass, "the suite reports failure (Suite Timeout Elapsed)");
    assert_eq!(told.findings[0].severity, Severity::Warning);
    assert_eq!(
        answer("cncf-k8s-conformance", &cluster(FAILED), Profile::Text).findings.len(),
        1,
        "the failure says it"
    );
}

/// The time of a result is that of the tests, not of the check.
#[test]
fn answers_cite_the_time_of_their_evidence() {
    let (old, new) = ("2026-10-01T08:00:00Z", "2026-11-01T08:00:00Z");
    let evidence = |rule: &str, results: Value| {
        let cluster = json!({"version": {"gitVersion": "v1.36.5"}, "conformance_results": results});
        answer(rule, &cluster, Profile::Text).evidence_at.map(|at| at.to_string())
    };
    let networking = |results: Value| evidence("kaas-networking-check", results);
    assert_eq!(networking(policies_at(old, &[])).as_deref(), Some(old));
    // The newer run has all tests.
    assert_eq!(networking(json!([policies_at(old, &[]), policies_at(new, &[])])).as_deref(), Some(new));
    let one = json!({"tests": {"a NetworkPolicy": "passed"}, "at": new});
    assert_eq!(networking(json!([policies_at(old, &[]), one])).as_deref(), Some(old));
    assert_eq!(evidence("cncf-k8s-conformance", policies_at(old, &[])), None, "it says nothing of them");
    assert_eq!(evidence("scs-0219-ingress", policies_at(old, &[])), None);
}

#[test]
fn skipped_tests_are_reported() {
    let serial = [("a [Conformance]", ""), ("b [Serial] [Conformance]", SKIPPED)];
    let properties = r#"<property name="FocusStrings" value="\[Conformance\]"/><property name="SkipStrings" value="\[Serial\]"/>"#;
    let run = |cases: &[(&str, &str)]| json!({"version": {"gitVersion": "v1.36.2"}, "conformance_results": {"junit": junit("2026-11-01T08:00:00", properties, cases, 7000)}});
    differ("official-skipped-tests", "scs-0201-complete", &run(&serial), Fail, Pass);
    let answer = says("scs-0201-complete", &run(&serial), Fail, "`--e2e-parallel` leaves out");
    let fix = answer.findings[0].fix.as_ref().expect("a command");
    assert_eq!(fix.command().expect("a command"), "sonobuoy run --mode=certified-conformance --wait");
    // All tests that ran passed.
    let findings = self::answer("cncf-k8s-conformance", &run(&serial), Profile::Text).findings;
    assert!(findings.is_empty(), "{findings:#?}");
}

#[test]
fn the_number_of_tests_is_that_of_the_version() {
    let names: Vec<String> = (0..446).map(|number| format!("test {number} [Conformance]")).collect();
    let cases: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "")).collect();
    let run = |version: &str, count: usize| json!({"version": {"gitVersion": version}, "conformance_results": junit("2026-11-01T08:00:00", "", &cases[..count], 7000)});
    assert_eq!(answer("scs-0201-complete", &run("v1.36.2+k3s1", 446), Profile::Text).verdict, Pass);
    differ("official-skipped-tests", "scs-0201-complete", &run("v1.36.2", 445), Fail, Pass);
    differ("official-skipped-tests", "scs-0201-complete", &run("v1.38.0", 446), Dnf, Pass);
    says("scs-0201-complete", &run("v1.38.0", 446), Dnf, "known are 1.31 to 1.37");
    let unknown = json!({"conformance_results": dated(&json!({"a [Conformance]": "passed"}))});
    says("scs-0201-complete", &unknown, Miss, "`version` is missing from the inventory");
}

/// Results from a few days ago.
fn dated(tests: &Value) -> Value {
    json!({"tests": tests, "at": "2026-11-20T08:00:00Z"})
}

#[test]
fn results_of_unknown_age_prove_nothing() {
    let undated = json!({"conformance_results": {"a [Conformance]": "passed", "a NetworkPolicy": "passed"}});
    differ("C-089", "cncf-k8s-conformance", &undated, Dnf, Pass);
    says("kaas-networking-check", &undated, Dnf, "`at: 2026-11-24T08:00:00Z` next to the results");
}

#[test]
fn the_newest_run_counts_and_invalid_entries_are_reported() {
    let run = |at: &str, outcome: &str| policies_at(at, &[("a NetworkPolicy", outcome)]);
    let (old, new) = ("2026-10-01T08:00:00Z", "2026-11-01T08:00:00Z");
    for (runs, expected) in [
        (json!([run(old, "failed"), run(new, "passed")]), Pass),
        (json!([run(new, "passed"), run(old, "failed")]), Pass),
        (json!([run(old, "passed"), run(new, "failed")]), Fail),
        // A run that skips it does not count for it.
        (json!([run(old, "failed"), run(new, "skipped")]), Fail),
    ] {
        let cluster = json!({"version": {"gitVersion": "v1.36.5"}, "conformance_results": runs});
        assert_eq!(answer("kaas-networking-check", &cluster, Profile::Text).verdict, expected, "{cluster}");
    }
    let broken = json!({"version": {"gitVersion": "v1.36.5"}, "conformance_results": [run(new, "passed"), {"junit": "<x"}]});
    says("kaas-networking-check", &broken, Dnf, "entry 2 of the results is unusable: JUnit");
    // A run at an unknown time may be newer than those that pass.
    let undated = json!({"version": {"gitVersion": "v1.36.5"}, "conformance_results": [run(new, "passed"), {"a NetworkPolicy": "failed"}]});
    says("kaas-networking-check", &undated, Dnf, "the time of the run is missing");
}

#[test]
fn skipped_network_policy_tests_are_reported() {
    let cluster = |skipped: &str| json!({"version": {"gitVersion": "v1.36.5"}, "conformance_results": policies_at("2026-11-20T08:00:00Z", &[(skipped, "skipped")])});
    differ("official-skipped-tests", "kaas-networking-check", &cluster("b NetworkPolicy"), Dnf, Pass);
    let excepted = cluster("b [Feature:SCTPConnectivity] NetworkPolicy");
    assert!(answer("kaas-networking-check", &excepted, Profile::Text).findings.is_empty());
    // The run of the conformance tests does not include them.
    let other = json!({"conformance_results": junit("2026-11-20T08:00:00", "", &[("a [Conformance]", ""), ("b NetworkPolicy", SKIPPED)], 9)});
    says("kaas-networking-check", &other, Dnf, "none of them ran");
}

#[test]
fn results_of_another_version_and_failures_are_reported() {
    let version = |own: &str| json!({"version": {"gitVersion": own}, "conformance_results": {"junit": junit("2026-11-20T08:00:00", "", &[("a [Conformance]", "")], 0), "version": "v1.35.1"}});
    says(
        "cncf-k8s-conformance",
        &version("v1.36.2"),
        Dnf,
        "the results are from v1.35.1, but the cluster runs 1.36",
    );
    assert_eq!(answer("cncf-k8s-conformance", &version("v1.35.9"), Profile::Text).verdict, Pass);
    let names: Vec<String> = (0..7).map(|number| format!("test {number} [Conformance]")).collect();
    let cases: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), FAILED)).collect();
    let failed = json!({"conformance_results": junit("2026-11-20T08:00:00", "", &cases, 0)});
    says(
        "cncf-k8s-conformance",
        &failed,
        Fail,
        "7 of 7 tests with `[Conformance]` failed: `test 0 [Conformance]`",
    );
    says("cncf-k8s-conformance", &failed, Fail, "`test 4 [Conformance]` and 2 more");
    let tests = json!({"a [Conformance]": "passed", "[SynchronizedAfterSuite]": "failed"});
    let suite = json!({"conformance_results": dated(&tests)});
    says("cncf-k8s-conformance", &suite, Fail, "the suite itself failed");
}

const NETWORKING: &str = r#"[{"kind": "APIResourceList", "groupVersion": "networking.k8s.io/v1", "resources": [{"name": "networkpolicies"}]}]"#;

#[test]
fn plug_ins_that_enforce_network_policies_pass() {
    let api = || serde_json::from_str::<Value>(NETWORKING).expect("JSON");
    let sets = |names: &[&str]| {
        let sets: Vec<Value> = names
            .iter()
            .map(|name| json!({"metadata": {"name": name, "namespace": "kube-system"}}))
            .collect();
        json!({"api_resources": api(), "daemon_sets": sets})
    };
    let with = |mut cluster: Value, part: &str, value: Value| {
        cluster[part] = value;
        cluster
    };
    let k3s = |arguments: &str| {
        json!([{"metadata": {"name": "a", "annotations": {"k3s.io/node-args": arguments}}, "status": {"nodeInfo": {
            "kubeletVersion": "v1.33.4+k3s1", "architecture": "", "bootID": "", "containerRuntimeVersion": "", "kernelVersion": "",
            "kubeProxyVersion": "", "machineID": "", "operatingSystem": "", "osImage": "", "systemUUID": ""}}}])
    };
    says("scs-0219-api", &sets(&["canal"]), Pass, "Canal enforces");
    says("scs-0219-api", &sets(&["kube-flannel-ds"]), Fail, "Flannel does not enforce");
    says("scs-0219-api", &sets(&["kindnet"]), Dnf, "kind 0.24 or later");
    says(
        "scs-0219-api",
        &json!({"api_resources": api()}),
        Miss,
        "`daemon_sets` is missing from the inventory",
    );
    says("scs-0219-api", &sets(&["x"]), Dnf, "declare the plug-in");
    let broken = json!({"api_resources": api(), "daemon_sets": [{"metadata": {"name": "kube-flannel-ds", "namespace": "kube-system"}}, 7]});
    says("scs-0219-api", &broken, Dnf, "entry 2 cannot be read");
    let results = |outcome| {
        let cluster =
            with(sets(&["x"]), "conformance_results", dated(&policies(&[("a NetworkPolicy", outcome)])));
        with(cluster, "version", json!({"gitVersion": "v1.36.5"}))
    };
    says("scs-0219-api", &results("passed"), Pass, "the end-to-end tests show");
    says("scs-0219-api", &results("failed"), Dnf, "no daemon set");
    let server = |arguments| with(sets(&[]), "nodes", k3s(arguments));
    says("scs-0219-api", &server(r#"["server"]"#), Pass, "policy controller of k3s");
    says(
        "scs-0219-api",
        &server(r#"["server", "--disable-network-policy"]"#),
        Fail,
        "--disable-network-policy",
    );
    says("scs-0219-api", &server(r#"["agent"]"#), Dnf, "no node shows");
    let groups = json!({"api_resources": {"kind": "APIGroupList", "groups": [{"name": "networking.k8s.io", "versions": [{"version": "v1"}]}]}, "daemon_sets": [{"metadata": {"name": "cilium", "namespace": "kube-system"}}]});
    says("scs-0219-api", &groups, Miss, "kubectl get --raw /apis/networking.k8s.io/v1");
    let refused = json!({"api_resources": {"kind": "Status", "message": "forbidden"}, "daemon_sets": [{"metadata": {"name": "cilium", "namespace": "kube-system"}}]});
    says("scs-0219-api", &refused, Dnf, "answered with an error: forbidden");
    let none = json!({"api_resources": {"kind": "APIGroupList", "groups": []}, "daemon_sets": [{"metadata": {"name": "cilium", "namespace": "kube-system"}}]});
    says("scs-0219-api", &none, Fail, "does not serve");
}

#[test]
fn administrators_policies_and_ingress_classes_are_judged() {
    let served = |names: &[&str]| {
        let resources: Vec<Value> = names.iter().map(|name| json!({"name": name})).collect();
        json!({"api_resources": [{"kind": "APIGroupList", "groups": []}, {"kind": "APIResourceList", "groupVersion": "policy.networking.k8s.io/v1alpha2", "resources": resources}]})
    };
    let both = ["adminnetworkpolicies", "baselineadminnetworkpolicies"];
    let of = |plugin: &str, names: &[&str]| {
        let mut cluster = served(names);
        cluster["daemon_sets"] = json!([{"metadata": {"name": plugin, "namespace": "kube-system"}}]);
        cluster
    };
    for names in [&both[..], &["clusternetworkpolicies"]] {
        says("scs-0219-anp", &of("antrea-agent", names), Pass, "Antrea supports these policies or plans to");
        // Served resources have no effect by themselves.
        let told = says(
            "scs-0219-anp",
            &of("kube-flannel-ds", names),
            Fail,
            "serving only their resources has no effect",
        );
        assert_eq!(told.findings[0].severity, Severity::Warning);
        says("scs-0219-anp", &of("our-network", names), Dnf, "declare the plug-in under `scs-0219-api`");
        says("scs-0219-anp", &served(names), Miss, "`daemon_sets` is missing from the inventory");
    }
    for names in [&both[..1], &[]] {
        let told = says(
            "scs-0219-anp",
            &of("antrea-agent", names),
            Pass,
            "although Antrea supports them or plans to",
        );
        assert_eq!(told.findings[0].severity, Severity::Warning);
        says("scs-0219-anp", &of("our-network", names), Fail, "has no such policies");
    }
    let mut k3s = served(&both);
    k3s["daemon_sets"] = json!([]);
    k3s["nodes"] = json!([{"metadata": {"name": "a", "annotations": {"k3s.io/node-args": "[\"server\"]"}}, "status": {"nodeInfo": {"kubeletVersion": "v1.36.5+k3s1"}}}]);
    says("scs-0219-anp", &k3s, Fail, "Flannel of k3s is not known to support");
    let mut broken = of("kube-flannel-ds", &both);
    broken["daemon_sets"].as_array_mut().expect("a list").push(json!(7));
    says("scs-0219-anp", &broken, Dnf, "entry 2 cannot be read");

    let class = |mark: Value| json!({"metadata": {"name": "a b", "annotations": {"ingressclass.kubernetes.io/is-default-class": mark}}});
    let answer = says(
        "scs-0219-ingress",
        &json!({"ingress_classes": [class(json!("True"))]}),
        Fail,
        "none of the ingress classes",
    );
    let fix = answer.findings[0].fix.as_ref().expect("a command");
    assert_eq!(
        fix.command().expect("a command"),
        "kubectl annotate --overwrite ingressclass 'a b' ingressclass.kubernetes.io/is-default-class=true"
    );
    assert_eq!(answer.findings[0].actual.as_deref(), Some("True"));
    says(
        "scs-0219-ingress",
        &json!({"ingress_classes": [class(json!("true")), class(json!("true"))]}),
        Pass,
        "2 ingress classes",
    );
    says("scs-0219-ingress", &json!({"ingress_classes": []}), Miss, "there is no ingress class");
    says("scs-0219-ingress", &json!({"ingress_classes": [7]}), Dnf, "entry 1 cannot be read");
}
