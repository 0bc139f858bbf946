//! Findings on versions if facts are outdated, or have gaps.

#![expect(clippy::expect_used, reason = "helpers of tests fail as tests do")]

use Verdict::{Dnf, Fail, Miss, Pass};
use scs_k8s_policy::{
    BranchForecast, Cluster, CveRecords, EndsOfLife, KubernetesFacts, OfferedVersion, Releases, forecast,
    k8s_rules,
};
use scs_rule_tests::Parts;
use scs_standards::{Answer, Context, Declarations, Profile, Severity, Verdict};
use serde_json::{Value, json};

fn answer(rule: &str, parts: &Value, facts: &KubernetesFacts, at: &str) -> Answer {
    let parts = Parts::of(parts);
    let cluster = Cluster::read(|part| parts.given(part)).with_facts(facts.clone());
    let declarations = Declarations::default();
    let at = at.parse().expect("a time");
    let context = Context { at, profile: Profile::Text, declarations: &declarations };
    k8s_rules().find(|known| known.id == rule).expect("a rule").answer(&cluster, &context)
}

/// The newest branch at an earlier time is not due yet, whatever was released since.
#[test]
fn a_later_branch_does_not_make_an_earlier_one_due() {
    let offered = json!({"offered_versions": ["v1.33.12", "v1.34.8", "v1.35.5"]});
    let at =
        |at: &str| answer("scs-0210-branches-offered", &offered, KubernetesFacts::embedded(), at).verdict;
    // 1.36 was released on April 22, 1.37 after this.
    assert_eq!(at("2026-06-01T00:00:00Z"), Pass);
    assert_eq!(at("2026-08-22T23:59:59Z"), Pass, "it was released at an hour of 22 April");
    assert_eq!(at("2026-08-23T00:00:00Z"), Fail);
}

/// Asserts the verdict, and that a message contains this.
#[track_caller]
fn says(answer: &Answer, verdict: Verdict, message: &str) {
    assert_eq!(answer.verdict, verdict, "{}: {:#?}", answer.rule, answer.findings);
    let told: Vec<_> = answer.findings.iter().map(|finding| finding.message.as_str()).collect();
    assert!(told.iter().any(|told| told.contains(message)), "{}: {told:#?}", answer.rule);
}

fn release(version: &str, at: &str) -> Value {
    json!({"tag_name": version, "published_at": at})
}

fn with_releases(releases: &[Value]) -> KubernetesFacts {
    let releases: Releases = json!(releases).to_string().parse().expect("releases");
    KubernetesFacts::embedded().clone().with_releases(releases)
}

/// An unreadable release may be the missing one.
#[test]
fn unreadable_releases_leave_gaps() {
    let known = [release("v1.37.0", "2026-08-26T00:00:00Z"), release("v1.36.5", "2026-09-15T00:00:00Z")];
    let at = "2026-10-20T00:00:00Z";
    let with = |broken: Value| with_releases(&[&known[..], &[broken]].concat());
    let offered = json!({"version": {"gitVersion": "v1.36.5"}, "offered_versions": ["v1.36.5", "v1.37.0"]});
    for published in [json!(null), json!("last tuesday"), json!("2026-09-16"), json!(7)] {
        let facts = with(json!({"tag_name": "v1.36.6", "published_at": published}));
        for rule in
            ["version-policy-check", "scs-0210-patch", "scs-0210-patch-critical", "scs-0217-version-policy"]
        {
            says(&answer(rule, &offered, &facts, at), Dnf, "cannot parse the release date of v1.36.6");
        }
    }
    // Nothing depends on an older patch.
    let facts = with(release("v1.36.4", "soon"));
    assert_eq!(answer("scs-0210-patch", &offered, &facts, at).verdict, Pass);

    let facts = with(release("v1.37.1", "soon"));
    let without_newest = json!({"offered_versions": ["v1.34.12", "v1.35.9", "v1.36.5"]});
    let branches = |facts: &KubernetesFacts| answer("scs-0210-branches-offered", &without_newest, facts, at);
    assert_eq!(branches(&facts).verdict, Pass, "1.37.0 shows the age of 1.37");

    // The age of a branch is unknown.
    let facts = with(release("v1.38.0", "soon"));
    says(&answer("scs-0210-minor", &offered, &facts, at), Dnf, "cannot parse the release date of v1.38.0");
    says(&branches(&facts), Dnf, "release date of v1.38.0");
    assert_eq!(branches(&with_releases(&known)).verdict, Pass);
}

