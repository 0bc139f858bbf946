//! Rules over end-to-end tests and networking: where text and official suite differ, and what a finding tells.

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

/// Asserts the verdict by the text, and that a message says this.
fn says(rule: &str, cluster: &Value, verdict: Verdict, message: &str) -> Answer {
    let answer = answer(rule, cluster, Profile::Text);
    assert_eq!(answer.verdict, verdict, "{rule}: {:#?}", answer.findings);
    let told: Vec<_> = answer.findings.iter().map(|finding| finding.message.as_str()).collect();
    assert!(told.iter().any(|told| told.contains(message)), "{rule}: {told:#?}");
    answer
}

/// Asserts the verdicts of both profiles, and that each names the difference.
#[track_caller]
fn differ(key: &str, rule: &str, parts: &Value, text: Verdict, official: Verdict) {
    let answer = |rule: &str, profile| answer(rule, parts, profile);
    scs_rule_tests::differ(key, rule, answer, text, official);
}

/// JUnit as the end-to-end tests write it: all tests of a suite, most of them left out.
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

const SKIPPED: &str = "<skipped message=\"skipped\"></skipped>";
const FAILED: &str = "<failure message=\"x\" type=\"failed\">log &lt;</failure><system-err>…</system-err>";

#[test]
fn results_of_last_year_and_of_last_month() {
    let at = |day: &str| {
        let cases = [("a NetworkPolicy", ""), ("b [Conformance]", "")];
        json!({"conformance_results": junit(&format!("{day}T08:00:00"), "", &cases, 0)})
    };
    differ("C-089", "kaas-networking-check", &at("2026-08-01"), Pass, Dnf);
    differ("C-089", "cncf-k8s-conformance", &at("2025-11-01"), Dnf, Pass);
    says("kaas-networking-check", &at("2025-11-01"), Dnf, "ran on 2025-11-01");
    says("cncf-k8s-conformance", &at("2026-11-25"), Dnf, "later than the time of this check");
    assert!(answer("cncf-k8s-conformance", &at("2026-08-01"), Profile::Official).findings.is_empty());
    // Of several runs one that is recent is enough.
    let runs = json!({"conformance_results": [at("2024-01-01")["conformance_results"], at("2026-11-01")["conformance_results"]]});
    assert_eq!(answer("cncf-k8s-conformance", &runs, Profile::Text).verdict, Pass);
}

#[test]
fn exceptions_end_and_are_reported_when_needed() {
    let flaky = "[sig-network] Netpol NetworkPolicy between server and client should allow ingress access from updated namespace [Feature:NetworkPolicy]";
    let cluster = |version: &str| json!({"version": {"gitVersion": version}, "conformance_results": junit("2026-11-01T08:00:00", "", &[(flaky, FAILED)], 0)});
    differ("C-091", "kaas-networking-check", &cluster("v1.36.2"), Fail, Pass);
    says("kaas-networking-check", &cluster("v1.35.9"), Pass, "an exception was needed for the test");
    says("scs-0201-exceptions-used", &cluster("v1.35.9"), Pass, "mended in 1.36");
    // Nothing is said of those that were not needed.
    let passed = json!({"conformance_results": {"a [Conformance]": "passed"}});
    assert!(answer("scs-0201-exceptions-used", &passed, Profile::Text).findings.is_empty());

    let port = json!({"[sig-network] Services should have session affinity work for NodePort service [Conformance]": "failed"});
    let nodes = |kind: &str| json!({"conformance_results": port, "nodes": [{"metadata": {"name": "a"}, "status": {"addresses": [{"type": kind, "address": "192.0.2.1"}]}}]});
    let findings =
        says("scs-0201-exceptions-used", &nodes("InternalIP"), Pass, "but all nodes have an InternalIP");
    assert_eq!(findings.findings[0].severity, Severity::Warning);
    let findings =
        says("scs-0201-exceptions-used", &nodes("ExternalIP"), Pass, "wants nodes with an InternalIP");
    assert_eq!(findings.findings[0].severity, Severity::Info);
    let calico = json!({
        "conformance_results": {"Netpol NetworkPolicy should allow egress access to server in CIDR block": "failed"},
        "daemon_sets": [{"metadata": {"name": "calico-node"}}]
    });
    says("scs-0201-exceptions-used", &calico, Pass, "but the network plug-in is Calico");
}

