//! Results at dates: every combination that matters, and laws that hold for all.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use std::collections::BTreeMap;

use jiff::Timestamp;
use proptest::prelude::*;
use scs_certificates::{Evaluation, EvaluationOptions, GivenResult, Scope, evaluate};
use scs_standards::{Profile, Verdict};

const AT: &str = "2026-11-24T00:00:00Z";

/// Two versions: v2 asks for `a` and `b`, v1 for `a` alone; the draft v3 for `c`.
fn scope(timeline: &str) -> Scope {
    let text = format!(
        "\
uuid: d912d0a5-826a-4b01-bafd-b48f65f76f43
name: SCS-test IaaS
url: https://example.com/scope.yaml
scripts:
- testcases: [{{id: scs-0999-a, lifetime: day}}, {{id: scs-0999-b, lifetime: year}}, {{id: scs-0999-c}}]
modules:
- {{id: a, targets: {{main: [scs-0999-a]}}}}
- {{id: b, targets: {{main: [scs-0999-b], recommended: [scs-0999-c]}}}}
- {{id: c, targets: {{main: [scs-0999-c]}}}}
timeline: [{timeline}]
versions:
- {{version: v3, include: [c]}}
- {{version: v2, stabilized_at: 2026-01-01, include: [a, b]}}
- {{version: v1, stabilized_at: 2025-01-01, include: [a]}}
"
    );
    let scope = Scope::read(&text).unwrap();
    assert!(
        scope.problems().iter().all(|problem| problem.rule.contains("one-effective")),
        "{:?}",
        scope.problems()
    );
    scope
}

const USUAL: &str = "{date: 2026-02-01, versions: {v3: draft, v2: effective, v1: warn}}";

fn results(given: &[(&str, Verdict)]) -> BTreeMap<String, GivenResult> {
    given.iter().map(|(id, result)| (format!("scs-0999-{id}"), GivenResult::from(*result))).collect()
}

fn run(scope: &Scope, given: &BTreeMap<String, GivenResult>, options: EvaluationOptions) -> Evaluation {
    evaluate(scope, given, AT.parse().unwrap(), options)
}

fn verdict_of(evaluation: &Evaluation, version: &str) -> Option<Verdict> {
    evaluation.versions.iter().find(|(name, _)| name == version).unwrap().1.verdict
}

#[test]
fn combinations_of_results() {
    use Verdict::{Dnf, Fail, Miss, Pass};
    let scope = scope(USUAL);
    for (given, v2, v1, text, official) in [
        (&[("a", Pass), ("b", Pass)][..], Pass, Pass, (Pass, Some("v2")), (Pass, Some("v2"))),
        (&[("a", Pass), ("b", Fail)], Fail, Pass, (Pass, Some("v1")), (Pass, Some("v1"))),
        (&[("a", Fail), ("b", Pass)], Fail, Fail, (Fail, None), (Fail, None)),
        (&[("a", Pass), ("b", Dnf)], Dnf, Pass, (Pass, Some("v1")), (Dnf, Some("v2"))),
        (&[("a", Dnf), ("b", Pass)], Dnf, Dnf, (Dnf, None), (Dnf, Some("v2"))),
        // Nothing at all: the monitor names a winner all the same.
        (&[], Miss, Miss, (Miss, None), (Miss, Some("v2"))),
        (&[("a", Dnf), ("b", Fail)], Fail, Dnf, (Fail, None), (Dnf, Some("v1"))),
        (&[("a", Pass)], Miss, Pass, (Pass, Some("v1")), (Miss, Some("v2"))),
    ] {
        let given = results(given);
        let by_text = run(&scope, &given, EvaluationOptions::new(Profile::Text));
        assert_eq!(verdict_of(&by_text, "v2"), Some(v2), "{given:?}");
        assert_eq!(verdict_of(&by_text, "v1"), Some(v1), "{given:?}");
        assert_eq!((by_text.verdict, by_text.best.as_deref()), text, "{given:?}");
        let as_monitor = run(&scope, &given, EvaluationOptions::new(Profile::Official));
        assert_eq!((as_monitor.verdict, as_monitor.best.as_deref()), official, "{given:?}");
    }
}

#[test]
fn drafts_count_only_when_asked_for_and_are_never_the_best() {
    let scope = scope(USUAL);
    let given = results(&[("c", Verdict::Pass), ("a", Verdict::Fail)]);
    let without = run(&scope, &given, EvaluationOptions::new(Profile::Text));
    assert_eq!((without.passed.len(), without.verdict), (0, Verdict::Fail));
    let with = run(&scope, &given, EvaluationOptions::new(Profile::Text).with_drafts());
    assert_eq!((with.passed, with.best, with.verdict), (vec!["v3".to_owned()], None, Verdict::Fail));
    let monitor = run(&scope, &given, EvaluationOptions::new(Profile::Official).with_drafts());
    assert_eq!((monitor.passed, monitor.best, monitor.verdict), (vec!["v3".to_owned()], None, Verdict::Fail));
}

#[test]
fn what_is_not_named_has_no_verdict_and_what_is_named_deprecated_has() {
    let scope = scope("{date: 2026-02-01, versions: {v2: effective}}");
    let given = results(&[("a", Verdict::Pass), ("b", Verdict::Fail)]);
    assert_eq!(verdict_of(&run(&scope, &given, EvaluationOptions::new(Profile::Text)), "v1"), None);
    let scope = self::scope("{date: 2026-02-01, versions: {v2: effective, v1: deprecated}}");
    let text = run(&scope, &given, EvaluationOptions::new(Profile::Text));
    assert_eq!(
        (verdict_of(&text, "v1"), text.best, text.verdict),
        (Some(Verdict::Pass), None, Verdict::Fail)
    );
    // The monitor lets a deprecated version win.
    let monitor = run(&scope, &given, EvaluationOptions::new(Profile::Official));
    assert_eq!((monitor.best.as_deref(), monitor.verdict), (Some("v1"), Verdict::Pass));
}