/// A record without these fields may be critical and affect the version.
#[test]
fn unreadable_records_leave_gaps() {
    let at = "2026-10-05T00:00:00Z";
    let record = |id: &str, published: &str, score: Value, affected: Value| {
        json!({"cveMetadata": {"cveId": id, "datePublished": published},
               "containers": {"cna": {"metrics": [{"cvssV3_1": {"baseScore": score}}], "affected": affected}}})
    };
    let kubernetes = |from: &str, to: &str| json!([{"product": "Kubernetes", "versions": [{"version": from, "lessThan": to, "status": "affected"}]}]);
    let old = record("CVE-2026-1", "2026-09-30T00:00:00Z", json!(9.0), kubernetes("1.20.0", "1.20.5"));
    let with = |more: Value| {
        let cves = json!([old, more]).to_string().parse::<CveRecords>().expect("records");
        KubernetesFacts::embedded().clone().with_cves(cves)
    };
    let cluster = json!({"version": {"gitVersion": "v1.36.4"}, "offered_versions": ["v1.36.4"],
        "nodes": [{"metadata": {"name": "a"}, "status": {"nodeInfo": {"kubeletVersion": "v1.36.4"}}}]});
    let rules = ["version-policy-check", "scs-0210-patch-critical", "scs-0217-version-policy"];
    let of = |score: Value, affected: Value| record("CVE-2026-2", "2026-09-15T00:00:00Z", score, affected);
    let ours = || kubernetes("1.36.0", "1.36.5");
    for (more, verdict, message) in [
        (
            json!({"cveMetadata": {"cveId": "CVE-2026-3"}, "containers": {}}),
            Dnf,
            "entry 2 of the CVE records is unreadable",
        ),
        (of(json!("9.8"), ours()), Fail, "fixes CVE-2026-2 (critical)"),
        (of(json!("high"), ours()), Dnf, "the record of CVE-2026-2 does not show its severity"),
        (
            of(json!(9), json!([{"product": "Kubernetes", "defaultStatus": "unknown"}])),
            Dnf,
            "the record of CVE-2026-2 does not show which versions it affects",
        ),
        (
            of(json!(9), json!([{"product": "Kubernetes"}])),
            Dnf,
            "the record of CVE-2026-2 does not show which versions it affects",
        ),
        (
            of(json!("high"), json!([{"product": "Kubernetes"}])),
            Dnf,
            "the record of CVE-2026-2 does not show which versions it affects",
        ),
        (of(json!(9), json!([])), Dnf, "the record of CVE-2026-2 does not show which versions it affects"),
    ] {
        for rule in rules {
            says(&answer(rule, &cluster, &with(more.clone()), at), verdict, message);
        }
    }
    // Nothing depends on these.
    for more in [
        of(json!("high"), kubernetes("1.20.0", "1.20.5")),
        of(json!(3), json!([{"product": "Kubernetes"}])),
        of(json!(9), json!([{"product": "Kubernetes", "defaultStatus": "unaffected"}])),
        of(json!(9), json!([{"product": "ingress-nginx"}])),
    ] {
        for rule in rules {
            assert_eq!(answer(rule, &cluster, &with(more.clone()), at).verdict, Pass, "{rule}: {more}");
        }
    }
}

