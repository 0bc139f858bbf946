//! The embedded scopes, and problems of broken scope files.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use scs_certificates::{Scope, Target, Validity};

/// The facts of the embedded scopes. A change of data changes verdicts and must be intentional.
#[test]
fn facts_match_the_reviewed_ones() {
    insta::assert_snapshot!("facts_of_iaas", Scope::compatible_iaas().facts());
    insta::assert_snapshot!("facts_of_kaas", Scope::compatible_kaas().facts());
}

#[test]
fn problems_of_embedded_scopes_are_known() {
    let problems = |scope: &Scope| scope.problems().iter().map(ToString::to_string).collect::<Vec<_>>();
    insta::assert_snapshot!("problems", Scope::embedded().map(problems).concat().join("\n"));
    let heavy =
        |scope: &Scope| scope.problems().iter().any(|it| it.severity == scs_standards::Severity::Error);
    assert!(!Scope::embedded().into_iter().any(heavy));
}

/// Requires `SCS_STANDARDS_DIR`: a checkout of the official repository, or its reference data.
#[test]
fn facts_match_the_official_files() {
    let Some(directory) = std::env::var_os("SCS_STANDARDS_DIR").map(std::path::PathBuf::from) else {
        println!("skipped: SCS_STANDARDS_DIR names no checkout of the official repository");
        return;
    };
    for scope in Scope::embedded() {
        let file = directory.join("Tests").join(format!("{}.yaml", scope.slug()));
        let text = std::fs::read_to_string(&file).unwrap();
        let official: Scope = text.parse().unwrap();
        assert_eq!(official.facts(), scope.facts(), "{}", file.display());
        println!("{}: {} lines of facts agree", scope.name(), scope.facts().lines().count());
    }
}

/// A scope in every detail, including the texts that [`Scope::facts`] leaves out.
fn whole(scope: &Scope) -> String {
    format!(
        "{} {:?} {:?} {:?} {:?} {:?} {:?} {:?}",
        scope.facts(),
        scope.prerequisite(),
        scope.variables(),
        scope.scripts(),
        scope.modules(),
        scope.timeline(),
        scope.versions(),
        scope.problems().iter().filter(|problem| problem.line == 0).collect::<Vec<_>>()
    )
    // A default lifetime is written, so afterwards the file gives it.
    .replace("has_default_lifetime: true", "has_default_lifetime: false")
}

#[test]
fn scopes_are_read_as_they_are_written() {
    let good: Scope = include_str!("good-scope.yaml").parse().unwrap();
    let detailed: Scope = "
uuid: d912d0a5-826a-4b01-bafd-b48f65f76f43
name: SCS-open IaaS
url: https://example.com/scope.yaml
prerequisite: {name: SCS-compatible IaaS, url: 'https://example.com/below.yaml'}
variables: [os_cloud, mode: 'no', number: '7']
scripts:
- executable: ./test.py
  args: '-c {os_cloud} # {mode}'
  env: {LEVEL: '{number}', n: '{flavor}'}
  testcases:
  - {id: scs-0999-a, lifetime: year, section: light, description: 'an: a', url: 'https://example.com/a'}
- testcases: [{id: scs-0999-b}]
modules:
- {id: scs-0999-v1, name: A module, url: 'https://example.com/m', parameters: [flavor], targets: {main: [scs-0999-a], other: [scs-0999-b]}}
- {id: scs-0998-v1, targets: {}}
timeline:
- {date: 2026-02-01, versions: {v1: effective}}
versions:
- {version: v1, stabilized_at: 2026-01-01, include: [{ref: scs-0999-v1, parameters: {flavor: 'SCS-2V-8'}}, scs-0998-v1]}
- {version: next, include: [{ref: scs-0999-v1, parameters: {flavor: '1e3'}}]}
"
    .parse()
    .unwrap();
    for scope in [Scope::compatible_iaas(), Scope::compatible_kaas(), &good, &detailed] {
        assert!(
            scope.problems().iter().all(|it| it.severity != scs_standards::Severity::Error),
            "{:?}",
            scope.problems()
        );
        for text in [serde_json::to_string(scope).unwrap(), serde_saphyr::to_string(scope).unwrap()] {
            let again: Scope = text.parse().unwrap();
            assert_eq!(whole(&again), whole(scope), "{text}");
        }
    }
}

