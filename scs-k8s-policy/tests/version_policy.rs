//! What is said of versions where facts are of another day, or have gaps.

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

/// The newest branch of a day of the past may wait, whatever has been released since.
#[test]
fn a_later_branch_makes_no_earlier_one_due() {
    let offered = json!({"offered_versions": ["v1.33.12", "v1.34.8", "v1.35.5"]});
    let at =
        |at: &str| answer("scs-0210-branches-offered", &offered, KubernetesFacts::embedded(), at).verdict;
    // 1.36 came on 22 April, 1.37 after this.
    assert_eq!(at("2026-06-01T00:00:00Z"), Pass);
    assert_eq!(at("2026-08-22T23:59:59Z"), Pass, "it was released at an hour of 22 April");
    assert_eq!(at("2026-08-23T00:00:00Z"), Fail);
}

/// Asserts the verdict, and that a message says this.
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
    let releases = Releases::read(&json!(releases).to_string()).expect("releases");
    KubernetesFacts::embedded().clone().with_releases(releases)
}

/// A release that cannot be read may be the one that is missed.
#[test]
fn releases_that_cannot_be_read_leave_gaps() {
    let known = [release("v1.37.0", "2026-08-26T00:00:00Z"), release("v1.36.5", "2026-09-15T00:00:00Z")];
    let at = "2026-10-20T00:00:00Z";
    let with = |broken: Value| with_releases(&[&known[..], &[broken]].concat());
    let offered = json!({"version": {"gitVersion": "v1.36.5"}, "offered_versions": ["v1.36.5", "v1.37.0"]});
    for published in [json!(null), json!("last tuesday"), json!("2026-09-16"), json!(7)] {
        let facts = with(json!({"tag_name": "v1.36.6", "published_at": published}));
        for rule in
            ["version-policy-check", "scs-0210-patch", "scs-0210-patch-critical", "scs-0217-version-policy"]
        {
            says(&answer(rule, &offered, &facts, at), Dnf, "when v1.36.6 was released cannot be read");
        }
    }
    // Of an older patch nothing depends.
    let facts = with(release("v1.36.4", "soon"));
    assert_eq!(answer("scs-0210-patch", &offered, &facts, at).verdict, Pass);

    let facts = with(release("v1.37.1", "soon"));
    let without_newest = json!({"offered_versions": ["v1.34.12", "v1.35.9", "v1.36.5"]});
    let branches = |facts: &KubernetesFacts| answer("scs-0210-branches-offered", &without_newest, facts, at);
    assert_eq!(branches(&facts).verdict, Pass, "1.37.0 shows since when 1.37 has been there");

    // Of a branch nobody can say since when it has been there.
    let facts = with(release("v1.38.0", "soon"));
    says(&answer("scs-0210-minor", &offered, &facts, at), Dnf, "when v1.38.0 was released cannot be read");
    says(&branches(&facts), Dnf, "when v1.38.0 was released");
    assert_eq!(branches(&with_releases(&known)).verdict, Pass);
}