/// A branch newer than the end-of-life data is maintained, and has to be offered like others.
#[test]
fn a_new_branch_without_end_of_life_is_in_the_forecast() {
    let releases = [
        release("v1.36.5", "2026-09-15T00:00:00Z"),
        release("v1.37.1", "2026-09-15T00:00:00Z"),
        release("v1.38.0", "2026-12-10T00:00:00Z"),
        release("v1.39.0", "2027-04-10T00:00:00Z"),
    ];
    let facts = with_releases(&releases);
    let rows = |facts: &KubernetesFacts, offered: &[&str], at: &str| -> Vec<BranchForecast> {
        let offered: Vec<_> =
            offered.iter().map(|version| OfferedVersion::new(version.parse().expect("a version"))).collect();
        forecast(facts, &offered, at.parse().expect("a time"))
    };
    let names = |rows: &[BranchForecast]| rows.iter().map(|row| row.branch.to_string()).collect::<Vec<_>>();
    let until = |row: &BranchForecast| row.next.as_ref().map(|step| (step.rule, step.until.to_string()));
    let minor = |until: &str| Some(("scs-0210-minor", until.to_owned()));
    let has_hint = |row: &BranchForecast| {
        row.unknown.as_ref().is_some_and(|unknown| unknown.contains("the end of life of"))
    };

    let before = rows(&facts, &["v1.37.1"], "2026-12-09T00:00:00Z");
    assert_eq!(names(&before), ["1.37", "1.36", "1.35"]);
    let after = rows(&facts, &["v1.37.1"], "2026-12-20T00:00:00Z");
    assert_eq!(names(&after), ["1.38", "1.37", "1.36", "1.35"]);
    assert_eq!(until(&after[0]), minor("2027-04-10T23:59:59Z"));
    assert!(has_hint(&after[0]) && !has_hint(&after[1]), "{after:#?}");

    // It is offered: its patches are known, its end of life is not.
    let offered = rows(&facts, &["v1.38.0", "v1.37.1"], "2026-12-20T00:00:00Z");
    assert_eq!(until(&offered[0]), None);
    assert!(has_hint(&offered[0]), "{offered:#?}");

    // The older of two must stay available as long as no newer one is due.
    let two = rows(&facts, &["v1.37.1"], "2027-04-20T00:00:00Z");
    assert_eq!(until(&two[0]), minor("2027-08-10T23:59:59Z"));
    assert_eq!(until(&two[1]), minor("2027-04-10T23:59:59Z"));
    let two = rows(&facts, &["v1.37.1"], "2027-08-11T00:00:00Z");
    assert_eq!((until(&two[0]), until(&two[1])), (minor("2027-08-10T23:59:59Z"), None));
    let two = rows(&facts, &["v1.39.0"], "2027-04-20T00:00:00Z");
    assert_eq!(until(&two[1]), None);

    let ends: EndsOfLife = "- {branch: '1.37', end-of-life: 2027-10-28}".parse().expect("ends");
    let rows = rows(&facts.with_ends_of_life(ends), &["v1.36.5"], "2026-12-09T00:00:00Z");
    assert_eq!(names(&rows), ["1.37", "1.36"]);
    assert!(has_hint(&rows[1]), "{rows:#?}");
}

/// A value that is not a document does not prove a test, neither in the version nor in a declaration.
#[test]
fn a_plain_word_does_not_prove_a_test() {
    let of = |tested: &str| {
        let offered = json!({"offered_versions": [{"version": "v1.36.5", "tested": tested}]});
        answer("scs-0210-tested", &offered, KubernetesFacts::embedded(), "2026-10-20T00:00:00Z")
    };
    for word in ["no", "yes", "untested", "-", "n/a", "N/A", "yes.", "./."] {
        says(&of(word), Dnf, &format!("`tested` of v1.36.5 is `{word}`, which is not a document"));
    }
    for document in ["reports/v1.36.5.html", "v1.36.5.html", "https://ci.example.org/7", "./7"] {
        assert_eq!(of(document).verdict, Pass, "{document}");
    }
    assert_eq!(of(" ").verdict, Miss, "it is missing");
}

/// Numbers can be arbitrarily large.
#[test]
fn huge_numbers_of_tests_are_accepted() {
    let offered = |passed: u64, failed: u64| {
        let entry = json!({"version": "v1.36.5", "e2e": {"passed": passed, "failed": failed}});
        answer(
            "scs-0210-tested-e2e",
            &json!({"offered_versions": [entry]}),
            KubernetesFacts::embedded(),
            "2026-10-20T00:00:00Z",
        )
    };
    says(&offered(u64::MAX, u64::MAX), Fail, "18446744073709551615 tests");
    assert_eq!(offered(u64::MAX, 0).verdict, Pass);
}