#[test]
fn a_scope_with_errors_is_not_written() {
    let text = include_str!("good-scope.yaml").replacen("uuid:", "uid:", 1);
    let scope: Scope = text.parse().unwrap();
    let error = serde_json::to_string(&scope).unwrap_err().to_string();
    assert!(error.starts_with("the scope has errors: "), "{error}");
}

#[test]
fn test_case_counts_match_the_scope_versions() {
    for (scope, version, main) in [
        (Scope::compatible_iaas(), "v3", 16),
        (Scope::compatible_iaas(), "v4", 39),
        (Scope::compatible_iaas(), "v5.1", 54),
        (Scope::compatible_iaas(), "next", 55),
        (Scope::compatible_kaas(), "v1", 3),
    ] {
        assert_eq!(scope.version(version).unwrap().target(&Target::Main).len(), main, "{version}");
    }
    assert_eq!(Scope::compatible_iaas().test_cases().count(), 91);
}

#[test]
fn timelines_change_on_their_days() {
    use Validity::{Deprecated, Draft, Effective, Warn};
    let validity = |version: &str, day: &str| {
        Scope::compatible_iaas().timeline().validity(version, day.parse().unwrap())
    };
    for (version, day, expected) in [
        ("v4", "2024-12-18", None),
        ("v4", "2024-12-19", Some(Effective)),
        ("v4", "2025-01-31", Some(Effective)),
        ("v4", "2025-02-01", Some(Warn)),
        ("v4", "2025-06-30", Some(Warn)),
        ("v4", "2025-07-01", Some(Deprecated)),
        ("v4", "2026-06-10", Some(Deprecated)),
        ("v4", "2026-06-11", None),
        ("v5.1", "2024-12-19", Some(Effective)),
        ("next", "2025-09-08", None),
        ("next", "2025-09-09", Some(Draft)),
    ] {
        assert_eq!(validity(version, day), expected, "{version} on {day}");
    }
    let newest = |day: &str| {
        Scope::compatible_iaas()
            .newest_effective(day.parse().unwrap())
            .map(scs_certificates::ScopeVersion::name)
    };
    assert_eq!(newest("2024-12-18"), None);
    assert_eq!(newest("2024-12-19"), Some("v5.1"));
    assert_eq!(newest("2026-11-24"), Some("v5.1"));
}