#[test]
fn tests_that_did_not_run() {
    let serial = [("a [Conformance]", ""), ("b [Serial] [Conformance]", SKIPPED)];
    let properties = r#"<property name="FocusStrings" value="\[Conformance\]"/><property name="SkipStrings" value="\[Serial\]"/>"#;
    let run = |cases: &[(&str, &str)]| json!({"version": {"gitVersion": "v1.36.2"}, "conformance_results": {"junit": junit("2026-11-01T08:00:00", properties, cases, 7000)}});
    differ("official-skipped-tests", "scs-0201-complete", &run(&serial), Fail, Pass);
    let answer = says("scs-0201-complete", &run(&serial), Fail, "a run with `--e2e-parallel` leaves out");
    let fix = answer.findings[0].fix.as_ref().expect("a command");
    assert_eq!(fix.command().expect("a command"), "sonobuoy run --mode=certified-conformance --wait");
    // What ran has passed.
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
    says("scs-0201-complete", &unknown, Miss, "`version` is not in the inventory");
}

/// Results of a few days ago.
fn dated(tests: &Value) -> Value {
    json!({"tests": tests, "at": "2026-11-20T08:00:00Z"})
}

#[test]
fn results_whose_age_nobody_knows_show_nothing() {
    let undated = json!({"conformance_results": {"a [Conformance]": "passed", "a NetworkPolicy": "passed"}});
    differ("C-089", "cncf-k8s-conformance", &undated, Dnf, Pass);
    says("kaas-networking-check", &undated, Dnf, "`at: 2026-11-24T08:00:00Z` beside the results");
}

#[test]
fn of_several_runs_the_youngest_tells_and_what_is_none_is_told() {
    let run = |at: &str, outcome: &str| json!({"tests": {"a NetworkPolicy": outcome}, "at": at});
    let (old, new) = ("2026-10-01T08:00:00Z", "2026-11-01T08:00:00Z");
    for (runs, expected) in [
        (json!([run(old, "failed"), run(new, "passed")]), Pass),
        (json!([run(new, "passed"), run(old, "failed")]), Pass),
        (json!([run(old, "passed"), run(new, "failed")]), Fail),
        // A run that leaves it out says nothing of it.
        (json!([run(old, "failed"), run(new, "skipped")]), Fail),
    ] {
        let cluster = json!({"conformance_results": runs});
        assert_eq!(answer("kaas-networking-check", &cluster, Profile::Text).verdict, expected, "{cluster}");
    }
    let broken = json!({"conformance_results": [run(new, "passed"), {"junit": "<x"}]});
    says("kaas-networking-check", &broken, Pass, "entry 2 of the results does not count: JUnit");
}

#[test]
fn network_policies_that_were_not_tested() {
    let cluster = |skipped: &str| json!({"conformance_results": junit("2026-11-20T08:00:00", "", &[("a NetworkPolicy", ""), (skipped, SKIPPED)], 9)});
    differ("official-skipped-tests", "kaas-networking-check", &cluster("b NetworkPolicy"), Dnf, Pass);
    let excepted = cluster("b [Feature:SCTPConnectivity] NetworkPolicy");
    assert!(answer("kaas-networking-check", &excepted, Profile::Text).findings.is_empty());
    // The run of the conformance tests says nothing of them.
    let other = json!({"conformance_results": junit("2026-11-20T08:00:00", "", &[("a [Conformance]", ""), ("b NetworkPolicy", SKIPPED)], 9)});
    says("kaas-networking-check", &other, Dnf, "none of them ran");
}

