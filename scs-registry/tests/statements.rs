//! Declarations of a provider: measurements, exceptions, and entries that do not answer any question.

#![expect(clippy::expect_used, reason = "helpers of tests fail as tests do")]

use std::fmt::Write;

use scs_registry::{Inventory, Kind, Report, ScopeChoice, check_inventory};
use scs_standards::{Context, Profile, Verdict};
use serde_json::{Value, json};

fn context(profile: Profile) -> Context<'static> {
    Context::at("2026-11-24T00:00:00Z".parse().expect("a time")).with_profile(profile)
}

fn report(inventory: &Inventory, profile: Profile) -> Report {
    check_inventory(inventory, &ScopeChoice::default(), &context(profile)).expect("a report")
}

fn checked(inventory: &Value) -> Report {
    report(&inventory.to_string().parse::<Inventory>().expect("an inventory"), Profile::Text)
}

fn verdict(report: &Report, rule: &str) -> Verdict {
    report.result_of(rule).expect("an answer")
}

#[test]
fn measurements_answer_for_their_flavors() {
    let inventory = |iops: f64| {
        json!({
            "kind": "cloud", "collected_at": "2026-11-23T12:00:00Z",
            "flavors": [{"name": "SCS-2V-4-20s", "vcpus": 2, "ram": 4096, "disk": 20, "extra_specs": {"scs:disk0-type": "ssd"}}],
            "fio_results": {
                "SCS-2V-4-20s": {"jobs": [{"jobname": "w", "write": {"iops": iops, "lat_ns": {"mean": 500_000.0}}}]},
                "other": {"jobs": []},
            },
        })
    };
    let fast = checked(&inventory(5000.0));
    assert_eq!(verdict(&fast, "scs-0110-iops"), Verdict::Pass);
    assert!(
        fast.notices.iter().any(|notice| notice.starts_with("`fio_results` of other cannot be used: no job"))
    );
    let slow = checked(&inventory(800.0));
    assert_eq!(verdict(&slow, "scs-0110-iops"), Verdict::Fail);
}

#[test]
fn exceptions_are_shown_and_change_nothing() {
    let checked = checked(&json!({
        "kind": "cloud", "roles": ["member"], "backup": {"outcome": "failed", "at": "2026-11-20T00:00:00Z"},
        "declarations": [
            {"exception": "scs-0117-test-backup", "reason": "being replaced", "valid_until": "2026-12-31"},
            {"exception": "scs-0117-no-such-case", "reason": "x", "valid_until": "2026-01-31"},
        ],
    }));
    assert_eq!(checked.results["scs-0117-test-backup"], Verdict::Fail);
    let shown = checked.exceptions;
    assert_eq!((shown[0].in_force, shown[0].result), (true, Some(Verdict::Fail)));
    assert_eq!((shown[1].in_force, shown[1].result), (false, None));
    for notice in [
        "an exception is claimed for `scs-0117-no-such-case`, which is neither a test case nor a rule",
        "the exception for `scs-0117-no-such-case` expired on 2026-01-31",
    ] {
        assert!(checked.notices.iter().any(|known| known == notice), "{:#?}", checked.notices);
    }
}

#[test]
fn declarations_without_a_question_are_reported() {
    let good =
        |rule: &str| json!({"rule": rule, "value": 1, "date": "2026-10-01", "valid_until": "2026-12-31"});
    let checked = checked(&json!({"kind": "cloud", "declarations": [
        good("scs-0121-powr"), good("scs-0123-service-compute"), good("architecture"), 7, {"rule": "scs-0100-ecc"},
    ]}));
    let about = |text: &str| checked.notices.iter().filter(|notice| notice.contains(text)).count();
    assert_eq!(about("did you mean `scs-0121-power`?"), 1);
    assert_eq!(about("`scs-0123-service-compute` is ignored: the data of the cloud decide it"), 1);
    assert_eq!(about("architecture"), 0);
    assert_eq!(about("ignored declaration 4: expected a mapping"), 1);
    assert_eq!(about("ignored declaration 5 (scs-0100-ecc): `value` is missing"), 1);
}

#[test]
fn questions_are_open_until_they_are_answered_in_force() {
    let zones = json!({"compute": ["az1", "az2"], "volume": ["nova"]});
    let open = |declarations: Value| -> Vec<String> {
        let report =
            checked(&json!({"kind": "cloud", "availability_zones": zones, "declarations": declarations}));
        report.questions.iter().map(|open| open.name.to_string()).collect()
    };
    let has_power = |open: Vec<String>| open.iter().any(|name| name == "scs-0121-power");
    assert!(has_power(open(json!([]))));
    let declared = |date: &str, until: &str| json!([{"rule": "scs-0121-power", "value": {"az1": 2, "az2": 2}, "date": date, "valid_until": until}]);
    assert!(!has_power(open(declared("2026-10-01", "2026-12-31"))));
    assert!(has_power(open(declared("2026-01-01", "2026-03-31"))), "it has expired");
    // Empty answers in the questionnaire are still open.
    let empty =
        json!([{"rule": "scs-0121-power", "value": null, "date": "2026-10-01", "valid_until": "2026-12-31"}]);
    assert!(has_power(open(empty)));
    // Without rules to check, there are no open questions.
    let open = checked(&json!({"kind": "cloud", "availability_zones": {"compute": ["nova"]}})).questions;
    assert!(!open.iter().any(|open| open.name == "scs-0121-power"));
    // Several rules share a question.
    let open = checked(&json!({"kind": "cloud", "config_files": {"keystone.conf": ""}})).questions;
    let release: Vec<_> = open.iter().filter(|open| open.name == "openstack-release").collect();
    assert_eq!(release.len(), 1);
    assert!(release[0].rules.len() > 1);
}

#[test]
fn an_answered_questionnaire_is_read_back() {
    let open = report(&Inventory::new(Kind::Cloud), Profile::Text).questions;
    assert!(open.len() > 30);
    let mut text = String::from("kind: cloud\ndeclarations:\n");
    for question in &open {
        let word = if question.is_topic { "topic" } else { "rule" };
        let _ = writeln!(
            text,
            "- {{{word}: {}, value: {}, date: 2026-11-24, valid_until: 2027-02-24}}",
            question.name, question.example
        );
    }
    let answered: Inventory = text.parse().expect("an inventory");
    assert_eq!(answered.declarations().iter().count(), open.len());
    let checked = report(&answered, Profile::Text);
    assert!(checked.questions.is_empty(), "{:#?}", checked.questions);
    let unusable: Vec<_> = checked
        .findings
        .iter()
        .filter(|finding| finding.result == Verdict::Dnf && finding.message.starts_with("declared"))
        .collect();
    assert!(unusable.is_empty(), "examples with values that their rules do not understand: {unusable:#?}");
}

#[test]
fn the_official_suite_aborts_for_privileged_users() {
    let inventory: Inventory =
        r#"{"kind": "cloud", "roles": ["admin", "member"], "flavors": []}"#.parse().expect("an inventory");
    for (profile, expected) in [(Profile::Text, Verdict::Pass), (Profile::Official, Verdict::Dnf)] {
        let checked = report(&inventory, profile);
        assert_eq!(checked.results["scs-0100-syntax-check"], expected, "{profile}");
        assert!(checked.notices.iter().any(|notice| notice.contains("has the role admin")));
    }
}
