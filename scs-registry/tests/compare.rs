//! Changes between two reports.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use proptest::prelude::*;
use scs_registry::compare::{Change, Trend};
use scs_registry::{CompareError, Comparison, Inventory, Report, ScopeChoice, check_inventory, compare};
use scs_standards::{Context, Profile, Verdict};

fn report_by(text: &str, profile: Profile) -> Report {
    let context = Context::at("2026-11-24T00:00:00Z".parse().unwrap()).with_profile(profile);
    check_inventory(&text.parse::<Inventory>().unwrap(), &ScopeChoice::default(), &context).unwrap()
}

fn report(text: &str) -> Report {
    report_by(text, Profile::Text)
}

fn example(name: &str) -> Report {
    let path = format!("{}/../examples/data/{name}.yaml", env!("CARGO_MANIFEST_DIR"));
    report(&std::fs::read_to_string(path).unwrap())
}

#[test]
fn a_report_does_not_differ_from_itself() {
    let report = example("typical-cloud");
    let comparison = compare(&report, &report).unwrap();
    assert!(!comparison.has_changes() && !comparison.worse);
    assert_eq!(comparison.notices, [""; 0]);
}

#[test]
fn other_words_or_times_are_no_change() {
    let old = example("typical-cloud");
    let mut new = old.clone();
    for finding in &mut new.findings {
        finding.finding.message.push_str(", in other words");
    }
    new.findings.reverse();
    assert!(!compare(&old, &new).unwrap().has_changes());
}

#[test]
fn what_breaks_is_worse_and_what_is_fixed_is_better() {
    let flavor =
        |name: &str| format!("{{kind: cloud, flavors: [{{name: {name}, vcpus: 2, ram: 8192, disk: 0}}]}}");
    let (good, bad) = (report(&flavor("SCS-2V-8")), report(&flavor("SCS-2v-8")));
    let comparison = compare(&good, &bad).unwrap();
    assert!(comparison.worse);
    let change = comparison.results["scs-0100-syntax-check"];
    assert_eq!((change.old, change.new), (Some(Verdict::Pass), Some(Verdict::Fail)));
    assert_eq!((change.trend, change.decides), (Trend::Worse, true));
    let back = compare(&bad, &good).unwrap();
    assert_eq!(back.results["scs-0100-syntax-check"].trend, Trend::Better);
    let is_syntax = |it: &&scs_registry::compare::FindingChange| it.finding.rule == "scs-0100-syntax-check";
    assert_eq!(back.findings.iter().find(is_syntax).map(|it| it.change), Some(Change::Gone));
}

#[test]
fn a_changed_result_is_one_change() {
    let old = example("typical-cloud");
    let mut new = old.clone();
    let place = new.findings.iter().position(|it| it.result == Verdict::Fail && it.decides).unwrap();
    new.findings[place].finding.result = Verdict::Miss;
    let comparison = compare(&old, &new).unwrap();
    let [change] = &comparison.findings[..] else { panic!("one change is expected") };
    assert_eq!((change.change, change.old_result), (Change::Changed, Some(Verdict::Fail)));
    // FAIL takes precedence.
    assert_eq!(change.trend, Trend::Better);
    assert!(!comparison.worse);
    let back = compare(&new, &old).unwrap();
    assert!(back.worse && back.findings[0].trend == Trend::Worse);
}

#[test]
fn a_finding_that_does_not_decide_is_not_worse_as_a_whole() {
    let old = example("typical-cloud");
    let mut new = old.clone();
    let advice = old.findings.iter().find(|it| it.result != Verdict::Pass && !it.decides).unwrap();
    let mut more = advice.clone();
    more.finding.subject.push_str(" (another)");
    new.findings.push(more);
    let comparison = compare(&old, &new).unwrap();
    assert!(comparison.has_changes() && !comparison.worse);
    assert_eq!(comparison.findings_of(Trend::Worse).count(), 1);
}

#[test]
fn a_missing_part_is_a_notice() {
    let old = report("{kind: cloud, flavors: [], images: []}");
    let new = report("{kind: cloud, flavors: []}");
    assert_eq!(compare(&old, &new).unwrap().notices, ["only the old inventory has `images`"]);
}

#[test]
fn unlike_reports_are_refused() {
    let text = "{kind: cloud, flavors: []}";
    let (cloud, official) = (report(text), report_by(text, Profile::Official));
    assert!(matches!(compare(&cloud, &official), Err(CompareError::Profiles { .. })));
    assert!(matches!(compare(&cloud, &report("{kind: cluster}")), Err(CompareError::Kinds { .. })));
    let mut other = cloud.clone();
    other.scope.as_mut().unwrap().uuid = "another".to_owned();
    assert!(matches!(compare(&cloud, &other), Err(CompareError::Scopes { .. })));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    /// A reverse comparison has the inverse changes.
    #[test]
    fn backwards_is_the_other_way_round(keep in prop::collection::vec(any::<(bool, bool)>(), 400)) {
        let all = example("typical-cloud");
        let (mut old, mut new) = (all.clone(), all.clone());
        let mut flags = keep.iter().cycle();
        old.findings.retain(|_| flags.next().unwrap().0);
        let mut flags = keep.iter().cycle();
        new.findings.retain(|_| flags.next().unwrap().1);
        let (there, back) = (compare(&old, &new).unwrap(), compare(&new, &old).unwrap());
        let count = |comparison: &Comparison, change: Change| {
            comparison.findings.iter().filter(|it| it.change == change).count()
        };
        prop_assert_eq!(count(&there, Change::New), count(&back, Change::Gone));
        prop_assert_eq!(count(&there, Change::Gone), count(&back, Change::New));
        prop_assert_eq!(count(&there, Change::Changed), count(&back, Change::Changed));
        prop_assert_eq!(
            there.findings_of(Trend::Worse).count(),
            back.findings_of(Trend::Better).count()
        );
        prop_assert_eq!(old.findings.len() + count(&there, Change::New), new.findings.len() + count(&there, Change::Gone));
        let json = serde_json::to_string(&there).unwrap();
        prop_assert_eq!(serde_json::from_str::<Comparison>(&json).unwrap(), there);
    }
}