#[test]
fn before_the_first_entry_nothing_counts() {
    let scope = scope("{date: 2027-01-01, versions: {v2: effective}}");
    let given = results(&[("a", Verdict::Pass), ("b", Verdict::Pass)]);
    let text = run(&scope, &given, EvaluationOptions::new(Profile::Text));
    assert_eq!((text.verdict, text.best), (Verdict::Miss, None));
    assert_eq!(text.changes_at, Some("2027-01-01T00:00:00Z".parse().unwrap()));
    assert_eq!(run(&scope, &given, EvaluationOptions::new(Profile::Official)).verdict, Verdict::Fail);
}

#[test]
fn results_expire_and_the_day_is_told() {
    let scope = scope(USUAL);
    let mut given = results(&[("a", Verdict::Pass), ("b", Verdict::Pass)]);
    given.get_mut("scs-0999-a").unwrap().checked_at = Some("2026-11-23T23:59:59Z".parse().unwrap());
    let at = |moment: &str| {
        evaluate(&scope, &given, moment.parse().unwrap(), EvaluationOptions::new(Profile::Text))
    };
    let fresh = at("2026-11-24T23:59:59Z");
    assert_eq!(
        (fresh.verdict, fresh.changes_at),
        (Verdict::Pass, Some("2026-11-25T00:00:00Z".parse().unwrap()))
    );
    let stale = at("2026-11-25T00:00:00Z");
    assert_eq!((stale.verdict, stale.changes_at), (Verdict::Miss, None));
}

#[test]
fn what_is_odd_is_a_warning() {
    let scope = scope(USUAL);
    let mut given = results(&[("a", Verdict::Pass), ("b", Verdict::Pass), ("z", Verdict::Fail)]);
    given.get_mut("scs-0999-b").unwrap().checked_at = Some("2026-11-30T00:00:00Z".parse().unwrap());
    let evaluation = run(&scope, &given, EvaluationOptions::new(Profile::Text));
    assert_eq!(
        evaluation.warnings,
        ["SCS-test IaaS has no test case `scs-0999-z`", "the result of `scs-0999-b` lies in the future"]
    );
    assert_eq!(evaluation.verdict, Verdict::Pass);
}

#[test]
fn a_pass_of_a_version_about_to_expire_says_so() {
    let evaluation =
        run(&scope(USUAL), &results(&[("a", Verdict::Pass)]), EvaluationOptions::new(Profile::Text));
    let (_, v1) = evaluation.versions.iter().find(|(name, _)| name == "v1").unwrap();
    assert_eq!(v1.notes, ["this version is about to expire"]);
}

fn any_results() -> impl Strategy<Value = BTreeMap<String, GivenResult>> {
    let cases: Vec<String> = Scope::compatible_iaas().test_cases().map(|case| case.id.clone()).collect();
    let given =
        (prop::sample::select(Verdict::ALL.to_vec()), prop::option::of(1_790_000_000_i64..1_796_000_000));
    prop::collection::btree_map(prop::sample::select(cases), given, 0..91).prop_map(|map| {
        let given = |(result, at): (Verdict, Option<i64>)| GivenResult {
            result,
            checked_at: at.map(|at| Timestamp::from_second(at).unwrap()),
        };
        map.into_iter().map(|(id, it)| (id, given(it))).collect()
    })
}

proptest! {
    #[test]
    fn a_further_pass_never_worsens(given in any_results(), index in 0_usize..91, official: bool) {
        let scope = Scope::compatible_iaas();
        let profile = if official { Profile::Official } else { Profile::Text };
        let options = EvaluationOptions::new(profile);
        let before = run(scope, &given, options);
        let mut more = given;
        let id = scope.test_cases().nth(index).unwrap().id.clone();
        more.insert(id, Verdict::Pass.into());
        let after = run(scope, &more, options);
        for ((name, before), (_, after)) in before.versions.iter().zip(&after.versions) {
            prop_assert!(after.verdict >= before.verdict, "{name}");
        }
        // The monitor stops at the first version without a FAIL, also where a later one has passed.
        if profile == Profile::Text {
            prop_assert!(after.verdict >= before.verdict);
            prop_assert!(before.passed.iter().all(|name| after.passed.contains(name)));
        }
    }

    #[test]
    fn a_fail_dominates(given in any_results(), index in 0_usize..54) {
        let scope = Scope::compatible_iaas();
        let mut given = given;
        let main = scope.version("v5.1").unwrap().target(&scs_certificates::Target::Main);
        given.insert(main[index].clone(), Verdict::Fail.into());
        let evaluation = run(scope, &given, EvaluationOptions::new(Profile::Text));
        prop_assert_eq!(verdict_of(&evaluation, "v5.1"), Some(Verdict::Fail));
        prop_assert_eq!(evaluation.verdict, Verdict::Fail);
    }

    #[test]
    fn the_verdict_holds_until_the_day_that_is_told(given in any_results()) {
        let scope = Scope::compatible_iaas();
        let options = EvaluationOptions::new(Profile::Text);
        let now = run(scope, &given, options);
        if let Some(changes_at) = now.changes_at {
            let before = Timestamp::from_second(changes_at.as_second() - 1).unwrap();
            prop_assert_eq!(evaluate(scope, &given, before, options).verdict, now.verdict);
            prop_assert_ne!(evaluate(scope, &given, changes_at, options).verdict, now.verdict);
        }
    }
}
