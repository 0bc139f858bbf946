//! Evaluation of results at dates: all relevant combinations, and general properties.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use std::collections::BTreeMap;

use jiff::Timestamp;
use proptest::prelude::*;
use scs_certificates::{Evaluation, EvaluationOptions, GivenResult, Results, Scope, evaluate};
use scs_standards::{Profile, Verdict};

const AT: &str = "2026-11-24T00:00:00Z";

/// Two versions: v2 requires `a` and `b`, v1 only `a`; the draft v3 requires `c`.
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
    let scope: Scope = text.parse().unwrap();
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
    at(scope, given, AT.parse().unwrap(), options)
}

fn at(
    scope: &Scope,
    given: &BTreeMap<String, GivenResult>,
    at: Timestamp,
    options: EvaluationOptions,
) -> Evaluation {
    let results: Results = given.iter().map(|(case, given)| (case, *given)).collect();
    evaluate(scope, &results, at, options)
}

fn verdict_of(evaluation: &Evaluation, version: &str) -> Option<Verdict> {
    evaluation.versions.iter().find(|(name, _)| name == version).unwrap().1.verdict
}

#[test]
fn combined_results_decide_the_target() {
    use Verdict::{Dnf, Fail, Miss, Pass};
    let scope = scope(USUAL);
    for (given, v2, v1, text, official) in [
        (&[("a", Pass), ("b", Pass)][..], Pass, Pass, (Pass, Some("v2")), (Pass, Some("v2"))),
        (&[("a", Pass), ("b", Fail)], Fail, Pass, (Pass, Some("v1")), (Pass, Some("v1"))),
        (&[("a", Fail), ("b", Pass)], Fail, Fail, (Fail, None), (Fail, None)),
        (&[("a", Pass), ("b", Dnf)], Dnf, Pass, (Pass, Some("v1")), (Dnf, Some("v2"))),
        (&[("a", Dnf), ("b", Pass)], Dnf, Dnf, (Dnf, None), (Dnf, Some("v2"))),
        // Without any results, the monitor still names a winner.
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
fn drafts_count_only_on_request() {
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
fn only_versions_in_the_timeline_have_a_verdict() {
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
fn results_expire_on_the_reported_day() {
    let scope = scope(USUAL);
    let mut given = results(&[("a", Verdict::Pass), ("b", Verdict::Pass)]);
    given.get_mut("scs-0999-a").unwrap().checked_at = Some("2026-11-23T23:59:59Z".parse().unwrap());
    let at =
        |moment: &str| at(&scope, &given, moment.parse().unwrap(), EvaluationOptions::new(Profile::Text));
    let fresh = at("2026-11-24T23:59:59Z");
    assert_eq!(
        (fresh.verdict, fresh.changes_at),
        (Verdict::Pass, Some("2026-11-25T00:00:00Z".parse().unwrap()))
    );
    let stale = at("2026-11-25T00:00:00Z");
    assert_eq!((stale.verdict, stale.changes_at), (Verdict::Miss, None));
}

#[test]
fn irregular_results_cause_warnings() {
    let scope = scope(USUAL);
    let mut given = results(&[("a", Verdict::Pass), ("b", Verdict::Pass), ("z", Verdict::Fail)]);
    given.get_mut("scs-0999-b").unwrap().checked_at = Some("2026-11-30T00:00:00Z".parse().unwrap());
    let evaluation = run(&scope, &given, EvaluationOptions::new(Profile::Text));
    assert_eq!(
        evaluation.warnings,
        [
            "SCS-test IaaS has no test case `scs-0999-z`",
            "a result of `scs-0999-b` is dated after 2026-11-24T00:00:00Z; ignored"
        ]
    );
    // By the text, a result is valid from its check on (C-109).
    assert_eq!((verdict_of(&evaluation, "v2"), evaluation.verdict), (Some(Verdict::Miss), Verdict::Pass));
    let monitor = run(&scope, &given, EvaluationOptions::new(Profile::Official));
    assert_eq!((verdict_of(&monitor, "v2"), monitor.best.as_deref()), (Some(Verdict::Pass), Some("v2")));
}

fn dated(given: &[(&str, Verdict, &str)]) -> Results {
    let result = |result, at: &str| GivenResult { result, checked_at: Some(at.parse().unwrap()) };
    given.iter().map(|(id, verdict, at)| (format!("scs-0999-{id}"), result(*verdict, at))).collect()
}

#[test]
fn the_newest_past_result_counts() {
    use Verdict::{Dnf, Fail, Miss, Pass};
    let scope = scope("{date: 2026-02-01, versions: {v2: effective}}");
    let options = EvaluationOptions::new(Profile::Text);
    for (of_b, verdict, changes_at) in [
        // A present FAIL and a future PASS; and the reverse.
        (
            &[(Fail, "2026-11-23T00:00:00Z"), (Pass, "2026-12-05T00:00:00Z")][..],
            Fail,
            Some("2026-12-05T00:00:00Z"),
        ),
        (
            &[(Pass, "2026-11-23T00:00:00Z"), (Fail, "2026-12-05T00:00:00Z")],
            Pass,
            Some("2026-12-05T00:00:00Z"),
        ),
        (&[(Pass, "2026-12-05T00:00:00Z")], Miss, Some("2026-12-05T00:00:00Z")),
        // An older result never hides a newer one.
        (
            &[(Fail, "2026-11-20T00:00:00Z"), (Pass, "2026-11-23T00:00:00Z")],
            Pass,
            Some("2028-01-01T00:00:00Z"),
        ),
        (&[(Pass, "2026-11-20T00:00:00Z"), (Dnf, "2026-11-23T00:00:00Z")], Dnf, Some("2028-01-01T00:00:00Z")),
        // A MISS is not a result: nothing was checked.
        (
            &[(Pass, "2026-11-20T00:00:00Z"), (Miss, "2026-11-23T00:00:00Z")],
            Pass,
            Some("2028-01-01T00:00:00Z"),
        ),
        // If the newest result has expired, so have the others.
        (&[(Pass, "2025-09-20T00:00:00Z")], Miss, None),
    ] {
        for reversed in [false, true] {
            let mut given: Vec<(&str, Verdict, &str)> = of_b.iter().map(|(it, at)| ("b", *it, *at)).collect();
            if reversed {
                given.reverse();
            }
            let mut results = dated(&given);
            results.add("scs-0999-a", Pass.into());
            let evaluation = evaluate(&scope, &results, AT.parse().unwrap(), options);
            let changes_at = changes_at.map(|at| at.parse().unwrap());
            assert_eq!((evaluation.verdict, evaluation.changes_at), (verdict, changes_at), "{of_b:?}");
        }
    }
}

#[test]
fn scope_file_errors_make_affected_versions_dnf() {
    let text = "\
uuid: d912d0a5-826a-4b01-bafd-b48f65f76f43
name: SCS-test IaaS
url: https://example.com/scope.yaml
scripts: [{testcases: [{id: scs-0999-a, lifetime: decade}, {id: scs-0999-b}]}]
modules: [{id: a, targets: {main: [scs-0999-a]}}, {id: b, targets: {main: [scs-0999-b]}}]
timeline: [{date: 2026-02-01, versions: {v2: effective, v1: effective}}]
versions:
- {version: v2, stabilized_at: 2026-01-01, include: [a]}
- {version: v1, stabilized_at: 2025-01-01, include: [b]}
";
    let scope: Scope = text.parse().unwrap();
    let given = results(&[("a", Verdict::Pass), ("b", Verdict::Pass)]);
    let evaluation = run(&scope, &given, EvaluationOptions::new(Profile::Text));
    assert_eq!(verdict_of(&evaluation, "v2"), Some(Verdict::Dnf));
    assert_eq!(evaluation.best.as_deref(), Some("v1"));
    let (_, v2) = &evaluation.versions[0];
    assert_eq!(
        v2.notes,
        [
            "error in the scope file: line 4: `lifetime` is the string `decade`, expected day, week, month, quarter or year; \
          assuming week"
        ]
    );
    // Failed and missing results still count.
    let failed = run(&scope, &results(&[("a", Verdict::Fail)]), EvaluationOptions::new(Profile::Text));
    assert_eq!(verdict_of(&failed, "v2"), Some(Verdict::Fail));
}

#[test]
fn a_broken_rule_of_an_included_document_fails_the_version() {
    let scope = Scope::compatible_kaas();
    let cases = ["cncf-k8s-conformance", "version-policy-check", "kaas-networking-check"];
    let mut given: Results = cases.iter().map(|case| (*case, Verdict::Pass.into())).collect();
    let document: scs_standards::DocumentId = "scs-0210-v2".parse().unwrap();
    let rule = |result, at: &str| GivenResult { result, checked_at: Some(at.parse().unwrap()) };
    given.add_rule(document, "scs-0210-minor", rule(Verdict::Fail, "2026-11-20T00:00:00Z"));
    // The document is not included in the version.
    given.add_rule(
        "scs-0999-v1".parse().unwrap(),
        "scs-0999-other",
        rule(Verdict::Fail, "2026-11-20T00:00:00Z"),
    );
    let options = EvaluationOptions::new(Profile::Text);
    let evaluation = evaluate(scope, &given, AT.parse().unwrap(), options);
    assert_eq!(evaluation.verdict, Verdict::Fail);
    assert_eq!(evaluation.versions[0].1.broken_rules, ["scs-0210-minor (scs-0210-v2)"]);
    // The answer is valid for a week, the default lifetime.
    assert_eq!(evaluation.changes_at, Some("2026-11-30T00:00:00Z".parse().unwrap()));
    let official = evaluate(scope, &given, AT.parse().unwrap(), EvaluationOptions::new(Profile::Official));
    assert_eq!(official.verdict, Verdict::Pass);
    given.add_rule(document, "scs-0210-minor", rule(Verdict::Pass, "2026-11-21T00:00:00Z"));
    assert_eq!(evaluate(scope, &given, AT.parse().unwrap(), options).verdict, Verdict::Pass);
}

/// For the monitor, a target without test cases is passed.
#[test]
fn an_empty_target_is_passed_by_the_official_suite_only() {
    let text = "\
uuid: d912d0a5-826a-4b01-bafd-b48f65f76f43
name: SCS-test IaaS
url: https://example.com/scope.yaml
scripts: [{testcases: [{id: scs-0999-a}]}]
modules: [{id: a, targets: {main: [scs-0999-a], preview: []}}]
timeline: [{date: 2026-02-01, versions: {v1: effective}}]
versions: [{version: v1, stabilized_at: 2025-01-01, include: [a]}]
";
    let scope: Scope = text.parse().unwrap();
    for (profile, preview) in [(Profile::Official, Verdict::Pass), (Profile::Text, Verdict::Miss)] {
        let evaluation = run(&scope, &results(&[("a", Verdict::Pass)]), EvaluationOptions::new(profile));
        assert_eq!(evaluation.versions[0].1.targets["preview"].result, preview);
        assert_eq!(evaluation.verdict, Verdict::Pass);
    }
}

/// The number of allocations for a scope with this many versions, dates, test cases and results.
fn allocations(count: usize) -> u64 {
    let list = |item: &dyn Fn(usize) -> String| (0..count).map(item).collect::<Vec<_>>().join("\n");
    let text = format!(
        "uuid: d912d0a5-826a-4b01-bafd-b48f65f76f43\nname: SCS-test IaaS\nurl: https://example.com/scope.yaml\nscripts:\n- \
         testcases:\n{}\nmodules:\n{}\ntimeline:\n{}\nversions:\n{}\n",
        list(&|it| format!("  - {{id: scs-0999-c{it}, lifetme: day}}")),
        list(&|it| format!("- {{id: m{it}, targets: {{main: [scs-0999-c{it}, scs-0999-x{it}]}}}}")),
        list(&|it| format!(
            "- {{date: {}, versions: {{v{it}: effective, w{it}: draft}}}}",
            jiff::civil::date(2000, 1, 1) + jiff::Span::new().days(i64::try_from(it).unwrap())
        )),
        list(&|it| format!("- {{version: v{it}, stabilized_at: 1999-01-01, include: [m{it}, n{it}]}}")),
    );
    let results: Results = (0..count)
        .flat_map(|it| [format!("scs-0999-c{it}"), format!("odd-{it}")])
        .enumerate()
        .map(|(it, id)| {
            let at = Timestamp::from_second(1_790_000_000 + i64::try_from(it * 1000).unwrap()).unwrap();
            (id, GivenResult { result: Verdict::Pass, checked_at: Some(at) })
        })
        .collect();
    let work = || {
        let scope = text.parse::<Scope>().unwrap();
        let options = EvaluationOptions::new(Profile::Text);
        assert_ne!(evaluate(&scope, &results, AT.parse().unwrap(), options).verdict, Verdict::Pass);
        let declarations = scs_standards::Declarations::default();
        let context = scs_standards::Context {
            at: AT.parse().unwrap(),
            profile: Profile::Text,
            declarations: &declarations,
        };
        let subject = scs_certificates::ScopeSubject::new(scope.clone()).with_earlier(scope);
        assert!(!scs_certificates::check_scope(&subject, &context).is_empty());
    };
    allocation_counter::measure(work).count_total
}

/// Four times the input takes about four times the work, not sixteen times.
#[test]
fn large_scopes_and_many_results_take_linear_work() {
    let (small, large) = (allocations(500), allocations(2000));
    assert!(large < 6 * small, "{small} allocations, then {large} for four times as much");
}

/// A module in many versions would fill the memory with copies of its test cases.
#[test]
fn versions_with_too_many_test_cases_are_incomplete() {
    let cases: Vec<String> = (0..4000).map(|it| format!("scs-0999-c{it}")).collect();
    let ids: Vec<String> = cases.iter().map(|case| format!("{{id: {case}}}")).collect();
    let versions: Vec<String> = (0..1000).map(|it| format!("{{version: v{it}, include: [m]}}")).collect();
    let text = format!(
        "uuid: d912d0a5-826a-4b01-bafd-b48f65f76f43\nname: SCS-test IaaS\nurl: https://example.com/scope.yaml\nscripts: \
         [{{testcases: [{}]}}]\nmodules: [{{id: m, targets: {{main: [{}]}}}}]\ntimeline: []\nversions: [{}]\n",
        ids.join(", "),
        cases.join(", "),
        versions.join(", ")
    );
    let scope: Scope = text.parse().unwrap();
    let (first, last) = (&scope.versions()[0], &scope.versions()[999]);
    assert_eq!((first.incomplete(), first.targets().len()), (None, 1));
    assert!(last.incomplete().is_some() && scope.first_error_for(last).is_some());
}

#[test]
fn passing_an_expiring_version_adds_a_note() {
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
    fn an_additional_pass_never_worsens(given in any_results(), index in 0_usize..91, official: bool) {
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
        // The monitor stops at the first version without a FAIL, even if a later one has passed.
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
    fn the_verdict_is_stable_until_the_reported_day(given in any_results()) {
        let scope = Scope::compatible_iaas();
        let options = EvaluationOptions::new(Profile::Text);
        let now = run(scope, &given, options);
        if let Some(changes_at) = now.changes_at {
            let before = Timestamp::from_second(changes_at.as_second() - 1).unwrap();
            prop_assert_eq!(at(scope, &given, before, options).verdict, now.verdict);
            prop_assert_ne!(at(scope, &given, changes_at, options).verdict, now.verdict);
        }
    }
}