#[test]
fn results_of_another_version_and_failures_are_told() {
    let version = |own: &str| json!({"version": {"gitVersion": own}, "conformance_results": {"junit": junit("2026-11-20T08:00:00", "", &[("a [Conformance]", "")], 0), "version": "v1.35.1"}});
    says(
        "cncf-k8s-conformance",
        &version("v1.36.2"),
        Dnf,
        "the results are of v1.35.1, the cluster is of 1.36",
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
fn who_enforces_network_policies() {
    let api = || serde_json::from_str::<Value>(NETWORKING).expect("JSON");
    let sets = |names: &[&str]| {
        let sets: Vec<Value> = names.iter().map(|name| json!({"metadata": {"name": name}})).collect();
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
    says("scs-0219-api", &json!({"api_resources": api()}), Miss, "`daemon_sets` is not in the inventory");
    says("scs-0219-api", &sets(&["x"]), Dnf, "declare the plug-in");
    let broken =
        json!({"api_resources": api(), "daemon_sets": [{"metadata": {"name": "kube-flannel-ds"}}, 7]});
    says("scs-0219-api", &broken, Dnf, "entry 2 cannot be read");
    let tested = with(sets(&["x"]), "conformance_results", dated(&json!({"a NetworkPolicy": "passed"})));
    says("scs-0219-api", &tested, Pass, "the end-to-end tests show");
    let failed = with(sets(&["x"]), "conformance_results", dated(&json!({"a NetworkPolicy": "failed"})));
    says("scs-0219-api", &failed, Dnf, "no daemon set");
    let server = |arguments| with(sets(&[]), "nodes", k3s(arguments));
    says("scs-0219-api", &server(r#"["server"]"#), Pass, "policy controller of k3s");
    says(
        "scs-0219-api",
        &server(r#"["server", "--disable-network-policy"]"#),
        Fail,
        "--disable-network-policy",
    );
    says("scs-0219-api", &server(r#"["agent"]"#), Dnf, "no node shows");
    let groups = json!({"api_resources": {"kind": "APIGroupList", "groups": [{"name": "networking.k8s.io", "versions": [{"version": "v1"}]}]}, "daemon_sets": [{"metadata": {"name": "cilium"}}]});
    says("scs-0219-api", &groups, Miss, "kubectl get --raw /apis/networking.k8s.io/v1");
    let refused = json!({"api_resources": {"kind": "Status", "message": "forbidden"}, "daemon_sets": [{"metadata": {"name": "cilium"}}]});
    says("scs-0219-api", &refused, Dnf, "answered with an error: forbidden");
    let none = json!({"api_resources": {"kind": "APIGroupList", "groups": []}, "daemon_sets": [{"metadata": {"name": "cilium"}}]});
    says("scs-0219-api", &none, Fail, "does not serve");
}

#[test]
fn administrators_policies_and_ingress_classes() {
    let served = |names: &[&str]| {
        let resources: Vec<Value> = names.iter().map(|name| json!({"name": name})).collect();
        json!({"api_resources": [{"kind": "APIGroupList", "groups": []}, {"kind": "APIResourceList", "groupVersion": "policy.networking.k8s.io/v1alpha2", "resources": resources}]})
    };
    let both = ["adminnetworkpolicies", "baselineadminnetworkpolicies"];
    says("scs-0219-anp", &served(&both), Pass, "upstream has replaced both");
    says("scs-0219-anp", &served(&["clusternetworkpolicies"]), Pass, "have replaced AdminNetworkPolicy");
    let half = says("scs-0219-anp", &served(&both[..1]), Fail, "has no BaselineAdminNetworkPolicy;");
    assert_eq!(half.findings[0].severity, Severity::Warning);
    let mut antrea = served(&[]);
    antrea["daemon_sets"] = json!([{"metadata": {"name": "antrea-agent"}}]);
    says("scs-0219-anp", &antrea, Pass, "Antrea supports such policies or works on it");

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
        "kubectl annotate ingressclass 'a b' ingressclass.kubernetes.io/is-default-class=true --overwrite"
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