/// Both texts discourage a branch past its end of life (C-081); an overdue patch fails.
#[test]
fn a_branch_past_its_end_of_life_is_a_warning() {
    let at = "2026-10-28T00:00:00Z";
    let node = |version: &str| json!([{"metadata": {"name": "a"}, "status": {"nodeInfo": {"kubeletVersion": version}}}]);
    for rule in ["version-policy-check", "scs-0217-version-policy"] {
        let of = |version: &str, at: &str| {
            let cluster = json!({"version": {"gitVersion": version}, "nodes": node(version)});
            answer(rule, &cluster, KubernetesFacts::embedded(), at)
        };
        let ended = of("v1.34.12", at);
        says(&ended, Pass, "1.34 reached its end of life on 2026-10-27; move to a newer branch");
        let warnings = ended.findings.iter().filter(|finding| finding.severity == Severity::Warning);
        assert_eq!(warnings.count(), 1, "{ended:#?}");
        let last_day = of("v1.34.12", "2026-10-27T23:59:59Z");
        assert!(
            last_day.findings.iter().all(|finding| finding.severity != Severity::Warning),
            "{last_day:#?}"
        );
        says(&of("v1.34.11", at), Fail, "v1.34.12 was due by");
        says(&of("v1.12.3", at), Dnf, "no known release of 1.12");
    }
}

fn node(name: &str, kubelet: &str) -> Value {
    json!({"metadata": {"name": name}, "status": {"nodeInfo": {"kubeletVersion": kubelet}}})
}

fn cluster(version: &str, kubelets: &[&str]) -> Value {
    let nodes: Vec<Value> =
        kubelets.iter().enumerate().map(|(number, kubelet)| node(&format!("n{number}"), kubelet)).collect();
    json!({"version": {"gitVersion": version}, "nodes": nodes})
}

const UPDATES: [&str; 2] = ["version-policy-check", "scs-0217-version-policy"];

/// A date lasts until the end of the day (C-111).
#[test]
fn a_month_from_a_date_ends_with_its_last_day() {
    for rule in UPDATES {
        let of = |at: &str| answer(rule, &cluster("v1.36.4", &["v1.36.4"]), KubernetesFacts::embedded(), at);
        says(&of("2026-10-15T23:59:59Z"), Dnf, "unknown whether it fixes a critical CVE");
        says(&of("2026-10-16T00:00:00Z"), Fail, "v1.36.5 was due by 2026-10-15 23:59 UTC");
    }
    // Two weeks, through September 29.
    let of =
        |at: &str| answer(UPDATES[0], &cluster("v1.36.4", &["v1.36.4"]), KubernetesFacts::embedded(), at);
    assert_eq!(of("2026-09-29T23:59:59Z").verdict, Pass);
    assert_eq!(of("2026-09-30T00:00:00Z").verdict, Dnf);
    // A release with a known time counts from that time.
    let facts = with_releases(&[
        release("v1.36.4", "2026-08-20T10:00:00Z"),
        release("v1.36.5", "2026-09-15T10:00:00Z"),
    ]);
    let offered = json!({"offered_versions": ["v1.36.4"]});
    assert_eq!(answer("scs-0210-patch", &offered, &facts, "2026-10-15T10:00:00Z").verdict, Pass);
    assert_eq!(answer("scs-0210-patch", &offered, &facts, "2026-10-15T10:00:01Z").verdict, Fail);
}