/// A small scope file.
fn small(change: impl Fn(String) -> String) -> Scope {
    let text = "\
uuid: d912d0a5-826a-4b01-bafd-b48f65f76f43
name: SCS-open KaaS
url: https://example.com/scs-open-kaas.yaml
prerequisite: {name: SCS-compatible KaaS, url: https://example.com/scs-compatible-kaas.yaml}
variables: [kubeconfig, mode: fast]
scripts:
- executable: check.py
  args: -k {kubeconfig} -m {mode} -s {spec} {{literally}} {testcases}
  testcases:
  - {id: scs-0999-one, lifetime: day}
  - {id: scs-0999-two}
modules:
- id: scs-0999-v1
  parameters: [spec]
  targets:
    main: [scs-0999-one]
    recommended: [scs-0999-two]
timeline:
- {date: 2026-03-01, versions: {v1: effective}}
- {date: 2026-01-01, versions: {v1: draft}}
versions:
- version: v1
  stabilized_at: 2026-02-01
  include:
  - {ref: scs-0999-v1, parameters: {spec: https://example.com/spec.yaml}}
";
    change(text.to_owned()).parse::<Scope>().unwrap()
}

#[test]
fn a_good_file_has_no_problems() {
    let scope = small(|text| text);
    assert_eq!(scope.problems(), []);
    assert_eq!(scope.version("v1").unwrap().target(&Target::Recommended), ["scs-0999-two"]);
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table of mistakes, a line for each")]
fn problems_have_their_line() {
    for (from, to, rule, message) in [
        (
            "uuid: d912d0a5",
            "uuid: 912d0a5",
            "scs-0003-uuid",
            "line 1: `912d0a5-826a-4b01-bafd-b48f65f76f43` is not a UUID (`uuidgen` generates one)",
        ),
        (
            "  targets:\n",
            "  targts:\n",
            "scs-0003-unknown-keys",
            "line 16: unknown key `targts` (did you mean `targets`?)",
        ),
        (
            "lifetime: day",
            "lifetime: fortnight",
            "scs-0003-lifetime",
            "line 10: `lifetime` is the string `fortnight`, expected day, week, month, quarter or year; assuming week",
        ),
        (
            "main: [scs-0999-one]",
            "main: [scs-0999-on]",
            "scs-0003-module-refs",
            "line 16: the target `main` of `scs-0999-v1` names `scs-0999-on`, which is not a test case (did you mean `scs-0999-one`?)",
        ),
        (
            "ref: scs-0999-v1",
            "ref: scs-0999-v2",
            "scs-0003-module-refs",
            "line 25: v1 includes `scs-0999-v2`, which is not a module (did you mean `scs-0999-v1`?)",
        ),
        (
            ", parameters: {spec: https://example.com/spec.yaml}",
            "",
            "scs-0003-parameters",
            "line 25: v1 gives `scs-0999-v1` no value for the parameter `spec`",
        ),
        (
            "-m {mode}",
            "-m {mod}",
            "scs-0003-variables",
            "line 7: `{mod}` is neither a variable nor a parameter (did you mean `mode`?)",
        ),
        (
            "{v1: draft}",
            "{v1: daft}",
            "scs-0003-timeline-codes",
            "line 20: `daft` of v1 is not effective, warn, draft or deprecated; assuming deprecated (did you mean `draft`?)",
        ),
        (
            "{v1: draft}",
            "{v2: draft}",
            "scs-0003-timeline-codes",
            "line 20: the timeline names `v2`, which is not a version",
        ),
        (
            "stabilized_at: 2026-02-01",
            "stabilized_at: 2026-03-02",
            "scs-0003-timeline-stable",
            "line 19: v1 is `effective` from 2026-03-01 on, but not stable by then",
        ),
        (
            "date: 2026-01-01",
            "date: 2026-03-02",
            "scs-0003-timeline-order",
            "line 20: 2026-03-02 comes after 2026-03-01, but the newest entry should come first",
        ),
        (
            "{id: scs-0999-two}",
            "{id: scs-0999-one}",
            "scs-0003-testcase-unique",
            "line 7: the test case `scs-0999-one` occurs twice; the first one counts",
        ),
        (
            "url: https://example.com/scs-open-kaas.yaml",
            "url: example.com/scs open",
            "scs-0003-url",
            "line 3: `url` of the scope is `example.com/scs open`, not a URL (such as `https://example.com/scope.yaml`)",
        ),
        (
            "    recommended: [scs-0999-two]",
            "    recommended: [scs-0999-one]",
            "scs-0003-testcase-unique",
            "line 17: `scs-0999-one` is in the targets `main` and `recommended` of `scs-0999-v1`",
        ),
        (
            "    main: [scs-0999-one]\n",
            "",
            "scs-0003-main-target",
            "line 21: v1 has no test case in its target `main`, so it cannot be passed",
        ),
        (
            "- id: scs-0999-v1\n",
            "- id: scs-0998-v1\n",
            "scs-0003-v2-id-prefix",
            "line 16: the id `scs-0999-one` begins with a different standard than `scs-0998-v1`; only test cases of several standards \
             may do so",
        ),
        (
            "date: 2026-01-01",
            "date: 2026-03-01",
            "scs-0003-timeline-codes",
            "line 20: two entries for 2026-03-01; the first one counts",
        ),
        ("url: https://example.com/scs-open-kaas.yaml\n", "", "scs-0003-keys", "the key `url` is missing"),
    ] {
        let scope = small(|text| {
            assert!(text.contains(from), "{from}");
            text.replacen(from, to, 1)
        });
        let problems: Vec<String> =
            scope.problems().iter().filter(|problem| problem.rule == rule).map(ToString::to_string).collect();
        assert!(problems.iter().any(|text| text == message), "{to}: {problems:#?}");
    }
}

#[test]
fn a_version_with_an_unknown_module_cannot_be_passed() {
    let scope = small(|text| text.replace("ref: scs-0999-v1", "ref: scs-0998-v1"));
    assert!(scope.version("v1").unwrap().incomplete().is_some());
}

#[test]
fn other_files_are_rejected() {
    for (text, message) in [
        (
            "",
            "not a certificate scope: expected a mapping with `uuid`, `name`, `modules`, `timeline` and `versions`, found nothing",
        ),
        (
            "kind: cloud\nflavors: []",
            "not a certificate scope: expected a mapping with `uuid`, `name`, `modules`, `timeline` and `versions`, found a mapping with `kind`, `flavors`",
        ),
    ] {
        assert_eq!(text.parse::<Scope>().unwrap_err().to_string(), message);
    }
    assert!("a: [".parse::<Scope>().unwrap_err().to_string().starts_with("not valid YAML"));
}

/// The versions affected by an error, given two versions with a module each and a timeline for both.
#[test]
fn errors_affect_dependent_versions() {
    let text = "\
uuid: d912d0a5-826a-4b01-bafd-b48f65f76f43
name: SCS-compatible IaaS
url: https://example.com/scope.yaml
scripts:
- testcases: [{id: scs-0999-a, lifetime: day}, {id: scs-0999-b}]
- testcases: [{id: scs-0999-c}]
modules:
- {id: one, targets: {main: [scs-0999-a, scs-0999-c]}}
- {id: two, targets: {main: [scs-0999-b]}}
timeline:
- {date: 2026-03-01, versions: {v2: effective}}
- {date: 2026-01-01, versions: {v1: effective}}
versions:
- {version: v2, stabilized_at: 2026-02-01, include: [two]}
- {version: v1, stabilized_at: 2026-01-01, include: [one]}
";
    assert_eq!(text.parse::<Scope>().unwrap().problems(), []);
    for (from, to, touched) in [
        ("uuid: d912d0a5", "uuid: 912d0a5", "v2 v1"),
        ("url: https", "ulr: https", "v2 v1"),
        ("lifetime: day", "lifetime: decade", "v1"),
        ("{id: scs-0999-b}", "{id: scs-0999-b, lifetme: day}", "v2"),
        // A problem of a script affects all its test cases.
        ("- testcases: [{id: scs-0999-a,", "- testcase: 7\n  testcases: [{id: scs-0999-a,", "v2 v1"),
        ("- testcases: [{id: scs-0999-c}]", "- testcase: 7\n  testcases: [{id: scs-0999-c}]", "v1"),
        ("main: [scs-0999-b]", "main: [scs-0999-bb]", "v2"),
        ("main: [scs-0999-b]", "main: scs-0999-b", "v2"),
        ("- {id: one, ", "- {id: one}\n- {id: one, ", "v1"),
        ("include: [two]", "include: [two, three]", "v2"),
        ("include: [two]", "include: [two, one]", ""),
        ("include: [one]", "include: ~", "v1"),
        ("{version: v1, stabilized_at: 2026-01-01", "{version: v1, stabilized_at: January", "v1"),
        ("{v1: effective}", "{v1: efective}", "v1"),
        ("{v1: effective}", "{v11: effective}", "v2 v1"),
        ("{v1: effective}", "{v1: effective, v11: effective}", "v2"),
        ("date: 2026-01-01", "date: soon", "v2 v1"),
        ("date: 2026-01-01", "date: 2026-01-01 10:00:00", "v2 v1"),
        ("- {version: v2", "- {version: v2, include: []}\n- {version: v2", "v2"),
    ] {
        assert!(text.contains(from), "{from}");
        let scope: Scope = text.replacen(from, to, 1).parse().unwrap();
        let all: Vec<&str> = scope
            .versions()
            .iter()
            .filter(|version| scope.errors_for(version.name()).next().is_some())
            .map(scs_certificates::ScopeVersion::name)
            .collect();
        assert_eq!(all.join(" "), touched, "{to}: {:#?}", scope.problems());
        for version in scope.versions() {
            let first = scope.errors_for(version.name()).next();
            assert_eq!(scope.first_error_for(version), first, "{to}");
        }
    }
}
