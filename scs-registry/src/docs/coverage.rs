//! The rules for each official test case, and the scope versions that count it.

use scs_certificates::{Scope, ScopeVersion, Target};

use super::DocsStyle;
use super::page::{Page, code};
use super::rules::deciding;
use crate::coverage::Coverage;
use crate::registry::Registry;

/// The official test cases, and all rules.
pub(super) fn coverage(style: &DocsStyle) -> String {
    let registry = Registry::new();
    let mut page = Page::new(style);
    let (covered, all) = registry.coverage_totals();
    let count = registry.rules().count();
    let uncovered = registry.rules().filter(|rule| rule.test_case.is_none()).count();
    page.text(&format!(
        "{covered} of {all} official test cases are covered by rules. Of {count} rules, {uncovered} have no official test case."
    ));
    page.head(&["Test case", "Rules", "Scope versions (target)"]);
    for scope in Scope::embedded() {
        for case in scope.test_cases() {
            let rules = match registry.coverage(&case.id) {
                Coverage::Covered(covered) => covered.rules.iter().map(code).collect::<Vec<_>>().join(", "),
                Coverage::Unknown => "-".to_owned(),
            };
            page.row(&[&code(&case.id), &rules, &versions_with(scope, &case.id)]);
        }
    }
    page.heading(1, "Rules");
    every_rule(&mut page, &registry);
    page.finish()
}

/// The official test cases.
pub(super) fn test_cases(style: &DocsStyle) -> String {
    let registry = Registry::new();
    let mut page = Page::new(style);
    for scope in Scope::embedded() {
        page.heading(0, scope.name());
        page.head(&["Test case", "Lifetime", "Rules", "Scope versions (target)", "Description"]);
        for case in scope.test_cases() {
            let rules: Vec<String> =
                registry.test_case(&case.id).into_iter().flat_map(|case| case.rules).map(code).collect();
            page.row(&[
                &code(&case.id),
                &case.lifetime,
                &rules.join(", "),
                &versions_with(scope, &case.id),
                &summary(&registry, &case.id),
            ]);
        }
    }
    page.finish()
}

/// The summaries of the rules of a test case.
fn summary(registry: &Registry, case: &str) -> String {
    let mut summaries: Vec<&str> =
        registry.rules_of_test_case(case).iter().map(|rule| rule.summary).collect();
    summaries.dedup();
    summaries.join("; ")
}

/// The versions of a scope that count a test case, with their targets.
fn versions_with(scope: &Scope, case: &str) -> String {
    let versions: Vec<String> = scope
        .versions()
        .iter()
        .flat_map(|version| {
            let has = |cases: &Vec<String>| cases.iter().any(|known| known == case);
            let targets = version.targets().iter().filter(move |(_, cases)| has(cases));
            targets.map(move |(target, _)| match target {
                Target::Main => version.name().to_owned(),
                other => format!("{} ({other})", version.name()),
            })
        })
        .collect();
    if versions.is_empty() { "-".to_owned() } else { versions.join(", ") }
}

/// The test case or declaration that decides each rule, and the scope versions that include its document.
fn every_rule(page: &mut Page<'_>, registry: &Registry) {
    page.head(&["Rule", "Level", "Document", "Test case", "Scope versions with the document"]);
    let cases: Vec<_> = registry.test_cases().collect();
    let mut rules: Vec<_> = registry.rules().collect();
    // A standard's rules stay in the order of their tables.
    rules.sort_by_key(|rule| rule.documents.first().copied());
    for rule in rules {
        let case = deciding(rule.id, cases.iter().copied());
        let decided = match (case.is_empty(), rule.question) {
            (false, _) => case,
            (true, Some(_)) => "declaration".to_owned(),
            (true, None) => "—".to_owned(),
        };
        let versions: Vec<String> = Scope::embedded()
            .into_iter()
            .flat_map(|scope| {
                let with =
                    move |version: &&ScopeVersion| rule.is_stated_by(&Registry::documents_of(scope, version));
                scope.versions().iter().filter(with).map(|version| version.name().to_owned())
            })
            .collect();
        let documents: Vec<String> = rule.documents.iter().map(ToString::to_string).collect();
        let versions = if versions.is_empty() { "—".to_owned() } else { versions.join(", ") };
        page.row(&[&code(rule.id), &rule.level, &documents.join(", "), &decided, &versions]);
    }
}