/// Outdated facts do not show whether the newest known patch is still the newest.
#[test]
fn outdated_facts_do_not_show_the_newest_patch() {
    let facts = KubernetesFacts::embedded();
    let mut newest = cluster("v1.36.5", &["v1.36.5"]);
    newest["offered_versions"] = json!(["v1.35.9", "v1.36.5", "v1.37.1"]);
    let rules =
        ["scs-0210-patch", "scs-0210-patch-critical", "scs-0210-patch-critical-fast", "scs-0210-v1-patch"];
    for rule in UPDATES.into_iter().chain(rules) {
        let fresh = answer(rule, &newest, facts, "2026-10-30T23:59:59Z");
        assert_eq!(fresh.verdict, Pass, "{rule}: {:#?}", fresh.findings);
        let as_of = fresh.facts_as_of.map(|at| at.to_string());
        assert_eq!(as_of.as_deref(), Some("2026-09-15T00:00:00Z"), "{rule}");
        for at in ["2026-10-31T00:00:00Z", "2026-11-30T00:00:00Z", "2027-06-20T00:00:00Z"] {
            let stale = answer(rule, &newest, facts, at);
            says(&stale, Dnf, "release data end on 2026-09-15, more than 45 days ago");
        }
    }
    // Overdue patches stay overdue.
    let overdue = cluster("v1.36.4", &["v1.36.4"]);
    says(&answer(UPDATES[0], &overdue, facts, "2027-06-20T00:00:00Z"), Fail, "v1.36.5");
    // The newest branch is not due only as long as there is no newer one.
    let without = json!({"offered_versions": ["v1.34.12", "v1.35.9", "v1.36.5"]});
    let branches = |at: &str| answer("scs-0210-branches-offered", &without, facts, at);
    assert_eq!(branches("2026-10-30T00:00:00Z").verdict, Pass);
    says(&branches("2026-11-30T00:00:00Z"), Dnf, "release data end on");
    let fresh = |at: &str| answer("scs-0210-eol-data-fresh", &json!({}), facts, at).verdict;
    assert_eq!((fresh("2026-10-30T00:00:00Z"), fresh("2026-10-31T00:00:00Z")), (Pass, Dnf));
}

/// An empty list is not one with an unknown date.
#[test]
fn empty_lists_are_reported_as_empty() {
    let at = "2026-10-05T00:00:00Z";
    let old = cluster("v1.36.4", &["v1.36.4"]);
    says(&answer(UPDATES[0], &old, &with_releases(&[]), at), Dnf, "the list of releases is empty");
    let future = [release("v1.36.9", "2030-01-01T00:00:00Z")];
    let offered = json!({"offered_versions": ["v1.36.4"]});
    let told = answer("scs-0210-minor", &offered, &with_releases(&future), at);
    says(&told, Dnf, "no release in the list was published before the check");
    let cves = |json: &str| {
        KubernetesFacts::embedded().clone().with_cves(json.parse::<CveRecords>().expect("records"))
    };
    says(&answer(UPDATES[0], &old, &cves("[]"), at), Dnf, "the list of CVE records is empty");
    let undated = r#"[{"cveMetadata": {"cveId": "CVE-2026-1"}, "containers": {"cna": {}}}]"#;
    let told = answer(UPDATES[0], &old, &cves(undated), at);
    says(&told, Dnf, "no CVE record was published before the check");
}

/// Only the score of the original record counts; without one, it is unknown whether the CVE is critical.
#[test]
fn a_record_without_a_score_may_be_critical() {
    let at = "2026-10-02T00:00:00Z";
    let record = |to: &str, state: &str| {
        let versions = json!([{"version": "1.36.0", "lessThanOrEqual": to, "status": "affected", "versionType": "semver"}]);
        json!({
            "cveMetadata": {"cveId": "CVE-2026-7", "state": state, "datePublished": "2026-09-15T16:23:00Z"},
            "containers": {
                "cna": {"affected": [{"product": "Kubernetes", "versions": versions}]},
                "adp": [{"metrics": [{"cvssV3_1": {"baseScore": 8.8}}]}]
            }
        })
    };
    let facts = |record: &Value| {
        let cves = record.to_string().parse::<CveRecords>().expect("a record");
        KubernetesFacts::embedded().clone().with_cves(cves)
    };
    let old = cluster("v1.36.4", &["v1.36.4"]);
    let told = answer(UPDATES[0], &old, &facts(&record("1.36.4", "PUBLISHED")), at);
    says(&told, Dnf, "fixes CVE-2026-7, whose original record has no CVSS score");
    // CVEs that 1.36.5 does not fix do not make it more urgent, and rejected records do not count.
    for record in [record("1.36.5", "PUBLISHED"), record("1.36.3", "PUBLISHED"), record("1.36.4", "REJECTED")]
    {
        assert_eq!(answer(UPDATES[0], &old, &facts(&record), at).verdict, Pass, "{record}");
    }
}