/// What a record does not say may be that it is critical, and that the version has it.
#[test]
fn records_that_cannot_be_read_leave_gaps() {
    let at = "2026-10-05T00:00:00Z";
    let record = |id: &str, published: &str, score: Value, affected: Value| {
        json!({"cveMetadata": {"cveId": id, "datePublished": published},
               "containers": {"cna": {"metrics": [{"cvssV3_1": {"baseScore": score}}], "affected": affected}}})
    };
    let kubernetes = |from: &str, to: &str| json!([{"product": "Kubernetes", "versions": [{"version": from, "lessThan": to, "status": "affected"}]}]);
    let old = record("CVE-2026-1", "2026-09-30T00:00:00Z", json!(9.0), kubernetes("1.20.0", "1.20.5"));
    let with = |more: Value| {
        let cves = CveRecords::read(&json!([old, more]).to_string()).expect("records");
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
            "entry 2 of the CVE records cannot be read",
        ),
        (of(json!("9.8"), ours()), Fail, "fixes CVE-2026-2 (critical)"),
        (of(json!("high"), ours()), Dnf, "how bad CVE-2026-2 is cannot be read"),
        (
            of(json!(9), json!([{"product": "Kubernetes", "defaultStatus": "unknown"}])),
            Dnf,
            "which versions CVE-2026-2 affects",
        ),
        (of(json!(9), json!([{"product": "Kubernetes"}])), Dnf, "which versions CVE-2026-2 affects"),
        (of(json!("high"), json!([{"product": "Kubernetes"}])), Dnf, "which versions CVE-2026-2 affects"),
        (of(json!(9), json!([])), Dnf, "which versions CVE-2026-2 affects"),
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

/// A branch that is newer than the ends of life is maintained, and has to be offered like others.
#[test]
fn a_new_branch_whose_end_is_not_known_is_in_the_forecast() {
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
        row.unknown.as_ref().is_some_and(|unknown| unknown.contains("is maintained is not known"))
    };

    let before = rows(&facts, &["v1.37.1"], "2026-12-09T00:00:00Z");
    assert_eq!(names(&before), ["1.37", "1.36", "1.35"]);
    let after = rows(&facts, &["v1.37.1"], "2026-12-20T00:00:00Z");
    assert_eq!(names(&after), ["1.38", "1.37", "1.36", "1.35"]);
    assert_eq!(until(&after[0]), minor("2027-04-10T23:59:59Z"));
    assert!(has_hint(&after[0]) && !has_hint(&after[1]), "{after:#?}");

    // It is offered: its patches are known, its end is not.
    let offered = rows(&facts, &["v1.38.0", "v1.37.1"], "2026-12-20T00:00:00Z");
    assert_eq!(until(&offered[0]), None);
    assert!(has_hint(&offered[0]), "{offered:#?}");

    // Of two of them, the older one has to be there until a newer one has.
    let two = rows(&facts, &["v1.37.1"], "2027-04-20T00:00:00Z");
    assert_eq!(until(&two[0]), minor("2027-08-10T23:59:59Z"));
    assert_eq!(until(&two[1]), minor("2027-04-10T23:59:59Z"));
    let two = rows(&facts, &["v1.37.1"], "2027-08-11T00:00:00Z");
    assert_eq!((until(&two[0]), until(&two[1])), (minor("2027-08-10T23:59:59Z"), None));
    let two = rows(&facts, &["v1.39.0"], "2027-04-20T00:00:00Z");
    assert_eq!(until(&two[1]), None);

    let ends = EndsOfLife::read("- {branch: '1.37', end-of-life: 2027-10-28}").expect("ends");
    let rows = rows(&facts.with_ends_of_life(ends), &["v1.36.5"], "2026-12-09T00:00:00Z");
    assert_eq!(names(&rows), ["1.37", "1.36"]);
    assert!(has_hint(&rows[1]), "{rows:#?}");
}

/// What is no document shows no test, beside the version as in a declaration.
#[test]
fn a_word_shows_no_test() {
    let of = |tested: &str| {
        let offered = json!({"offered_versions": [{"version": "v1.36.5", "tested": tested}]});
        answer("scs-0210-tested", &offered, KubernetesFacts::embedded(), "2026-10-20T00:00:00Z")
    };
    for word in ["no", "yes", "untested", "-", "n/a", "N/A", "yes.", "./."] {
        says(&of(word), Dnf, &format!("`tested` of v1.36.5 is `{word}`, which is no document"));
    }
    for document in ["reports/v1.36.5.html", "v1.36.5.html", "https://ci.example.org/7", "./7"] {
        assert_eq!(of(document).verdict, Pass, "{document}");
    }
    assert_eq!(of(" ").verdict, Miss, "it is not given");
}

/// Numbers are as great as one likes.
#[test]
fn great_numbers_of_tests() {
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

/// The text advises against a branch that has ended (C-081), here as there; a patch that is overdue fails.
#[test]
fn a_branch_that_has_ended_is_a_warning() {
    let at = "2026-10-28T00:00:00Z";
    let node = |version: &str| json!([{"metadata": {"name": "a"}, "status": {"nodeInfo": {"kubeletVersion": version}}}]);
    for rule in ["version-policy-check", "scs-0217-version-policy"] {
        let of = |version: &str, at: &str| {
            let cluster = json!({"version": {"gitVersion": version}, "nodes": node(version)});
            answer(rule, &cluster, KubernetesFacts::embedded(), at)
        };
        let ended = of("v1.34.12", at);
        says(&ended, Pass, "1.34 has not been maintained since 2026-10-27; move to a newer branch");
        let warnings = ended.findings.iter().filter(|finding| finding.severity == Severity::Warning);
        assert_eq!(warnings.count(), 1, "{ended:#?}");
        let last_day = of("v1.34.12", "2026-10-27T23:59:59Z");
        assert!(
            last_day.findings.iter().all(|finding| finding.severity != Severity::Warning),
            "{last_day:#?}"
        );
        says(&of("v1.34.11", at), Fail, "it had to be replaced by v1.34.12");
        says(&of("v1.12.3", at), Dnf, "no release of 1.12 is known");
    }
}
