//! Every rule over scope files answers PASS, FAIL and its boundary on subjects of its own; a rule without subjects fails.

#![expect(clippy::expect_used, reason = "helpers of tests fail as tests do")]

use std::collections::BTreeMap;

use scs_certificates::{Scope, ScopeSubject, scope_rules};
use scs_standards::{Context, Declarations, Profile, Verdict};

/// A good scope file.
const GOOD: &str = "\
uuid: d912d0a5-826a-4b01-bafd-b48f65f76f43
name: SCS-open KaaS
url: https://example.com/open.yaml
prerequisite: {name: SCS-compatible KaaS, url: https://example.com/compatible.yaml}
variables: [kubeconfig]
scripts:
- executable: check.py
  args: -k {kubeconfig}
  testcases:
  - {id: scs-0999-one, lifetime: day}
  - {id: scs-0999-two}
  - {id: scs-0999-free}
  - {id: scs-0999-base}
  - {id: scs-0999-spare}
modules:
- id: a
  targets:
    main: [scs-0999-one]
    recommended: [scs-0999-two]
- {id: b, targets: {main: [scs-0999-base], preview: [scs-0999-free]}}
timeline:
- {date: 2026-03-01, versions: {v1: effective}}
- {date: 2026-01-01, versions: {v1: draft}}
versions:
- version: v1
  stabilized_at: 2026-02-01
  include: [a]
- version: v0
  stabilized_at: 2026-01-01
  include: [b]
";

#[derive(serde::Deserialize)]
struct Subjects {
    passing: Vec<(String, String)>,
    #[serde(default)]
    failing: Vec<(String, String)>,
    boundary: Vec<(String, String)>,
    verdict: Verdict,
    /// For a rule that only says what may be: it fails nothing.
    #[serde(default)]
    passing_only: bool,
}

fn subject(changes: &[(String, String)]) -> ScopeSubject {
    let text = changes.iter().fold(GOOD.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1)
    });
    let read = |text: &str| Scope::read(text).expect("a scope file");
    ScopeSubject::new(read(&text))
        .with_earlier(read(GOOD))
        .with_others(Scope::embedded().into_iter().cloned().collect())
}

#[test]
fn every_rule_has_its_subjects() {
    let subjects: BTreeMap<String, Subjects> =
        serde_saphyr::from_str(include_str!("subjects/scopes.yaml")).expect("a file of subjects");
    let declarations = Declarations::default();
    // Six months after the entry of March has taken the force of that of January.
    let at = "2026-09-01T00:00:00Z".parse().expect("a time");
    let context = Context { at, profile: Profile::Text, declarations: &declarations };
    let mut known = 0;
    for rule in scope_rules() {
        let own = subjects.get(rule.id).unwrap_or_else(|| panic!("{} has no subjects", rule.id));
        known += 1;
        let verdict = |changes: &[(String, String)]| rule.answer(&subject(changes), &context).verdict;
        assert_eq!(verdict(&own.passing), Verdict::Pass, "{}: passing", rule.id);
        if !own.passing_only {
            assert_eq!(verdict(&own.failing), Verdict::Fail, "{}: failing", rule.id);
        }
        assert_eq!(verdict(&own.boundary), own.verdict, "{}: boundary", rule.id);
    }
    assert_eq!(known, subjects.len(), "subjects without a rule");
}