/// The project does not support pre-releases.
#[test]
fn pre_releases_do_not_count_as_offered() {
    let facts = KubernetesFacts::embedded();
    let of = |rule: &str, offered: &[&str], at: &str| {
        answer(rule, &json!({"offered_versions": offered}), facts, at)
    };
    let at = "2026-12-27T00:00:00Z";
    for newest in ["v1.37.0-rc.1", "v1.38.0-alpha.1", "v1.37.2-rc.0", "v1.37.0-beta.0"] {
        let offered = ["v1.35.9", "v1.36.5", newest];
        says(&of("scs-0210-minor", &offered, at), Fail, "1.37 had to be available by 2026-12-26");
        says(&of("scs-0210-branches-offered", &offered, at), Fail, "has to be offered until then");
        let patches = of("scs-0210-patch", &offered, "2026-10-20T00:00:00Z");
        says(&patches, Pass, "a pre-release does not count as an offered version");
    }
    // One newer than the newest release does not hide other findings.
    let hidden = of("scs-0210-patch", &["v1.36.4", "v1.36.6-rc.0"], "2026-10-20T00:00:00Z");
    says(&hidden, Fail, "v1.36.5 had to be available");
    says(&of("scs-0210-minor", &["v1.37.0-rc.1"], at), Fail, "no version is offered");
    let offered = OfferedVersion::new("v1.37.0-rc.1".parse().expect("a version"));
    let rows = forecast(facts, &[offered], "2026-10-28T00:00:00Z".parse().expect("a time"));
    assert!(rows[0].offered.is_empty(), "{rows:#?}");
    let offer = rows[0].next.as_ref().and_then(|step| step.offer.as_ref());
    assert_eq!(offer.map(ToString::to_string).as_deref(), Some("v1.37.1"));
}

/// A `CloudProfile` has preview versions, and expiration dates.
#[test]
fn versions_of_a_cloud_profile_are_read() {
    let versions = json!([
        {"version": "1.37.1", "classification": "preview"},
        {"version": "1.36.5", "classification": "supported"},
        {"version": "1.35.9", "classification": "deprecated", "expirationDate": "2026-10-01T00:00:00Z"},
        {"version": "1.34.12", "classification": "odd"},
    ]);
    let profile = json!({"kind": "CloudProfile", "spec": {"kubernetes": {"versions": versions}}});
    let offered = json!({"offered_versions": profile});
    let told = answer("scs-0210-patch", &offered, KubernetesFacts::embedded(), "2026-10-20T00:00:00Z");
    says(&told, Dnf, "the `classification` of v1.34.12 is `odd`");
    says(&told, Dnf, "a preview does not count");
    says(&told, Dnf, "no longer offered since 2026-10-01");
}

/// A cluster is as old as its oldest node.
#[test]
fn kubelets_are_judged_like_the_api_server() {
    let at = "2026-10-20T00:00:00Z";
    for rule in UPDATES {
        let of =
            |kubelets: &[&str]| answer(rule, &cluster("v1.36.5", kubelets), KubernetesFacts::embedded(), at);
        assert_eq!(of(&["v1.36.5", "v1.36.5+k3s1"]).verdict, Pass, "{rule}");
        let old = of(&["v1.36.5", "v1.34.3", "v1.34.3", "v1.34.3"]);
        says(&old, Fail, "`n1`, `n2` and 1 more nodes: v1.34");
        says(&of(&["v1.33.4"]), Fail, "1.33 reached its end of life on 2026-06-28");
        let skew = of(&["v1.31.14", "v1.37.1"]);
        for (node, kubelets) in
            [("n0", "more than three minor versions older"), ("n1", "with a newer minor version")]
        {
            let message = format!(
                "`{node}`: upstream does not support kubelets {kubelets} than the API server v1.36.5"
            );
            says(&skew, skew.verdict, &message);
        }
        says(&of(&["v1.36"]), Dnf, "it is a branch");
        says(&of(&[""]), Dnf, "the kubelet version of `n0` is missing");
        says(&of(&[]), Dnf, "the list has no node");
        let server = json!({"gitVersion": "v1.36.5"});
        let alone = answer(rule, &json!({"version": server}), KubernetesFacts::embedded(), at);
        says(&alone, Miss, "kubelets: `nodes` is missing from the inventory");
        let refused = json!({"version": server, "nodes": {"kind": "Status", "message": "forbidden"}});
        says(&answer(rule, &refused, KubernetesFacts::embedded(), at), Dnf, "forbidden");
    }
    // The suite only checks the API server.
    let parts = Parts::of(&cluster("v1.36.5", &["v1.34.3"]));
    let skewed = Cluster::read(|part| parts.given(part));
    let declarations = Declarations::default();
    let context =
        Context { at: at.parse().expect("a time"), profile: Profile::Official, declarations: &declarations };
    let rule = k8s_rules().find(|rule| rule.id == UPDATES[0]).expect("a rule");
    let official = rule.answer(&skewed, &context);
    assert_eq!(official.verdict, Pass, "{official:#?}");
    let mut other = official.findings.iter().filter_map(|finding| finding.other_profile.as_ref());
    assert!(other.any(|other| other.result == Fail && other.difference == "official-kubelets"));
}

