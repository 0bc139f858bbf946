//! Every rule for scope files answers PASS, FAIL and its boundary on subjects from a file; a rule without subjects fails.

#![expect(clippy::expect_used, reason = "helpers of tests fail as tests do")]

use std::collections::BTreeMap;

use scs_certificates::{Scope, ScopeSubject, scope_rules};
use scs_rule_tests::says;
use scs_standards::{Context, Declarations, Profile, Verdict};

/// A valid scope file.
const GOOD: &str = include_str!("good-scope.yaml");

#[derive(serde::Deserialize)]
struct Subjects {
    passing: Vec<(String, String)>,
    #[serde(default)]
    failing: Vec<(String, String)>,
    boundary: Vec<(String, String)>,
    verdict: Verdict,
    /// The expected text of the failing subject's finding: its subject, a colon and a part of the message.
    says: Option<String>,
    /// The expected text for the boundary.
    boundary_says: Option<String>,
    /// Whether the rule cannot fail, because it only permits something.
    #[serde(default)]
    passing_only: bool,
}

fn subject(changes: &[(String, String)]) -> ScopeSubject {
    let text = changes.iter().fold(GOOD.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1)
    });
    let read = |text: &str| text.parse::<Scope>().expect("a scope file");
    ScopeSubject::new(read(&text))
        .with_earlier(read(GOOD))
        .with_others(Scope::embedded().into_iter().cloned().collect())
}

#[test]
fn every_rule_has_subjects() {
    let subjects: BTreeMap<String, Subjects> =
        serde_saphyr::from_str(include_str!("subjects/scopes.yaml")).expect("a file of subjects");
    let declarations = Declarations::default();
    // Six months after the entry of January was superseded by that of March.
    let at = "2026-09-01T00:00:00Z".parse().expect("a time");
    let context = Context { at, profile: Profile::Text, declarations: &declarations };
    let (mut known, mut wrong) = (0, Vec::new());
    for rule in scope_rules() {
        let own = subjects.get(rule.id).unwrap_or_else(|| panic!("{} has no subjects", rule.id));
        known += 1;
        let failing = (!own.passing_only).then_some(("failing", &own.failing, Verdict::Fail, &own.says));
        let passing = ("passing", &own.passing, Verdict::Pass, &None);
        let boundary = ("boundary", &own.boundary, own.verdict, &own.boundary_says);
        for (which, changes, expected, words) in
            [Some(passing), failing, Some(boundary)].into_iter().flatten()
        {
            let answer = rule.answer(&subject(changes), &context);
            let mismatch = says::wrong(&answer, expected, words.as_deref());
            wrong.extend(mismatch.map(|mismatch| format!("{}, {which}: {mismatch}", rule.id)));
        }
    }
    assert!(wrong.is_empty(), "{} subjects:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(known, subjects.len(), "subjects without a rule");
}

/// The findings of a rule for a file, optionally with an earlier edition.
fn answer(rule: &str, text: &str, earlier: Option<&str>) -> (Verdict, Vec<String>) {
    let read = |text: &str| text.parse::<Scope>().expect("a scope file");
    let mut subject = ScopeSubject::new(read(text));
    if let Some(earlier) = earlier {
        subject = subject.with_earlier(read(earlier));
    }
    let declarations = Declarations::default();
    let at = "2026-09-01T00:00:00Z".parse().expect("a time");
    let context = Context { at, profile: Profile::Text, declarations: &declarations };
    let rule = scope_rules().find(|known| known.id == rule).expect("a rule");
    let answer = rule.answer(&subject, &context);
    (answer.verdict, answer.findings.into_iter().map(|finding| finding.message).collect())
}

/// Overlaps are separate: two short ones are not a long one.
#[test]
fn overlaps_involve_two_versions() {
    let with = |timeline: &str| {
        let versions = ["v1", "v2", "v3"]
            .map(|name| format!("- {{version: {name}, stabilized_at: 2025-01-01, include: [a]}}\n"));
        let (head, _) = GOOD.split_once("timeline:\n").expect("a timeline");
        format!("{head}timeline: [{timeline}]\nversions:\n{}", versions.concat())
    };
    for (timeline, expected) in [
        // 31 days of v1 and v2, then 28 days of v2 and v3.
        (
            "{date: 2026-01-01, versions: {v1: effective}}, {date: 2026-02-01, versions: {v1: effective, v2: effective}}, \
             {date: 2026-03-04, versions: {v2: effective, v3: effective}}, {date: 2026-04-01, versions: {v3: effective}}",
            &[][..],
        ),
        (
            "{date: 2026-02-01, versions: {v1: effective, v2: effective}}, {date: 2026-03-16, versions: {v2: effective}}",
            &["v2 and v1 are both effective from 2026-02-01 on, for 43 days"],
        ),
        (
            "{date: 2026-02-01, versions: {v1: effective}}, {date: 2026-03-01, versions: {v1: effective, v2: effective, v3: effective}}",
            &[
                "v2 and v1 are both effective from 2026-03-01 on, without end",
                "v3 and v1 are both effective from 2026-03-01 on, without end",
            ],
        ),
    ] {
        let (verdict, messages) = answer("scs-0003-one-effective", &with(timeline), None);
        assert_eq!(messages, expected, "{timeline}");
        assert_eq!(verdict == Verdict::Pass, expected.is_empty());
    }
}

#[test]
fn frozen_rules_are_miss_without_an_earlier_edition() {
    for rule in ["scs-0003-stable-frozen", "scs-0003-testcase-id-frozen", "scs-0003-timeline-append"] {
        assert_eq!(answer(rule, GOOD, None).0, Verdict::Miss, "{rule}");
        assert_eq!(answer(rule, GOOD, Some(GOOD)).0, Verdict::Pass, "{rule}");
    }
    // Added at the end, and inserted before it.
    let added = GOOD.replace("timeline:\n", "timeline:\n- {date: 2026-06-01, versions: {v1: deprecated}}\n");
    assert_eq!(answer("scs-0003-timeline-append", &added, Some(GOOD)).0, Verdict::Pass);
    let inserted = GOOD
        .replace("- {date: 2026-01-01", "- {date: 2026-02-15, versions: {v1: draft}}\n- {date: 2026-01-01");
    let (verdict, messages) = answer("scs-0003-timeline-append", &inserted, Some(GOOD));
    assert_eq!(verdict, Verdict::Fail);
    assert!(messages[0].starts_with("the timeline entry of 2026-02-15 was inserted before the newest one"));
}