/// Updates go to the newest patch, with the tool of the cluster's owner.
#[test]
fn updates_depend_on_the_owner() {
    let at = "2026-10-20T00:00:00Z";
    let fix = |version: &str, node: Value| {
        let cluster = json!({"version": {"gitVersion": version}, "nodes": [node]});
        let answer = answer(UPDATES[0], &cluster, KubernetesFacts::embedded(), at);
        answer.findings.into_iter().find_map(|finding| finding.fix).expect("a fix")
    };
    let with = |annotations: &Value, labels: &Value, os: &str, kubelet: &str| {
        json!({"metadata": {"name": "cp-1", "annotations": annotations, "labels": labels},
               "status": {"nodeInfo": {"kubeletVersion": kubelet, "osImage": os}}})
    };
    let (none, ubuntu) = (json!({}), "Ubuntu 24.04.3 LTS");
    let kubeadm = json!({"kubeadm.alpha.kubernetes.io/cri-socket": "unix:///x"});
    let by_kubeadm = fix("v1.36.2", with(&kubeadm, &none, ubuntu, "v1.36.2"));
    assert_eq!(by_kubeadm.command(), Some("kubeadm upgrade apply v1.36.5"));
    assert!(by_kubeadm.is_destructive() && by_kubeadm.active().is_none(), "components restart");
    // 1.37.0 itself would be overdue.
    let of_candidate = fix("v1.37.0-rc.1", with(&kubeadm, &none, ubuntu, "v1.37.0-rc.1"));
    assert_eq!(of_candidate.command(), Some("kubeadm upgrade apply v1.37.1"));
    let capi = json!({"cluster.x-k8s.io/cluster-name": "prod", "cluster.x-k8s.io/cluster-namespace": "customer",
        "cluster.x-k8s.io/owner-kind": "KubeadmControlPlane", "cluster.x-k8s.io/owner-name": "prod-cp"});
    let capi = fix("v1.36.2", with(&capi, &none, ubuntu, "v1.36.2"));
    assert!(!capi.ways().is_empty() && capi.active().is_none());
    for way in capi.ways() {
        assert!(way.command.contains("--namespace customer") && way.command.contains("v1.36.5"), "{way:?}");
    }
    let talos = fix("v1.36.2", with(&none, &none, "Talos (v1.14.0)", "v1.36.2"));
    assert_eq!(talos.command(), Some("talosctl upgrade-k8s --to 1.36.5"));
    for (labels, version) in [
        (json!({"worker.gardener.cloud/pool": "p1"}), "v1.36.2"),
        (json!({"kubernetes.azure.com/cluster": "MC"}), "v1.36.2"),
        (none.clone(), "v1.36.2+rke2r1"),
        (none.clone(), "v1.36.2"),
    ] {
        let fix = fix(version, with(&none, &labels, ubuntu, version));
        assert_eq!(fix.command(), None, "{labels} {version}: {fix:#?}");
        assert!(fix.words().is_some_and(|words| words.contains("1.36.5")), "{fix:#?}");
    }
}
